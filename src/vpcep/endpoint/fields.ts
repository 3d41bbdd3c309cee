/** The fields of an endpoint but its id and status. The model, the parser and the codes in the event log come from here. */
import { type PolicyNotice, policyDocument, policyStatements } from '../core/policy.ts';
import { bool, digits, faults, rawWord, SERVICE_TYPES, tags, text, texts, time, word } from '../core/values.ts';

/** Of the answers that show endpoints. An edit answers with other fields each time. */
export type AnswerKind = 'create' | 'list' | 'detail' | 'edit';

export interface EndpointField {
  /** The name in upstream answers. */
  readonly upstream: string;
  /** Reads undefined as what an endpoint without the field has: null or an empty list. */
  readonly read: (value: unknown, notice: PolicyNotice) => unknown;
  /** Stands for the name in Redis. What is stored outlives the process, so a code never gets another meaning. */
  readonly code?: string;
  /** Answers that are not documented to carry it, so that their silence says nothing (docs/upstream/NOTES.md). */
  readonly notIn?: readonly AnswerKind[];
}

const IP_VERSIONS = { ipv4: 'IPV4', dualstack: 'DUALSTACK' } as const;
const ENABLE_WORDS = { enable: 'ENABLE', disable: 'DISABLE' } as const;

const serviceType = (value: unknown) => word(value, SERVICE_TYPES);
const ipVersion = (value: unknown) => word(value, IP_VERSIONS);
const enableStatus = (value: unknown) => word(value, ENABLE_WORDS);
/** Empty text is a description. */
const description = (value: unknown) => (typeof value === 'string' ? value : null);

/** A `raw` field is upstream's own word, null exactly where the field beside it is. */
export const ENDPOINT_FIELDS = {
  projectId: { upstream: 'project_id', read: text, code: 'a' },
  serviceType: { upstream: 'service_type', read: serviceType, code: 'b' },
  rawServiceType: { upstream: 'service_type', read: rawWord },
  ip: { upstream: 'ip', read: text, code: 'c' },
  ipVersion: { upstream: 'ip_version', read: ipVersion, notIn: ['create', 'list', 'detail'] },
  rawIpVersion: { upstream: 'ip_version', read: rawWord, notIn: ['create', 'list', 'detail'] },
  ipv6Address: { upstream: 'ipv6_address', read: text, code: 'd', notIn: ['list'] },
  activeStatus: { upstream: 'active_status', read: texts, code: 'e' },
  enableStatus: { upstream: 'enable_status', read: enableStatus, code: 'f', notIn: ['list'] },
  rawEnableStatus: { upstream: 'enable_status', read: rawWord, notIn: ['list'] },
  endpointServiceId: { upstream: 'endpoint_service_id', read: text, code: 'g' },
  endpointServiceName: { upstream: 'endpoint_service_name', read: text, code: 'h' },
  /** Decimal digits: samples pass 2^53 (NOTES.md, "Type quirks"). */
  markerId: { upstream: 'marker_id', read: digits, code: 'i' },
  enableDns: { upstream: 'enable_dns', read: bool, code: 'j' },
  dnsNames: { upstream: 'dns_names', read: texts, code: 'k', notIn: ['create'] },
  vpcId: { upstream: 'vpc_id', read: text, code: 'l' },
  subnetId: { upstream: 'subnet_id', read: text, code: 'm' },
  /** UTC text `YYYY-MM-DDTHH:MM:SSZ`. */
  createdAt: { upstream: 'created_at', read: time, code: 'n' },
  updatedAt: { upstream: 'updated_at', read: time, code: 'o' },
  tags: { upstream: 'tags', read: tags, code: 'p' },
  whitelist: { upstream: 'whitelist', read: texts, code: 'q' },
  enableWhitelist: { upstream: 'enable_whitelist', read: bool, code: 'r' },
  routeTables: { upstream: 'routetables', read: texts, code: 's' },
  specificationName: { upstream: 'specification_name', read: text, code: 't', notIn: ['list'] },
  description: { upstream: 'description', read: description, code: 'u' },
  policyStatement: { upstream: 'policy_statement', read: policyStatements, code: 'v' },
  /** JSON as it came; null: none. */
  policyDocument: { upstream: 'policy_document', read: policyDocument, code: 'w' },
  publicBorderGroup: { upstream: 'public_border_group', read: text, code: 'x' },
  endpointPoolId: { upstream: 'endpoint_pool_id', read: text, code: 'y' },
  faults: { upstream: 'error', read: faults, code: 'z', notIn: ['create'] },
} satisfies Record<string, EndpointField>;

/** By name, for the event log. */
export const FIELD_CODES: ReadonlyMap<string, string> = new Map(
  Object.entries(ENDPOINT_FIELDS).flatMap(([name, field]) => ('code' in field ? [[name, field.code]] : [])),
);
