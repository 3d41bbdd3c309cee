/** The connection operations (schema/vpcep.openapi.yaml, tag "Connections"); upstream's words stay in this folder. */

import { type AnswerContext, readPage, readRows } from '../core/answers.ts';
import type { JsonObject } from '../core/model.ts';
import { digits, faults, idIn, statusWord, text, time } from '../core/values.ts';
import { statusOf } from '../endpoint/model.ts';
import type { components } from '../generated/upstream.ts';
import { type QueryPair, queryOf } from '../http/request.ts';
import { pathOf, type UpstreamCaller } from '../transport/caller.ts';
import type { CallOptions } from '../transport/transport.ts';
import type {
  ConnectedEndpoint,
  ConnectionDecision,
  ConnectionPage,
  ConnectionStatusFilter,
  ConnectionText,
  ListConnectionsQuery,
} from './model.ts';

/** @throws UpstreamError `malformed` when there is no list. */
export function parseConnectionPage(body: string, context: AnswerContext): ConnectionPage {
  const { rows: connections, totalCount } = readPage(body, 'connections', connectionOf, context);
  return { connections, totalCount };
}

/** @throws UpstreamError `malformed` when the body is no JSON object. */
export function parseConnections(body: string, context: AnswerContext): readonly ConnectedEndpoint[] {
  return readRows(body, 'connections', connectionOf, context);
}

function connectionOf(row: JsonObject): ConnectedEndpoint | undefined {
  const endpointId = idIn(row.id);
  if (endpointId === undefined) return undefined;
  const rawStatus = statusWord(row.status);
  return {
    endpointId,
    status: statusOf(rawStatus),
    rawStatus,
    markerId: digits(row.marker_id),
    domainId: text(row.domain_id),
    description: typeof row.description === 'string' ? row.description : null,
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
    faults: faults(row.error),
  };
}

type Schemas = components['schemas'];

const STATUS_WORDS: Readonly<Record<ConnectionStatusFilter, string>> = {
  PENDING_ACCEPTANCE: 'pendingAcceptance',
  ACCEPTED: 'accepted',
  REJECTED: 'rejected',
  FAILED: 'failed',
};

function listConnectionsQuery(query: ListConnectionsQuery): QueryPair[] {
  return queryOf([
    ['id', query.endpointId],
    ['marker_id', query.markerId],
    ['status', query.status === undefined ? undefined : STATUS_WORDS[query.status]],
    ['limit', query.limit],
    ['offset', query.offset],
    ['sort_key', query.sortKey],
    ['sort_dir', query.sortDir],
  ]);
}

/** An array by type, but exactly one endpoint per call (EndPoint.2031). */
function decisionBody(decision: ConnectionDecision, endpointId: string): object {
  const body: Schemas['AcceptOrRejectEndpointRequestBody'] = {
    action: decision === 'accept' ? 'receive' : 'reject',
    endpoints: [endpointId],
  };
  return body;
}

function connectionTextsBody(texts: readonly ConnectionText[]): object {
  const body: Schemas['UpdateEndpointConnectionsDescRequestBody'] = {
    connections: texts.map(({ endpointId, description }) => ({ id: endpointId, description })),
  };
  return body;
}

/** Every method throws UpstreamError. */
export class ConnectionClient {
  readonly #caller: UpstreamCaller;

  constructor(caller: UpstreamCaller) {
    this.#caller = caller;
  }

  /** ListServiceConnections: one page of the endpoints of all tenants that are connected to the service. */
  listConnections(
    projectId: string,
    serviceId: string,
    query: ListConnectionsQuery,
    options: CallOptions,
  ): Promise<ConnectionPage> {
    const call = { operation: 'ListServiceConnections', method: 'GET', ...at(projectId, serviceId) } as const;
    return this.#caller.call({ ...call, query: listConnectionsQuery(query) }, options, parseConnectionPage);
  }

  /** AcceptOrRejectEndpoint, for one endpoint, as upstream wants it. @returns the connections that the answer shows. */
  decideConnection(
    projectId: string,
    serviceId: string,
    endpointId: string,
    decision: ConnectionDecision,
    options: CallOptions,
  ): Promise<readonly ConnectedEndpoint[]> {
    const call = {
      operation: 'AcceptOrRejectEndpoint',
      method: 'POST',
      ...at(projectId, serviceId, 'action'),
    } as const;
    return this.#caller.call({ ...call, body: decisionBody(decision, endpointId) }, options, parseConnections);
  }

  /** UpdateEndpointConnectionsDesc. @returns the connections that the answer shows. */
  describeConnections(
    projectId: string,
    serviceId: string,
    texts: readonly ConnectionText[],
    options: CallOptions,
  ): Promise<readonly ConnectedEndpoint[]> {
    const call = { operation: 'UpdateEndpointConnectionsDesc', method: 'PUT' } as const;
    const path = at(projectId, serviceId, 'description');
    return this.#caller.call({ ...call, ...path, body: connectionTextsBody(texts) }, options, parseConnections);
  }
}

function at(projectId: string, serviceId: string, ...rest: readonly string[]) {
  return pathOf('v1', projectId, 'vpc-endpoint-services', serviceId, 'connections', ...rest);
}
