/** The operations on endpoint services (schema/vpcep.openapi.yaml, tag "VPC Endpoint Services"). */
import type { QueryPair, UpstreamAnswer, UpstreamRequest } from '../http/request.ts';
import type { UpstreamCaller, UpstreamCallOptions } from '../transport/caller.ts';
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
  async createService(
    projectId: string,
    input: CreateServiceInput,
    options: UpstreamCallOptions = {},
  ): Promise<EndpointService> {
    const target = { operation: 'CreateEndpointService', method: 'POST', projectId, segments: v1(projectId) } as const;
    return await this.#one(withBody(target, createServiceBody(input)), 'details', options);
  }

  /** ListServiceDetails: an own service in full. One that is gone, or somebody else's, is an UpstreamError `not_found`. */
  async getService(projectId: string, id: string, options: UpstreamCallOptions = {}): Promise<EndpointService> {
    const segments = v1(projectId, id);
    return await this.#one({ operation: 'ListServiceDetails', method: 'GET', projectId, segments }, 'details', options);
  }

  /** ListServiceDescribeDetails: what whoever may connect can read. */
  async describeService(
    projectId: string,
    by: DescribeServiceQuery,
    options: UpstreamCallOptions = {},
  ): Promise<EndpointService> {
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
    options: UpstreamCallOptions = {},
  ): Promise<ServicePage<EndpointService>> {
    const target = { operation: 'ListEndpointService', projectId, segments: v1(projectId) };
    return await this.#page(target, listServicesQuery(query), 'row', options);
  }

  /** ListServicePublicDetails: one page of what the platform offers to everybody. */
  async listPublicServices(
    projectId: string,
    query: ListPublicServicesQuery,
    options: UpstreamCallOptions = {},
  ): Promise<ServicePage<EndpointService>> {
    const target = { operation: 'ListServicePublicDetails', projectId, segments: v1(projectId, 'public') };
    return await this.#page(target, listServicesQuery(query), 'outside', options);
  }

  /** UpdateEndpointService: `ports` replaces all mappings. */
  async updateService(
    projectId: string,
    id: string,
    input: UpdateServiceInput,
    options: UpstreamCallOptions = {},
  ): Promise<EndpointService> {
    const target = {
      operation: 'UpdateEndpointService',
      method: 'PUT',
      projectId,
      segments: v1(projectId, id),
    } as const;
    return await this.#one(withBody(target, updateServiceBody(input)), 'details', options);
  }

  /** UpdateEndpointServiceName: its answer is no more than the name. */
  async renameService(projectId: string, id: string, name: string, options: UpstreamCallOptions = {}): Promise<void> {
    const segments = v1(projectId, id, 'name');
    const target = { operation: 'UpdateEndpointServiceName', method: 'PUT', projectId, segments } as const;
    await this.#call(withBody(target, renameServiceBody(name)), options);
  }

  /** DeleteEndpointService: 204, 200 and 202 are all success (docs/upstream/NOTES.md, "Asynchronous work"). */
  async deleteService(projectId: string, id: string, options: UpstreamCallOptions = {}): Promise<void> {
    const segments = v1(projectId, id);
    await this.#call({ operation: 'DeleteEndpointService', method: 'DELETE', projectId, segments }, options);
  }

  /** UpgradeEndpointService; the contract has it in four regions only. */
  async upgradeService(
    projectId: string,
    id: string,
    input: UpgradeServiceInput,
    options: UpstreamCallOptions = {},
  ): Promise<void> {
    const segments = v2(projectId, id, 'upgrade');
    const target = { operation: 'UpgradeEndpointService', method: 'POST', projectId, segments } as const;
    await this.#call(withBody(target, upgradeServiceBody(input)), options);
  }

  /** AddEndpointServiceServerResource: for professional services. */
  async addServerResources(
    projectId: string,
    id: string,
    resources: readonly ServerResource[],
    options: UpstreamCallOptions = {},
  ): Promise<void> {
    const segments = v2(projectId, id, 'add-server-resources');
    const target = { operation: 'AddEndpointServiceServerResource', method: 'POST', projectId, segments } as const;
    await this.#call(withBody(target, serverResourcesBody(resources)), options);
  }

  async #one(request: UpstreamRequest, view: ServiceView, options: UpstreamCallOptions): Promise<EndpointService> {
    const answer = await this.#caller.call(request, options);
    const service = parseService(answer.text, view, { ...answer, method: request.method });
    this.#caller.note(request, answer, options);
    return service;
  }

  async #page(
    target: Pick<UpstreamRequest, 'operation' | 'projectId' | 'segments'>,
    query: QueryPair[],
    view: 'row' | 'outside',
    options: UpstreamCallOptions,
  ): Promise<ServicePage<EndpointService>> {
    const request = { ...target, method: 'GET', query } as const;
    const answer = await this.#caller.call(request, options);
    const { rows, totalCount, skipped } = parseServicePage(answer.text, view, { ...answer, method: 'GET' });
    this.#caller.note(request, answer, options, skipped);
    return { services: rows, totalCount };
  }

  /** Whatever the body says, if there is one, success is success. */
  async #call(request: UpstreamRequest, options: UpstreamCallOptions): Promise<UpstreamAnswer> {
    const answer = await this.#caller.call(request, options);
    this.#caller.note(request, answer, options);
    return answer;
  }
}

function withBody(target: UpstreamRequest, body: object | undefined): UpstreamRequest {
  return body === undefined ? target : { ...target, body: Buffer.from(JSON.stringify(body)) };
}

function v1(projectId: string, ...rest: readonly string[]): readonly string[] {
  return ['v1', projectId, 'vpc-endpoint-services', ...rest];
}

function v2(projectId: string, ...rest: readonly string[]): readonly string[] {
  return ['v2', projectId, 'vpc-endpoint-services', ...rest];
}
