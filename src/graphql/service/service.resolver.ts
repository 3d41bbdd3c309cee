import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { isNothingToCaller, isUnreadable } from '../../vpcep/errors/upstream-error.ts';
import type { EndpointService, EndpointServiceDescription, PublicEndpointService } from '../../vpcep/service/model.ts';
import { checkIds } from '../core/arguments.ts';
import type { GatewayContext } from '../core/context.ts';
import { SortInput } from '../core/page.type.ts';
import { AFTER, type Connection, connectionOf, DEFAULT_PAGE, pageWindow } from '../core/pagination.ts';
import { PROJECT } from '../core/project-argument.ts';
import { readOptions } from '../core/read-options.ts';
import { ownedBy } from '../core/service-record.ts';
import { sortOf } from '../core/sort.ts';
import { EndpointServiceDescriptionType, EndpointServiceObject } from './service.type.ts';
import { readDescribe, readServiceFilter } from './service-input.ts';
import { EndpointServiceFilter, PublicEndpointServiceFilter } from './service-input.type.ts';
import { EndpointServiceConnectionType, PublicEndpointServiceConnectionType } from './service-page.type.ts';

const NOT_IN_DETAILS = 'Costs a list call, unless the service comes from a list.';

async function nullIf<T>(isNothing: (error: unknown) => boolean, call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (isNothing(error)) return null;
    throw error;
  }
}

@Resolver()
export class ServiceResolver {
  @Query(() => EndpointServiceObject, {
    nullable: true,
    description: 'One own endpoint service, or null when it does not exist; others: `describeEndpointService`.',
  })
  async endpointService(
    @Arg('id', () => ID, { description: 'The service.' }) id: string,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<EndpointService | null> {
    checkIds({ id, projectId });
    const project = context.projects.resolve(projectId, 'read');
    const service = await nullIf(
      isNothingToCaller,
      context.client.services.getService(project, id, readOptions(context)),
    );
    return service === null ? null : ownedBy(service, project);
  }

  @Query(() => EndpointServiceConnectionType, { description: 'The own endpoint services of a project, page by page.' })
  async endpointServices(
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Arg('filter', () => EndpointServiceFilter, { nullable: true, description: 'Which services.' })
    filter: EndpointServiceFilter | undefined,
    @Arg('orderBy', () => SortInput, { nullable: true, description: 'Newest first by default.' })
    orderBy: SortInput | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE, description: 'Rows per page, 1 to 100.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: AFTER })
    after: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<EndpointService>> {
    checkIds({ projectId });
    const window = pageWindow({ first, after });
    const conditions = readServiceFilter(filter);
    const project = context.projects.resolve(projectId, 'read');
    const query = { ...conditions, ...window, ...sortOf(orderBy) };
    const page = await context.client.services.listServices(project, query, readOptions(context));
    const rows = page.services.map((service) => ownedBy(service, project));
    return connectionOf(rows, page.totalCount, window.offset);
  }

  @Query(() => PublicEndpointServiceConnectionType, {
    description: 'The endpoint services that are offered to everybody, page by page.',
  })
  async publicEndpointServices(
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Arg('filter', () => PublicEndpointServiceFilter, { nullable: true, description: 'Which services.' })
    filter: PublicEndpointServiceFilter | undefined,
    @Arg('orderBy', () => SortInput, { nullable: true, description: 'Newest first by default.' })
    orderBy: SortInput | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE, description: 'Rows per page, 1 to 100.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: AFTER })
    after: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<PublicEndpointService>> {
    checkIds({ projectId });
    const window = pageWindow({ first, after });
    const conditions = readServiceFilter(filter);
    const project = context.projects.resolve(projectId, 'read');
    const query = { ...conditions, ...window, ...sortOf(orderBy) };
    const page = await context.client.services.listPublicServices(project, query, readOptions(context));
    return connectionOf(page.services, page.totalCount, window.offset);
  }

  @Query(() => EndpointServiceDescriptionType, {
    nullable: true,
    description:
      'What can be known of a service before connecting to it, by exactly one of `id` and `endpointServiceName`. Null ' +
      'when it does not exist or this project may not connect to it.',
  })
  async describeEndpointService(
    @Arg('id', () => ID, { nullable: true, description: 'The service.' }) id: string | undefined,
    @Arg('endpointServiceName', () => String, { nullable: true, description: 'Its full stored name.' })
    endpointServiceName: string | undefined,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<EndpointServiceDescription | null> {
    checkIds({ projectId });
    const by = readDescribe({ id, endpointServiceName });
    const project = context.projects.resolve(projectId, 'read');
    return await nullIf(isUnreadable, context.client.services.describeService(project, by, readOptions(context)));
  }
}

/** What upstream tells in its list alone (NOTES.md, "Fields that differ between answers"). */
@Resolver(() => EndpointServiceObject)
export class ServiceListFieldResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description: `How many endpoints are CREATING or ACCEPTED. ${NOT_IN_DETAILS}`,
  })
  connectionCount(@Root() service: EndpointService, @Ctx() context: GatewayContext) {
    return fromList(service, context, 'connectionCount');
  }

  @FieldResolver(() => ID, { nullable: true, description: `The account that it belongs to. ${NOT_IN_DETAILS}` })
  domainId(@Root() service: EndpointService, @Ctx() context: GatewayContext) {
    return fromList(service, context, 'domainId');
  }

  @FieldResolver(() => String, { nullable: true, description: `Border group of its pool. ${NOT_IN_DETAILS}` })
  publicBorderGroup(@Root() service: EndpointService, @Ctx() context: GatewayContext) {
    return fromList(service, context, 'publicBorderGroup');
  }
}

function fromList<Key extends 'connectionCount' | 'domainId' | 'publicBorderGroup'>(
  service: EndpointService,
  context: GatewayContext,
  key: Key,
): EndpointService[Key] | null | Promise<EndpointService[Key] | null> {
  const { view, id, projectId } = service;
  if (service[key] !== null || view !== 'details' || projectId === null) {
    return service[key];
  }
  const project = context.projects.resolve(projectId, 'read');
  return context.services.ownRow({ projectId: project, serviceId: id }).then((row) => row?.[key] ?? null);
}
