/** Upstream answer → endpoint service. Never throws over a field: what cannot be read is null. */

import { type AnswerContext, json, malformed, readPage } from '../core/answers.ts';
import { type JsonObject, MARK_TAG_KEY, visibleTags } from '../core/model.ts';
import {
  bool,
  digits,
  faults,
  idIn,
  isRecord,
  rawWord,
  SERVICE_TYPES,
  statusWord,
  tags,
  text,
  texts,
  time,
  word,
} from '../core/values.ts';
import {
  type EndpointService,
  type EndpointServiceDescription,
  type PortMapping,
  type PublicEndpointService,
  type ServicePage,
  serviceStatusOf,
} from './model.ts';

const SERVER_TYPES = { vm: 'VM', lb: 'LB', vip: 'VIP' } as const;
const TCP_PROXIES = {
  close: 'CLOSE',
  toa_open: 'TOA_OPEN',
  proxy_open: 'PROXY_OPEN',
  open: 'OPEN',
  proxy_vni: 'PROXY_VNI',
} as const;
const IP_VERSIONS = { ipv4: 'IPV4', ipv6: 'IPV6' } as const;
const CIDR_TYPES = { public: 'PUBLIC', internal: 'INTERNAL' } as const;

const LISTS = [
  ['ports', 'ports'],
  ['tags', 'tags'],
  ['supportedEditions', 'supported_editions'],
  ['faults', 'error'],
] as const;

function sharedFields(id: string, row: JsonObject) {
  return {
    id,
    serviceName: text(row.service_name),
    serviceType: word(row.service_type, SERVICE_TYPES),
    rawServiceType: rawWord(row.service_type),
    createdAt: time(row.created_at),
    isBilled: bool(row.is_charge),
    enablePolicy: bool(row.enable_policy),
  };
}

function ownService(id: string, row: JsonObject, view: EndpointService['view'], projectId: string): EndpointService {
  const rawStatus = statusWord(row.status);
  const allTags = tags(row.tags);
  return {
    ...sharedFields(id, row),
    view,
    unsaid: LISTS.flatMap(([name, upstream]) => (row[upstream] === undefined ? name : [])),
    mark: allTags.find(({ key }) => key === MARK_TAG_KEY)?.value ?? null,
    rawStatus,
    status: serviceStatusOf(rawStatus),
    serverType: word(row.server_type, SERVER_TYPES),
    rawServerType: rawWord(row.server_type),
    projectId,
    domainId: text(row.domain_id),
    vpcId: text(row.vpc_id),
    portId: text(row.port_id),
    vipPortId: text(row.vip_port_id),
    ip: text(row.ip),
    ipVersion: word(row.ip_version, IP_VERSIONS),
    rawIpVersion: rawWord(row.ip_version),
    snatNetworkId: text(row.snat_network_id),
    poolId: text(row.pool_id),
    cidrType: word(row.cidr_type, CIDR_TYPES),
    rawCidrType: rawWord(row.cidr_type),
    approvalEnabled: bool(row.approval_enabled),
    ports: list(row.ports).map(port),
    tcpProxy: word(row.tcp_proxy, TCP_PROXIES),
    rawTcpProxy: rawWord(row.tcp_proxy),
    supportedEditions: texts(row.supported_editions),
    connectionCount: count(row.connection_count),
    publicBorderGroup: text(row.public_border_group),
    tags: visibleTags(allTags),
    description: typeof row.description === 'string' ? row.description : null,
    updatedAt: time(row.updated_at),
    // Both shapes of an entry are read (NOTES.md, "Errors").
    faults: faults(row.error),
  };
}

function publicService(id: string, row: JsonObject): PublicEndpointService {
  return { ...sharedFields(id, row), view: 'public', owner: text(row.owner) };
}

function serviceDescription(id: string, row: JsonObject): EndpointServiceDescription {
  return { ...sharedFields(id, row), view: 'description', publicBorderGroup: text(row.public_border_group) };
}

function port(row: JsonObject): PortMapping {
  return { clientPort: count(row.client_port), serverPort: count(row.server_port), protocol: text(row.protocol) };
}

/** Samples show numbers as text (NOTES.md, "Type quirks"). */
function count(value: unknown): number | null {
  const number = Number(digits(value) ?? Number.NaN);
  // GraphQL's Int.
  return number <= 0x7fff_ffff ? number : null;
}

function list(value: unknown): readonly JsonObject[] {
  return (Array.isArray(value) ? value : [value]).filter(isRecord);
}

type Read<Service> = (id: string, row: JsonObject) => Service;

function one<Service>(body: string, read: Read<Service>, context: AnswerContext): Service {
  const row = json(body);
  const id = isRecord(row) ? idIn(row.id) : undefined;
  if (!isRecord(row) || id === undefined) throw malformed(context);
  return read(id, row);
}

/** Rows without an id are left out. */
function page<Service>(body: string, read: Read<Service>, context: AnswerContext): ServicePage<Service> {
  const readRow = (row: JsonObject) => {
    const id = idIn(row.id);
    return id === undefined ? undefined : read(id, row);
  };
  const { rows: services, totalCount } = readPage(body, 'endpoint_services', readRow, context);
  return { services, totalCount };
}

/**
 * The answer of CreateEndpointService, UpdateEndpointService or ListServiceDetails.
 * @throws UpstreamError `malformed` when it is no JSON object with an id.
 */
export function parseService(body: string, context: AnswerContext): EndpointService {
  return one(body, (id, row) => ownService(id, row, 'details', context.projectId), context);
}

/**
 * The answer of ListServiceDescribeDetails.
 * @throws UpstreamError `malformed` when it is no JSON object with an id.
 */
export function parseServiceDescription(body: string, context: AnswerContext): EndpointServiceDescription {
  return one(body, serviceDescription, context);
}

/**
 * The answer of ListEndpointService.
 * @throws UpstreamError `malformed` when there is no list although the count is not zero.
 */
export function parseServicePage(body: string, context: AnswerContext): ServicePage<EndpointService> {
  return page(body, (id, row) => ownService(id, row, 'row', context.projectId), context);
}

/**
 * The answer of ListServicePublicDetails.
 * @throws UpstreamError `malformed` when there is no list although the count is not zero.
 */
export function parsePublicServicePage(body: string, context: AnswerContext): ServicePage<PublicEndpointService> {
  return page(body, publicService, context);
}
