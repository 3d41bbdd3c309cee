import { GraphQLJSON, GraphQLJSONObject } from 'graphql-scalars';
import { Field, InputType, ObjectType } from 'type-graphql';
import { type JsonObject, PolicyEffect } from '../../vpcep/core/model.ts';
import '../core/enums.ts';

@ObjectType('PolicyStatement', {
  simpleResolvers: true,
  description: 'One rule of the policy of a gateway endpoint (OBS, SFS).',
})
export class PolicyStatementType {
  @Field(() => PolicyEffect, { description: 'Whether the actions are allowed or denied.' })
  effect!: PolicyEffect;

  @Field(() => String, { nullable: true, description: "Upstream's own word for `effect`; null when there is none." })
  rawEffect!: string | null;

  @Field(() => [String], { description: 'Access permissions, for example `obs:*:*`.' })
  action!: string[];

  @Field(() => [String], { description: 'The statement is about all access permissions but these.' })
  notAction!: string[];

  @Field(() => [String], { description: 'The objects that the statement is about, for example `obs:*:*:*:*/*`.' })
  resource!: string[];

  @Field(() => [String], { description: 'The statement is about all objects but these.' })
  notResource!: string[];

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'Conditions under which the statement applies, as upstream answers them: an object as a rule.',
  })
  condition!: unknown;

  @Field(() => String, { nullable: true, description: 'Name of the statement.' })
  sid!: string | null;
}

@InputType('PolicyStatementInput', { description: 'One rule of the policy of a gateway endpoint (OBS, SFS).' })
export class PolicyStatementInput {
  @Field(() => PolicyEffect, { description: 'Whether the actions are allowed or denied; not UNKNOWN.' })
  effect!: PolicyEffect;

  @Field(() => [String], { description: 'Access permissions; at least one.' })
  action!: string[];

  @Field(() => [String], { description: 'The objects that the statement is about; at least one.' })
  resource!: string[];

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'Conditions under which the statement applies.' })
  condition?: JsonObject | null;

  @Field(() => String, { nullable: true, description: 'Name of the statement.' })
  sid?: string | null;
}
