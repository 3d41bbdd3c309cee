/** The endpoint service as the gateway knows it; see vpcep/endpoint/model.ts for the endpoint. */
import type { EndpointServiceType, Tag, UpstreamFault } from '../core/model.ts';

/** The four documented words (schema/vpcep.openapi.yaml, `ServiceStatus`), and everything else. */
export const EndpointServiceStatus = {
  CREATING: 'CREATING',
  AVAILABLE: 'AVAILABLE',
  FAILED: 'FAILED',
  DELETING: 'DELETING',
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

/**
 * Which kind of answer an EndpointService comes from, and so what it can say (NOTES.md, "Fields that differ between
 * answers"): a row of the own list, the owner's details (create and update answer nearly the same), or what others see.
 */
export type ServiceView = 'row' | 'details' | 'outside';

/**
 * Null is what the answer did not say. Times are UTC text `YYYY-MM-DDTHH:MM:SSZ`. A `raw` field is upstream's own word,
 * null exactly where the field beside it is.
 */
export interface EndpointService {
  readonly view: ServiceView;
  /** Value of the tag that the gateway has created it with (`MARK_TAG_KEY`); never shown. */
  readonly mark: string | null;
  readonly id: string;
  /** Stored name: `region.name.id`, or `region.id` when it was created without a name. */
  readonly serviceName: string | null;
  readonly status: EndpointServiceStatus | null;
  readonly rawStatus: string | null;
  readonly serviceType: EndpointServiceType | null;
  readonly rawServiceType: string | null;
  readonly serverType: ServerType | null;
  readonly rawServerType: string | null;
  readonly projectId: string | null;
  readonly domainId: string | null;
  readonly owner: string | null;
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
  readonly enablePolicy: boolean | null;
  readonly isCharge: boolean | null;
  readonly ports: readonly PortMapping[] | null;
  readonly tcpProxy: TcpProxy | null;
  readonly rawTcpProxy: string | null;
  readonly supportedEditions: readonly string[] | null;
  readonly connectionCount: number | null;
  readonly publicBorderGroup: string | null;
  readonly tags: readonly Tag[] | null;
  readonly description: string | null;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly faults: readonly UpstreamFault[] | null;
}

type ShownToAll = Pick<
  EndpointService,
  'id' | 'serviceName' | 'serviceType' | 'rawServiceType' | 'createdAt' | 'isCharge' | 'enablePolicy'
>;

/** A service that the platform offers to all tenants (`PublicServiceItem`). */
export type PublicEndpointService = ShownToAll & Pick<EndpointService, 'owner'>;

/** What a tenant that may connect can read of a service (`ListServiceDescribeDetailsResponse`). */
export type EndpointServiceDescription = ShownToAll & Pick<EndpointService, 'publicBorderGroup'>;

export interface ServicePage<Service> {
  readonly services: readonly Service[];
  /** All matches, paging ignored. */
  readonly totalCount: number;
}

interface Paged {
  readonly id?: string;
  /** Part of the name, in any case. */
  readonly endpointServiceName?: string;
  /** 1 to 1000. */
  readonly limit?: number;
  readonly offset?: number;
  readonly sortKey?: 'create_at' | 'update_at';
  readonly sortDir?: 'asc' | 'desc';
}

export type ListPublicServicesQuery = Paged;

export interface ListServicesQuery extends Paged {
  readonly status?: Exclude<EndpointServiceStatus, 'UNKNOWN'>;
  readonly serverType?: Exclude<ServerType, 'VIP' | 'UNKNOWN'>;
  readonly netType?: NetType;
  readonly publicBorderGroup?: string;
}

/** Exactly one of the two. */
export type DescribeServiceQuery = { readonly id: string } | { readonly endpointServiceName: string };

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
]);

export function serviceStatusOf(rawStatus: string): EndpointServiceStatus {
  return STATUS_BY_WORD.get(rawStatus) ?? 'UNKNOWN';
}

const UNSAID: Omit<EndpointService, 'view' | 'id'> = {
  mark: null,
  serviceName: null,
  status: null,
  rawStatus: null,
  serviceType: null,
  rawServiceType: null,
  serverType: null,
  rawServerType: null,
  projectId: null,
  domainId: null,
  owner: null,
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
  isCharge: null,
  ports: null,
  tcpProxy: null,
  rawTcpProxy: null,
  supportedEditions: null,
  connectionCount: null,
  publicBorderGroup: null,
  tags: null,
  description: null,
  createdAt: null,
  updatedAt: null,
  faults: null,
};

export function serviceWith(
  view: ServiceView,
  said: Partial<EndpointService> & Pick<EndpointService, 'id'>,
): EndpointService {
  return { ...UNSAID, ...said, view };
}

/** `newer` where it says something, else `older`. */
export function mergeServices(older: EndpointService, newer: EndpointService): EndpointService {
  const said = Object.fromEntries(Object.entries(newer).filter(([, value]) => value !== null));
  return { ...older, ...(said as Partial<EndpointService>) };
}
