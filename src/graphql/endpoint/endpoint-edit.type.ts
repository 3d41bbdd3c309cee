/** Inputs and payloads of the mutations that change an endpoint. The rules are checked in endpoint-edit-input.ts. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { JsonObject } from '../../vpcep/core/model.ts';
import { RouteTableAction } from '../../vpcep/endpoint/endpoint-edit-model.ts';
import { VpcEndpointType } from './endpoint.type.ts';
import '../core/enums.ts';
import { PolicyStatementInput } from './policy.type.ts';

registerEnumType(RouteTableAction, {
  name: 'RouteTableAction',
  description: 'What was to be done with a route table.',
  valuesConfig: {
    BIND: { description: 'It was to be added.' },
    UNBIND: { description: 'It was to be taken away.' },
  },
});

const ID_OF = 'The endpoint to change.';
const AFTER = 'The endpoint after it.';
const STATUS_CURSOR = 'The moment just before: give it to `endpointStatus(after:)` to miss nothing since.';

@InputType('UpdateVpcEndpointWhitelistInput', {
  description: 'Who may use an interface endpoint. What is not given stays as it is.',
})
export class UpdateVpcEndpointWhitelistInput {
  @Field(() => ID, { description: ID_OF })
  id!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'IPv4 addresses or CIDR blocks: the whole new list. An empty one clears it.',
  })
  whitelist?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether access control is on. While it is off, everybody in the VPC is let in.',
  })
  enableWhitelist?: boolean | null;
}

@InputType('UpdateVpcEndpointRouteTablesInput', {
  description: 'Through which route tables a gateway endpoint is reached.',
})
export class UpdateVpcEndpointRouteTablesInput {
  @Field(() => ID, { description: ID_OF })
  id!: string;

  @Field(() => [ID], { description: 'The whole new list.' })
  routeTables!: string[];
}

@InputType('UpdateVpcEndpointPolicyInput', {
  description:
    'The whole new policy, in the one of the two forms that the service takes. An empty one is refused: to remove the ' +
    'policy, use `deleteVpcEndpointPolicy`.',
})
export class UpdateVpcEndpointPolicyInput {
  @Field(() => ID, { description: ID_OF })
  id!: string;

  @Field(() => [PolicyStatementInput], {
    nullable: true,
    description: 'For OBS and SFS gateway services that allow a policy; at least one.',
  })
  policyStatement?: PolicyStatementInput[] | null;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'For other services that allow a policy.' })
  policyDocument?: JsonObject | null;
}

@InputType('DeleteVpcEndpointPolicyInput', { description: 'Whose policy to remove.' })
export class DeleteVpcEndpointPolicyInput {
  @Field(() => ID, { description: ID_OF })
  id!: string;
}

@InputType('UpgradeVpcEndpointInput', { description: 'What to upgrade.' })
export class UpgradeVpcEndpointInput {
  @Field(() => ID, { description: ID_OF })
  id!: string;
}

@ObjectType('RouteTableFailure', {
  simpleResolvers: true,
  description: 'A route table that was left as it was, while the others were changed.',
})
export class RouteTableFailureType {
  @Field(() => ID, { nullable: true, description: 'The route table.' })
  routeTableId!: string | null;

  @Field(() => RouteTableAction, { description: 'What was tried.' })
  action!: RouteTableAction;

  @Field(() => String, { nullable: true, description: 'Text for people, from upstream.' })
  message!: string | null;
}

@ObjectType('UpdateVpcEndpointWhitelistPayload', {
  simpleResolvers: true,
  description: 'Answer of `updateVpcEndpointWhitelist`.',
})
export class UpdateVpcEndpointWhitelistPayload {
  @Field(() => VpcEndpointType, { description: AFTER })
  endpoint!: VpcEndpointType;

  @Field(() => String, { description: STATUS_CURSOR })
  statusCursor!: string;
}

@ObjectType('UpdateVpcEndpointRouteTablesPayload', {
  simpleResolvers: true,
  description: 'Answer of `updateVpcEndpointRouteTables`.',
})
export class UpdateVpcEndpointRouteTablesPayload {
  @Field(() => VpcEndpointType, { description: `${AFTER} Its \`routeTables\` are those that are bound now.` })
  endpoint!: VpcEndpointType;

  @Field(() => String, { description: STATUS_CURSOR })
  statusCursor!: string;

  @Field(() => [RouteTableFailureType], { description: 'What could not be done; empty when all was.' })
  failures!: RouteTableFailureType[];
}

@ObjectType('UpdateVpcEndpointPolicyPayload', {
  simpleResolvers: true,
  description: 'Answer of `updateVpcEndpointPolicy`.',
})
export class UpdateVpcEndpointPolicyPayload {
  @Field(() => VpcEndpointType, { description: AFTER })
  endpoint!: VpcEndpointType;

  @Field(() => String, { description: STATUS_CURSOR })
  statusCursor!: string;
}

@ObjectType('DeleteVpcEndpointPolicyPayload', {
  simpleResolvers: true,
  description: 'Answer of `deleteVpcEndpointPolicy`.',
})
export class DeleteVpcEndpointPolicyPayload {
  @Field(() => VpcEndpointType, { description: AFTER })
  endpoint!: VpcEndpointType;

  @Field(() => String, { description: STATUS_CURSOR })
  statusCursor!: string;
}

@ObjectType('UpgradeVpcEndpointPayload', { simpleResolvers: true, description: 'Answer of `upgradeVpcEndpoint`.' })
export class UpgradeVpcEndpointPayload {
  @Field(() => VpcEndpointType, { description: 'The endpoint just after the order; the upgrade itself takes a while.' })
  endpoint!: VpcEndpointType;

  @Field(() => String, { description: STATUS_CURSOR })
  statusCursor!: string;
}
