/** Bodies of the calls that change an endpoint. */

import type { components } from '../generated/upstream.ts';
import type { PolicyChange, WhitelistChange } from './endpoint-edit-model.ts';
import { statementBody } from './endpoint-request.ts';

type Schemas = components['schemas'];

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
  const body: { [K in keyof Schemas['UpdateEndpointPolicyRequestBody']]?: unknown } =
    'policyStatement' in change
      ? { policy_statement: change.policyStatement.map(statementBody) }
      : { policy_document: change.policyDocument };
  return body;
}
