/** The endpoint operations (schema/vpcep.openapi.yaml, tag "VPC Endpoints"); upstream's words stay in this folder. */

import type { UpstreamRequest } from '../http/request.ts';
import { pathOf, type UpstreamCaller } from '../transport/caller.ts';
import type { CallOptions } from '../transport/transport.ts';
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

/** Every method throws UpstreamError. Changes give what the answer says of the endpoint, or null. */
export class EndpointClient {
  readonly #caller: UpstreamCaller;

  constructor(caller: UpstreamCaller) {
    this.#caller = caller;
  }

  /** CreateEndpoint: not idempotent; building takes a minute or two after the answer. */
  createEndpoint(projectId: string, input: CreateEndpointInput, options: CallOptions): Promise<EndpointAnswer> {
    const call = { operation: 'CreateEndpoint', method: 'POST', body: createEndpointBody(input) } as const;
    return this.#caller.call({ ...call, ...at(projectId) }, options, (text, context) =>
      parseEndpoint(text, 'create', context),
    );
  }

  /** ListEndpointInfoDetails. An endpoint that is gone is an UpstreamError `not_found`. */
  getEndpoint(projectId: string, id: string, options: CallOptions): Promise<EndpointAnswer> {
    const call = { operation: 'ListEndpointInfoDetails', method: 'GET', ...at(projectId, id) } as const;
    return this.#caller.call(call, options, (text, context) => parseEndpoint(text, 'detail', context));
  }

  /** ListEndpoints: one page. */
  listEndpoints(projectId: string, query: ListEndpointsQuery, options: CallOptions): Promise<EndpointPage> {
    const call = { operation: 'ListEndpoints', method: 'GET', ...at(projectId) } as const;
    return this.#caller.call({ ...call, query: listEndpointsQuery(query) }, options, parseEndpointPage);
  }

  /** DeleteEndpoint: 204 by contract, 200 by its prose, 202 in other clients (docs/upstream/NOTES.md); all are success. */
  deleteEndpoint(projectId: string, id: string, options: CallOptions): Promise<void> {
    const call = { operation: 'DeleteEndpoint', method: 'DELETE', ...at(projectId, id) } as const;
    return this.#caller.call(call, options, () => {});
  }

  /** UpdateEndpointWhite: replaces the whitelist; interface endpoints only. */
  updateWhitelist(
    projectId: string,
    id: string,
    change: WhitelistChange,
    options: CallOptions,
  ): Promise<EndpointAnswer | null> {
    const call = { operation: 'UpdateEndpointWhite', method: 'PUT', ...at(projectId, id) } as const;
    return this.#edit({ ...call, body: whitelistBody(change) }, id, options);
  }

  /** UpdateEndpointRoutetable: replaces the route tables; gateway endpoints only. Success may hold failures. */
  updateRouteTables(
    projectId: string,
    id: string,
    routeTables: readonly string[],
    options: CallOptions,
  ): Promise<RouteTableAnswer> {
    const call = { operation: 'UpdateEndpointRoutetable', method: 'PUT', ...at(projectId, id, 'routetables') } as const;
    return this.#caller.call({ ...call, body: routeTablesBody(routeTables) }, options, parseRouteTables);
  }

  /** UpdateEndpointPolicy. */
  updatePolicy(
    projectId: string,
    id: string,
    change: PolicyChange,
    options: CallOptions,
  ): Promise<EndpointAnswer | null> {
    const call = { operation: 'UpdateEndpointPolicy', method: 'PUT', ...at(projectId, id, 'policy') } as const;
    return this.#edit({ ...call, body: policyBody(change) }, id, options);
  }

  /** DeleteEndpointPolicy: unlike other deletions it answers with the endpoint. */
  deletePolicy(projectId: string, id: string, options: CallOptions): Promise<EndpointAnswer | null> {
    const call = { operation: 'DeleteEndpointPolicy', method: 'DELETE', ...at(projectId, id, 'policy') } as const;
    return this.#edit(call, id, options);
  }

  /** UpgradeEndpoint: orders the professional edition; the answer has no body. */
  upgrade(projectId: string, id: string, options: CallOptions): Promise<void> {
    const path = pathOf('v2', projectId, 'vpc-endpoints', id, 'upgrade');
    const call = { operation: 'UpgradeEndpoint', method: 'POST', ...path, body: { action: 'start' } } as const;
    return this.#caller.call(call, options, () => {});
  }

  #edit(call: UpstreamRequest, id: string, options: CallOptions): Promise<EndpointAnswer | null> {
    return this.#caller.call(call, options, (text, context) => parseEditedEndpoint(text, id, context));
  }
}

function at(projectId: string, ...rest: readonly string[]) {
  return pathOf('v1', projectId, 'vpc-endpoints', ...rest);
}
