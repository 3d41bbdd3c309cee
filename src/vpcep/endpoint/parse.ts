import { type AnswerContext, json, malformed } from '../core/answers.ts';
import type { JsonObject } from '../core/model.ts';
import {
  bool,
  digits,
  faults,
  isRecord,
  rawWord,
  SERVICE_TYPES,
  statusWord,
  tags,
  text,
  texts,
  time,
  word,
} from '../core/parse-values.ts';
import { type PolicyNotice, policyDocument, policyStatements } from '../core/policy.ts';
import type { EndpointAnswer, EndpointPage, VpcEndpointFields } from './model.ts';

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
export function endpointOf(row: unknown, kind: AnswerKind, { onDeviation }: AnswerContext): EndpointAnswer | undefined {
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

export interface ParsedPage extends EndpointPage {
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
