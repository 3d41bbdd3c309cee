/** `VpcEndpoint.service`. */
import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import { isNothingToCaller, isUnreadable } from '../../vpcep/errors/upstream-error.ts';
import type {
  EndpointService,
  EndpointServiceDescription,
  PublicEndpointService,
  ServiceSummary,
} from '../../vpcep/service/model.ts';
import type { RecordedService } from '../../watch/watch.ts';
import { AuditTargets } from '../audit/audit.ts';
import { ProjectId, projectFor, readIn } from '../core/arguments.ts';
import type { GatewayContext } from '../core/context.ts';
import { type Connection, connectionOf, pageWindow, sortOf } from '../core/pagination.ts';
import { Cost, PAGE } from '../cost/cost.ts';
import { VpcEndpointType } from '../endpoint/endpoint.type.ts';
import {
  AddEndpointServiceServerResourcesInput,
  AddEndpointServiceServerResourcesPayload,
  CreateEndpointServiceInput,
  CreateEndpointServicePayload,
  DeleteEndpointServiceInput,
  DeleteEndpointServicePayload,
  EndpointServiceRefInput,
  EndpointServicesArguments,
  PublicEndpointServicesArguments,
  RenameEndpointServiceInput,
  RenameEndpointServicePayload,
  UpdateEndpointServiceInput,
  UpdateEndpointServicePayload,
  UpgradeEndpointServiceInput,
  UpgradeEndpointServicePayload,
} from './service.input.ts';
import {
  EndpointServiceConnectionType,
  EndpointServiceDescriptionType,
  EndpointServiceObject,
  PublicEndpointServiceConnectionType,
  ServiceSummaryType,
} from './service.type.ts';
import {
  readCreateServiceInput,
  readDescribe,
  readRenameInput,
  readServerResources,
  readServiceFilter,
  readUpdateServiceInput,
  readUpgradeServiceInput,
} from './service.validation.ts';
import { addServerResources, deleteService, renameService, updateService, upgradeService } from './service-edit.ts';

@Resolver(() => VpcEndpointType)
export class EndpointServiceRelationResolver {
  @Cost({ lists: ['own services', 'public services'], calls: 1 })
  @FieldResolver(() => ServiceSummaryType, {
    nullable: true,
    description:
      'The service that it connects to: an own one in full (`EndpointService`), a `PublicEndpointService`, or the ' +
      '`EndpointServiceDescription` of another one, which can be a minute old. Null when it may not be read.',
  })
  async service(@Root() endpoint: VpcEndpoint, @Ctx() context: GatewayContext): Promise<ServiceSummary | null> {
    const { projectId, endpointServiceId: serviceId } = endpoint;
    if (serviceId === null) {
      return null;
    }
    const project = context.projects.resolve(projectId, 'read');
    return await context.loaders.services.load({ projectId: project, serviceId });
  }
}

interface ServicePayload {
  readonly service: EndpointService | null;
}

