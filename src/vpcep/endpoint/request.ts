/** The model's input → upstream's words: declared types only, and only what was given. */
import type { components } from '../generated/upstream.ts';
import { type QueryPair, queryOf } from '../http/request.ts';
import type {
  CreateEndpointInput,
  ListEndpointsQuery,
  NewPolicyStatement,
  PolicyChange,
  WhitelistChange,
} from './model.ts';

type Schemas = components['schemas'];
/** Members as in the contract; the values may be undefined, because JSON.stringify leaves those out. */
type Words<Name extends keyof Schemas> = { [K in keyof Schemas[Name]]?: unknown };

const IP_VERSION = { IPV4: 'ipv4', DUALSTACK: 'dualstack' } as const;
const EFFECT = { ALLOW: 'Allow', DENY: 'Deny' } as const;

/** Body of CreateEndpoint (schema/vpcep.openapi.yaml, `CreateEndpointRequestBody`). */
export function createEndpointBody(input: CreateEndpointInput): object {
  const body: Words<'CreateEndpointRequestBody'> = {
    subnet_id: input.subnetId,
    vpc_id: input.vpcId,
    endpoint_service_id: input.endpointServiceId,
    enable_dns: input.enableDns,
    tags: input.tags?.map(({ key, value }) => ({ key, value })),
    routetables: input.routeTables,
    port_ip: input.portIp,
    whitelist: input.whitelist,
    enable_whitelist: input.enableWhitelist,
    description: input.description,
    policy_statement: input.policyStatement?.map(statementBody),
    policy_document: input.policyDocument,
    ip_version: input.ipVersion === undefined ? undefined : IP_VERSION[input.ipVersion],
    ipv6_address: input.ipv6Address,
  };
  return body;
}

/** Only policy statements have upper-case member names (docs/upstream/NOTES.md, "Type quirks"). */
function statementBody({ effect, action, resource, condition, sid }: NewPolicyStatement): object {
  const words: Words<'PolicyStatement'> = {
    Effect: EFFECT[effect],
    Action: action,
    Resource: resource,
    Condition: condition,
    Sid: sid,
  };
  return words;
}

/** Query of ListEndpoints. */
export function listEndpointsQuery(query: ListEndpointsQuery): QueryPair[] {
  return queryOf([
    ['id', query.id],
    ['vpc_id', query.vpcId],
    ['endpoint_service_name', query.endpointServiceName],
    ['limit', query.limit],
    ['offset', query.offset],
    ['sort_key', query.sortKey],
    ['sort_dir', query.sortDir],
  ]);
}

export function whitelistBody({ whitelist, enableWhitelist }: WhitelistChange): object {
  const body: Schemas['UpdateEndpointWhiteRequestBody'] = {
    whitelist: [...whitelist],
    enable_whitelist: enableWhitelist,
  };
  return body;
}

export function routeTablesBody(routeTables: readonly string[]): object {
  const body: Schemas['UpdateEndpointRoutetableRequestBody'] = { routetables: [...routeTables] };
  return body;
}

export function policyBody(change: PolicyChange): object {
  const body: Words<'UpdateEndpointPolicyRequestBody'> =
    'policyStatement' in change
      ? { policy_statement: change.policyStatement.map(statementBody) }
      : { policy_document: change.policyDocument };
  return body;
}
