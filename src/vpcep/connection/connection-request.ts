/** The model's words → upstream's, for connections: only what was given. */

import type { components } from '../generated/upstream.ts';
import type { QueryPair } from '../http/request.ts';
import type { ConnectionDecision, ConnectionStatusFilter, ConnectionText, ListConnectionsQuery } from './model.ts';

type Schemas = components['schemas'];

const STATUS_WORDS: Readonly<Record<ConnectionStatusFilter, string>> = {
  PENDING_ACCEPTANCE: 'pendingAcceptance',
  ACCEPTED: 'accepted',
  REJECTED: 'rejected',
  FAILED: 'failed',
};

export function listConnectionsQuery(query: ListConnectionsQuery): QueryPair[] {
  const pairs: [string, string | number | undefined][] = [
    ['id', query.endpointId],
    ['marker_id', query.markerId],
    ['status', query.status === undefined ? undefined : STATUS_WORDS[query.status]],
    ['limit', query.limit],
    ['offset', query.offset],
    ['sort_key', query.sortKey],
    ['sort_dir', query.sortDir],
  ];
  return pairs.flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as const]));
}

/** An array by type, but exactly one endpoint per call (EndPoint.2031). */
export function decisionBody(decision: ConnectionDecision, endpointId: string): object {
  const body: Schemas['AcceptOrRejectEndpointRequestBody'] = {
    action: decision === 'accept' ? 'receive' : 'reject',
    endpoints: [endpointId],
  };
  return body;
}

export function connectionTextsBody(texts: readonly ConnectionText[]): object {
  const body: Schemas['UpdateEndpointConnectionsDescRequestBody'] = {
    connections: texts.map(({ endpointId, description }) => ({ id: endpointId, description })),
  };
  return body;
}
