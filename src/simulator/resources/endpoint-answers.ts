import { domainIdOf } from '../world/identity.ts';
import { type JsonObject, wholeNumber } from '../world/json.ts';
import { utcSeconds } from '../world/life.ts';
import { POOL_ID, type SimulatedService } from '../world/services.ts';
import type { SimulatedEndpoint, World } from '../world/world.ts';

/**
 * The kinds of answers that show an endpoint. Which field is in which: the schemas CreateEndpointResponse,
 * EndpointListItem, ListEndpointInfoDetailsResponse, UpdateEndpointWhiteResponse, UpdateEndpointPolicyResponse (as
 * DeleteEndpointPolicyResponse) and ConnectionEndpoints of vpcep.openapi.yaml, without what only older documents or
 * other sites have. A member that is undefined is left out.
 */

const FULL_ACCESS = { Effect: 'Allow', Action: ['*'], Resource: ['*'] };

export function createAnswer(world: World, endpoint: SimulatedEndpoint): JsonObject {
  return { ...common(world, endpoint), ...enabled(), ipv6_address: ipv6(endpoint) };
}

export function listItem(world: World, endpoint: SimulatedEndpoint): JsonObject {
  return { ...common(world, endpoint), dns_names: dnsNames(world, endpoint), error: faults(world, endpoint) };
}

export function detailAnswer(world: World, endpoint: SimulatedEndpoint): JsonObject {
  return {
    ...common(world, endpoint),
    ...enabled(),
    dns_names: dnsNames(world, endpoint),
    error: faults(world, endpoint),
    ipv6_address: ipv6(endpoint),
    // In no field table, but the Terraform provider reads it from here (NOTES.md, "Fields that differ between answers").
    ip_version: endpoint.service.professional || endpoint.upgraded ? (endpoint.ipVersion ?? 'ipv4') : undefined,
  };
}

/** After a change of the whitelist. */
export function whitelistAnswer(world: World, endpoint: SimulatedEndpoint): JsonObject {
  const without = {
    routetables: undefined,
    description: undefined,
    endpoint_pool_id: undefined,
    public_border_group: undefined,
  };
  return { ...common(world, endpoint), dns_names: dnsNames(world, endpoint), ...without };
}

/** After a change or the removal of the policy. */
export function policyAnswer(world: World, endpoint: SimulatedEndpoint): JsonObject {
  const without = { enable_dns: undefined, subnet_id: undefined };
  return { ...common(world, endpoint), error: faults(world, endpoint), ...without };
}

/** The endpoint as the owner of the service sees it. */
export function connectionItem(world: World, endpoint: SimulatedEndpoint): JsonObject {
  return {
    id: endpoint.id,
    marker_id: wholeNumber(endpoint.markerId),
    created_at: utcSeconds(world.createdAt(endpoint)),
    updated_at: utcSeconds(world.updatedAt(endpoint)),
    domain_id: domainIdOf(endpoint.projectId),
    error: faults(world, endpoint),
    status: world.status(endpoint),
    description: world.connectionTexts.get(endpoint.id) ?? '',
  };
}

/** What lists of endpoints are sorted by. */
export function timesOf(
  world: World,
  endpoint: SimulatedEndpoint,
): { createdAt: number; updatedAt: number; number: number } {
  return { createdAt: world.createdAt(endpoint), updatedAt: world.updatedAt(endpoint), number: endpoint.number };
}

export function serviceName(world: World, service: SimulatedService): string {
  return service.name === '' ? `${world.region}.${service.id}` : `${world.region}.${service.name}.${service.id}`;
}

function common(world: World, endpoint: SimulatedEndpoint): JsonObject {
  const { service } = endpoint;
  const isInterface = service.type === 'interface';
  return {
    id: endpoint.id,
    service_type: service.type,
    status: world.status(endpoint),
    ip: isInterface && world.wasAccepted(endpoint) ? endpoint.address : undefined,
    active_status: [endpoint.frozen ? 'frozen' : 'active'],
    // The name of today: a service can be renamed.
    endpoint_service_name: serviceName(world, world.service(service.id) ?? service),
    marker_id: wholeNumber(endpoint.markerId),
    endpoint_service_id: service.id,
    // Gateway services never get domain names (seed, Table 3).
    enable_dns: isInterface && endpoint.enableDns,
    subnet_id: endpoint.subnetId ?? undefined,
    vpc_id: endpoint.vpcId,
    created_at: utcSeconds(world.createdAt(endpoint)),
    updated_at: utcSeconds(world.updatedAt(endpoint)),
    project_id: endpoint.projectId,
    tags: endpoint.tags.map(({ key, value }) => ({ key, value })),
    whitelist: isInterface ? endpoint.whitelist : undefined,
    enable_whitelist: isInterface ? endpoint.enableWhitelist : undefined,
    routetables: isInterface ? undefined : routeTables(endpoint),
    description: endpoint.description ?? undefined,
    ...policy(endpoint),
    endpoint_pool_id: POOL_ID,
    public_border_group: 'center',
  };
}

function enabled(): JsonObject {
  return { enable_status: 'enable', specification_name: 'default' };
}

/** The VPC's default table is answered when none was given (seed, Table 6). */
export function routeTables(endpoint: SimulatedEndpoint): readonly string[] {
  return endpoint.routeTables.length > 0 ? endpoint.routeTables : [`${endpoint.vpcId.slice(0, -4)}ffff`];
}

/** Full access is the default (seed, Table 3). */
function policy(endpoint: SimulatedEndpoint): JsonObject {
  if (!endpoint.service.enablePolicy) return {};
  if (endpoint.service.policyKind === 'statement')
    return { policy_statement: endpoint.policyStatement ?? [FULL_ACCESS] };
  return { policy_document: endpoint.policyDocument ?? { Statement: [FULL_ACCESS] } };
}

function dnsNames(world: World, endpoint: SimulatedEndpoint): readonly string[] | undefined {
  if (endpoint.service.type !== 'interface' || !endpoint.enableDns || !world.wasAccepted(endpoint)) return undefined;
  return [`vpcep-${endpoint.id}.${world.region}.simulator.invalid`];
}

function faults(world: World, endpoint: SimulatedEndpoint): readonly JsonObject[] | undefined {
  if (world.status(endpoint) !== 'failed') return undefined;
  return [{ error_code: endpoint.failure.code, error_message: endpoint.failure.message }];
}

/** Documentation addresses (RFC 3849), one per endpoint, when the caller asked for dual stack without an address. */
function ipv6(endpoint: SimulatedEndpoint): string | undefined {
  if (endpoint.ipv6Address !== null) return endpoint.ipv6Address;
  return endpoint.ipVersion === 'dualstack' ? `2001:db8::${endpoint.number.toString(16)}` : undefined;
}
