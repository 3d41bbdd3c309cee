/** The endpoint as the gateway knows it: upstream's names and loose types end in `parse.ts`. */
import type { IpVersion, JsonObject, PolicyEffect, Tag } from '../core/model.ts';
import type { ENDPOINT_FIELDS } from './fields.ts';

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
  readonly effect: Exclude<PolicyEffect, 'UNKNOWN'>;
  readonly action: readonly string[];
  readonly resource: readonly string[];
  readonly condition?: JsonObject;
  readonly sid?: string;
}

type Table = typeof ENDPOINT_FIELDS;

export type VpcEndpointFields = { readonly [Name in keyof Table]: ReturnType<Table[Name]['read']> };

/**
 * What one upstream answer says about one endpoint. `fields` holds what this kind of answer carries (fields.ts): a
 * missing key means "not said", null or [] means "said to be empty". They are copied when they are read (view.ts).
 */
export interface EndpointAnswer {
  readonly id: string;
  /** The upstream's own word, never empty; `unknown` when the answer had none. */
  readonly rawStatus: string;
  readonly fields: Partial<VpcEndpointFields>;
}

export interface VpcEndpoint extends Omit<VpcEndpointFields, 'projectId'> {
  readonly id: string;
  /** The project that was asked, whatever the answer says. */
  readonly projectId: string;
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

/**
 * Both fields, always: upstream takes a missing one for empty and false (docs/upstream/NOTES.md, "Rules on input").
 * Entries are IPv4 addresses or CIDR blocks; `enableWhitelist: false` lets all addresses in.
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

/** A table that was not changed, as an answer of success says. */
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
