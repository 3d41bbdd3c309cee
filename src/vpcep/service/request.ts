/** The model's input → upstream's words: declared types only, and only what was given. */
import type { components } from '../generated/upstream.ts';
import { type QueryPair, queryOf } from '../http/request.ts';
import type {
  CreateServiceInput,
  DescribeServiceQuery,
  ListServicesQuery,
  PortMappingInput,
  ServerResource,
  TcpProxy,
  UpdateServiceInput,
  UpgradeServiceInput,
} from './model.ts';

type Schemas = components['schemas'];
type Words<Name extends keyof Schemas> = { [K in keyof Schemas[Name]]?: unknown };

// JSON.stringify leaves undefined members out: absent means not sent.

/** Body of CreateEndpointService (schema/vpcep.openapi.yaml, `CreateEndpointServiceRequestBody`). */
export function createServiceBody(input: CreateServiceInput): object {
  const body: Words<'CreateEndpointServiceRequestBody'> = {
    port_id: input.portId,
    service_name: input.serviceName,
    vpc_id: input.vpcId,
    approval_enabled: input.approvalEnabled,
    server_type: input.serverType,
    ip: input.ip,
    ports: input.ports.map(portWords),
    tcp_proxy: tcpProxyWord(input.tcpProxy),
    tags: input.tags?.map(({ key, value }) => ({ key, value })),
    description: input.description,
    ip_version: input.ipVersion?.toLowerCase(),
    snat_network_id: input.snatNetworkId,
    enable_policy: input.enablePolicy,
    pool_id: input.poolId,
  };
  return body;
}

/** Body of UpdateEndpointService (`UpdateEndpointServiceRequestBody`). */
export function updateServiceBody(input: UpdateServiceInput): object {
  const body: Words<'UpdateEndpointServiceRequestBody'> = {
    approval_enabled: input.approvalEnabled,
    service_name: input.serviceName,
    ports: input.ports?.map(portWords),
    port_id: input.portId,
    tcp_proxy: tcpProxyWord(input.tcpProxy),
    description: input.description,
    ip: input.ip,
  };
  return body;
}

/** Body of UpdateEndpointServiceName (`UpdateEndpointServiceNameRequestBody`). */
export function renameServiceBody(name: string): object {
  const body: Words<'UpdateEndpointServiceNameRequestBody'> = { endpoint_service_name: name };
  return body;
}

/** Body of UpgradeEndpointService (`UpgradeEndpointServiceRequestBody`); the SDKs send none. */
export function upgradeServiceBody({ action, enableMultiServer }: UpgradeServiceInput): object | undefined {
  if (action === undefined && enableMultiServer === undefined) {
    return undefined;
  }
  const body: Words<'UpgradeEndpointServiceRequestBody'> = {
    enable_multi_server: enableMultiServer,
    action: action?.toLowerCase(),
  };
  return body;
}

/** Body of AddEndpointServiceServerResource (`AddEndpointServiceServerResourceRequestBody`). */
export function serverResourcesBody(resources: readonly ServerResource[]): object {
  const body: Words<'AddEndpointServiceServerResourceRequestBody'> = {
    server_resources: resources.map(({ resourceId, availabilityZoneId }) => {
      const words: Words<'ServerResource'> = { resource_id: resourceId, availability_zone_id: availabilityZoneId };
      return words;
    }),
  };
  return body;
}

function portWords({ clientPort, serverPort, protocol }: PortMappingInput): object {
  const words: Words<'PortList'> = { client_port: clientPort, server_port: serverPort, protocol };
  return words;
}

function tcpProxyWord(proxy: TcpProxy | undefined): string | undefined {
  return proxy?.toLowerCase();
}

/** Query of ListEndpointService, and of ListServicePublicDetails, which knows fewer conditions. */
export function listServicesQuery(query: ListServicesQuery): QueryPair[] {
  return queryOf([
    ['id', query.id],
    ['endpoint_service_name', query.serviceName],
    ['status', query.status?.toLowerCase()],
    ['server_type', query.serverType],
    ['net_type', query.netType?.toLowerCase()],
    ['public_border_group', query.publicBorderGroup],
    ['limit', query.limit],
    ['offset', query.offset],
    ['sort_key', query.sortKey],
    ['sort_dir', query.sortDir],
  ]);
}

/** Query of ListServiceDescribeDetails: one condition, never both. */
export function describeServiceQuery(query: DescribeServiceQuery): QueryPair[] {
  return queryOf('id' in query ? [['id', query.id]] : [['endpoint_service_name', query.serviceName]]);
}
