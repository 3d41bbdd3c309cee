/** The fields of an endpoint but its id and status. The model, the parser and the codes in the event log come from here. */
import type { JsonObject } from '../core/model.ts';
import { type PolicyNotice, policyDocument, policyStatements } from '../core/policy.ts';
import { bool, digits, faults, rawWord, SERVICE_TYPES, tags, text, texts, time, word } from '../core/values.ts';

/** Of the answers that show endpoints. An edit answers with other fields each time. */
export type AnswerKind = 'create' | 'list' | 'detail' | 'edit';

export interface EndpointField {
  /** The name in upstream answers. */
  readonly upstream: string;
  /**
   * Reads a row without the name as what an endpoint without the field has: null or an empty list. It takes the row and not
   * the value, because V8 reads a member that the source names faster than one that a variable names.
   */
  readonly read: (row: JsonObject, notice: PolicyNotice) => unknown;
  /** Stands for the name in Redis. What is stored outlives the process, so a code never gets another meaning. */
  readonly code?: string;
  /** Answers that are not documented to carry it, so that their silence says nothing (docs/upstream/NOTES.md). */
  readonly notIn?: readonly AnswerKind[];
}

const IP_VERSIONS = { ipv4: 'IPV4', dualstack: 'DUALSTACK' } as const;
const ENABLE_WORDS = { enable: 'ENABLE', disable: 'DISABLE' } as const;

/** Empty text is one, too. */
const descriptionOf = (value: unknown) => (typeof value === 'string' ? value : null);

/** A `raw` field is upstream's own word, null exactly where the field beside it is. */
export const ENDPOINT_FIELDS = {
  projectId: { upstream: 'project_id', read: (row) => text(row.project_id), code: 'a' },
  serviceType: { upstream: 'service_type', read: (row) => word(row.service_type, SERVICE_TYPES), code: 'b' },
  rawServiceType: { upstream: 'service_type', read: (row) => rawWord(row.service_type) },
  ip: { upstream: 'ip', read: (row) => text(row.ip), code: 'c' },
  ipVersion: {
    upstream: 'ip_version',
    read: (row) => word(row.ip_version, IP_VERSIONS),
    notIn: ['create', 'list', 'detail'],
  },
  rawIpVersion: {
    upstream: 'ip_version',
    read: (row) => rawWord(row.ip_version),
    notIn: ['create', 'list', 'detail'],
  },
  ipv6Address: { upstream: 'ipv6_address', read: (row) => text(row.ipv6_address), code: 'd', notIn: ['list'] },
  activeStatus: { upstream: 'active_status', read: (row) => texts(row.active_status), code: 'e' },
  enableStatus: {
    upstream: 'enable_status',
    read: (row) => word(row.enable_status, ENABLE_WORDS),
    code: 'f',
    notIn: ['list'],
  },
  rawEnableStatus: { upstream: 'enable_status', read: (row) => rawWord(row.enable_status), notIn: ['list'] },
  endpointServiceId: {
    upstream: 'endpoint_service_id',
    read: (row) => text(row.endpoint_service_id),
    code: 'g',
  },
  endpointServiceName: {
    upstream: 'endpoint_service_name',
    read: (row) => text(row.endpoint_service_name),
    code: 'h',
  },
  /** Decimal digits: samples pass 2^53 (NOTES.md, "Type quirks"). */
  markerId: { upstream: 'marker_id', read: (row) => digits(row.marker_id), code: 'i' },
  enableDns: { upstream: 'enable_dns', read: (row) => bool(row.enable_dns), code: 'j' },
  dnsNames: { upstream: 'dns_names', read: (row) => texts(row.dns_names), code: 'k', notIn: ['create'] },
  vpcId: { upstream: 'vpc_id', read: (row) => text(row.vpc_id), code: 'l' },
  subnetId: { upstream: 'subnet_id', read: (row) => text(row.subnet_id), code: 'm' },
  /** UTC text `YYYY-MM-DDTHH:MM:SSZ`. */
  createdAt: { upstream: 'created_at', read: (row) => time(row.created_at), code: 'n' },
  updatedAt: { upstream: 'updated_at', read: (row) => time(row.updated_at), code: 'o' },
  tags: { upstream: 'tags', read: (row) => tags(row.tags), code: 'p' },
  whitelist: { upstream: 'whitelist', read: (row) => texts(row.whitelist), code: 'q' },
  enableWhitelist: { upstream: 'enable_whitelist', read: (row) => bool(row.enable_whitelist), code: 'r' },
  routeTables: { upstream: 'routetables', read: (row) => texts(row.routetables), code: 's' },
  specificationName: {
    upstream: 'specification_name',
    read: (row) => text(row.specification_name),
    code: 't',
    notIn: ['list'],
  },
  description: { upstream: 'description', read: (row) => descriptionOf(row.description), code: 'u' },
  policyStatements: {
    upstream: 'policy_statement',
    read: (row, notice) => policyStatements(row.policy_statement, notice),
    code: 'v',
  },
  /** JSON as it came; null: none. */
  policyDocument: {
    upstream: 'policy_document',
    read: (row, notice) => policyDocument(row.policy_document, notice),
    code: 'w',
  },
  publicBorderGroup: {
    upstream: 'public_border_group',
    read: (row) => text(row.public_border_group),
    code: 'x',
  },
  endpointPoolId: { upstream: 'endpoint_pool_id', read: (row) => text(row.endpoint_pool_id), code: 'y' },
  faults: { upstream: 'error', read: (row) => faults(row.error), code: 'z', notIn: ['create'] },
} satisfies Record<string, EndpointField>;

/** By name, for the event log. */
export const FIELD_CODES: ReadonlyMap<string, string> = new Map(
  Object.entries(ENDPOINT_FIELDS).flatMap(([name, field]) => ('code' in field ? [[name, field.code]] : [])),
);
