/**
 * Inputs and payloads of the endpoint operations. The rules are checked in endpoint.validation.ts.
 */
import { GraphQLJSONObject } from 'graphql-scalars';
import { ArgsType, type ClassType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { IpVersion, type JsonObject, PolicyEffect } from '../../vpcep/core/model.ts';
import { RouteTableAction } from '../../vpcep/endpoint/model.ts';
import { VpcEndpointType } from './endpoint.type.ts';
import '../core/scalars.ts';
import { inputEnum, OneOf } from '../core/input-type.ts';
import { SortedPageArguments } from '../core/pagination.ts';
import { Payload } from '../core/payload.ts';
import { IDEMPOTENCY_KEY, NEW_TAGS, TagInput } from '../core/tag.type.ts';

registerEnumType(RouteTableAction, {
  name: 'RouteTableAction',
  description: 'What was to be done with a route table.',
  valuesConfig: {
    BIND: { description: 'It was to be added.' },
    UNBIND: { description: 'It was to be taken away.' },
  },
});

const IpVersionInput = inputEnum(IpVersion, ['UNKNOWN']);
const PolicyEffectInput = inputEnum(PolicyEffect, ['UNKNOWN']);

const ID_OF = 'The endpoint to change.';
const AFTER = 'The endpoint after it.';
const STATUS_CURSOR =
  'Cursor just before this change. Pass it to `endpointStatus(after:)` to receive every later event.';

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
    description: 'Whether access control is on. While it is off, every address in the VPC has access.',
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

@InputType('PolicyStatementInput', {
  description:
    'One rule of the policy of a gateway endpoint (OBS, SFS). Upstream documents no `notAction` and no `notResource` for ' +
    'requests: they are only shown, where a policy has them.',
})
export class PolicyStatementInput {
  @Field(() => PolicyEffectInput, { description: 'Whether the actions are allowed or denied.' })
  effect!: keyof typeof PolicyEffectInput;

  @Field(() => [String], { description: 'Access permissions; at least one.' })
  action!: string[];

  @Field(() => [String], { description: 'The objects that the statement is about; at least one.' })
  resource!: string[];

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'Conditions under which the statement applies.' })
  condition?: JsonObject | null;

  @Field(() => String, { nullable: true, description: 'Name of the statement.' })
  sid?: string | null;
}

@OneOf()
@InputType('PolicyInput', { description: 'A whole policy, in the form that the service takes.' })
export class PolicyInput {
  @Field(() => [PolicyStatementInput], {
    nullable: true,
    description: 'For OBS and SFS gateway services that allow a policy. It comes back as `policyStatements`.',
  })
  statements?: PolicyStatementInput[];

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'For other services that allow a policy. It comes back as `policyDocument`.',
  })
  document?: JsonObject;
}

@InputType('UpdateVpcEndpointPolicyInput', { description: 'Of which endpoint, and its new policy.' })
export class UpdateVpcEndpointPolicyInput {
  @Field(() => ID, { description: ID_OF })
  id!: string;

  @Field(() => PolicyInput, {
    description: 'An empty one is refused: to remove the policy, use `deleteVpcEndpointPolicy`.',
  })
  policy!: PolicyInput;
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
class RouteTableFailureType {
  @Field(() => ID, { nullable: true, description: 'The route table.' })
  routeTableId!: string | null;

  @Field(() => RouteTableAction, { description: 'What was tried.' })
  action!: RouteTableAction;

