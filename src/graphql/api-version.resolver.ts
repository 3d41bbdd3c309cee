import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { isNothingToCaller } from '../vpcep/errors/upstream-error.ts';
import type { ApiVersion } from '../vpcep/version-model.ts';
import { ApiVersionType } from './api-version.type.ts';
import { checkIds } from './core/arguments.ts';
import type { GatewayContext } from './core/context.ts';
import { InputCheck } from './core/input-check.ts';
import { readOptions } from './core/read-options.ts';

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
  @Query(() => [ApiVersionType], { description: 'The versions of the REST API behind this gateway.' })
  async apiVersions(
    @Arg('projectId', () => ID, { nullable: true, description: REGION }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<readonly ApiVersion[]> {
    const project = regionOf(context, projectId);
    return await context.client.versions.listVersions(project, readOptions(context));
  }

  @Query(() => ApiVersionType, {
    nullable: true,
    description: 'One version of the REST API behind this gateway, or null when there is none of that name.',
  })
  async apiVersion(
    @Arg('id', () => ID, { description: 'Such as `v1`.' }) id: string,
    @Arg('projectId', () => ID, { nullable: true, description: REGION }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<ApiVersion | null> {
    const check = new InputCheck();
    check.text('id', id, (value) =>
      VERSION.test(value) ? null : { rule: 'version', message: 'must be a version such as v1' },
    );
    check.done();
    const project = regionOf(context, projectId);
    try {
      return await context.client.versions.getVersion(project, id, readOptions(context));
    } catch (error) {
      if (isNothingToCaller(error)) return null;
      throw error;
    }
  }
}
