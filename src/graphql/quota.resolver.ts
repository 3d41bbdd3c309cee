import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { type Quota, QuotaType } from '../vpcep/quota-model.ts';
import { checkIds } from './core/arguments.ts';
import type { GatewayContext } from './core/context.ts';
import { PROJECT } from './core/project-argument.ts';
import { readOptions } from './core/read-options.ts';
import { InputError } from './errors/gateway-errors.ts';
import { QuotaObject } from './quota.type.ts';

@Resolver()
export class QuotaResolver {
  @Query(() => [QuotaObject], { description: 'The quotas of a project, of one kind of resource or of all.' })
  async quotas(
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Arg('type', () => QuotaType, { nullable: true, description: 'This kind only.' }) type: QuotaType | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<readonly Quota[]> {
    checkIds({ projectId });
    const wanted = readType(type);
    const project = context.projects.resolve(projectId, 'read');
    return await context.client.quotas.listQuotas(project, wanted, readOptions(context));
  }
}

function readType(type: QuotaType | null | undefined): Exclude<QuotaType, 'UNKNOWN'> | undefined {
  if (type === 'UNKNOWN') {
    const message = 'type must be ENDPOINT or ENDPOINT_SERVICE: leave it out for all';
    throw new InputError([{ path: 'type', rule: 'choice', message }]);
  }
  return type ?? undefined;
}
