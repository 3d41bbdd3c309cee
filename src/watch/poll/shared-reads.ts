import type { ListEndpointsQuery, VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import type { WriteOptions } from '../../vpcep/transport/caller.ts';
import type { SharedCalls } from '../../vpcep/transport/shared-calls.ts';
import type { CallOptions, EndpointCalls } from '../watch.ts';

type Listed = Awaited<ReturnType<EndpointCalls['list']>>;

/**
 * Equal reads of one caller in flight are one. Shared here and not below, because what is shared must include the time
 * before the request: an answer is never taken for newer than it is.
 */
export class SharedEndpointReads implements EndpointCalls {
  readonly #calls: EndpointCalls;
  readonly #shared: SharedCalls;

  constructor(calls: EndpointCalls, shared: SharedCalls) {
    this.#calls = calls;
    this.#shared = shared;
  }

  read(projectId: string, endpointId: string, options: CallOptions = {}): Promise<VpcEndpoint | null> {
    const { share, signal, ...as } = options;
    if (share === undefined) return this.#calls.read(projectId, endpointId, options);
    const key = JSON.stringify([share, 'read', endpointId]);
    return this.#shared.run(projectId, key, signal, (own) =>
      this.#calls.read(projectId, endpointId, { ...as, signal: own }),
    );
  }

  list(projectId: string, query: ListEndpointsQuery, options: CallOptions = {}): Promise<Listed> {
    const { share, signal, ...as } = options;
    if (share === undefined) return this.#calls.list(projectId, query, options);
    const key = JSON.stringify([share, 'list', Object.entries(query).toSorted()]);
    return this.#shared.run(projectId, key, signal, (own) =>
      this.#calls.list(projectId, query, { ...as, signal: own }),
    );
  }

  delete(projectId: string, endpointId: string, options?: WriteOptions): ReturnType<EndpointCalls['delete']> {
    return this.#calls.delete(projectId, endpointId, options);
  }

  noteChange(projectIds: readonly string[], endpointIds: readonly string[]): void {
    this.#calls.noteChange(projectIds, endpointIds);
  }
}
