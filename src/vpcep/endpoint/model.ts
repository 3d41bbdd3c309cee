/**
 * The endpoint as the gateway knows it. Upstream bodies become these shapes once, at the edge (`parse.ts`); inside,
 * nothing looks at snake_case or at loose types again. What can be changed of an endpoint that is there
 * (schema/vpcep.openapi.yaml, tag "VPC Endpoints").
 */
import {
  type EnableStatus,
  type EndpointServiceType,
  type IpVersion,
  type JsonObject,
  type PolicyEffect,
  type PolicyStatement,
  type Tag,
  type UpstreamFault,
  visibleTags,
} from '../core/model.ts';

/** The six documented words (vpcep.openapi.yaml, `EndpointStatus`), the confirmed 404, and everything else. */
export const VpcEndpointStatus = {
  PENDING_ACCEPTANCE: 'PENDING_ACCEPTANCE',
  CREATING: 'CREATING',
  ACCEPTED: 'ACCEPTED',
  REJECTED: 'REJECTED',
  FAILED: 'FAILED',
  DELETING: 'DELETING',
  DELETED: 'DELETED',
  UNKNOWN: 'UNKNOWN',
} as const;
export type VpcEndpointStatus = keyof typeof VpcEndpointStatus;

/** What upstream takes of a statement. Absent means not sent. */
export interface NewPolicyStatement {
  readonly effect?: Exclude<PolicyEffect, 'UNKNOWN'>;
  readonly action: readonly string[];
  readonly resource: readonly string[];
  readonly condition?: JsonObject;
  readonly sid?: string;
}

/**
 * Everything about an endpoint but its id and status. Times are UTC text `YYYY-MM-DDTHH:MM:SSZ`. A `raw` field is
 * upstream's own word, null exactly where the field beside it is.
 */
export interface VpcEndpointFields {
  readonly projectId: string | null;
  readonly serviceType: EndpointServiceType | null;
  readonly rawServiceType: string | null;
  readonly ip: string | null;
  readonly ipVersion: IpVersion | null;
  readonly rawIpVersion: string | null;
  readonly ipv6Address: string | null;
  readonly activeStatus: readonly string[];
  readonly enableStatus: EnableStatus | null;
  readonly rawEnableStatus: string | null;
  readonly endpointServiceId: string | null;
  readonly endpointServiceName: string | null;
  /** Decimal digits: samples pass 2^53 (NOTES.md, "Type quirks"). */
  readonly markerId: string | null;
  readonly enableDns: boolean | null;
  readonly dnsNames: readonly string[];
  readonly vpcId: string | null;
  readonly subnetId: string | null;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly tags: readonly Tag[];
  readonly whitelist: readonly string[];
  readonly enableWhitelist: boolean | null;
  readonly routeTables: readonly string[];
  readonly specificationName: string | null;
  readonly description: string | null;
  readonly policyStatement: readonly PolicyStatement[];
  /** JSON as it came; null: none. */
  readonly policyDocument: unknown;
  readonly publicBorderGroup: string | null;
  readonly endpointPoolId: string | null;
  readonly faults: readonly UpstreamFault[];
}

/**
 * What one upstream answer says about one endpoint. `fields` holds only what this kind of answer can carry
 * (NOTES.md, "Fields that differ between answers"): a missing key means "not said", null or [] means "said to be empty".
 */
export interface EndpointAnswer {
  readonly id: string;
  /** The upstream's own word, never empty; `unknown` when the answer had none. */
  readonly rawStatus: string;
  readonly fields: Partial<VpcEndpointFields>;
}

export interface VpcEndpoint extends VpcEndpointFields {
  readonly id: string;
  readonly status: VpcEndpointStatus;
  readonly rawStatus: string;
}

export interface EndpointPage {
  readonly endpoints: readonly EndpointAnswer[];
  /** All matches, paging ignored. */
  readonly totalCount: number;
}

