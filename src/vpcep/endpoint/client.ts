/**
 * The endpoint operations (schema/vpcep.openapi.yaml, tag "VPC Endpoints"); upstream's words stay in this folder. The
 * calls that change an endpoint (schema/vpcep.openapi.yaml, tag "VPC Endpoints"); upstream's words stay in this
 * folder.
 */

import type { UpstreamAnswer, UpstreamRequest } from '../http/request.ts';
import type { UpstreamCaller, UpstreamCallOptions } from '../transport/caller.ts';
import type {
  CreateEndpointInput,
  EndpointAnswer,
  EndpointPage,
  ListEndpointsQuery,
  PolicyChange,
  RouteTableAnswer,
  WhitelistChange,
} from './model.ts';
import { parseEditedEndpoint, parseEndpoint, parseEndpointPage, parseRouteTables } from './parse.ts';
import { createEndpointBody, listEndpointsQuery, policyBody, routeTablesBody, whitelistBody } from './request.ts';

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

/** Every method throws UpstreamError. Those that give an endpoint give what the answer says of it, or null. */
export class EndpointEditClient {
  readonly #caller: UpstreamCaller;

  constructor(caller: UpstreamCaller) {
    this.#caller = caller;
  }

  /** UpdateEndpointWhite: replaces the whitelist; interface endpoints only. */
  async updateWhitelist(
    projectId: string,
    id: string,
    change: WhitelistChange,
    options: UpstreamCallOptions = {},
  ): Promise<EndpointAnswer | null> {
    const target = { operation: 'UpdateEndpointWhite', method: 'PUT', projectId, segments: v1(projectId, id) } as const;
    return await this.#endpoint({ ...target, body: bytes(whitelistBody(change)) }, id, options);
  }

  /** UpdateEndpointRoutetable: replaces the route tables; gateway endpoints only. Success may hold failures. */
  async updateRouteTables(
    projectId: string,
    id: string,
    routeTables: readonly string[],
    options: UpstreamCallOptions = {},
  ): Promise<RouteTableAnswer> {
    const request = {
      operation: 'UpdateEndpointRoutetable',
      method: 'PUT',
      projectId,
      segments: v1(projectId, id, 'routetables'),
      body: bytes(routeTablesBody(routeTables)),
    } as const;
    const answer = await this.#caller.call(request, options);
    const outcome = parseRouteTables(answer.text, { ...answer, method: request.method });
    this.#caller.note(request, answer, options);
    return outcome;
  }

  /** UpdateEndpointPolicy. */
  async updatePolicy(
    projectId: string,
    id: string,
    change: PolicyChange,
    options: UpstreamCallOptions = {},
  ): Promise<EndpointAnswer | null> {
    const segments = v1(projectId, id, 'policy');
    const target = { operation: 'UpdateEndpointPolicy', method: 'PUT', projectId, segments } as const;
    return await this.#endpoint({ ...target, body: bytes(policyBody(change)) }, id, options);
  }

  /** DeleteEndpointPolicy: unlike other deletions it answers with the endpoint. */
  async deletePolicy(projectId: string, id: string, options: UpstreamCallOptions = {}): Promise<EndpointAnswer | null> {
    const segments = v1(projectId, id, 'policy');
    return await this.#endpoint(
      { operation: 'DeleteEndpointPolicy', method: 'DELETE', projectId, segments },
      id,
      options,
    );
  }

  /** UpgradeEndpoint: orders the professional edition; the answer has no body. */
  async upgrade(projectId: string, id: string, options: UpstreamCallOptions = {}): Promise<void> {
    const request = {
      operation: 'UpgradeEndpoint',
      method: 'POST',
      projectId,
      segments: ['v2', projectId, 'vpc-endpoints', id, 'upgrade'],
      body: bytes({ action: 'start' }),
    } as const;
    this.#caller.note(request, await this.#caller.call(request, options), options);
  }

  async #endpoint(request: UpstreamRequest, id: string, options: UpstreamCallOptions): Promise<EndpointAnswer | null> {
    const answer: UpstreamAnswer = await this.#caller.call(request, options);
    const endpoint = parseEditedEndpoint(answer.text, id, this.#caller.contextOf(request, answer));
    this.#caller.note(request, answer, options);
    return endpoint;
  }
}

function v1(projectId: string, id: string, ...rest: readonly string[]): readonly string[] {
  return ['v1', projectId, 'vpc-endpoints', id, ...rest];
}

function bytes(body: object): Uint8Array {
  return Buffer.from(JSON.stringify(body));
}
