/** The writes to connections, each answered with what it changed. */

import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { ConnectedEndpoint, ConnectionDecision, ConnectionText } from '../../vpcep/connection/model.ts';
import type { VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import { isMissing, UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import type { EndpointService } from '../../vpcep/service/model.ts';
import { AuditTargets } from '../audit/audit.ts';
import { ProjectId } from '../core/arguments.ts';
import type { GatewayContext } from '../core/context.ts';
import { MOST_CALLS_TOGETHER } from '../core/loaders.ts';
import { type Connection, connectionOf, pageWindow, SortedPageArguments, sortOf } from '../core/pagination.ts';
import { ALONE } from '../core/payload.ts';
import { asWrite, type ItemOutcome, writeSequentially } from '../core/writes.ts';
import { Cost, type FieldCost, PAGE } from '../cost/cost.ts';
import { VpcEndpointType } from '../endpoint/endpoint.type.ts';
import type { Failure } from '../errors/format-error.ts';
import { EndpointServiceObject } from '../service/service.type.ts';
import {
  AcceptServiceConnectionInput,
  AcceptServiceConnectionPayload,
  ConnectedEndpointConnectionType,
  ConnectedEndpointFilter,
  ConnectedEndpointType,
  RejectServiceConnectionInput,
  RejectServiceConnectionPayload,
  UpdateServiceConnectionDescriptionInput,
  UpdateServiceConnectionDescriptionPayload,
} from './connection.type.ts';
import { type Decisions, readConnectionFilter, readConnectionText, readDecisions } from './connection.validation.ts';

/** Each decision is a write, and a read where the answer does not show the connection. */
const DECISIONS: FieldCost = { callsPerRow: 2, rows: { itemsOf: 'endpointIds', most: 100 } };

/** What `ConnectedEndpoint` of the schema is resolved from. */
interface ConnectionRecord extends ConnectedEndpoint {
  readonly endpointServiceId: string;
  /** The project of the service. */
  readonly projectId: string;
}

interface DecisionResult {
  readonly endpointId: string;
  readonly connection: ConnectionRecord | null;
  readonly error: Failure | null;
}

interface Decided {
  readonly results: readonly DecisionResult[];
  /** Null: nothing was done. */
  readonly statusCursor: string | null;
}

/** Upstream takes one endpoint per call (EndPoint.2031). */
export async function decideConnections(
  context: GatewayContext,
  projectId: string,
  { serviceId, endpointIds }: Decisions,
  decision: ConnectionDecision,
): Promise<Decided> {
  const outcomes = await writeSequentially(endpointIds, (id) =>
    context.connections.decide(projectId, serviceId, id, decision, context.options).catch(asNoConnection),
  );
  // Not what was refused: the ids are the caller's word, and may be of endpoints that it has nothing to do with.
  context.noteChange(endpointIds.filter((_, index) => mayBeDone(outcomes[index])));
  const results = await Promise.all(
    endpointIds.map(async (endpointId, index): Promise<DecisionResult> => {
      const outcome = outcomes[index];
      if (outcome?.done !== true) return { endpointId, connection: null, error: outcome?.failure ?? null };
      const shown = rowOf(outcome.value.connections, endpointId);
      // The write is done, so a failed read after it is no failure of the write.
      const connection = shown ?? (await readOne(context, projectId, serviceId, endpointId).catch(() => undefined));
      const ids = { projectId, endpointServiceId: serviceId };
      return { endpointId, connection: connection === undefined ? null : { ...connection, ...ids }, error: null };
    }),
  );
  const first = outcomes.find((outcome) => outcome.done);
  return { results, statusCursor: first?.value.statusCursor ?? null };
}

/** @throws UpstreamError, OutcomeUnknownError */
async function describeConnection(
  context: GatewayContext,
  projectId: string,
  serviceId: string,
  text: ConnectionText,
): Promise<ConnectionRecord> {
  const write = context.connections.describe(projectId, serviceId, text, context.options).catch(asNoConnection);
  const { connections } = await asWrite(write);
  const connection =
    rowOf(connections, text.endpointId) ?? (await readOne(context, projectId, serviceId, text.endpointId));
  if (connection === undefined) {
    const message = 'Upstream took the text, but does not show the connection.';
    throw new UpstreamError({ kind: 'malformed', outcome: 'unknown', message, retryable: false });
  }
  return { ...connection, projectId, endpointServiceId: serviceId };
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

async function readOne(
  context: GatewayContext,
  projectId: string,
  serviceId: string,
  endpointId: string,
): Promise<ConnectedEndpoint | undefined> {
  const page = await context.connections.list(projectId, serviceId, { endpointId }, context.options);
  return rowOf(page.connections, endpointId);
}

function rowOf(rows: readonly ConnectedEndpoint[], endpointId: string): ConnectedEndpoint | undefined {
  return rows.find((row) => row.endpointId.toLowerCase() === endpointId.toLowerCase());
}

@Resolver(() => EndpointServiceObject)
export class ConnectedEndpointsResolver {
  @Cost(PAGE)
  @FieldResolver(() => ConnectedEndpointConnectionType, {
    nullable: true,
    description: `The endpoints of all tenants that are connected or want to be. ${ALONE}`,
  })
  async connections(
    @Root() service: EndpointService,
    @Arg('filter', () => ConnectedEndpointFilter, { nullable: true, description: 'Which connected endpoints.' })
    filter: ConnectedEndpointFilter | undefined,
    @Args(() => SortedPageArguments) list: SortedPageArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<ConnectionRecord>> {
    const query = { ...pageWindow(list), ...readConnectionFilter(filter), ...sortOf(list.orderBy) };
    const projectId = context.projects.resolve(service.projectId, 'read');
    const page = await context.connections.list(projectId, service.id, query, context.options);
    const rows = page.connections.map((connection) => ({ ...connection, projectId, endpointServiceId: service.id }));
    return connectionOf(rows, page.totalCount, query.offset);
  }
}

@Resolver(() => ConnectedEndpointType)
export class ConnectionResolver {
  @Cost({ together: MOST_CALLS_TOGETHER })
  @FieldResolver(() => VpcEndpointType, {
    nullable: true,
    description: "The endpoint itself, when it is in the same project as the service; null for another tenant's.",
  })
  async endpoint(@Root() connection: ConnectionRecord, @Ctx() context: GatewayContext): Promise<VpcEndpoint | null> {
    const projectId = context.projects.resolve(connection.projectId, 'read');
    return await context.loaders.endpoints.load({ projectId, id: connection.endpointId });
  }

  @Cost(DECISIONS)
  @AuditTargets(['endpointServiceId', 'endpointIds'])
  @Mutation(() => AcceptServiceConnectionPayload, {
    description:
      'Accepts endpoints that wait for approval or were rejected. Each has its own outcome in `results`; that one ' +
      'fails is no error of the mutation.',
  })
  async acceptServiceConnection(
    @Arg('input', () => AcceptServiceConnectionInput, { description: 'Which endpoints.' })
    input: AcceptServiceConnectionInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<Decided> {
    const decisions = readDecisions(input, projectId);
    const project = context.projects.resolve(projectId, 'write');
    return await decideConnections(context, project, decisions, 'accept');
  }

  @Cost(DECISIONS)
  @AuditTargets(['endpointServiceId', 'endpointIds'])
  @Mutation(() => RejectServiceConnectionPayload, {
    description:
      'Rejects endpoints, also those that were accepted before. Each has its own outcome in `results`; that one ' +
      'fails is no error of the mutation.',
  })
  async rejectServiceConnection(
    @Arg('input', () => RejectServiceConnectionInput, { description: 'Which endpoints.' })
    input: RejectServiceConnectionInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<Decided> {
    const decisions = readDecisions(input, projectId);
    const project = context.projects.resolve(projectId, 'write');
    return await decideConnections(context, project, decisions, 'reject');
  }

  @Cost({ calls: 2 })
  @AuditTargets(['endpointServiceId', 'endpointId'])
  @Mutation(() => UpdateServiceConnectionDescriptionPayload, {
    description: "Changes the service owner's note about a connection. The endpoint's own description stays.",
  })
  async updateServiceConnectionDescription(
    @Arg('input', () => UpdateServiceConnectionDescriptionInput, { description: 'Which connection, and the text.' })
    input: UpdateServiceConnectionDescriptionInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<{ readonly connection: ConnectionRecord }> {
    const { serviceId, ...text } = readConnectionText(input, projectId);
    const project = context.projects.resolve(projectId, 'write');
    return { connection: await describeConnection(context, project, serviceId, text) };
  }
}
