/** Answers of the calls that change an endpoint → model. */
import { type AnswerContext, json, malformed } from '../core/answers.ts';
import type { JsonObject } from '../core/model.ts';
import { type PolicyNotice, policyDocument, policyStatements } from '../core/policy.ts';
import {
  bool,
  digits,
  faults,
  isRecord,
  rawWord,
  records,
  SERVICE_TYPES,
  statusWord,
  tags,
  text,
  texts,
  time,
  word,
} from '../core/values.ts';
import type {
  EndpointAnswer,
  EndpointPage,
  RouteTableAction,
  RouteTableAnswer,
  RouteTableFailure,
  VpcEndpointFields,
} from './model.ts';

export type AnswerKind = 'create' | 'list' | 'detail';
const IP_VERSIONS = { ipv4: 'IPV4', dualstack: 'DUALSTACK' } as const;
const ENABLE_WORDS = { enable: 'ENABLE', disable: 'DISABLE' } as const;

type Fields = { -readonly [K in keyof VpcEndpointFields]?: VpcEndpointFields[K] };

/**
 * The last six vary: where a kind of answer is documented to carry one it is always set; elsewhere only when the answer
 * has it all the same, so that the silence of a list row erases nothing. No answer is documented to carry `ip_version`.
 */
function fieldsOf(row: JsonObject, kind: AnswerKind, notice: PolicyNotice): Fields {
  const fields: Fields = {
    projectId: text(row.project_id),
    serviceType: word(row.service_type, SERVICE_TYPES),
    rawServiceType: rawWord(row.service_type),
    ip: text(row.ip),
    activeStatus: texts(row.active_status),
    endpointServiceId: text(row.endpoint_service_id),
    endpointServiceName: text(row.endpoint_service_name),
    markerId: digits(row.marker_id),
    enableDns: bool(row.enable_dns),
    vpcId: text(row.vpc_id),
    subnetId: text(row.subnet_id),
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
    tags: tags(row.tags),
    whitelist: texts(row.whitelist),
    enableWhitelist: bool(row.enable_whitelist),
    routeTables: texts(row.routetables),
    description: typeof row.description === 'string' ? row.description : null,
    policyStatement: policyStatements(row.policy_statement, notice),
    policyDocument: policyDocument(row.policy_document, notice),
    publicBorderGroup: text(row.public_border_group),
    endpointPoolId: text(row.endpoint_pool_id),
  };
  const inLists = kind !== 'create';
  const inSingles = kind !== 'list';
  if (inLists || row.dns_names !== undefined) fields.dnsNames = texts(row.dns_names);
  if (inLists || row.error !== undefined) fields.faults = faults(row.error);
  if (inSingles || row.enable_status !== undefined) {
    fields.enableStatus = word(row.enable_status, ENABLE_WORDS);
    fields.rawEnableStatus = rawWord(row.enable_status);
  }
  if (inSingles || row.specification_name !== undefined) fields.specificationName = text(row.specification_name);
  if (inSingles || row.ipv6_address !== undefined) fields.ipv6Address = text(row.ipv6_address);
  if (row.ip_version !== undefined) {
    fields.ipVersion = word(row.ip_version, IP_VERSIONS);
    fields.rawIpVersion = rawWord(row.ip_version);
  }
  return fields;
}

/** @returns undefined for what is no object or has no id. */
function endpointOf(row: unknown, kind: AnswerKind, { onDeviation }: AnswerContext): EndpointAnswer | undefined {
  if (!isRecord(row)) {
    return undefined;
  }
  const id = text(row.id)?.trim();
  if (id === undefined || id === '') {
    return undefined;
  }
  return { id, rawStatus: statusWord(row.status), fields: fieldsOf(row, kind, onDeviation ?? ignore) };
}

function ignore(): void {}

/**
 * The answer of CreateEndpoint or ListEndpointInfoDetails.
 * @throws UpstreamError `malformed` when it is no JSON object with an id.
 */
export function parseEndpoint(body: string, kind: 'create' | 'detail', context: AnswerContext): EndpointAnswer {
  const endpoint = endpointOf(json(body), kind, context);
  if (endpoint === undefined) {
    throw malformed(context);
  }
  return endpoint;
}

