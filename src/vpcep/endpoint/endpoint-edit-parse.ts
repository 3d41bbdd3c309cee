/** Answers of the calls that change an endpoint → model. */

import { type AnswerContext, json, malformed } from '../core/answers.ts';
import type { JsonObject } from '../core/model.ts';
import { isRecord, records, text, texts } from '../core/parse-values.ts';
import type { RouteTableAction, RouteTableAnswer, RouteTableFailure } from './endpoint-edit-model.ts';
import type { EndpointAnswer, VpcEndpointFields } from './model.ts';
import { endpointOf } from './parse.ts';

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
