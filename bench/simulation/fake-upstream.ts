/** An upstream inside this process that answers like a list of endpoints, counts its calls and costs no sockets. */
import type { EndpointAnswer, EndpointPage, ListEndpointsQuery } from '../../src/vpcep/endpoint/model.ts';
import { parseEndpoint } from '../../src/vpcep/endpoint/parse.ts';
import { type ResourceReads, resourceReads } from '../../src/watch/reads.ts';
import type { WatchedClients } from '../../src/watch/resource.ts';
import { upstreamEndpoint } from '../support/sample.ts';

export function answerFor(id: string, status: string): EndpointAnswer {
  const body = JSON.stringify(upstreamEndpoint(id, status));
  return parseEndpoint(body, 'detail', { method: 'GET', status: 200, projectId: 'p-1' });
}

type Endpoints = WatchedClients['endpoints'];

export class FakeUpstream implements Endpoints {
  readonly endpoints = new Map<string, EndpointAnswer>();
  readonly #answerMs: number;
  calls = 0;

  constructor(answerMs: number) {
    this.#answerMs = answerMs;
  }

  async getEndpoint(_projectId: string, id: string): Promise<EndpointAnswer> {
    await this.#answer();
    return this.endpoints.get(id) ?? answerFor(id, 'creating');
  }

  async listEndpoints(_projectId: string, query: ListEndpointsQuery): Promise<EndpointPage> {
    await this.#answer();
    const { limit = 10, offset = 0 } = query;
    const endpoints = [...this.endpoints.values()].slice(offset, offset + limit);
    return { endpoints, totalCount: this.endpoints.size };
  }

  async #answer(): Promise<void> {
    this.calls += 1;
    // The global timer, which a simulation replaces.
    await new Promise((resolve) => setTimeout(resolve, this.#answerMs));
  }
}

/** Reads of an upstream that has endpoints only. */
export function readsOf(endpoints: Endpoints): ResourceReads {
  const refused = (): never => {
    throw new Error('there are endpoints only');
  };
  const services = { listServices: refused, getService: refused };
  return resourceReads({ endpoints, services, connections: { listConnections: refused } });
}