  @Field(() => String, { nullable: true, description: 'Text for people, from upstream.' })
  message!: string | null;
}

function changed(mutation: string, description = AFTER): ClassType {
  @Payload(mutation)
  class EndpointPayload {
    @Field(() => VpcEndpointType, { description })
    endpoint!: VpcEndpointType;

    @Field(() => String, { description: STATUS_CURSOR })
    statusCursor!: string;
  }
  return EndpointPayload;
}

export const UpdateVpcEndpointWhitelistPayload = changed('updateVpcEndpointWhitelist');
export const UpdateVpcEndpointPolicyPayload = changed('updateVpcEndpointPolicy');
export const DeleteVpcEndpointPolicyPayload = changed('deleteVpcEndpointPolicy');
export const UpgradeVpcEndpointPayload = changed(
  'upgradeVpcEndpoint',
  'The endpoint just after the order; the upgrade itself takes a while.',
);
export const DeleteVpcEndpointPayload = changed(
  'deleteVpcEndpoint',
  'The endpoint as it was last known, now DELETING.',
);

@Payload('updateVpcEndpointRouteTables')
export class UpdateVpcEndpointRouteTablesPayload {
  @Field(() => VpcEndpointType, { description: `${AFTER} Its \`routeTables\` are those that are bound now.` })
  endpoint!: VpcEndpointType;

  @Field(() => String, { description: STATUS_CURSOR })
  statusCursor!: string;

  @Field(() => [RouteTableFailureType], { description: 'What could not be done; empty when all was.' })
  failures!: RouteTableFailureType[];
}

@InputType('VpcEndpointFilter', { description: 'Which endpoints to list. Given conditions must all hold.' })
export class VpcEndpointFilter {
  @Field(() => ID, { nullable: true, description: 'This endpoint only.' })
  id?: string | null;

  @Field(() => ID, { nullable: true, description: 'Endpoints in this VPC.' })
  vpcId?: string | null;

  @Field(() => String, { nullable: true, description: 'Part of the service name, in any case; 1 to 128 characters.' })
  endpointServiceName?: string | null;
}

@ArgsType()
export class VpcEndpointsArguments extends SortedPageArguments {
  @Field(() => VpcEndpointFilter, { nullable: true, description: 'Which endpoints.' })
  filter?: VpcEndpointFilter | null | undefined;
}

@InputType('CreateVpcEndpointInput', {
  description:
    'What to create. Every broken rule is reported at once in `extensions.issues`. Lengths count Unicode code points. ' +
    'An empty list or object is the same as none.',
})
export class CreateVpcEndpointInput {
  @Field(() => ID, { description: 'The endpoint service to connect to.' })
  endpointServiceId!: string;

  @Field(() => ID, { description: 'The VPC to create the endpoint in.' })
  vpcId!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Network ID (UUID) of a subnet of the VPC. Needed for interface services.',
  })
  subnetId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Create a private domain name. Gateway services never get one.',
  })
  enableDns?: boolean | null;

  @Field(() => [TagInput], { nullable: true, description: NEW_TAGS })
  tags?: TagInput[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Route tables, for gateway services. Without it, the default route table of the VPC is used.',
  })
  routeTables?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'IPv4 address that the endpoint shall have, for interface services. It comes back as `ip`.',
  })
  portIp?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'IPv4 addresses or CIDR blocks that may use the endpoint, for interface services.',
  })
  whitelist?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether access control (the whitelist) is on.' })
  enableWhitelist?: boolean | null;

  @Field(() => String, { nullable: true, description: 'At most 512 characters, without `<` and `>`.' })
  description?: string | null;

  @Field(() => PolicyInput, { nullable: true, description: 'Full access by default.' })
  policy?: PolicyInput | null;

  @Field(() => IpVersionInput, { nullable: true, description: 'Address family; professional endpoints only.' })
  ipVersion?: keyof typeof IpVersionInput | null;

  @Field(() => String, {
    nullable: true,
    description: 'IPv6 address that the endpoint shall have; professional endpoints only.',
  })
  ipv6Address?: string | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@InputType('DeleteVpcEndpointInput', { description: 'What to delete.' })
export class DeleteVpcEndpointInput {
  @Field(() => ID, { description: 'The endpoint to delete. This cannot be undone.' })
  id!: string;
}

@Payload('createVpcEndpoint')
export class CreateVpcEndpointPayload {
  @Field(() => VpcEndpointType, { description: 'The new endpoint; usually still CREATING.' })
  endpoint!: VpcEndpointType;

  @Field(() => Boolean, { description: 'True: this key was seen before, and nothing new was created.' })
  replayed!: boolean;

  @Field(() => String, { description: STATUS_CURSOR })
  statusCursor!: string;
}
