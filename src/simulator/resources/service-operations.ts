import { mayConnect, ownedService } from '../core/access.ts';
import { notFound, refuse } from '../core/api-error.ts';
import { type Answer, type Call, ok } from '../core/call.ts';
import {
  type Body,
  bodyOf,
  exactFilter,
  isObject,
  listAnswer,
  nameFilter,
  readDescription,
  readFlag,
  readId,
  readList,
  readPaging,
  readTags,
  readText,
} from '../core/input.ts';
import type { JsonObject } from '../world/json.ts';
import {
  FAILING_PORT_ID,
  NO_SUCH_PORT_ID,
  NO_SUCH_VPC_ID,
  POOL_ID,
  type PortMapping,
  type ServiceDraft,
  type SimulatedService,
} from '../world/services.ts';
import type { World } from '../world/world.ts';
import { serviceName } from './endpoint-answers.ts';
import {
  BORDER_GROUP,
  changedService,
  connectionCount,
  describedService,
  ownService,
  publicService,
  serviceDetail,
} from './service-answers.ts';

/** Checks of the calls that create and change services. Rules: NOTES.md, "Rules on input"; codes: `x-error-codes`. */

const MAX_PORTS = 200;
const NAME = /^[A-Za-z0-9_-]{1,16}$/;
const TCP_PROXIES = new Set(['close', 'toa_open', 'proxy_open', 'open', 'proxy_vni']);
const BROKEN = { code: 'EndPoint.3001', message: 'Endpoint service creation failed: no port could be created.' };

function readCreateServiceRequest(world: World, projectId: string, raw: unknown): ServiceDraft {
  const body = bodyOf(raw);
  const vpcId = readId(body, 'vpc_id', { missing: 'EndPoint.2011', malformed: 'EndPoint.0020' }) ?? '';
  const portId = readId(body, 'port_id', { missing: 'EndPoint.3003', malformed: 'EndPoint.3003' }) ?? '';
  if (vpcId.toLowerCase() === NO_SUCH_VPC_ID) refuse('EndPoint.2001', 'The VPC does not exist.');
  if (portId.toLowerCase() === NO_SUCH_PORT_ID) refuse('EndPoint.3008', 'The port does not exist.');
  if (body.service_type !== undefined && body.service_type !== 'interface')
    refuse('EndPoint.0002', 'Only interface VPC endpoint services can be created.');
  // VIP is retired (NOTES.md, "Rules on input").
  if (body.server_type !== 'VM' && body.server_type !== 'LB') refuse('EndPoint.3021', 'server_type must be VM or LB.');
  const ports = readPorts(body) ?? refuse('EndPoint.3043', 'ports is required.');
  const draft: ServiceDraft = {
    ownerProjectId: projectId,
    // An empty one is a service without a name.
    name: body.service_name === '' ? '' : (readName(body, 'service_name') ?? ''),
    portId,
    vpcId,
    serverType: body.server_type,
    ports,
    approval: readFlag(body, 'approval_enabled', 'EndPoint.0002') ?? true,
    tcpProxy: readTcpProxy(body) ?? 'close',
    tags: readTags(body),
    description: readDescription(body),
    ip: readText(body, 'ip', 'EndPoint.3010'),
    ...readIpVersion(body),
    enablePolicy: readFlag(body, 'enable_policy', 'EndPoint.0002') ?? false,
    poolId: readPoolId(body) ?? POOL_ID,
    error: portId.toLowerCase() === FAILING_PORT_ID ? BROKEN : null,
  };
  refuseTakenPorts(world, { portId, ports }, null);
  if (world.services().filter((service) => service.ownerProjectId === projectId).length >= world.serviceQuota)
    refuse('Endpoint.1018', `Quota exceeded: at most ${world.serviceQuota} VPC endpoint services.`);
  return draft;
}

/** An absent member stays as it is; only approval_enabled has a default here, true. */
function readUpdateServiceRequest(world: World, service: SimulatedService, raw: unknown): Partial<SimulatedService> {
  const body = bodyOf(raw);
  const portId = readId(body, 'port_id', { missing: null, malformed: 'EndPoint.3003' });
  const ip = readText(body, 'ip', 'EndPoint.3010');
  if (portId !== null && ip !== null) refuse('EndPoint.3052', 'port_id and ip cannot be changed in one call.');
  if (portId?.toLowerCase() === NO_SUCH_PORT_ID) refuse('EndPoint.3008', 'The port does not exist.');
  const change = given({
    approval: readFlag(body, 'approval_enabled', 'EndPoint.0002') ?? true,
    name: readName(body, 'service_name'),
    ports: readPorts(body),
    portId,
    tcpProxy: readTcpProxy(body),
    description: readDescription(body),
    ip,
  });
  refuseTakenPorts(world, { ...service, ...change }, service.id);
  return change;
}

