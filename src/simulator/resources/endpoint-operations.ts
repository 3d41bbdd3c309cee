import { isIPv4, isIPv6 } from 'node:net';
import { mayConnect, ownedEndpoint, refuseUnsettled } from '../core/access.ts';
import { refuse } from '../core/api-error.ts';
import { type Answer, type Call, ok } from '../core/call.ts';
import {
  type Body,
  bodyOf,
  exactFilter,
  isAddressOrBlock,
  isId,
  isObject,
  listAnswer,
  nameFilter,
  readDescription,
  readFlag,
  readId,
  readPaging,
  readTags,
  readText,
  readTexts,
} from '../core/input.ts';
import type { Json, JsonObject } from '../world/json.ts';
import {
  NO_SUCH_ROUTE_TABLE_ID,
  NO_SUCH_VPC_ID,
  type SimulatedService,
  STUCK_ROUTE_TABLE_ID,
} from '../world/services.ts';
import type { EndpointDraft, SimulatedEndpoint, World } from '../world/world.ts';
import {
  createAnswer,
  detailAnswer,
  listItem,
  policyAnswer,
  routeTables,
  serviceName,
  timesOf,
  whitelistAnswer,
} from './endpoint-answers.ts';

export function createEndpoint({ world, projectId, body }: Call): Answer {
  const endpoint = world.create(readCreateRequest(world, projectId, body));
  return ok(createAnswer(world, endpoint));
}

export function listEndpoints({ world, projectId, query }: Call): Answer {
  const paging = readPaging(query);
  const byId = exactFilter(query, 'id', 'EndPoint.2017');
  const byVpc = exactFilter(query, 'vpc_id', 'EndPoint.0020');
  const byName = nameFilter(query);
  const found = world.endpoints(
    (endpoint) =>
      endpoint.projectId === projectId &&
      byId(endpoint.id) &&
      byVpc(endpoint.vpcId) &&
      byName(serviceName(world, endpoint.service)),
  );
  return listAnswer(
    'endpoints',
    found,
    paging,
    (endpoint) => timesOf(world, endpoint),
    (endpoint) => listItem(world, endpoint),
  );
}

export function showEndpoint(call: Call): Answer {
  return ok(detailAnswer(call.world, ownedEndpoint(call)));
}

export function deleteEndpoint(call: Call): Answer {
  const endpoint = ownedEndpoint(call);
  if (call.world.status(endpoint) === 'deleting') refuse('EndPoint.2018', 'The VPC endpoint is being deleted.');
  call.world.startDeleting(endpoint.id);
  return { status: call.deleteStatus };
}

/** The largest of the published maxima; the true one is not known (NOTES.md, "Rules on input"). */
const MOST_ENTRIES = 1000;

/** Replaces both: what is not sent is empty and false. */
export function updateWhitelist(call: Call): Answer {
  const endpoint = editable(call);
  const { service } = endpoint;
  if (service.type === 'gateway') refuse('EndPoint.2044', 'A whitelist is for interface VPC endpoint services.');
  const change = readWhitelist(bodyOf(call.body), service);
  if (change.whitelist.length > MOST_ENTRIES)
    refuse('EndPoint.2045', `A whitelist has at most ${MOST_ENTRIES} entries.`);
  return ok(whitelistAnswer(call.world, call.world.edit(endpoint.id, change)));
}

/** The answer reports tables that cannot be bound or unbound, and is a success all the same. */
export function updateRouteTables(call: Call): Answer {
  const endpoint = editable(call);
  const body = bodyOf(call.body);
  if (endpoint.service.type === 'interface')
    refuse('EndPoint.1019', 'Route tables are for gateway VPC endpoint services.');
  if (body.routetables === undefined) refuse('EndPoint.1019', 'routetables is required.');
  const wanted = [...new Set(readRouteTables(body, endpoint.service))];
  const stuck = endpoint.routeTables.filter((id) => id === STUCK_ROUTE_TABLE_ID && !wanted.includes(id));
  const unbound = wanted.filter((id) => id === NO_SUCH_ROUTE_TABLE_ID);
  const bound = [...wanted.filter((id) => id !== NO_SUCH_ROUTE_TABLE_ID), ...stuck];
  const changed = call.world.edit(endpoint.id, { routeTables: bound });
  const error = {
    bind_failed: unbound.length === 0 ? undefined : failed(unbound, 'The route table does not exist.'),
    unbind_failed: stuck.length === 0 ? undefined : failed(stuck, 'The route table is locked.'),
  };
  return ok({
    routetables: routeTables(changed),
    error: unbound.length + stuck.length === 0 ? undefined : [error],
  });
}

export function updatePolicy(call: Call): Answer {
  const endpoint = editable(call);
  const { statement, document } = readPolicy(bodyOf(call.body), endpoint.service);
  if ((statement === null) === (document === null))
    refuse('EndPoint.2048', 'Send either policy_statement or policy_document.');
  const change = { policyStatement: statement, policyDocument: document };
  return ok(policyAnswer(call.world, call.world.edit(endpoint.id, change)));
}

/** Full access is what is left. */
export function deletePolicy(call: Call): Answer {
  const endpoint = editable(call);
  if (!endpoint.service.enablePolicy) refuse('EndPoint.2049', 'The VPC endpoint has no policy.');
  const changed = call.world.edit(endpoint.id, { policyStatement: null, policyDocument: null });
  return ok(policyAnswer(call.world, changed));
}

export function upgradeEndpoint(call: Call): Answer {
  const endpoint = editable(call);
  if (bodyOf(call.body).action !== 'start') refuse('EndPoint.2027', 'action must be start.');
  // The code for this is not published; that of an unknown specification fits.
  if (endpoint.service.type === 'gateway')
    refuse('EndPoint.2009', 'Only interface VPC endpoints have a professional edition.');
  call.world.edit(endpoint.id, { upgraded: true });
  return { status: 202 };
}

function failed(ids: readonly string[], message: string): readonly JsonObject[] {
  return ids.map((id) => ({ id, error_message: message }));
}

function editable(call: Call): SimulatedEndpoint {
  const endpoint = ownedEndpoint(call);
  refuseUnsettled(call.world, endpoint);
  return endpoint;
}

/**
 * Checks of CreateEndpoint. Rules: seed, Table 3, and NOTES.md, "Rules on input"; codes: vpcep.openapi.yaml,
 * `x-error-codes`. Where the documents only say "available for interface" the simulator refuses the other kind, so that
 * a caller's mistake shows.
 */
function readCreateRequest(world: World, projectId: string, raw: unknown): EndpointDraft {
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

function readRouteTables(body: Body, service: SimulatedService): readonly string[] {
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

function readWhitelist(body: Body, service: SimulatedService): Pick<EndpointDraft, 'whitelist' | 'enableWhitelist'> {
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

/** policy_statement is for OBS and SFS, policy_document for all others, both only with enable_policy (seed, Table 3). */
function readPolicy(
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