interface ParsedPage extends EndpointPage {
  /** Rows left out because they were no object or had no id. */
  readonly skipped: number;
}

/**
 * The answer of ListEndpoints. A missing list is read as empty only if the count says zero: taking a broken answer for
 * "no endpoints" would look like everything had been deleted.
 * @throws UpstreamError `malformed` when there is no list.
 */
export function parseEndpointPage(body: string, context: AnswerContext): ParsedPage {
  const page = json(body);
  if (!isRecord(page)) {
    throw malformed(context);
  }
  const count = Number(digits(page.total_count) ?? Number.NaN);
  const rows: unknown = page.endpoints ?? (count === 0 ? [] : undefined);
  if (!Array.isArray(rows)) {
    throw malformed(context);
  }
  const endpoints = rows.flatMap((row: unknown) => endpointOf(row, 'list', context) ?? []);
  const totalCount = Number.isSafeInteger(count) ? count : rows.length;
  return { endpoints, totalCount, skipped: rows.length - endpoints.length };
}

const NAMES: Readonly<Record<keyof VpcEndpointFields, string>> = {
  projectId: 'project_id',
  serviceType: 'service_type',
  rawServiceType: 'service_type',
  ip: 'ip',
  ipVersion: 'ip_version',
  rawIpVersion: 'ip_version',
  ipv6Address: 'ipv6_address',
  activeStatus: 'active_status',
  enableStatus: 'enable_status',
  rawEnableStatus: 'enable_status',
  endpointServiceId: 'endpoint_service_id',
  endpointServiceName: 'endpoint_service_name',
  markerId: 'marker_id',
  enableDns: 'enable_dns',
  dnsNames: 'dns_names',
  vpcId: 'vpc_id',
  subnetId: 'subnet_id',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  tags: 'tags',
  whitelist: 'whitelist',
  enableWhitelist: 'enable_whitelist',
  routeTables: 'routetables',
  specificationName: 'specification_name',
  description: 'description',
  policyStatement: 'policy_statement',
  policyDocument: 'policy_document',
  publicBorderGroup: 'public_border_group',
  endpointPoolId: 'endpoint_pool_id',
  faults: 'error',
};

/**
 * The endpoint in the answer of UpdateEndpointWhite, UpdateEndpointPolicy or DeleteEndpointPolicy. Each leaves other
 * fields out than the next (docs/upstream/NOTES.md, "Fields that differ between answers"), so only what is there counts
 * as said. Null when there is no status: then it says nothing that could be compared.
 * @throws UpstreamError `malformed` when it is no JSON object.
 */
export function parseEditedEndpoint(body: string, id: string, context: AnswerContext): EndpointAnswer | null {
  const row = json(body);
  if (!isRecord(row)) {
    throw malformed(context);
  }
  const endpoint = text(row.status) === null ? undefined : endpointOf({ ...row, id }, 'detail', context);
  return endpoint === undefined ? null : { ...endpoint, fields: said(row, endpoint.fields) };
}

function said(row: JsonObject, fields: Partial<VpcEndpointFields>): Partial<VpcEndpointFields> {
  const names: Readonly<Record<string, string>> = NAMES;
  return Object.fromEntries(Object.entries(fields).filter(([field]) => row[names[field] ?? field] !== undefined));
}

/**
 * The answer of UpdateEndpointRoutetable (schema `UpdateEndpointRoutetableResponse`): a 200 may carry tables that
 * failed.
 * @throws UpstreamError `malformed` when it is no JSON object.
 */
export function parseRouteTables(body: string, context: AnswerContext): RouteTableAnswer {
  const answer = json(body);
  if (!isRecord(answer)) {
    throw malformed(context);
  }
  const failures = records(answer.error).flatMap((entry) => [
    ...failuresOf(entry.bind_failed, 'BIND'),
    ...failuresOf(entry.unbind_failed, 'UNBIND'),
  ]);
  const { routetables } = answer;
  return { routeTables: routetables == null ? null : texts(routetables), failures };
}

function failuresOf(value: unknown, action: RouteTableAction): readonly RouteTableFailure[] {
  return records(value).map((failure) => ({
    routeTableId: text(failure.id),
    action,
    message: text(failure.error_message) ?? text(failure.error_msg) ?? text(failure.message),
  }));
}
