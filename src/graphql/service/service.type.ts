/** The endpoint service as clients see it. Scalar and leaf fields only: relations are field resolvers. */
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { EndpointServiceType } from '../../vpcep/core/model.ts';
import { CidrType, EndpointServiceStatus, ServerType, ServiceIpVersion, TcpProxy } from '../../vpcep/service/model.ts';
import '../core/enums.ts';
import { UpstreamFaultType } from '../core/fault.type.ts';
import { DateTime } from '../core/scalars.ts';
import './service-enums.ts';
import { TagType } from '../core/tag.type.ts';

@ObjectType('PortMapping', { simpleResolvers: true, description: 'A port of the endpoint and where it leads.' })
export class PortMappingType {
  @Field(() => Int, { nullable: true, description: 'Port on the side of the endpoint.' })
  clientPort!: number | null;

  @Field(() => Int, { nullable: true, description: 'Port of the backend.' })
  serverPort!: number | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word; only TCP is documented." })
  protocol!: string | null;
}

/** Not named like the others: `EndpointServiceType` is the word list GATEWAY and INTERFACE. */
@ObjectType('EndpointService', {
  simpleResolvers: true,
  description:
    'A service that endpoints connect to. Of an own service everything is told but what a note below says; of ' +
    "somebody else's only `id`, `serviceName`, `serviceType`, `rawServiceType`, `owner`, `createdAt`, `isCharge`, " +
    '`enablePolicy` and `publicBorderGroup`, as far as known. The rest is null then.',
})
export class EndpointServiceObject {
  @Field(() => ID, { description: 'Unique ID.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Stored name: `region.name.id`, or `region.id` for one without a name.',
  })
  serviceName!: string | null;

  @Field(() => EndpointServiceStatus, { nullable: true, description: 'Where the service is in its life.' })
  status!: EndpointServiceStatus | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for the status." })
  rawStatus!: string | null;

  @Field(() => EndpointServiceType, { nullable: true, description: 'Kind of the service.' })
  serviceType!: EndpointServiceType | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for `serviceType`." })
  rawServiceType!: string | null;

  @Field(() => ServerType, { nullable: true, description: 'What is behind it.' })
  serverType!: ServerType | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for `serverType`." })
  rawServerType!: string | null;

  @Field(() => ID, { nullable: true, description: 'The project that it belongs to; null unless it is an own one.' })
  projectId!: string | null;

  @Field(() => String, { nullable: true, description: 'Who offers a public service.' })
  owner!: string | null;

  @Field(() => ID, { nullable: true, description: 'The VPC of the backend.' })
  vpcId!: string | null;

  @Field(() => ID, { nullable: true, description: 'Port of the load balancer, or network card of the server.' })
  portId!: string | null;

  @Field(() => ID, {
    nullable: true,
    deprecationReason: 'retired upstream with the VIP backends',
    description: 'Network card of a VIP backend.',
  })
  vipPortId!: string | null;

  @Field(() => String, { nullable: true, description: 'IPv4 address or domain name of the server (VLAN services).' })
  ip!: string | null;

  @Field(() => ServiceIpVersion, {
    nullable: true,
    description: 'Address family; professional services only. Null in lists.',
  })
  ipVersion!: ServiceIpVersion | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for `ipVersion`. Null in lists." })
  rawIpVersion!: string | null;

  @Field(() => ID, { nullable: true, description: 'Network whose addresses the backend sees. Null in lists.' })
  snatNetworkId!: string | null;

  @Field(() => ID, { nullable: true, description: 'Cluster that the service belongs to. Null in lists.' })
  poolId!: string | null;

  @Field(() => CidrType, { nullable: true, description: 'Kind of network segment. Null in lists.' })
  cidrType!: CidrType | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for `cidrType`. Null in lists." })
  rawCidrType!: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the owner has to accept each connection.' })
  approvalEnabled!: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether endpoints may have a policy.' })
  enablePolicy!: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether endpoints of it are billed; told of public and other tenants' services only.",
  })
  isCharge!: boolean | null;

  @Field(() => [PortMappingType], { nullable: true, description: 'Its ports.' })
  ports!: PortMappingType[] | null;

  @Field(() => TcpProxy, { nullable: true, description: 'What is told to the backend about the client.' })
  tcpProxy!: TcpProxy | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for `tcpProxy`." })
  rawTcpProxy!: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Editions of endpoints that it supports: `basic`, `profession`.',
  })
  supportedEditions!: string[] | null;

  @Field(() => [TagType], { nullable: true, description: 'Its tags.' })
  tags!: TagType[] | null;

  @Field(() => String, { nullable: true, description: 'Text for people.' })
  description!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was created.' })
  createdAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was last updated.' })
  updatedAt!: string | null;

  @Field(() => [UpstreamFaultType], { nullable: true, description: 'Why it failed, when upstream says so.' })
  faults!: UpstreamFaultType[] | null;
}

@ObjectType('PublicEndpointService', {
  simpleResolvers: true,
  description: 'A service that is offered to everybody.',
})
export class PublicEndpointServiceType {
  @Field(() => ID, { description: 'Unique ID.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Who offers it.' })
  owner!: string | null;

  @Field(() => String, { nullable: true, description: 'Stored name, such as `region.name.id`.' })
  serviceName!: string | null;

  @Field(() => EndpointServiceType, { nullable: true, description: 'Kind of the service.' })
  serviceType!: EndpointServiceType | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for `serviceType`." })
  rawServiceType!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was created.' })
  createdAt!: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether endpoints of it are billed.' })
  isCharge!: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether endpoints may have a policy.' })
  enablePolicy!: boolean | null;
}

@ObjectType('EndpointServiceDescription', {
  simpleResolvers: true,
  description: 'What whoever may connect to a service can read of it.',
})
export class EndpointServiceDescriptionType {
  @Field(() => ID, { description: 'Unique ID.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Stored name, such as `region.name.id`.' })
  serviceName!: string | null;

  @Field(() => EndpointServiceType, { nullable: true, description: 'Kind of the service.' })
  serviceType!: EndpointServiceType | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for `serviceType`." })
  rawServiceType!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was created.' })
  createdAt!: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether endpoints of it are billed.' })
  isCharge!: boolean | null;

  @Field(() => String, { nullable: true, description: 'Border group of its pool.' })
  publicBorderGroup!: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether endpoints may have a policy.' })
  enablePolicy!: boolean | null;
}