/** The create call's parameters: Tables 3 to 5 of the page "Creating a VPC Endpoint". Absent means not sent. */
export interface CreateEndpointInput {
  readonly endpointServiceId: string;
  readonly vpcId: string;
  readonly subnetId?: string;
  readonly enableDns?: boolean;
  readonly tags?: readonly Tag[];
  readonly routeTables?: readonly string[];
  readonly portIp?: string;
  readonly whitelist?: readonly string[];
  readonly enableWhitelist?: boolean;
  readonly description?: string;
  readonly policyStatement?: readonly NewPolicyStatement[];
  readonly policyDocument?: JsonObject;
  readonly ipVersion?: Exclude<IpVersion, 'UNKNOWN'>;
  readonly ipv6Address?: string;
}

/** Rows of one list call: the most that upstream gives (NOTES.md, "Lists"). */
export const FULL_PAGE = 1000;

/** Query of ListEndpoints (NOTES.md, "Lists"): sort keys lack the d, `limit` 1 to 1000. */
export interface ListEndpointsQuery {
  readonly id?: string;
  readonly vpcId?: string;
  readonly endpointServiceName?: string;
  readonly limit?: number;
  readonly offset?: number;
  readonly sortKey?: 'create_at' | 'update_at';
  readonly sortDir?: 'asc' | 'desc';
}

const STATUS_BY_WORD: ReadonlyMap<string, VpcEndpointStatus> = new Map([
  ['pendingAcceptance', 'PENDING_ACCEPTANCE'],
  ['creating', 'CREATING'],
  ['accepted', 'ACCEPTED'],
  ['rejected', 'REJECTED'],
  ['failed', 'FAILED'],
  ['deleting', 'DELETING'],
  ['deleted', 'DELETED'],
]);

export function statusOf(rawStatus: string): VpcEndpointStatus {
  return STATUS_BY_WORD.get(rawStatus) ?? 'UNKNOWN';
}

const SETTLED: ReadonlySet<VpcEndpointStatus> = new Set(['ACCEPTED', 'REJECTED', 'FAILED', 'DELETED']);

/** True when no further change is expected without a person or a call (NOTES.md, "Endpoint status"). */
export function isSettled(rawStatus: string): boolean {
  return SETTLED.has(statusOf(rawStatus));
}

const EMPTY: VpcEndpointFields = {
  projectId: null,
  serviceType: null,
  rawServiceType: null,
  ip: null,
  ipVersion: null,
  rawIpVersion: null,
  ipv6Address: null,
  activeStatus: [],
  enableStatus: null,
  rawEnableStatus: null,
  endpointServiceId: null,
  endpointServiceName: null,
  markerId: null,
  enableDns: null,
  dnsNames: [],
  vpcId: null,
  subnetId: null,
  createdAt: null,
  updatedAt: null,
  tags: [],
  whitelist: [],
  enableWhitelist: null,
  routeTables: [],
  specificationName: null,
  description: null,
  policyStatement: [],
  policyDocument: null,
  publicBorderGroup: null,
  endpointPoolId: null,
  faults: [],
};

/** An endpoint with every field present: what no answer has said yet is null or empty. Without our own mark. */
export function completeEndpoint(answer: EndpointAnswer): VpcEndpoint {
  return {
    ...EMPTY,
    ...answer.fields,
    tags: visibleTags(answer.fields.tags ?? []),
    id: answer.id,
    status: statusOf(answer.rawStatus),
    rawStatus: answer.rawStatus,
  };
}

/**
 * Both fields, always: upstream takes a missing one for empty and false (docs/upstream/NOTES.md, "Rules on input").
 * Entries are IPv4 addresses or CIDR blocks; access control that is off lets everybody in.
 */
export interface WhitelistChange {
  readonly whitelist: readonly string[];
  readonly enableWhitelist: boolean;
}

/** Exactly one of the two: statements for OBS and SFS gateway services, a document for the others. */
export type PolicyChange =
  | { readonly policyStatement: readonly NewPolicyStatement[] }
  | { readonly policyDocument: JsonObject };

export const RouteTableAction = { BIND: 'BIND', UNBIND: 'UNBIND' } as const;
export type RouteTableAction = keyof typeof RouteTableAction;

/** One table that was left as it was, told inside an answer of success. */
export interface RouteTableFailure {
  readonly routeTableId: string | null;
  readonly action: RouteTableAction;
  readonly message: string | null;
}

export interface RouteTableAnswer {
  /** Tables that are bound now; null when the answer does not say. */
  readonly routeTables: readonly string[] | null;
  readonly failures: readonly RouteTableFailure[];
}
