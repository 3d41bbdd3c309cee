import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import type { EndpointService } from '../../vpcep/service/model.ts';
import type { GatewayContext } from '../core/context.ts';
import { ownerProject } from '../core/owner-project.ts';
import { SortInput } from '../core/page.type.ts';
import { AFTER, type Connection, connectionOf, DEFAULT_PAGE, pageWindow } from '../core/pagination.ts';
import { PROJECT } from '../core/project-argument.ts';
import { readOptions } from '../core/read-options.ts';
import { sortOf } from '../core/sort.ts';
import { VpcEndpointType } from '../endpoint/endpoint.type.ts';
import { EndpointServiceObject } from '../service/service.type.ts';
import { ServiceConnectionConnectionType, ServiceConnectionType } from './connection.type.ts';
import { readConnectionFilter, readConnectionText, readDecisions } from './connection.validation.ts';
import {
  type ConnectionRecord,
  type DecisionResult,
  decideConnections,
  describeConnection,
} from './connection-changes.ts';
import {
  AcceptServiceConnectionInput,
  AcceptServiceConnectionPayload,
  RejectServiceConnectionInput,
  RejectServiceConnectionPayload,
  ServiceConnectionFilter,
  UpdateServiceConnectionDescriptionInput,
  UpdateServiceConnectionDescriptionPayload,
} from './connection-input.type.ts';

@Resolver(() => EndpointServiceObject)
export class ServiceConnectionsResolver {
  @FieldResolver(() => ServiceConnectionConnectionType, {
    description: 'The endpoints of all tenants that are connected or want to be. For the owner of the service only.',
  })
  async connections(
    @Root() service: EndpointService,
    @Arg('filter', () => ServiceConnectionFilter, { nullable: true, description: 'Which connections.' })
    filter: ServiceConnectionFilter | undefined,
    @Arg('orderBy', () => SortInput, { nullable: true, description: 'Newest first by default.' })
    orderBy: SortInput | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE, description: 'Rows per page, 1 to 100.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: AFTER })
    after: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<ConnectionRecord>> {
    const window = pageWindow({ first, after });
    const conditions = readConnectionFilter(filter);
    const projectId = ownerProject(context, service);
    const page = await context.client.connections.listConnections(
      projectId,
      service.id,
      {
        ...conditions,
        ...window,
        ...sortOf(orderBy),
      },
      readOptions(context),
    );
    const rows = page.connections.map((connection) => ({ ...connection, projectId }));
    return connectionOf(rows, page.totalCount, window.offset);
  }
}

@Resolver(() => ServiceConnectionType)
export class ConnectionResolver {
  @FieldResolver(() => VpcEndpointType, {
    nullable: true,
    description: "The endpoint itself, when it is in the same project as the service; null for another tenant's.",
  })
  async endpoint(@Root() connection: ConnectionRecord, @Ctx() context: GatewayContext): Promise<VpcEndpoint | null> {
    const projectId = context.projects.resolve(connection.projectId, 'read');
    return await context.endpoints.load({ projectId, endpointId: connection.endpointId });
  }

  @Mutation(() => AcceptServiceConnectionPayload, {
    description:
      'Lets endpoints in that wait for approval or were rejected. Each has its own outcome in `results`; that one ' +
      'fails is no error of the mutation.',
  })
  async acceptServiceConnection(
    @Arg('input', () => AcceptServiceConnectionInput, { description: 'Which endpoints.' })
    input: AcceptServiceConnectionInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<{ readonly results: readonly DecisionResult[] }> {
    const decisions = readDecisions(input, projectId);
    const project = context.projects.resolve(projectId, 'write');
    return { results: await decideConnections(context, project, decisions, 'accept') };
  }

  @Mutation(() => RejectServiceConnectionPayload, {
    description:
      'Turns endpoints away, also those that were accepted before. Each has its own outcome in `results`; that one ' +
      'fails is no error of the mutation.',
  })
  async rejectServiceConnection(
    @Arg('input', () => RejectServiceConnectionInput, { description: 'Which endpoints.' })
    input: RejectServiceConnectionInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<{ readonly results: readonly DecisionResult[] }> {
    const decisions = readDecisions(input, projectId);
    const project = context.projects.resolve(projectId, 'write');
    return { results: await decideConnections(context, project, decisions, 'reject') };
  }

  @Mutation(() => UpdateServiceConnectionDescriptionPayload, {
    description: "Changes the service owner's note about a connection. The endpoint's own description stays.",
  })
  async updateServiceConnectionDescription(
    @Arg('input', () => UpdateServiceConnectionDescriptionInput, { description: 'Which connection, and the text.' })
    input: UpdateServiceConnectionDescriptionInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<{ readonly connection: ConnectionRecord }> {
    const { serviceId, ...text } = readConnectionText(input, projectId);
    const project = context.projects.resolve(projectId, 'write');
    return { connection: await describeConnection(context, project, serviceId, text) };
  }
}
