import { GraphQLSafeInt } from 'graphql-scalars';
import { Args, ArgsType, Ctx, Field, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import { type Quota, QuotaType } from '../vpcep/quota.ts';
import { ProjectId, projectFor } from './core/arguments.ts';
import type { GatewayContext } from './core/context.ts';
import { inputEnum } from './core/input-type.ts';
import { Cost } from './cost/cost.ts';

registerEnumType(QuotaType, {
  name: 'QuotaType',
  description: 'What a quota limits.',
  valuesConfig: {
    ENDPOINT: { description: 'VPC endpoints.' },
    ENDPOINT_SERVICE: { description: 'Endpoint services.' },
    UNKNOWN: { description: 'A word that this version does not know: see `rawType`.' },
  },
});

const QuotaTypeInput = inputEnum(QuotaType, ['UNKNOWN']);

/** Not named like the others: `QuotaType` is the word list. */
@ObjectType('Quota', { simpleResolvers: true, description: 'How many resources of a kind there are and may be.' })
export class QuotaObject {
  @Field(() => QuotaType, { description: 'What it limits.' })
  type!: QuotaType;

  @Field(() => String, { description: "Upstream's own word for the kind." })
  rawType!: string;

  @Field(() => GraphQLSafeInt, {
    nullable: true,
    description: 'How many there are. Can be more than `limit`, when that was lowered since.',
  })
  used!: number | null;

  @Field(() => GraphQLSafeInt, { nullable: true, description: 'How many there may be.' })
  limit!: number | null;
}

@ArgsType()
export class QuotaArguments {
  @Field(() => QuotaTypeInput, { nullable: true, description: 'This kind only.' })
  type?: keyof typeof QuotaTypeInput | null | undefined;
}

/** The quotas of a project. @throws InputError, AccessError, UpstreamError */
export async function listQuotas(
  context: GatewayContext,
  projectId: string | undefined,
  { type }: QuotaArguments,
): Promise<readonly Quota[]> {
  const project = projectFor(context, 'read', { projectId });
  return await context.client.quotas.listQuotas(project, type ?? undefined, context.options);
}

@Resolver()
export class QuotaResolver {
  @Cost({ calls: 1 })
  @Query(() => [QuotaObject], { description: 'The quotas of a project, of one kind of resource or of all.' })
  async quotas(
    @ProjectId() projectId: string | undefined,
    @Args(() => QuotaArguments) kind: QuotaArguments,
    @Ctx() context: GatewayContext,
  ): Promise<readonly Quota[]> {
    return await listQuotas(context, projectId, kind);
  }
}
