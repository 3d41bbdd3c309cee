/** The endpoint as clients see it. Scalar and leaf fields only: relations are field resolvers. */
import { GraphQLJSON } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import { EnableStatus, EndpointServiceType, IpVersion, PolicyEffect } from '../../vpcep/core/model.ts';
import { VpcEndpointStatus } from '../../vpcep/endpoint/model.ts';
import '../core/scalars.ts';
import { pageOf } from '../core/pagination.ts';
import { DateTime } from '../core/scalars.ts';
import { TagType } from '../core/tag.type.ts';
import { UpstreamFaultType } from '../errors/fault.type.ts';

@ObjectType('PolicyStatement', {
  simpleResolvers: true,
  description: 'One rule of the policy of a gateway endpoint (OBS, SFS).',
})
class PolicyStatementType {
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

@ObjectType('VpcEndpoint', {
  simpleResolvers: true,
  description:
    'A private connection from a VPC to an endpoint service. A field that upstream has not shown yet is null or empty.',
})
export class VpcEndpointType {
  @Field(() => ID, { description: 'Unique ID.' })
  id!: string;

  @Field(() => ID, { description: 'The project that the endpoint belongs to.' })
  projectId!: string;

  @Field(() => VpcEndpointStatus, { description: 'Where the endpoint is in its life.' })
  status!: VpcEndpointStatus;

  @Field(() => String, { description: "Upstream's own word for the status." })
  rawStatus!: string;

  @Field(() => EndpointServiceType, { nullable: true, description: 'Kind of the endpoint service.' })
  serviceType!: EndpointServiceType | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for `serviceType`." })
  rawServiceType!: string | null;

  @Field(() => String, { nullable: true, description: 'IPv4 address of an interface endpoint, once it was accepted.' })
  ip!: string | null;

  @Field(() => IpVersion, {
    nullable: true,
    description:
      'Address family; professional endpoints only. Upstream shows it in details, not in lists or creations.',
  })
  ipVersion!: IpVersion | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for `ipVersion`." })
  rawIpVersion!: string | null;

  @Field(() => String, { nullable: true, description: 'IPv6 address; professional endpoints only.' })
  ipv6Address!: string | null;

  @Field(() => [String], { description: 'Account status: `active`, or `frozen`.' })
  activeStatus!: string[];

  @Field(() => EnableStatus, { nullable: true, description: 'Whether the endpoint is available.' })
  enableStatus!: EnableStatus | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for `enableStatus`." })
  rawEnableStatus!: string | null;

  @Field(() => ID, { nullable: true, description: 'The endpoint service that it connects to.' })
  endpointServiceId!: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the endpoint service.' })
  endpointServiceName!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Packet ID: decimal digits as text, because it can be larger than a JSON number carries.',
  })
  markerId!: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether a private domain name is created.' })
  enableDns!: boolean | null;

  @Field(() => [String], { description: 'Private domain names; only with `enableDns`.' })
  dnsNames!: string[];

  @Field(() => ID, { nullable: true, description: 'The VPC that the endpoint is in.' })
  vpcId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The subnet (network ID) that the endpoint is in.' })
  subnetId!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was created.' })
  createdAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was last updated.' })
  updatedAt!: string | null;

  @Field(() => [TagType], { description: 'Its tags.' })
  tags!: TagType[];

  @Field(() => [String], { description: 'IPv4 addresses and CIDR blocks that may use it, when access control is on.' })
  whitelist!: string[];

  @Field(() => Boolean, { nullable: true, description: 'Whether access control (the whitelist) is on.' })
  enableWhitelist!: boolean | null;

  @Field(() => [ID], { description: 'Route tables of a gateway endpoint.' })
  routeTables!: string[];

  @Field(() => String, { nullable: true, description: 'Name of its specification.' })
  specificationName!: string | null;

  @Field(() => String, { nullable: true, description: 'Text for people.' })
  description!: string | null;

  @Field(() => [PolicyStatementType], { description: 'Policy of a gateway endpoint (OBS, SFS).' })
  policyStatements!: PolicyStatementType[];

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'Policy of other endpoints, as upstream answers it: an object as a rule, else an array or text.',
  })
  policyDocument!: unknown;

  @Field(() => String, { nullable: true, description: 'Public border group of its pool.' })
  publicBorderGroup!: string | null;

  @Field(() => ID, {
    nullable: true,
    deprecationReason: 'to be discarded upstream; there is no replacement',
    description: 'Cluster that the endpoint belongs to.',
  })
  endpointPoolId!: string | null;

  @Field(() => [UpstreamFaultType], { description: 'Why it failed, when upstream says so.' })
  faults!: UpstreamFaultType[];
}

export const VpcEndpointConnectionType = pageOf(VpcEndpointType, 'VpcEndpoint', {
  row: 'endpoint',
  rows: 'endpoints',
  moving: 'endpoints',
});
