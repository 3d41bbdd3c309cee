import { Arg, Ctx, Field, ID, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import { isNothingToCaller } from '../vpcep/errors/upstream-error.ts';
import { type ApiVersion, ApiVersionStatus } from '../vpcep/version.ts';
import { checkIds, ProjectId } from './core/arguments.ts';
import type { GatewayContext } from './core/context.ts';
import { InputCheck } from './core/input-check.ts';
import { DateTime } from './core/scalars.ts';
import { Cost } from './cost/cost.ts';

registerEnumType(ApiVersionStatus, {
  name: 'ApiVersionStatus',
  description: 'Where an API version is in its life.',
  valuesConfig: {
    CURRENT: { description: 'The recommended one.' },
    SUPPORT: { description: 'An older one that is still supported.' },
    DEPRECATED: { description: 'One that may be taken away.' },
    UNKNOWN: { description: 'A word that this version does not know: see `rawStatus`.' },
  },
});

@ObjectType('ApiLink', { simpleResolvers: true, description: 'A link of an API version.' })
class ApiLinkType {
  @Field(() => String, { nullable: true, description: 'Address.' })
  href!: string | null;

  @Field(() => String, { nullable: true, description: 'Media type.' })
  type!: string | null;

  @Field(() => String, { nullable: true, description: 'What it is to the version, such as `self`.' })
  rel!: string | null;
}

@ObjectType('ApiVersion', { simpleResolvers: true, description: 'A version of the REST API behind this gateway.' })
class ApiVersionType {
  @Field(() => ID, { description: 'Such as `v1`.' })
  id!: string;

  @Field(() => ApiVersionStatus, { nullable: true, description: 'Where it is in its life.' })
  status!: ApiVersionStatus | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for the status." })
  rawStatus!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was released.' })
  updatedAt!: string | null;

  @Field(() => String, { nullable: true, description: 'Newest micro version; null when they are not in use.' })
  version!: string | null;

  @Field(() => String, { nullable: true, description: 'Oldest micro version; null when they are not in use.' })
  minVersion!: string | null;

  @Field(() => [ApiLinkType], { description: 'Links.' })
  links!: ApiLinkType[];
}

const REGION =
  'The project whose region to ask. Defaults to the default project of the caller, or to any that it may read.';
const VERSION = /^v[\w.-]{0,15}$/;

/** Versions are about no project, so that none has to be chosen. */
function regionOf(context: GatewayContext, projectId: string | undefined): string {
  checkIds({ projectId });
  return context.projects.resolve(projectId ?? context.projects.any(), 'read');
}

@Resolver()
export class ApiVersionResolver {
  @Cost({ calls: 1 })
  @Query(() => [ApiVersionType], { description: 'The versions of the REST API behind this gateway.' })
  async apiVersions(
    @ProjectId(REGION) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<readonly ApiVersion[]> {
    const project = regionOf(context, projectId);
    return await context.client.versions.listVersions(project, context.options);
  }

  @Cost({ calls: 1 })
  @Query(() => ApiVersionType, {
    nullable: true,
    description: 'One version of the REST API behind this gateway, or null when there is none of that name.',
  })
  async apiVersion(
    @Arg('id', () => ID, { description: 'Such as `v1`.' }) id: string,
    @ProjectId(REGION) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<ApiVersion | null> {
    const check = new InputCheck();
    check.text('id', id, (value) =>
      VERSION.test(value) ? null : { rule: 'version', message: 'must be a version such as v1' },
    );
    check.done();
    const project = regionOf(context, projectId);
    try {
      return await context.client.versions.getVersion(project, id, context.options);
    } catch (error) {
      if (isNothingToCaller(error)) return null;
      throw error;
    }
  }
}
