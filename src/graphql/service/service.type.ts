/**
 * Gives the word lists of endpoint services to the schema; see graphql/core/scalars.ts. The endpoint service as clients
 * see it. Scalar and leaf fields only: relations are field resolvers. Pages of endpoint services.
 */
import { Field, ID, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { EndpointServiceType } from '../../vpcep/core/model.ts';
import {
  CidrType,
  EndpointServiceStatus,
  NetType,
  ServerType,
  ServiceIpVersion,
  type ServiceSummary,
  ServiceUpgradeAction,
  TcpProxy,
} from '../../vpcep/service/model.ts';
import { pageOf } from '../core/pagination.ts';
import '../core/scalars.ts';
import { DateTime } from '../core/scalars.ts';
import { TagType } from '../core/tag.type.ts';
import { UpstreamFaultType } from '../errors/fault.type.ts';

const unknown = (raw: string) => ({ description: `A word that this version does not know: see \`${raw}\`.` });

registerEnumType(EndpointServiceStatus, {
  name: 'EndpointServiceStatus',
  description: 'Where an endpoint service is in its life.',
  valuesConfig: {
    CREATING: { description: 'Is being built.' },
    AVAILABLE: { description: 'Takes endpoints.' },
    FAILED: { description: 'Could not be built; see `faults`. Delete it and create another one.' },
    DELETING: { description: 'Is being deleted. This cannot be undone.' },
    DELETED: { description: 'Upstream answers 404 for a service that was known before.' },
    UNKNOWN: unknown('rawStatus'),
  },
});

registerEnumType(ServerType, {
  name: 'ServerType',
  description: 'What is behind an endpoint service.',
  valuesConfig: {
    VM: { description: 'A cloud server.' },
    LB: { description: 'A load balancer.' },
    VIP: { description: 'A virtual IP address.', deprecationReason: 'retired upstream: new services are VM or LB' },
    UNKNOWN: unknown('rawServerType'),
  },
});

registerEnumType(TcpProxy, {
  name: 'TcpProxy',
  description: 'What the backend learns about the client.',
  valuesConfig: {
    CLOSE: { description: 'Nothing.' },
    TOA_OPEN: { description: 'The TCP option field (TOA); OBS backends only.' },
    PROXY_OPEN: { description: 'The Proxy Protocol.' },
    OPEN: { description: 'The TCP option field and the Proxy Protocol.' },
    PROXY_VNI: { description: 'In the SDK only; its meaning is not published.' },
    UNKNOWN: unknown('rawTcpProxy'),
  },
});

registerEnumType(ServiceIpVersion, {
  name: 'ServiceIpVersion',
  description: 'The address family of an endpoint service. Only professional services have one.',
  valuesConfig: {
    IPV4: { description: 'IPv4.' },
    IPV6: { description: 'IPv6; needs `snatNetworkId`.' },
    UNKNOWN: unknown('rawIpVersion'),
  },
});

registerEnumType(CidrType, {
  name: 'CidrType',
  description: 'The kind of network segment of an endpoint service.',
  valuesConfig: {
    PUBLIC: { description: 'A public segment.' },
    INTERNAL: { description: 'An internal segment.' },
    UNKNOWN: unknown('rawCidrType'),
  },
});

registerEnumType(NetType, {
  name: 'NetType',
  description: 'The network of the backend.',
  valuesConfig: {
    VLAN: { description: 'VLAN.' },
    VXLAN: { description: 'VXLAN.' },
    ALL: { description: 'Both.' },
  },
});

registerEnumType(ServiceUpgradeAction, {
  name: 'ServiceUpgradeAction',
  description: 'Which way to go between the editions.',
  valuesConfig: {
    UPGRADE: { description: 'To the professional edition.' },
    ROLLBACK: { description: 'Back from it.' },
  },
});

@ObjectType('PortMapping', { simpleResolvers: true, description: 'A port of the endpoint and where it leads.' })
class PortMappingType {
  @Field(() => Int, { nullable: true, description: 'Port on the side of the endpoint.' })
  clientPort!: number | null;

  @Field(() => Int, { nullable: true, description: 'Port of the backend.' })
  serverPort!: number | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word; only TCP is documented." })
  protocol!: string | null;
}

const TYPE_NAMES: Readonly<Record<ServiceSummary['view'], string>> = {
  row: 'EndpointService',
  details: 'EndpointService',
  public: 'PublicEndpointService',
  description: 'EndpointServiceDescription',
};

@InterfaceType('ServiceSummary', {
  resolveType: ({ view }: ServiceSummary) => TYPE_NAMES[view],
  description: 'What is known of every service, whether it is an own one, a public one or one of another tenant.',
})
export abstract class ServiceSummaryType {
  @Field(() => ID, { description: 'Unique ID.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Stored name: `region.name.id`, or `region.id` for one without a name.',
  })
  serviceName!: string | null;

  @Field(() => EndpointServiceType, { nullable: true, description: 'Kind of the service.' })
  serviceType!: EndpointServiceType | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for `serviceType`." })
  rawServiceType!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was created.' })
  createdAt!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether endpoints of it are billed. Upstream does not say it of own services.',
  })
  isBilled!: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether endpoints may have a policy.' })
  enablePolicy!: boolean | null;
}

