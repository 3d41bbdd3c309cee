import type { EndpointAnswer, EndpointPage, ListEndpointsQuery } from '../../src/vpcep/endpoint/model.ts';
import { UpstreamError, type UpstreamErrorInit } from '../../src/vpcep/errors/upstream-error.ts';
import type { EndpointUpstream } from '../../src/watch/calls/endpoint-calls.ts';
import { type ResourceReads, resourceReads } from '../../src/watch/reads.ts';
import type { WatchedClients } from '../../src/watch/resource.ts';

export function upstreamError(kind: UpstreamErrorInit['kind'], more: Partial<UpstreamErrorInit> = {}): UpstreamError {
  return new UpstreamError({ kind, outcome: 'refused', message: kind, retryable: false, ...more });
}

/** A change of the status does not move `updatedAt`: no document says that it must. */
export function answer(id: string, rawStatus: string): EndpointAnswer {
  return { id, rawStatus, fields: { updatedAt: '1970-01-01T00:00:00Z' } };
}

/** Endpoints out of memory, in the order of their creation, and every call that was made. */
export class FakeUpstream implements EndpointUpstream {
  readonly endpoints = new Map<string, EndpointAnswer>();
  readonly gets: string[] = [];
  readonly lists: ListEndpointsQuery[] = [];
  /** Added to the total count. */
  extra = 0;
  /** Most rows of a page. */
  pageSize = Number.POSITIVE_INFINITY;
  /** Every page is the first one. */
  ignoreOffset = false;
  failGet: (id: string) => unknown = () => undefined;
  failList: () => unknown = () => undefined;

  set(...answers: readonly EndpointAnswer[]): void {
    for (const one of answers) this.endpoints.set(one.id, one);
  }

  async getEndpoint(_projectId: string, id: string): Promise<EndpointAnswer> {
    this.gets.push(id);
    const failure = this.failGet(id);
    if (failure !== undefined) throw failure;
    const found = this.endpoints.get(id);
    if (found === undefined) throw upstreamError('not_found');
    return found;
  }

  async listEndpoints(_projectId: string, query: ListEndpointsQuery): Promise<EndpointPage> {
    this.lists.push(query);
    const failure = this.failList();
    if (failure !== undefined) throw failure;
    const { offset = 0, limit = 10 } = query;
    const rows = [...this.endpoints.values()];
    const from = this.ignoreOffset ? 0 : offset;
    const page = rows.slice(from, from + Math.min(limit, this.pageSize));
    return { endpoints: page, totalCount: rows.length + this.extra };
  }

  get reads(): ResourceReads {
    return readsOf(this);
  }

  createEndpoint(): Promise<EndpointAnswer> {
    throw new Error('not used');
  }

  deleteEndpoint(): Promise<void> {
    throw new Error('not used');
  }
}

/** Reads of an upstream that has endpoints only. */
export function readsOf(endpoints: WatchedClients['endpoints']): ResourceReads {
  const refused = (): never => {
    throw new Error('not used');
  };
  const services = { listServices: refused, getService: refused };
  return resourceReads({ endpoints, services, connections: { listConnections: refused } });
}
