/** The operations on endpoint services (schema/vpcep.openapi.yaml, tag "VPC Endpoint Services"). */
import type { QueryPair } from '../http/request.ts';
import type { UpstreamCall, UpstreamCaller } from '../transport/caller.ts';
import type { CallOptions } from '../transport/transport.ts';
import type {
  CreateServiceInput,
  DescribeServiceQuery,
  EndpointService,
  ListPublicServicesQuery,
  ListServicesQuery,
  ServerResource,
  ServicePage,
  ServiceView,
  UpdateServiceInput,
  UpgradeServiceInput,
} from './model.ts';
import { parseService, parseServicePage } from './parse.ts';
import {
  createServiceBody,
  describeServiceQuery,
  listServicesQuery,
  renameServiceBody,
  serverResourcesBody,
  updateServiceBody,
  upgradeServiceBody,
} from './request.ts';

/** Every method throws UpstreamError. */
export class ServiceClient {
  readonly #caller: UpstreamCaller;

  constructor(caller: UpstreamCaller) {
    this.#caller = caller;
  }

  /** CreateEndpointService: not idempotent; the service is usually still `creating`. */
  async createService(projectId: string, input: CreateServiceInput, options: CallOptions): Promise<EndpointService> {
    const target = { operation: 'CreateEndpointService', method: 'POST', projectId, segments: v1(projectId) } as const;
    return await this.#one({ ...target, body: createServiceBody(input) }, 'details', options);
  }

  /** ListServiceDetails: an own service in full. One that is gone, or belongs to another tenant, is an UpstreamError `not_found`. */
  async getService(projectId: string, id: string, options: CallOptions): Promise<EndpointService> {
    const segments = v1(projectId, id);
    return await this.#one({ operation: 'ListServiceDetails', method: 'GET', projectId, segments }, 'details', options);
  }

  /** ListServiceDescribeDetails: what every tenant that may connect can read. */
  async describeService(projectId: string, by: DescribeServiceQuery, options: CallOptions): Promise<EndpointService> {
    const request = {
      operation: 'ListServiceDescribeDetails',
      method: 'GET',
      projectId,
      segments: v1(projectId, 'describe'),
      query: describeServiceQuery(by),
    } as const;
    return await this.#one(request, 'outside', options);
  }

  /** ListEndpointService: one page of the own services. */
  async listServices(
    projectId: string,
    query: ListServicesQuery,
    options: CallOptions,
  ): Promise<ServicePage<EndpointService>> {
    const target = { operation: 'ListEndpointService', projectId, segments: v1(projectId) };
    return await this.#page(target, listServicesQuery(query), 'row', options);
  }

  /** ListServicePublicDetails: one page of what the platform offers to all tenants. */
  async listPublicServices(
    projectId: string,
    query: ListPublicServicesQuery,
    options: CallOptions,
  ): Promise<ServicePage<EndpointService>> {
    const target = { operation: 'ListServicePublicDetails', projectId, segments: v1(projectId, 'public') };
    return await this.#page(target, listServicesQuery(query), 'outside', options);
  }

  /** UpdateEndpointService: `ports` replaces all mappings. */
  async updateService(
    projectId: string,
    id: string,
    input: UpdateServiceInput,
    options: CallOptions,
  ): Promise<EndpointService> {
    const target = {
      operation: 'UpdateEndpointService',
      method: 'PUT',
      projectId,
      segments: v1(projectId, id),
    } as const;
    return await this.#one({ ...target, body: updateServiceBody(input) }, 'details', options);
  }

  /** UpdateEndpointServiceName: its answer is no more than the name. */
  async renameService(projectId: string, id: string, name: string, options: CallOptions): Promise<void> {
    const segments = v1(projectId, id, 'name');
    const target = { operation: 'UpdateEndpointServiceName', method: 'PUT', projectId, segments } as const;
    await this.#call({ ...target, body: renameServiceBody(name) }, options);
  }

  /** DeleteEndpointService: 204, 200 and 202 are all success (docs/upstream/NOTES.md, "Asynchronous work"). */
  async deleteService(projectId: string, id: string, options: CallOptions): Promise<void> {
    const segments = v1(projectId, id);
    await this.#call({ operation: 'DeleteEndpointService', method: 'DELETE', projectId, segments }, options);
  }

  /** UpgradeEndpointService; the contract has it in four regions only. */
  async upgradeService(projectId: string, id: string, input: UpgradeServiceInput, options: CallOptions): Promise<void> {
    const segments = v2(projectId, id, 'upgrade');
    const target = { operation: 'UpgradeEndpointService', method: 'POST', projectId, segments } as const;
    await this.#call({ ...target, body: upgradeServiceBody(input) }, options);
  }

  /** AddEndpointServiceServerResource: for professional services. */
  async addServerResources(
    projectId: string,
    id: string,
    resources: readonly ServerResource[],
    options: CallOptions,
  ): Promise<void> {
    const segments = v2(projectId, id, 'add-server-resources');
    const target = { operation: 'AddEndpointServiceServerResource', method: 'POST', projectId, segments } as const;
    await this.#call({ ...target, body: serverResourcesBody(resources) }, options);
  }

  #one(call: UpstreamCall, view: ServiceView, options: CallOptions): Promise<EndpointService> {
    return this.#caller.call(call, options, (text, context) => parseService(text, view, context));
  }

  #page(
    target: Pick<UpstreamCall, 'operation' | 'projectId' | 'segments'>,
    query: QueryPair[],
    view: 'row' | 'outside',
    options: CallOptions,
  ): Promise<ServicePage<EndpointService>> {
    return this.#caller.call({ ...target, method: 'GET', query }, options, (text, context) => {
      const { rows, totalCount } = parseServicePage(text, view, context);
      return { services: rows, totalCount };
    });
  }

  /** Success is success, whatever the body says. */
  #call(call: UpstreamCall, options: CallOptions): Promise<void> {
    return this.#caller.call(call, options, () => {});
  }
}

function v1(projectId: string, ...rest: readonly string[]): readonly string[] {
  return ['v1', projectId, 'vpc-endpoint-services', ...rest];
}

function v2(projectId: string, ...rest: readonly string[]): readonly string[] {
  return ['v2', projectId, 'vpc-endpoint-services', ...rest];
}