function readRenameRequest(raw: unknown): string {
  return (
    readName(bodyOf(raw), 'endpoint_service_name') ?? refuse('EndPoint.3076', 'endpoint_service_name is required.')
  );
}

/** The SDKs send no body at all. */
function readUpgradeRequest(raw: unknown): 'upgrade' | 'rollback' {
  if (raw === undefined) return 'upgrade';
  const body = bodyOf(raw);
  readFlag(body, 'enable_multi_server', 'EndPoint.0002');
  const action = body.action ?? 'upgrade';
  if (action === 'upgrade' || action === 'rollback') return action;
  return refuse('EndPoint.0007', 'action must be upgrade or rollback.');
}

function checkServerResources(raw: unknown): void {
  const resources = readList(bodyOf(raw), 'server_resources', 'EndPoint.0002');
  if (resources.length === 0) refuse('EndPoint.0002', 'server_resources is required.');
  for (const item of resources) {
    const resource = isObject(item) ? item : {};
    readId(resource, 'resource_id', { missing: 'EndPoint.0002', malformed: 'EndPoint.0002' });
    if (readText(resource, 'availability_zone_id', 'EndPoint.0002') === '')
      refuse('EndPoint.0002', 'availability_zone_id must not be empty.');
  }
}

function readName(body: Body, key: string): string | null {
  const name = readText(body, key, 'EndPoint.3076');
  if (name !== null && !NAME.test(name))
    refuse('EndPoint.3076', `${key} has 1 to 16 letters, digits, underscores and hyphens.`);
  return name;
}

function readPorts(body: Body): readonly PortMapping[] | null {
  if (body.ports === undefined || body.ports === null) return null;
  const ports = readList(body, 'ports', 'EndPoint.3043').map(readPort);
  if (ports.length === 0) refuse('EndPoint.3043', 'ports must not be empty.');
  if (ports.length > MAX_PORTS) refuse('EndPoint.3074', `At most ${MAX_PORTS} port mappings are allowed.`);
  if (new Set(ports.map((port) => `${port.client_port} ${port.server_port}`)).size < ports.length)
    refuse('EndPoint.3043', 'The same port mapping was given twice.');
  return ports;
}

/** A port of a backend serves one service; a service that failed holds none. */
function refuseTakenPorts(
  world: World,
  { portId, ports }: Pick<SimulatedService, 'portId' | 'ports'>,
  ownId: string | null,
): void {
  const wanted = new Set(ports.map((port) => port.server_port));
  const taken = world
    .services()
    .some(
      (other) =>
        other.id !== ownId &&
        other.error === null &&
        other.portId.toLowerCase() === portId.toLowerCase() &&
        other.ports.some((port) => wanted.has(port.server_port)),
    );
  if (taken) refuse('EndPoint.3044', 'A server_port of this port_id is already that of another VPC endpoint service.');
}

function readPort(item: unknown): PortMapping {
  if (!isObject(item)) return refuse('EndPoint.3043', 'A port mapping must be an object.');
  const protocol = item.protocol ?? 'TCP';
  if (protocol !== 'TCP') return refuse('EndPoint.3075', 'protocol must be TCP.');
  return { client_port: readPortNumber(item.client_port), server_port: readPortNumber(item.server_port), protocol };
}

/** Samples send text as well (NOTES.md, "Type quirks"). */
function readPortNumber(value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 1 || number > 65_535)
    return refuse('EndPoint.3043', 'A port must be 1 to 65535.');
  return number;
}

function readTcpProxy(body: Body): string | null {
  const word = readText(body, 'tcp_proxy', 'EndPoint.0002');
  if (word !== null && !TCP_PROXIES.has(word)) refuse('EndPoint.0002', 'tcp_proxy is not a known option.');
  return word;
}

function readPoolId(body: Body): string | null {
  const poolId = readText(body, 'pool_id', 'EndPoint.0002');
  if (poolId === '') refuse('EndPoint.0002', 'pool_id must not be empty.');
  return poolId;
}

function readIpVersion(body: Body): Pick<SimulatedService, 'ipVersion' | 'snatNetworkId' | 'professional'> {
  const ipVersion = readText(body, 'ip_version', 'EndPoint.0002');
  const snatNetworkId = readId(body, 'snat_network_id', { missing: null, malformed: 'EndPoint.0002' });
  if (ipVersion !== null && ipVersion !== 'ipv4' && ipVersion !== 'ipv6')
    refuse('EndPoint.0002', 'ip_version must be ipv4 or ipv6.');
  if (ipVersion === 'ipv6' && snatNetworkId === null) refuse('EndPoint.0002', 'snat_network_id is required for ipv6.');
  return { ipVersion, snatNetworkId, professional: ipVersion !== null };
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], null> };

