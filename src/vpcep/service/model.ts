/** The endpoint service as the gateway knows it; see vpcep/endpoint/model.ts for the endpoint. */
import type { EndpointServiceType, Tag, UpstreamFault } from '../core/model.ts';

/** The four documented words (schema/vpcep.openapi.yaml, `ServiceStatus`), the confirmed 404, and everything else. */
export const EndpointServiceStatus = {
  CREATING: 'CREATING',
  AVAILABLE: 'AVAILABLE',
  FAILED: 'FAILED',
  DELETING: 'DELETING',
  DELETED: 'DELETED',
  UNKNOWN: 'UNKNOWN',
} as const;
export type EndpointServiceStatus = keyof typeof EndpointServiceStatus;

/** `VIP` is retired: services of old may still have it. */
export const ServerType = { VM: 'VM', LB: 'LB', VIP: 'VIP', UNKNOWN: 'UNKNOWN' } as const;
export type ServerType = keyof typeof ServerType;

export const TcpProxy = {
  CLOSE: 'CLOSE',
  TOA_OPEN: 'TOA_OPEN',
  PROXY_OPEN: 'PROXY_OPEN',
  OPEN: 'OPEN',
  PROXY_VNI: 'PROXY_VNI',
  UNKNOWN: 'UNKNOWN',
} as const;
export type TcpProxy = keyof typeof TcpProxy;

export const ServiceIpVersion = { IPV4: 'IPV4', IPV6: 'IPV6', UNKNOWN: 'UNKNOWN' } as const;
export type ServiceIpVersion = keyof typeof ServiceIpVersion;

export const CidrType = { PUBLIC: 'PUBLIC', INTERNAL: 'INTERNAL', UNKNOWN: 'UNKNOWN' } as const;
export type CidrType = keyof typeof CidrType;

export const NetType = { VLAN: 'VLAN', VXLAN: 'VXLAN', ALL: 'ALL' } as const;
export type NetType = keyof typeof NetType;

export const ServiceUpgradeAction = { UPGRADE: 'UPGRADE', ROLLBACK: 'ROLLBACK' } as const;
export type ServiceUpgradeAction = keyof typeof ServiceUpgradeAction;

export interface PortMapping {
  readonly clientPort: number | null;
  readonly serverPort: number | null;
  /** Only TCP is documented; upstream's own word. */
  readonly protocol: string | null;
}

/** What every kind of answer says of a service. Null is what it did not say. */
interface SharedFields {
  readonly id: string;
  /** Stored name: `region.name.id`, or `region.id` when it was created without a name. */
  readonly serviceName: string | null;
  readonly serviceType: EndpointServiceType | null;
  readonly rawServiceType: string | null;
  readonly createdAt: string | null;
  /** Not said of own services. */
  readonly isBilled: boolean | null;
  readonly enablePolicy: boolean | null;
}

/**
 * An own service. Null and empty lists are what the answer did not say. Times are UTC text `YYYY-MM-DDTHH:MM:SSZ`. A `raw`
 * field is upstream's own word, null exactly where the field beside it is.
 */
export interface EndpointService extends SharedFields {
  /**
   * Which kind of answer it comes from, and so what it can say (NOTES.md, "Fields that differ between answers"): a row of
   * the own list, or the details (create and update answer nearly the same).
   */
  readonly view: 'row' | 'details';
  /** Lists that the answer did not carry: they are empty here. */
  readonly unsaid: readonly ServiceList[];
  /** Value of the tag that the gateway has created it with (`MARK_TAG_KEY`); never shown. */
  readonly mark: string | null;
  readonly status: EndpointServiceStatus;
  /** Never empty; `unknown` when the answer had none. */
  readonly rawStatus: string;
  readonly serverType: ServerType | null;
  readonly rawServerType: string | null;
  /** The project that was asked, whatever the answer says: field resolvers go on from it. */
  readonly projectId: string;
  readonly domainId: string | null;
  readonly vpcId: string | null;
  readonly portId: string | null;
  readonly vipPortId: string | null;
  readonly ip: string | null;
  readonly ipVersion: ServiceIpVersion | null;
  readonly rawIpVersion: string | null;
  readonly snatNetworkId: string | null;
  readonly poolId: string | null;
  readonly cidrType: CidrType | null;
  readonly rawCidrType: string | null;
  readonly approvalEnabled: boolean | null;
  readonly ports: readonly PortMapping[];
  readonly tcpProxy: TcpProxy | null;
  readonly rawTcpProxy: string | null;
  readonly supportedEditions: readonly string[];
  readonly connectionCount: number | null;
  readonly publicBorderGroup: string | null;
  readonly tags: readonly Tag[];
  readonly description: string | null;
  readonly updatedAt: string | null;
  readonly faults: readonly UpstreamFault[];
}

export type ServiceList = 'ports' | 'tags' | 'supportedEditions' | 'faults';

/** A service that the platform offers to all tenants (`PublicServiceItem`). */
export interface PublicEndpointService extends SharedFields {
  readonly view: 'public';
  readonly owner: string | null;
}

/** What a tenant that may connect can read of a service (`ListServiceDescribeDetailsResponse`). */
export interface EndpointServiceDescription extends SharedFields {
  readonly view: 'description';
  readonly publicBorderGroup: string | null;
}

