import { domainIdOf } from '../world/identity.ts';
import type { JsonObject } from '../world/json.ts';
import { utcSeconds } from '../world/life.ts';
import type { SimulatedService } from '../world/services.ts';
import type { World } from '../world/world.ts';
import { serviceName } from './endpoint-answers.ts';

/**
 * The answers that show a service. Which field is in which: the schemas PublicServiceItem,
 * ListServiceDescribeDetailsResponse, ServiceListItem, ListServiceDetailsResponse and CreateEndpointServiceResponse (as
 * UpdateEndpointServiceResponse) of vpcep.openapi.yaml, without what only older documents or other sites have.
 */

/** Of every pool of the simulator. */
export const BORDER_GROUP = 'center';

export function publicService(world: World, service: SimulatedService): JsonObject {
  return { ...short(world, service), owner: 'simulator-platform' };
}

export function describedService(world: World, service: SimulatedService): JsonObject {
  return { ...short(world, service), public_border_group: BORDER_GROUP };
}

/** A row of the owner's list. */
export function ownService(world: World, service: SimulatedService): JsonObject {
  return {
    ...common(world, service),
    domain_id: domainIdOf(service.ownerProjectId),
    connection_count: connectionCount(world, service),
    supported_editions: editions(service),
    error: faults(service),
    public_border_group: BORDER_GROUP,
  };
}

export function serviceDetail(world: World, service: SimulatedService): JsonObject {
  return {
    ...common(world, service),
    supported_editions: editions(service),
    cidr_type: 'internal',
    error: faults(service),
    // The next three are in no field table, but the Terraform provider reads them from here.
    ip_version: service.ipVersion ?? undefined,
    snat_network_id: service.snatNetworkId ?? undefined,
    pool_id: service.poolId,
  };
}

/** What create and update answer. */
export function changedService(world: World, service: SimulatedService): JsonObject {
  return { ...common(world, service), pool_id: service.poolId, ip_version: service.ipVersion ?? undefined };
}

function common(world: World, service: SimulatedService): JsonObject {
  return {
    id: service.id,
    port_id: service.portId,
    service_name: serviceName(world, service),
    server_type: service.serverType,
    vpc_id: service.vpcId,
    approval_enabled: service.approval,
    status: service.status,
    service_type: service.type,
    created_at: utcSeconds(service.createdAt),
    updated_at: utcSeconds(service.updatedAt),
    project_id: service.ownerProjectId,
    ip: service.ip ?? undefined,
    ports: service.ports.map((port) => ({ ...port })),
    tcp_proxy: service.tcpProxy,
    tags: service.tags.map(({ key, value }) => ({ key, value })),
    description: service.description ?? undefined,
    enable_policy: service.enablePolicy,
  };
}

function short(world: World, service: SimulatedService): JsonObject {
  return {
    id: service.id,
    service_name: serviceName(world, service),
    service_type: service.type,
    created_at: utcSeconds(service.createdAt),
    is_charge: service.type === 'interface',
    enable_policy: service.enablePolicy,
  };
}

function editions({ professional }: SimulatedService): readonly string[] {
  return professional ? ['basic', 'profession'] : ['basic'];
}

/** Of the two shapes that are documented the one of the SDK (NOTES.md, "Errors"). */
function faults({ status, error }: SimulatedService): readonly JsonObject[] | undefined {
  return status === 'failed' && error !== null ? [{ code: error.code, message: error.message }] : undefined;
}

/** Counts creating and accepted (NOTES.md, "Fields that differ between answers"). */
export function connectionCount(world: World, service: SimulatedService): number {
  const counted = new Set(['creating', 'accepted']);
  return world.endpoints((endpoint) => endpoint.service.id === service.id && counted.has(world.status(endpoint)))
    .length;
}
