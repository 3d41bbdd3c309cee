import type { Identity, Right } from '../../auth/identity.ts';
import type { ContextFactory, GatewayContext, OperationStart, ProjectResolver } from '../../graphql/core/context.ts';

interface RequiredRight {
  readonly projectId: string;
  readonly right: Right;
}

/**
 * The context of a subscription, whose caller's token and rights can change while it runs. It records the rights that
 * the subscription needed, and `value` stays the same object, so that resolvers always see the current caller.
 */
export class RevocableContext {
  readonly value: GatewayContext;
  readonly #make: (identity: Identity) => GatewayContext;
  readonly #required = new Map<string, RequiredRight>();

  constructor(contextFor: ContextFactory, start: OperationStart) {
    this.#make = (identity) => contextFor({ ...start, identity });
    this.value = this.#recording(this.#make(start.identity));
  }

  /** @throws AccessError when the caller has lost a right that the subscription needs; then nothing changes. */
  update(identity: Identity): void {
    const next = this.#make(identity);
    for (const { projectId, right } of this.#required.values()) {
      next.projects.resolve(projectId, right);
    }
    Object.assign(this.value, this.#recording(next));
  }

  #recording(context: GatewayContext): GatewayContext {
    const { projects } = context;
    const recording: ProjectResolver = {
      resolve: (named, right) => {
        const projectId = projects.resolve(named, right);
        this.#required.set(`${right} ${projectId}`, { projectId, right });
        return projectId;
      },
      any: () => projects.any(),
      reachable: () => projects.reachable(),
    };
    return { ...context, projects: recording };
  }
}