/** A service as far as the caller can read it. */
export type ServiceSummary = EndpointService | PublicEndpointService | EndpointServiceDescription;

export interface ServicePage<Service> {
  readonly services: readonly Service[];
  /** All matches, paging ignored. */
  readonly totalCount: number;
}

interface Paged {
  readonly id?: string;
  /** Part of the name, in any case. */
  readonly serviceName?: string;
  /** 1 to 1000. */
  readonly limit?: number;
  readonly offset?: number;
  readonly sortKey?: 'create_at' | 'update_at';
  readonly sortDir?: 'asc' | 'desc';
}

export type ListPublicServicesQuery = Paged;

export interface ListServicesQuery extends Paged {
  readonly status?: Exclude<EndpointServiceStatus, 'DELETED' | 'UNKNOWN'>;
  readonly serverType?: Exclude<ServerType, 'VIP' | 'UNKNOWN'>;
  readonly netType?: NetType;
  readonly publicBorderGroup?: string;
}

/** Exactly one of the two. */
export type DescribeServiceQuery = { readonly id: string } | { readonly serviceName: string };

export interface PortMappingInput {
  readonly clientPort: number;
  readonly serverPort: number;
  readonly protocol: 'TCP';
}

/** Absent means not sent. */
export interface CreateServiceInput {
  readonly portId: string;
  readonly vpcId: string;
  readonly serverType: Exclude<ServerType, 'VIP' | 'UNKNOWN'>;
  readonly ports: readonly PortMappingInput[];
  /** Always sent, because the documents disagree about the default. */
  readonly approvalEnabled: boolean;
  /** Short name, at most 16 characters. */
  readonly serviceName?: string;
  readonly ip?: string;
  readonly tcpProxy?: Exclude<TcpProxy, 'UNKNOWN'>;
  readonly tags?: readonly Tag[];
  readonly description?: string;
  readonly ipVersion?: Exclude<ServiceIpVersion, 'UNKNOWN'>;
  readonly snatNetworkId?: string;
  readonly enablePolicy?: boolean;
  readonly poolId?: string;
}

/** Absent means not sent. `approvalEnabled` is always sent: upstream may take its absence for true (NOTES.md, "Rules on input"). */
export interface UpdateServiceInput {
  readonly approvalEnabled: boolean;
  readonly serviceName?: string;
  readonly ports?: readonly PortMappingInput[];
  readonly portId?: string;
  readonly tcpProxy?: Exclude<TcpProxy, 'UNKNOWN'>;
  readonly description?: string;
  readonly ip?: string;
}

export interface UpgradeServiceInput {
  readonly action?: ServiceUpgradeAction;
  readonly enableMultiServer?: boolean;
}

export interface ServerResource {
  readonly resourceId: string;
  readonly availabilityZoneId?: string;
}

const STATUS_BY_WORD: ReadonlyMap<string, EndpointServiceStatus> = new Map([
  ['creating', 'CREATING'],
  ['available', 'AVAILABLE'],
  ['failed', 'FAILED'],
  ['deleting', 'DELETING'],
  ['deleted', 'DELETED'],
]);

export function serviceStatusOf(rawStatus: string): EndpointServiceStatus {
  return STATUS_BY_WORD.get(rawStatus) ?? 'UNKNOWN';
}

const SETTLED: ReadonlySet<EndpointServiceStatus> = new Set(['AVAILABLE', 'FAILED', 'DELETED']);

/** True when no further change is expected without a call. */
export function isServiceSettled(rawStatus: string): boolean {
  return SETTLED.has(serviceStatusOf(rawStatus));
}

const UNSAID: Omit<EndpointService, 'view' | 'id' | 'projectId'> = {
  unsaid: ['ports', 'tags', 'supportedEditions', 'faults'],
  mark: null,
  serviceName: null,
  status: 'UNKNOWN',
  rawStatus: 'unknown',
  serviceType: null,
  rawServiceType: null,
  serverType: null,
  rawServerType: null,
  domainId: null,
  vpcId: null,
  portId: null,
  vipPortId: null,
  ip: null,
  ipVersion: null,
  rawIpVersion: null,
  snatNetworkId: null,
  poolId: null,
  cidrType: null,
  rawCidrType: null,
  approvalEnabled: null,
  enablePolicy: null,
  isBilled: null,
  ports: [],
  tcpProxy: null,
  rawTcpProxy: null,
  supportedEditions: [],
  connectionCount: null,
  publicBorderGroup: null,
  tags: [],
  description: null,
  createdAt: null,
  updatedAt: null,
  faults: [],
};

/** An own service of which an answer has said this much. */
export function serviceWith(
  view: EndpointService['view'],
  said: Partial<EndpointService> & Pick<EndpointService, 'id' | 'projectId'>,
): EndpointService {
  return { ...UNSAID, ...said, view };
}

/** What the answer has said of the service. */
export function saidOf(service: EndpointService): Partial<EndpointService> {
  const isSaid = ([name, value]: readonly [string, unknown]) =>
    value !== null && !service.unsaid.some((list) => list === name);
  return Object.fromEntries(Object.entries(service).filter(isSaid));
}

/** `newer` where it says something, else `older`. */
export function mergeServices(older: EndpointService, newer: EndpointService): EndpointService {
  return { ...older, ...saidOf(newer) };
}
