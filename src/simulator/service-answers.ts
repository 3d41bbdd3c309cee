import { utcSeconds } from './clock.ts';
import { serviceName } from './endpoint-answers.ts';
import { domainIdOf } from './identity.ts';
import type { JsonObject } from './json.ts';
import type { SimulatedService } from './services.ts';
import type { World } from './world.ts';

/** The three answers that show a service: PublicServiceItem, ListServiceDescribeDetailsResponse, ServiceListItem. */

const BORN = utcSeconds(Date.UTC(2025, 0, 2, 3, 4, 5));

export function publicService(world: World, service: SimulatedService): JsonObject {
  return { ...short(world, service), owner: 'simulator-platform' };
}

export function describedService(world: World, service: SimulatedService): JsonObject {
  return { ...short(world, service), public_border_group: 'center' };
}

export function ownService(world: World, service: SimulatedService): JsonObject {
  return {
    id: service.id,
    port_id: '51a00000-0000-4000-8000-0000000000c1',
    service_name: serviceName(world, service),
    server_type: 'VM',
    vpc_id: '51a00000-0000-4000-8000-0000000000c2',
    approval_enabled: service.approval,
    status: service.status,
    service_type: service.type,
    created_at: BORN,
    updated_at: BORN,
    project_id: service.ownerProjectId,
    domain_id: domainIdOf(service.ownerProjectId),
    ports: [{ client_port: 443, server_port: 8443, protocol: 'TCP' }],
    tags: [],
    connection_count: connectionCount(world, service),
    tcp_proxy: 'close',
    supported_editions: service.professional ? ['basic', 'professional'] : ['basic'],
    public_border_group: 'center',
    enable_policy: service.enablePolicy,
  };
}

function short(world: World, service: SimulatedService): JsonObject {
  return {
    id: service.id,
    service_name: serviceName(world, service),
    service_type: service.type,
    created_at: BORN,
    is_charge: service.type === 'interface',
    enable_policy: service.enablePolicy,
  };
}

/** Counts creating and accepted (NOTES.md, "Fields that differ between answers"). */
function connectionCount(world: World, service: SimulatedService): number {
  const counted = new Set(['creating', 'accepted']);
  return world.endpoints((endpoint) => endpoint.service.id === service.id && counted.has(world.status(endpoint)))
    .length;
}
