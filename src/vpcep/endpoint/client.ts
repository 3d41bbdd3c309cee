/** The endpoint operations (schema/vpcep.openapi.yaml, tag "VPC Endpoints"); upstream's words stay in this folder. */

import type { UpstreamCall, UpstreamCaller } from '../transport/caller.ts';
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
    const segments = v1(projectId);
    return this.#caller.call(
      { operation: 'CreateEndpoint', method: 'POST', projectId, segments, body: createEndpointBody(input) },
      options,
      (text, context) => parseEndpoint(text, 'create', context),
    );
  }

  /** ListEndpointInfoDetails. An endpoint that is gone is an UpstreamError `not_found`. */
  getEndpoint(projectId: string, id: string, options: CallOptions): Promise<EndpointAnswer> {
    const segments = v1(projectId, id);
    return this.#caller.call(
      { operation: 'ListEndpointInfoDetails', method: 'GET', projectId, segments },
      options,
      (text, context) => parseEndpoint(text, 'detail', context),
    );
  }

  /** ListEndpoints: one page. */
  listEndpoints(projectId: string, query: ListEndpointsQuery, options: CallOptions): Promise<EndpointPage> {
    const segments = v1(projectId);
    return this.#caller.call(
      { operation: 'ListEndpoints', method: 'GET', projectId, segments, query: listEndpointsQuery(query) },
      options,
      parseEndpointPage,
    );
  }

  /** DeleteEndpoint: 204 by contract, 200 by its prose, 202 in other clients (docs/upstream/NOTES.md); all are success. */
  deleteEndpoint(projectId: string, id: string, options: CallOptions): Promise<void> {
    const segments = v1(projectId, id);
    return this.#caller.call({ operation: 'DeleteEndpoint', method: 'DELETE', projectId, segments }, options, () => {});
  }

  /** UpdateEndpointWhite: replaces the whitelist; interface endpoints only. */
  updateWhitelist(
    projectId: string,
    id: string,
    change: WhitelistChange,
    options: CallOptions,
  ): Promise<EndpointAnswer | null> {
    const segments = v1(projectId, id);
    const call = { operation: 'UpdateEndpointWhite', method: 'PUT', projectId, segments } as const;
    return this.#edit({ ...call, body: whitelistBody(change) }, id, options);
  }

  /** UpdateEndpointRoutetable: replaces the route tables; gateway endpoints only. Success may hold failures. */
  updateRouteTables(
    projectId: string,
    id: string,
    routeTables: readonly string[],
    options: CallOptions,
  ): Promise<RouteTableAnswer> {
    const segments = v1(projectId, id, 'routetables');
    const body = routeTablesBody(routeTables);
    return this.#caller.call(
      { operation: 'UpdateEndpointRoutetable', method: 'PUT', projectId, segments, body },
      options,
      parseRouteTables,
    );
  }

  /** UpdateEndpointPolicy. */
  updatePolicy(
    projectId: string,
    id: string,
    change: PolicyChange,
    options: CallOptions,
  ): Promise<EndpointAnswer | null> {
    const segments = v1(projectId, id, 'policy');
    const call = { operation: 'UpdateEndpointPolicy', method: 'PUT', projectId, segments } as const;
    return this.#edit({ ...call, body: policyBody(change) }, id, options);
  }

  /** DeleteEndpointPolicy: unlike other deletions it answers with the endpoint. */
  deletePolicy(projectId: string, id: string, options: CallOptions): Promise<EndpointAnswer | null> {
    const segments = v1(projectId, id, 'policy');
    return this.#edit({ operation: 'DeleteEndpointPolicy', method: 'DELETE', projectId, segments }, id, options);
  }

  /** UpgradeEndpoint: orders the professional edition; the answer has no body. */
  upgrade(projectId: string, id: string, options: CallOptions): Promise<void> {
    const segments = ['v2', projectId, 'vpc-endpoints', id, 'upgrade'];
    return this.#caller.call(
      { operation: 'UpgradeEndpoint', method: 'POST', projectId, segments, body: { action: 'start' } },
      options,
      () => {},
    );
  }

  #edit(call: UpstreamCall, id: string, options: CallOptions): Promise<EndpointAnswer | null> {
    return this.#caller.call(call, options, (text, context) => parseEditedEndpoint(text, id, context));
  }
}

function v1(projectId: string, ...rest: readonly string[]): readonly string[] {
  return ['v1', projectId, 'vpc-endpoints', ...rest];
}
