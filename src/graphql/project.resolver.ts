import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import type { Right } from '../auth/identity.ts';
import type { VpcEndpoint } from '../vpcep/endpoint/model.ts';
import type { Quota } from '../vpcep/quota.ts';
import type { EndpointService, PublicEndpointService } from '../vpcep/service/model.ts';
import type { TagValues } from '../vpcep/tag/model.ts';
import { checkIds } from './core/arguments.ts';
import type { GatewayContext, ReachableProject } from './core/context.ts';
import type { Connection } from './core/pagination.ts';
import { ALONE } from './core/payload.ts';
import { Cost, PAGE } from './cost/cost.ts';
import { VpcEndpointsArguments } from './endpoint/endpoint.input.ts';
import { listEndpoints } from './endpoint/endpoint.resolver.ts';
import { VpcEndpointConnectionType } from './endpoint/endpoint.type.ts';
import { listQuotas, QuotaArguments, QuotaObject } from './quota.resolver.ts';
import { EndpointServicesArguments, PublicEndpointServicesArguments } from './service/service.input.ts';
import { listPublicServices, listServices } from './service/service.resolver.ts';
import { EndpointServiceConnectionType, PublicEndpointServiceConnectionType } from './service/service.type.ts';
import { listProjectTags } from './tag/resource-tag.resolver.ts';
import { ProjectTagsArguments, TAGS_IN_USE, TagValuesType } from './tag/resource-tag.type.ts';

const RightWords = { READ: 'read', WRITE: 'write', ADMIN: 'admin' } as const satisfies Record<string, Right>;

registerEnumType(RightWords, {
  name: 'Right',
  description: 'What a caller may do in a project.',
  valuesConfig: {
    READ: { description: 'Look at everything.' },
    WRITE: { description: 'Create, change and delete.' },
    ADMIN: { description: 'What goes beyond the daily work.' },
  },
});

@ObjectType('Project', { simpleResolvers: true, description: 'A project that the caller may read.' })
export class ProjectType {
  @Field(() => ID, { description: 'Give it to `projectId`.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Its name; null when the gateway was not told one.' })
  name!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its region, such as `cn-north-4`; null when its URL is configured without a region.',
  })
  region!: string | null;

  @Field(() => [RightWords], { description: 'What the caller may do in it.' })
  rights!: Right[];

  @Field(() => Boolean, { description: 'True: this is the project that is meant when `projectId` is left out.' })
  isDefault!: boolean;
}

/** Field for field the same functions as the root fields with `projectId`, which check the caller's right again. */
@Resolver(() => ProjectType)
export class ProjectResolver {
  @Cost({})
  @Query(() => ProjectType, {
    nullable: true,
    description: 'A project with what is in it. An id that is unknown, or that the caller may not read, is NOT_FOUND.',
  })
  project(
    @Arg('id', () => ID, {
      nullable: true,
      description: 'Which project. Defaults to the only (or default) project of the caller.',
    })
    id: string | undefined,
    @Ctx() { projects }: GatewayContext,
  ): ReachableProject | undefined {
    checkIds({ id });
    const chosen = projects.resolve(id, 'read', 'id');
    return projects.reachable().find((project) => project.id === chosen);
  }

  @Cost(PAGE)
  @FieldResolver(() => VpcEndpointConnectionType, {
    nullable: true,
    description: `Its endpoints, page by page. ${ALONE}`,
  })
  async endpoints(
    @Root() { id }: ReachableProject,
    @Args(() => VpcEndpointsArguments) list: VpcEndpointsArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<VpcEndpoint>> {
    return await listEndpoints(context, id, list);
  }

  @Cost(PAGE)
  @FieldResolver(() => EndpointServiceConnectionType, {
    nullable: true,
    description: `Its own endpoint services, page by page. ${ALONE}`,
  })
  async services(
    @Root() { id }: ReachableProject,
    @Args(() => EndpointServicesArguments) list: EndpointServicesArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<EndpointService>> {
    return await listServices(context, id, list);
  }

  @Cost(PAGE)
  @FieldResolver(() => PublicEndpointServiceConnectionType, {
    nullable: true,
    description: `The public endpoint services that it can connect to, page by page. ${ALONE}`,
  })
  async publicServices(
    @Root() { id }: ReachableProject,
    @Args(() => PublicEndpointServicesArguments) list: PublicEndpointServicesArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<PublicEndpointService>> {
    return await listPublicServices(context, id, list);
  }

  @Cost({ calls: 1 })
  @FieldResolver(() => [QuotaObject], {
    nullable: true,
    description: `Its quotas, of one kind of resource or of all. ${ALONE}`,
  })
  async quotas(
    @Root() { id }: ReachableProject,
    @Args(() => QuotaArguments) kind: QuotaArguments,
    @Ctx() context: GatewayContext,
  ): Promise<readonly Quota[]> {
    return await listQuotas(context, id, kind);
  }

  @Cost({ calls: 1 })
  @FieldResolver(() => [TagValuesType], {
    nullable: true,
    description: `${TAGS_IN_USE} ${ALONE}`,
  })
  async tags(
    @Root() { id }: ReachableProject,
    @Args(() => ProjectTagsArguments) kind: ProjectTagsArguments,
    @Ctx() context: GatewayContext,
  ): Promise<readonly TagValues[]> {
    return await listProjectTags(context, id, kind);
  }
}