@Resolver()
export class ServiceMutationResolver {
  @Cost({ calls: 1 })
  @AuditTargets([], 'service')
  @Mutation(() => CreateEndpointServicePayload, {
    description:
      'Publishes an endpoint service. The answer comes at once, building it takes a while: follow it with `endpointServiceStatus(id:, after: statusCursor)`. With an ' +
      '`idempotencyKey` it can be repeated safely; without one, look at `extensions.candidates` before repeating after ' +
      'UPSTREAM_OUTCOME_UNKNOWN.',
  })
  async createEndpointService(
    @Arg('input', () => CreateEndpointServiceInput, { description: 'What to create.' })
    input: CreateEndpointServiceInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<RecordedService & { readonly replayed: boolean }> {
    const [project, request] = readIn(context, 'write', projectId, () => readCreateServiceInput(input));
    const { service, statusCursor, replayed } = await context.serviceCreations.create(
      project,
      request,
      { subject: context.identity.subject, idempotencyKey: input.idempotencyKey ?? undefined },
      context.options,
    );
    context.loaders.services.forget(project);
    return { service, statusCursor, replayed };
  }

  @Cost({ calls: 3 })
  @AuditTargets(['id'])
  @Mutation(() => UpdateEndpointServicePayload, {
    description:
      'Changes an endpoint service. `ports` replaces all ports. `approvalEnabled` keeps its value unless it is given.',
  })
  async updateEndpointService(
    @Arg('input', () => UpdateEndpointServiceInput, { description: 'What to change.' })
    input: UpdateEndpointServiceInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<ServicePayload> {
    const [project, { id, ...change }] = readIn(context, 'write', projectId, () => readUpdateServiceInput(input));
    return { service: await updateService(context, { projectId: project, id }, change) };
  }

  @Cost({ calls: 2 })
  @AuditTargets(['id'])
  @Mutation(() => RenameEndpointServicePayload, { description: 'Gives an endpoint service another name.' })
  async renameEndpointService(
    @Arg('input', () => RenameEndpointServiceInput, { description: 'Which service, and its new name.' })
    input: RenameEndpointServiceInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<ServicePayload> {
    const [project, { id, name }] = readIn(context, 'write', projectId, () => readRenameInput(input));
    return { service: await renameService(context, { projectId: project, id }, name) };
  }

  @Cost({ calls: 2 })
  @AuditTargets(['id'])
  @Mutation(() => DeleteEndpointServicePayload, {
    description: 'Deletes an endpoint service. Upstream refuses while endpoints are connected (CONFLICT).',
  })
  async deleteEndpointService(
    @Arg('input', () => DeleteEndpointServiceInput, { description: 'What to delete.' })
    input: DeleteEndpointServiceInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<RecordedService> {
    const project = projectFor(context, 'write', { 'input.id': input.id, projectId });
    return await deleteService(context, { projectId: project, id: input.id });
  }

  @Cost({ calls: 2 })
  @AuditTargets(['id'])
  @Mutation(() => UpgradeEndpointServicePayload, {
    description: 'Upgrades an endpoint service to the professional edition, where the region has it.',
  })
  async upgradeEndpointService(
    @Arg('input', () => UpgradeEndpointServiceInput, { description: 'Which service, and how.' })
    input: UpgradeEndpointServiceInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<ServicePayload> {
    const [project, { id, ...upgrade }] = readIn(context, 'write', projectId, () => readUpgradeServiceInput(input));
    return { service: await upgradeService(context, { projectId: project, id }, upgrade) };
  }

  @Cost({ calls: 2 })
  @AuditTargets(['id'])
  @Mutation(() => AddEndpointServiceServerResourcesPayload, {
    description: 'Adds load balancers as backends of a professional endpoint service.',
  })
  async addEndpointServiceServerResources(
    @Arg('input', () => AddEndpointServiceServerResourcesInput, { description: 'Which backends to which service.' })
    input: AddEndpointServiceServerResourcesInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<ServicePayload> {
    const [project, { id, resources }] = readIn(context, 'write', projectId, () => readServerResources(input));
    return { service: await addServerResources(context, { projectId: project, id }, resources) };
  }
}

const NOT_IN_DETAILS = 'Costs a list call, unless the service comes from a list.';

async function nullIf<T>(isNothing: (error: unknown) => boolean, call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (isNothing(error)) return null;
    throw error;
  }
}

/** A page of a project's own services. @throws InputError, AccessError, UpstreamError */
export async function listServices(
  context: GatewayContext,
  projectId: string | undefined,
  list: EndpointServicesArguments,
): Promise<Connection<EndpointService>> {
  const [project, query] = readIn(context, 'read', projectId, () => ({
    ...pageWindow(list),
    ...readServiceFilter(list.filter),
    ...sortOf(list.orderBy),
  }));
  const page = await context.services.list(project, query, context.options);
  return connectionOf(page.services, page.totalCount, query.offset);
}

/** A page of the services that the platform offers to a project. @throws InputError, AccessError, UpstreamError */
export async function listPublicServices(
  context: GatewayContext,
  projectId: string | undefined,
  list: PublicEndpointServicesArguments,
): Promise<Connection<PublicEndpointService>> {
  const [project, query] = readIn(context, 'read', projectId, () => ({
    ...pageWindow(list),
    ...readServiceFilter(list.filter),
    ...sortOf(list.orderBy),
  }));
  const page = await context.client.services.listPublicServices(project, query, context.options);
  return connectionOf(page.services, page.totalCount, query.offset);
}

@Resolver()
export class ServiceResolver {
  @Cost({ calls: 1 })
  @Query(() => EndpointServiceObject, {
    nullable: true,
    description: 'One own endpoint service, or null when it does not exist; others: `describeEndpointService`.',
  })
  async endpointService(
    @Arg('id', () => ID, { description: 'The service.' }) id: string,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<EndpointService | null> {
    const project = projectFor(context, 'read', { id, projectId });
    return await nullIf(isNothingToCaller, context.services.read(project, id, context.options));
  }

  @Cost(PAGE)
  @Query(() => EndpointServiceConnectionType, { description: 'The own endpoint services of a project, page by page.' })
  async endpointServices(
    @ProjectId() projectId: string | undefined,
    @Args(() => EndpointServicesArguments) list: EndpointServicesArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<EndpointService>> {
    return await listServices(context, projectId, list);
  }

  @Cost(PAGE)
  @Query(() => PublicEndpointServiceConnectionType, {
    description: 'The public endpoint services, page by page.',
  })
  async publicEndpointServices(
    @ProjectId() projectId: string | undefined,
    @Args(() => PublicEndpointServicesArguments) list: PublicEndpointServicesArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<PublicEndpointService>> {
    return await listPublicServices(context, projectId, list);
  }

  @Cost({ calls: 1 })
  @Query(() => EndpointServiceDescriptionType, {
    nullable: true,
    description:
      'What can be known of a service before connecting to it. Null when it does not exist or this project may not ' +
      'connect to it.',
  })
  async describeEndpointService(
    @Arg('by', () => EndpointServiceRefInput, { description: 'Which service.' }) by: EndpointServiceRefInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<EndpointServiceDescription | null> {
    const [project, query] = readIn(context, 'read', projectId, () => readDescribe(by));
    return await nullIf(isUnreadable, context.client.services.describeService(project, query, context.options));
  }
}

/** What upstream tells in its list alone (NOTES.md, "Fields that differ between answers"). */
@Resolver(() => EndpointServiceObject)
export class ServiceListFieldResolver {
  @Cost({ lists: ['own services'] })
  @FieldResolver(() => Int, {
    nullable: true,
    description: `How many endpoints are CREATING or ACCEPTED. ${NOT_IN_DETAILS}`,
  })
  connectionCount(@Root() service: EndpointService, @Ctx() context: GatewayContext) {
    return fromList(service, context, 'connectionCount');
  }

  @Cost({ lists: ['own services'] })
  @FieldResolver(() => ID, { nullable: true, description: `The account that it belongs to. ${NOT_IN_DETAILS}` })
  domainId(@Root() service: EndpointService, @Ctx() context: GatewayContext) {
    return fromList(service, context, 'domainId');
  }

  @Cost({ lists: ['own services'] })
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
  if (service[key] !== null || view === 'row') {
    return service[key];
  }
  const project = context.projects.resolve(projectId, 'read');
  return context.loaders.services.ownRow({ projectId: project, serviceId: id }).then((row) => row?.[key] ?? null);
}