/** Not named like the others: `EndpointServiceType` is the word list GATEWAY and INTERFACE. */
@ObjectType('EndpointService', {
  implements: ServiceSummaryType,
  simpleResolvers: true,
  description:
    'An own service that endpoints connect to. A field that upstream has not shown yet is null, UNKNOWN or empty.',
})
export class EndpointServiceObject extends ServiceSummaryType {
  @Field(() => EndpointServiceStatus, { description: 'Where the service is in its life.' })
  status!: EndpointServiceStatus;

  @Field(() => String, { description: "Upstream's own word for the status." })
  rawStatus!: string;

  @Field(() => ServerType, { nullable: true, description: 'What is behind it.' })
  serverType!: ServerType | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for `serverType`." })
  rawServerType!: string | null;

  @Field(() => ID, { description: 'The project that it belongs to.' })
  projectId!: string;

  @Field(() => ID, { nullable: true, description: 'The VPC of the backend.' })
  vpcId!: string | null;

  @Field(() => ID, { nullable: true, description: 'Port of the load balancer, or network card of the server.' })
  portId!: string | null;

  @Field(() => ID, {
    nullable: true,
    deprecationReason: 'retired upstream with the VIP backends; there is no replacement',
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

  @Field(() => [PortMappingType], { description: 'Its ports.' })
  ports!: PortMappingType[];

  @Field(() => TcpProxy, { nullable: true, description: 'What the backend learns about the client.' })
  tcpProxy!: TcpProxy | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for `tcpProxy`." })
  rawTcpProxy!: string | null;

  @Field(() => [String], { description: 'Editions of endpoints that it supports: `basic`, `profession`.' })
  supportedEditions!: string[];

  @Field(() => [TagType], { description: 'Its tags.' })
  tags!: TagType[];

  @Field(() => String, { nullable: true, description: 'Text for people.' })
  description!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was last updated.' })
  updatedAt!: string | null;

  @Field(() => [UpstreamFaultType], { description: 'Why it failed, when upstream says so.' })
  faults!: UpstreamFaultType[];
}

@ObjectType('PublicEndpointService', {
  implements: ServiceSummaryType,
  simpleResolvers: true,
  description: 'A public service.',
})
class PublicEndpointServiceType extends ServiceSummaryType {
  @Field(() => String, { nullable: true, description: 'Who offers it.' })
  owner!: string | null;
}

@ObjectType('EndpointServiceDescription', {
  implements: ServiceSummaryType,
  simpleResolvers: true,
  description: 'What a tenant that may connect to a service can read of it.',
})
export class EndpointServiceDescriptionType extends ServiceSummaryType {
  @Field(() => String, { nullable: true, description: 'Border group of its pool.' })
  publicBorderGroup!: string | null;
}

export const EndpointServiceConnectionType = pageOf(EndpointServiceObject, 'EndpointService', {
  row: 'service',
  rows: 'services',
  moving: 'services',
});

export const PublicEndpointServiceConnectionType = pageOf(PublicEndpointServiceType, 'PublicEndpointService', {
  row: 'service',
  rows: 'public services',
  moving: 'services',
});
