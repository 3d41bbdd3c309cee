import type { Identity, Right } from '../../auth/identity.ts';
import type { ContextFactory, GatewayContext, OperationStart, ProjectResolver } from '../../graphql/core/context.ts';

interface Need {
  readonly projectId: string;
  readonly right: Right;
}

/**
 * The context of an operation that goes on while its caller's token and rights change. It remembers which rights the
 * operation was let in with, and stays the same object: whoever holds it sees what holds now.
 */
export class LiveContext {
  readonly value: GatewayContext;
  readonly #make: (identity: Identity) => GatewayContext;
  readonly #needs = new Map<string, Need>();

  constructor(contextFor: ContextFactory, start: OperationStart) {
    this.#make = (identity) => contextFor({ ...start, identity });
    this.value = this.#noting(this.#make(start.identity));
  }

  /** @throws AccessError when the operation would not be let in any more; then nothing has changed. */
  become(identity: Identity): void {
    const next = this.#make(identity);
    for (const { projectId, right } of this.#needs.values()) {
      next.projects.resolve(projectId, right);
    }
    Object.assign(this.value, this.#noting(next));
  }

  #noting(context: GatewayContext): GatewayContext {
    const resolve: ProjectResolver['resolve'] = (named, right) => {
      const projectId = context.projects.resolve(named, right);
      this.#needs.set(`${right} ${projectId}`, { projectId, right });
      return projectId;
    };
    return { ...context, projects: { ...context.projects, resolve } };
  }
}
