/** The endpoint operations (schema/vpcep.openapi.yaml, tag "VPC Endpoints"); upstream's words stay in this folder. */
import type { UpstreamCaller, UpstreamCallOptions } from '../transport/caller.ts';
import { createEndpointBody, listEndpointsQuery } from './endpoint-request.ts';
import type { CreateEndpointInput, EndpointAnswer, EndpointPage, ListEndpointsQuery } from './model.ts';
import { parseEndpoint, parseEndpointPage } from './parse.ts';

/** Every method throws UpstreamError. */
export class EndpointClient {
  readonly #caller: UpstreamCaller;

  constructor(caller: UpstreamCaller) {
    this.#caller = caller;
  }

  /** CreateEndpoint: not idempotent; building takes a minute or two after the answer. */
  async createEndpoint(
    projectId: string,
    input: CreateEndpointInput,
    options: UpstreamCallOptions = {},
  ): Promise<EndpointAnswer> {
    const body = Buffer.from(JSON.stringify(createEndpointBody(input)));
    const request = {
      operation: 'CreateEndpoint',
      method: 'POST',
      projectId,
      segments: endpoints(projectId),
      body,
    } as const;
    const answer = await this.#caller.call(request, options);
    const endpoint = parseEndpoint(answer.text, 'create', this.#caller.contextOf(request, answer));
    this.#caller.note(request, answer, options);
    return endpoint;
  }

  /** ListEndpointInfoDetails. An endpoint that is gone is an UpstreamError `not_found`. */
  async getEndpoint(projectId: string, id: string, options: UpstreamCallOptions = {}): Promise<EndpointAnswer> {
    const segments = [...endpoints(projectId), id];
    const request = { operation: 'ListEndpointInfoDetails', method: 'GET', projectId, segments } as const;
    const answer = await this.#caller.call(request, options);
    const endpoint = parseEndpoint(answer.text, 'detail', this.#caller.contextOf(request, answer));
    this.#caller.note(request, answer, options);
    return endpoint;
  }

  /** ListEndpoints: one page. */
  async listEndpoints(
    projectId: string,
    query: ListEndpointsQuery,
    options: UpstreamCallOptions = {},
  ): Promise<EndpointPage> {
    const pairs = listEndpointsQuery(query);
    const request = {
      operation: 'ListEndpoints',
      method: 'GET',
      projectId,
      segments: endpoints(projectId),
      query: pairs,
    } as const;
    const answer = await this.#caller.call(request, options);
    const { skipped, ...page } = parseEndpointPage(answer.text, this.#caller.contextOf(request, answer));
    this.#caller.note(request, answer, options, skipped);
    return page;
  }

  /** DeleteEndpoint: 204 by contract, 200 by its prose, 202 in other clients (docs/upstream/NOTES.md); all are success. */
  async deleteEndpoint(projectId: string, id: string, options: UpstreamCallOptions = {}): Promise<void> {
    const segments = [...endpoints(projectId), id];
    const request = { operation: 'DeleteEndpoint', method: 'DELETE', projectId, segments } as const;
    this.#caller.note(request, await this.#caller.call(request, options), options);
  }
}

function endpoints(projectId: string): readonly string[] {
  return ['v1', projectId, 'vpc-endpoints'];
}
