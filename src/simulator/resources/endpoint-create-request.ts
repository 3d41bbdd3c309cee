import { isIPv4, isIPv6 } from 'node:net';
import { mayConnect } from '../core/access.ts';
import { refuse } from '../core/api-error.ts';
import {
  type Body,
  bodyOf,
  isAddressOrBlock,
  isId,
  isObject,
  readDescription,
  readFlag,
  readId,
  readTags,
  readText,
  readTexts,
} from '../core/input.ts';
import type { Json, JsonObject } from '../world/json.ts';
import { NO_SUCH_VPC_ID, type SimulatedService } from '../world/services.ts';
import type { EndpointDraft, World } from '../world/world.ts';

/** policy_statement is for OBS and SFS, policy_document for all others, both only with enable_policy (seed, Table 3). */
export function readPolicy(
  body: Body,
  service: SimulatedService,
): { statement: readonly JsonObject[] | null; document: JsonObject | null } {
  const statement = body.policy_statement ?? null;
  const document = body.policy_document ?? null;
  if (statement !== null && !takes(service, 'statement'))
    refuse('EndPoint.2048', 'policy_statement is not available for this service.');
  if (document !== null && !takes(service, 'document'))
    refuse('EndPoint.2048', 'policy_document is not available for this service.');
  return {
    statement: statement === null ? null : readStatements(statement),
    document: document === null ? null : asObject(document, 'policy_document must be an object.'),
  };
}

function takes(service: SimulatedService, kind: SimulatedService['policyKind']): boolean {
  return service.enablePolicy && service.policyKind === kind;
}

function readStatements(value: unknown): readonly JsonObject[] {
  if (!Array.isArray(value)) return refuse('EndPoint.2048', 'policy_statement must be an array.');
  return value.map((item: unknown) => {
    const statement = asObject(item, 'A policy statement must be an object.');
    const { Effect, Action, Resource } = statement;
    if (Effect !== 'Allow' && Effect !== 'Deny') refuse('EndPoint.2048', 'Effect must be Allow or Deny.');
    if (!isTexts(Action) || !isTexts(Resource))
      refuse('EndPoint.2048', 'Action and Resource must be arrays of strings.');
    return statement;
  });
}

function isTexts(value: Json): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

function asObject(value: unknown, message: string): JsonObject {
  return isObject(value) && isJsonObject(value) ? value : refuse('EndPoint.2048', message);
}

/** Only for the compiler: what JSON.parse returns is JSON at every depth. */
function isJsonObject(_value: Body): _value is JsonObject {
  return true;
}

/**
 * Checks of CreateEndpoint. Rules: seed, Table 3, and NOTES.md, "Rules on input"; codes: vpcep.openapi.yaml,
 * `x-error-codes`. Where the documents only say "available for interface" the simulator refuses the other kind, so that
 * a caller's mistake shows.
 */
export function readCreateRequest(world: World, projectId: string, raw: unknown): EndpointDraft {
  const body = bodyOf(raw);
  const serviceId = readId(body, 'endpoint_service_id', { missing: 'EndPoint.2029', malformed: 'EndPoint.3062' });
  const vpcId = readId(body, 'vpc_id', { missing: 'EndPoint.2011', malformed: 'EndPoint.0020' }) ?? '';
  const subnetId = readId(body, 'subnet_id', { missing: null, malformed: 'EndPoint.0023' });
  const service = usableService(world, projectId, serviceId ?? '');
  if (vpcId.toLowerCase() === NO_SUCH_VPC_ID) refuse('EndPoint.2001', 'The VPC does not exist.');
  if (service.type === 'interface' && subnetId === null)
    refuse('EndPoint.2010', 'subnet_id is required for an interface VPC endpoint service.');
  const policy = readPolicy(body, service);
  const draft: EndpointDraft = {
    projectId,
    service,
    vpcId,
    subnetId,
    enableDns: readFlag(body, 'enable_dns', 'EndPoint.2033') ?? false,
    tags: readTags(body),
    routeTables: readRouteTables(body, service),
    portIp: readPortIp(world, body, service, subnetId),
    ...readWhitelist(body, service),
    description: readDescription(body),
    policyStatement: policy.statement,
    policyDocument: policy.document,
    ...readIpVersion(body, service),
  };
  if (world.endpoints((endpoint) => endpoint.projectId === projectId).length >= world.quota) {
    // The table itself spells this one with a lower-case p.
    refuse('Endpoint.1018', `Quota exceeded: at most ${world.quota} VPC endpoints.`);
  }
  return draft;
}

function usableService(world: World, projectId: string, id: string): SimulatedService {
  const service = world.service(id.toLowerCase());
  if (service === undefined) return refuse('EndPoint.2003', 'The VPC endpoint service does not exist.');
  if (!mayConnect(world, service, projectId))
    refuse('EndPoint.2012', 'No permission to connect to the VPC endpoint service.');
  if (service.status !== 'available') refuse('EndPoint.2004', 'The VPC endpoint service is not available.');
  return service;
}

export function readRouteTables(body: Body, service: SimulatedService): readonly string[] {
  const ids = readTexts(body, 'routetables', 'EndPoint.1019', isId);
  if (ids.length > 0 && service.type === 'interface')
    refuse('EndPoint.1019', 'routetables is for gateway VPC endpoint services.');
  return ids;
}

function readPortIp(world: World, body: Body, service: SimulatedService, subnetId: string | null): string | null {
  const ip = readText(body, 'port_ip', 'EndPoint.2041');
  if (ip === null) return null;
  if (!isIPv4(ip)) refuse('EndPoint.2041', 'port_ip must be an IPv4 address.');
  if (service.type === 'gateway') refuse('EndPoint.2041', 'port_ip is for interface VPC endpoint services.');
  const taken = world.endpoints((endpoint) => endpoint.subnetId === subnetId && endpoint.address === ip);
  if (taken.length > 0) refuse('EndPoint.2042', 'port_ip is already in use.');
  return ip;
}

export function readWhitelist(
  body: Body,
  service: SimulatedService,
): Pick<EndpointDraft, 'whitelist' | 'enableWhitelist'> {
  const whitelist = readTexts(body, 'whitelist', 'EndPoint.2044', isAddressOrBlock);
  const enableWhitelist = readFlag(body, 'enable_whitelist', 'EndPoint.2044') ?? false;
  if (service.type === 'gateway' && (whitelist.length > 0 || enableWhitelist)) {
    refuse('EndPoint.2044', 'A whitelist is for interface VPC endpoint services.');
  }
  return { whitelist, enableWhitelist };
}

function readIpVersion(body: Body, service: SimulatedService): Pick<EndpointDraft, 'ipVersion' | 'ipv6Address'> {
  const ipVersion = readText(body, 'ip_version', 'EndPoint.1004');
  const ipv6Address = readText(body, 'ipv6_address', 'EndPoint.1004');
  if (!service.professional && (ipVersion !== null || ipv6Address !== null)) {
    refuse('EndPoint.1004', 'ip_version and ipv6_address are for professional VPC endpoints.');
  }
  if (ipVersion !== null && ipVersion !== 'ipv4' && ipVersion !== 'dualstack')
    refuse('EndPoint.1004', 'ip_version must be ipv4 or dualstack.');
  if (ipv6Address !== null && !isIPv6(ipv6Address)) refuse('EndPoint.1004', 'ipv6_address must be an IPv6 address.');
  return { ipVersion, ipv6Address };
}
