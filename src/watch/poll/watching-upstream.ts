import type { EndpointAnswer, EndpointPage, ListEndpointsQuery } from '../../vpcep/endpoint/model.ts';
import type { EndpointReads, ReadOptions } from '../watch-upstream.ts';
import type { WatchCredentials } from './watch-credentials.ts';

/** Reads for the status feed: as the caller who asks, and where nobody does as whoever the project is watched as. */
export class WatchingUpstream implements EndpointReads {
  readonly #upstream: EndpointReads;
  readonly #credentials: WatchCredentials;

  constructor(upstream: EndpointReads, credentials: WatchCredentials) {
    this.#upstream = upstream;
    this.#credentials = credentials;
  }

  getEndpoint(projectId: string, id: string, options: ReadOptions = {}): Promise<EndpointAnswer> {
    return this.#as(projectId, options, (own) => this.#upstream.getEndpoint(projectId, id, own));
  }

  listEndpoints(projectId: string, query: ListEndpointsQuery, options: ReadOptions = {}): Promise<EndpointPage> {
    return this.#as(projectId, options, (own) => this.#upstream.listEndpoints(projectId, query, own));
  }

  #as<T>(projectId: string, options: ReadOptions, read: (options: ReadOptions) => Promise<T>): Promise<T> {
    if (options.credential !== undefined) return read(options);
    return this.#credentials.use(projectId, (credential) => read({ ...options, credential }));
  }
}
