import { refuse } from '../core/api-error.ts';
import { type Body, bodyOf, isObject, readFlag, readId, readList, readText } from '../core/input.ts';
import { readTags } from '../core/tag-rules.ts';
import type { ServiceDraft } from '../world/service-register.ts';
import {
  FAILING_PORT_ID,
  NO_SUCH_PORT_ID,
  NO_SUCH_VPC_ID,
  POOL_ID,
  type PortMapping,
  type SimulatedService,
} from '../world/services.ts';
import type { World } from '../world/world.ts';

/** Checks of the calls that create and change services. Rules: NOTES.md, "Rules on input"; codes: `x-error-codes`. */

const MAX_PORTS = 200;
const NAME = /^[A-Za-z0-9_-]{1,16}$/;
const TCP_PROXIES = new Set(['close', 'toa_open', 'proxy_open', 'open', 'proxy_vni']);
const BROKEN = { code: 'EndPoint.3001', message: 'Endpoint service creation failed: no port could be created.' };

export function readCreateServiceRequest(world: World, projectId: string, raw: unknown): ServiceDraft {
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

/** Of what was left out only approval_enabled changes: its default of true is stated here too. */
export function readUpdateServiceRequest(
  world: World,
  service: SimulatedService,
  raw: unknown,
): Partial<SimulatedService> {
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

export function readRenameRequest(raw: unknown): string {
  return (
    readName(bodyOf(raw), 'endpoint_service_name') ?? refuse('EndPoint.3076', 'endpoint_service_name is required.')
  );
}

/** The SDKs send no body at all. */
export function readUpgradeRequest(raw: unknown): 'upgrade' | 'rollback' {
  if (raw === undefined) return 'upgrade';
  const body = bodyOf(raw);
  readFlag(body, 'enable_multi_server', 'EndPoint.0002');
  const action = body.action ?? 'upgrade';
  if (action === 'upgrade' || action === 'rollback') return action;
  return refuse('EndPoint.0007', 'action must be upgrade or rollback.');
}

export function checkServerResources(raw: unknown): void {
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

function readDescription(body: Body): string | null {
  const text = readText(body, 'description', 'EndPoint.0002');
  if (text !== null && [...text].length > 512) refuse('EndPoint.0002', 'description has at most 512 characters.');
  if (text !== null && /[<>]/.test(text)) refuse('EndPoint.0002', 'description must not contain angle brackets.');
  return text;
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
