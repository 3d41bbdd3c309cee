import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import { checkIds, readFilter } from '../core/arguments.ts';
import type { GatewayContext } from '../core/context.ts';
import { SortInput } from '../core/page.type.ts';
import { AFTER, type Connection, connectionOf, DEFAULT_PAGE, pageWindow } from '../core/pagination.ts';
import { PROJECT } from '../core/project-argument.ts';
import { callOptions, readOptions } from '../core/read-options.ts';
import { sortOf } from '../core/sort.ts';
import { asWrite } from '../core/write-outcome.ts';
import { VpcEndpointConnectionType, VpcEndpointType } from './endpoint.type.ts';
import { readCreateInput } from './endpoint-input.ts';
import {
  CreateVpcEndpointInput,
  CreateVpcEndpointPayload,
  DeleteVpcEndpointInput,
  DeleteVpcEndpointPayload,
  VpcEndpointFilter,
} from './endpoint-input.type.ts';
import { checkAgainstService } from './service-kind.ts';

interface EndpointWithCursor {
  readonly endpoint: VpcEndpoint;
  readonly statusCursor: string;
}

/** The project that was asked is the project, whatever the answer says: field resolvers go on from it. */
function inProject(endpoint: VpcEndpoint, projectId: string): VpcEndpoint {
  return endpoint.projectId === projectId ? endpoint : { ...endpoint, projectId };
}

@Resolver()
export class EndpointResolver {
  @Query(() => VpcEndpointType, { nullable: true, description: 'One endpoint, or null when it does not exist.' })
  async vpcEndpoint(
    @Arg('id', () => ID, { description: 'The endpoint.' }) id: string,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<VpcEndpoint | null> {
    checkIds({ id, projectId });
    const project = context.projects.resolve(projectId, 'read');
    const endpoint = await context.calls.read(project, id, readOptions(context));
    return endpoint === null ? null : inProject(endpoint, project);
  }

  @Query(() => VpcEndpointConnectionType, { description: 'The endpoints of a project, page by page.' })
  async vpcEndpoints(
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Arg('filter', () => VpcEndpointFilter, { nullable: true, description: 'Which endpoints.' })
    filter: VpcEndpointFilter | undefined,
    @Arg('orderBy', () => SortInput, { nullable: true, description: 'Newest first by default.' })
    orderBy: SortInput | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE, description: 'Rows per page, 1 to 100.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: AFTER })
    after: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<VpcEndpoint>> {
    checkIds({ projectId });
    const window = pageWindow({ first, after });
    const conditions = readFilter(filter);
    const project = context.projects.resolve(projectId, 'read');
    const page = await context.calls.list(
      project,
      {
        ...conditions,
        ...window,
        ...sortOf(orderBy),
      },
      readOptions(context),
    );
    const rows = page.endpoints.map((endpoint) => inProject(endpoint, project));
    return connectionOf(rows, page.totalCount, window.offset);
  }

  @Mutation(() => CreateVpcEndpointPayload, {
    description:
      'Creates an endpoint. The answer comes at once, building it takes 1 to 2 minutes: follow it with ' +
      '`endpointStatus(id:, after: statusCursor)`. With an `idempotencyKey` it can be repeated safely; without one, look ' +
      'at `extensions.candidates` before repeating after UPSTREAM_OUTCOME_UNKNOWN.',
  })
  async createVpcEndpoint(
    @Arg('input', () => CreateVpcEndpointInput, { description: 'What to create.' }) input: CreateVpcEndpointInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<EndpointWithCursor & { readonly replayed: boolean }> {
    checkIds({ projectId });
    const request = readCreateInput(input);
    const project = context.projects.resolve(projectId, 'write');
    await checkAgainstService(context, project, request);
    const { endpoint, statusCursor, replayed } = await asWrite(
      context.creations.create(project, request, {
        subject: context.identity.subject,
        ...(input.idempotencyKey == null ? {} : { idempotencyKey: input.idempotencyKey }),
        ...callOptions(context),
      }),
    );
    return { endpoint: inProject(endpoint, project), statusCursor, replayed };
  }

  @Mutation(() => DeleteVpcEndpointPayload, {
    description: 'Deletes an endpoint. It is DELETING for a while; the feed reports DELETED once it is gone.',
  })
  async deleteVpcEndpoint(
    @Arg('input', () => DeleteVpcEndpointInput, { description: 'What to delete.' }) input: DeleteVpcEndpointInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<EndpointWithCursor> {
    checkIds({ 'input.id': input.id, projectId });
    const project = context.projects.resolve(projectId, 'write');
    const { endpoint, statusCursor } = await asWrite(context.calls.delete(project, input.id, callOptions(context)));
    return { endpoint: inProject(endpoint, project), statusCursor };
  }
}
