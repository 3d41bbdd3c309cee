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
  readonly #contextFor: ContextFactory;
  readonly #start: OperationStart;
  #required: readonly RequiredRight[] = [];

  constructor(contextFor: ContextFactory, start: OperationStart) {
    this.#contextFor = contextFor;
    this.#start = start;
    this.value = this.#recording(contextFor(start));
  }

  /** @throws AccessError when the caller has lost a right that the subscription needs; then nothing changes. */
  update(identity: Identity): void {
    const next = this.#contextFor({ ...this.#start, identity });
    for (const { projectId, right } of this.#required) {
      next.projects.resolve(projectId, right);
    }
    Object.assign(this.value, this.#recording(next));
  }

  #recording(context: GatewayContext): GatewayContext {
    const { projects } = context;
    const resolve: ProjectResolver['resolve'] = (named, right) => {
      const projectId = projects.resolve(named, right);
      if (!this.#required.some((known) => known.right === right && known.projectId === projectId)) {
        this.#required = this.#required.concat({ projectId, right });
      }
      return projectId;
    };
    return { ...context, projects: { resolve, any: () => projects.any(), reachable: () => projects.reachable() } };
  }
}
