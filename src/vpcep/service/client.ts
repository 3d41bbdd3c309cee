/** The operations on endpoint services (schema/vpcep.openapi.yaml, tag "VPC Endpoint Services"). */
import type { UpstreamRequest } from '../http/request.ts';
import { pathOf, type UpstreamCaller } from '../transport/caller.ts';
import type { CallOptions } from '../transport/transport.ts';
import type {
  CreateServiceInput,
  DescribeServiceQuery,
  EndpointService,
  EndpointServiceDescription,
  ListPublicServicesQuery,
  ListServicesQuery,
  PublicEndpointService,
  ServerResource,
  ServicePage,
  UpdateServiceInput,
  UpgradeServiceInput,
} from './model.ts';
import { parsePublicServicePage, parseService, parseServiceDescription, parseServicePage } from './parse.ts';
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
  createService(projectId: string, input: CreateServiceInput, options: CallOptions): Promise<EndpointService> {
    const call = { operation: 'CreateEndpointService', method: 'POST', ...v1(projectId) } as const;
    return this.#caller.call({ ...call, body: createServiceBody(input) }, options, parseService);
  }

  /** ListServiceDetails: an own service in full. One that is gone, or belongs to another tenant, is an UpstreamError `not_found`. */
  getService(projectId: string, id: string, options: CallOptions): Promise<EndpointService> {
    const call = { operation: 'ListServiceDetails', method: 'GET', ...v1(projectId, id) } as const;
    return this.#caller.call(call, options, parseService);
  }

  /** ListServiceDescribeDetails: what every tenant that may connect can read. */
  describeService(
    projectId: string,
    by: DescribeServiceQuery,
    options: CallOptions,
  ): Promise<EndpointServiceDescription> {
    const call = { operation: 'ListServiceDescribeDetails', method: 'GET', ...v1(projectId, 'describe') } as const;
    return this.#caller.call({ ...call, query: describeServiceQuery(by) }, options, parseServiceDescription);
  }

  /** ListEndpointService: one page of the own services. */
  listServices(
    projectId: string,
    query: ListServicesQuery,
    options: CallOptions,
  ): Promise<ServicePage<EndpointService>> {
    const call = { operation: 'ListEndpointService', method: 'GET', ...v1(projectId) } as const;
    return this.#caller.call({ ...call, query: listServicesQuery(query) }, options, parseServicePage);
  }

  /** ListServicePublicDetails: one page of what the platform offers to all tenants. */
  listPublicServices(
    projectId: string,
    query: ListPublicServicesQuery,
    options: CallOptions,
  ): Promise<ServicePage<PublicEndpointService>> {
    const call = { operation: 'ListServicePublicDetails', method: 'GET', ...v1(projectId, 'public') } as const;
    return this.#caller.call({ ...call, query: listServicesQuery(query) }, options, parsePublicServicePage);
  }

  /** UpdateEndpointService: `ports` replaces all mappings. */
  updateService(
    projectId: string,
    id: string,
    input: UpdateServiceInput,
    options: CallOptions,
  ): Promise<EndpointService> {
    const call = { operation: 'UpdateEndpointService', method: 'PUT', ...v1(projectId, id) } as const;
    return this.#caller.call({ ...call, body: updateServiceBody(input) }, options, parseService);
  }

  /** UpdateEndpointServiceName: its answer is no more than the name. */
  renameService(projectId: string, id: string, name: string, options: CallOptions): Promise<void> {
    const call = { operation: 'UpdateEndpointServiceName', method: 'PUT', ...v1(projectId, id, 'name') } as const;
    return this.#call({ ...call, body: renameServiceBody(name) }, options);
  }

  /** DeleteEndpointService: 204, 200 and 202 are all success (docs/upstream/NOTES.md, "Asynchronous work"). */
  deleteService(projectId: string, id: string, options: CallOptions): Promise<void> {
    return this.#call({ operation: 'DeleteEndpointService', method: 'DELETE', ...v1(projectId, id) }, options);
  }

  /** UpgradeEndpointService; the contract has it in four regions only. */
  upgradeService(projectId: string, id: string, input: UpgradeServiceInput, options: CallOptions): Promise<void> {
    const call = { operation: 'UpgradeEndpointService', method: 'POST', ...v2(projectId, id, 'upgrade') } as const;
    return this.#call({ ...call, body: upgradeServiceBody(input) }, options);
  }

  /** AddEndpointServiceServerResource: for professional services. */
  addServerResources(
    projectId: string,
    id: string,
    resources: readonly ServerResource[],
    options: CallOptions,
  ): Promise<void> {
    const call = { operation: 'AddEndpointServiceServerResource', method: 'POST' } as const;
    const path = v2(projectId, id, 'add-server-resources');
    return this.#call({ ...call, ...path, body: serverResourcesBody(resources) }, options);
  }

  /** Success is success, whatever the body says. */
  #call(call: UpstreamRequest, options: CallOptions): Promise<void> {
    return this.#caller.call(call, options, () => {});
  }
}

function v1(projectId: string, ...rest: readonly string[]) {
  return pathOf('v1', projectId, 'vpc-endpoint-services', ...rest);
}

function v2(projectId: string, ...rest: readonly string[]) {
  return pathOf('v2', projectId, 'vpc-endpoint-services', ...rest);
}
