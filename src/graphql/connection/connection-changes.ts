/** The writes to connections, each answered with what it changed. */
import type { ConnectionDecision, ConnectionText, ServiceConnection } from '../../vpcep/connection/model.ts';
import { isMissing, UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import type { GatewayContext } from '../core/context.ts';
import { type ItemOutcome, oneByOne } from '../core/one-by-one.ts';
import { callOptions } from '../core/read-options.ts';
import { asWrite } from '../core/write-outcome.ts';
import type { Failure } from '../errors/format-error.ts';
import type { Decisions } from './connection.validation.ts';

/** What `ServiceConnection` of the schema is resolved from. */
export interface ConnectionRecord extends ServiceConnection {
  /** The project of the service. */
  readonly projectId: string;
}

export interface DecisionResult {
  readonly endpointId: string;
  readonly connection: ConnectionRecord | null;
  readonly error: Failure | null;
}

/** Upstream takes one endpoint per call (EndPoint.2031). */
export async function decideConnections(
  context: GatewayContext,
  projectId: string,
  { serviceId, endpointIds }: Decisions,
  decision: ConnectionDecision,
): Promise<readonly DecisionResult[]> {
  const { connections } = context.client;
  const outcomes = await oneByOne(endpointIds, (id) =>
    connections.decideConnection(projectId, serviceId, id, decision).catch(asNoConnection),
  );
  // Not what was refused: the ids are the caller's word, and may be of endpoints that it has nothing to do with.
  noteChange(
    context,
    endpointIds.filter((_, index) => mayBeDone(outcomes[index])),
  );
  return await Promise.all(
    endpointIds.map(async (endpointId, index): Promise<DecisionResult> => {
      const outcome = outcomes[index];
      if (outcome?.done !== true) return { endpointId, connection: null, error: outcome?.failure ?? null };
      const shown = rowOf(outcome.value, endpointId);
      // It was done: that it cannot be looked at is no failure of it.
      const connection = shown ?? (await readOne(context, projectId, serviceId, endpointId).catch(() => undefined));
      return { endpointId, connection: connection === undefined ? null : { ...connection, projectId }, error: null };
    }),
  );
}

/** @throws UpstreamError, OutcomeUnknownError */
export async function describeConnection(
  context: GatewayContext,
  projectId: string,
  serviceId: string,
  text: ConnectionText,
): Promise<ConnectionRecord> {
  const write = context.client.connections.describeConnections(projectId, serviceId, [text]).catch(asNoConnection);
  const rows = await asWrite(write);
  const connection = rowOf(rows, text.endpointId) ?? (await readOne(context, projectId, serviceId, text.endpointId));
  if (connection === undefined) {
    const message = 'Upstream took the text, but does not show the connection.';
    throw new UpstreamError({ kind: 'malformed', outcome: 'unknown', message, retryable: false });
  }
  return { ...connection, projectId };
}

/** Upstream's code for an endpoint that exists, but is not connected to this service. */
const ELSEWHERE = 'endpoint.2013';

/**
 * Upstream tells an endpoint of any tenant that is connected elsewhere from one that does not exist. A service's owner
 * must not learn that way which endpoints there are, so both are the same failure: without upstream's code and status.
 */
function asNoConnection(error: unknown): never {
  const told = error instanceof UpstreamError && (isMissing(error) || error.code?.toLowerCase() === ELSEWHERE);
  if (!told) throw error;
  throw new UpstreamError({
    kind: 'not_found',
    outcome: error.outcome,
    message: 'There is no such connection: look at the ids of the service and of the endpoint',
    retryable: false,
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
    cause: error,
  });
}

function mayBeDone(outcome: ItemOutcome<unknown> | undefined): boolean {
  return outcome?.done === true || outcome?.failure.code === 'UPSTREAM_OUTCOME_UNKNOWN';
}

/** Whoever watches these endpoints learns of it now, and what was loaded of them before is not shown again. */
function noteChange(context: GatewayContext, endpointIds: readonly string[]): void {
  context.endpoints.clearAll();
  context.noteChange(endpointIds);
}

async function readOne(
  context: GatewayContext,
  projectId: string,
  serviceId: string,
  endpointId: string,
): Promise<ServiceConnection | undefined> {
  const options = callOptions(context);
  const page = await context.client.connections.listConnections(projectId, serviceId, { endpointId }, options);
  return rowOf(page.connections, endpointId);
}

function rowOf(rows: readonly ServiceConnection[], endpointId: string): ServiceConnection | undefined {
  return rows.find((row) => row.endpointId.toLowerCase() === endpointId.toLowerCase());
}