function given<T extends object>(members: T): Given<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as Given<T>;
}

export function createService({ world, projectId, body }: Call): Answer {
  const service = world.register.create(readCreateServiceRequest(world, projectId, body));
  return ok(changedService(world, service));
}

export function showService(call: Call): Answer {
  return ok(serviceDetail(call.world, ownedService(call)));
}

export function updateService(call: Call): Answer {
  const { world, body } = call;
  const service = editable(call);
  const changed = world.register.change(service.id, readUpdateServiceRequest(world, service, body));
  return ok(changedService(world, changed));
}

/** Answers the name as it was sent. */
export function renameService(call: Call): Answer {
  const { id } = editable(call);
  const name = readRenameRequest(call.body);
  call.world.register.change(id, { name });
  return ok({ endpoint_service_name: name });
}

export function deleteService(call: Call): Answer {
  const service = ownedService(call);
  if (service.status === 'deleting') refuse('EndPoint.3005', 'The VPC endpoint service is being deleted.');
  if (connectionCount(call.world, service) > 0)
    refuse('EndPoint.3006', 'The VPC endpoint service still has VPC endpoints.');
  call.world.register.startDeleting(service.id);
  return { status: call.deleteStatus };
}

export function upgradeService(call: Call): Answer {
  const { id } = editable(call);
  call.world.register.change(id, { professional: readUpgradeRequest(call.body) === 'upgrade' });
  return { status: 204 };
}

/** No answer shows them, so they are checked and not stored. */
export function addServerResources(call: Call): Answer {
  const service = editable(call);
  checkServerResources(call.body);
  // The code for this is not published; the general one of states fits.
  if (!service.professional) refuse('EndPoint.3045', 'Only professional VPC endpoint services take more backends.');
  call.world.register.change(service.id, {});
  return { status: 204 };
}

function editable(call: Call): SimulatedService {
  const service = ownedService(call);
  if (service.status !== 'available')
    refuse('EndPoint.3045', 'The state of the VPC endpoint service allows no changes now.');
  return service;
}

/** All backends of the simulator are in a VXLAN. */
const NET_TYPES = new Set(['vlan', 'vxlan', 'all']);

export function listPublicServices(call: Call): Answer {
  const found = matching(call, (service) => service.isPublic);
  return servicePage(call, found, publicService);
}

export function listOwnServices(call: Call): Answer {
  const byStatus = exactFilter(call.query, 'status', 'EndPoint.0019');
  const byBorderGroup = exactFilter(call.query, 'public_border_group', 'EndPoint.0002');
  const netType = call.query.net_type ?? 'all';
  if (!NET_TYPES.has(netType)) refuse('EndPoint.3048', 'net_type must be vlan, vxlan or all.');
  const found = matching(
    call,
    (service) =>
      service.ownerProjectId === call.projectId &&
      byStatus(service.status) &&
      byBorderGroup(BORDER_GROUP) &&
      netType !== 'vlan',
  );
  return servicePage(call, found, ownService);
}

/** Takes exactly one of two filters (vpcep.openapi.yaml, `x-one-of-query`). */
export function describeService({ world, projectId, query }: Call): Answer {
  const { id, endpoint_service_name: name } = query;
  if ((id === undefined) === (name === undefined)) refuse('EndPoint.0002', 'Send either id or endpoint_service_name.');
  const service = world.services().find((candidate) => candidate.id === id || serviceName(world, candidate) === name);
  // The code for a missing service on this call is not published; the general one fits.
  if (service === undefined || !mayConnect(world, service, projectId)) throw notFound('VPC endpoint service');
  return ok(describedService(world, service));
}

function matching({ world, query }: Call, keep: (service: SimulatedService) => boolean): readonly SimulatedService[] {
  const byId = exactFilter(query, 'id', 'EndPoint.3062');
  const byName = nameFilter(query);
  return world.services().filter((service) => keep(service) && byId(service.id) && byName(serviceName(world, service)));
}

/** Preloaded services share their time of creation, so ties keep the order of the table. */
function servicePage(
  { world, query }: Call,
  found: readonly SimulatedService[],
  show: (world: World, service: SimulatedService) => JsonObject,
): Answer {
  const numbered = found.map((service, number) => ({ ...service, number }));
  return listAnswer(
    'endpoint_services',
    numbered,
    readPaging(query),
    (service) => service,
    (service) => show(world, service),
  );
}
