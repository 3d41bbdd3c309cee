/** A connection as the owner of its service sees it. Scalar and leaf fields only: the endpoint is a field resolver. */
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { VpcEndpointStatus } from '../../vpcep/endpoint/model.ts';
import '../core/enums.ts';
import { UpstreamFaultType } from '../core/fault.type.ts';
import { PageInfoType } from '../core/page.type.ts';
import { DateTime } from '../core/scalars.ts';

@ObjectType('ServiceConnection', {
  simpleResolvers: true,
  description:
    'An endpoint of any tenant that is connected to a service, or wants to be, as the service owner sees it.',
})
export class ServiceConnectionType {
  @Field(() => ID, { description: 'The endpoint at the other end.' })
  endpointId!: string;

  @Field(() => VpcEndpointStatus, { description: 'Where the endpoint is in its life.' })
  status!: VpcEndpointStatus;

  @Field(() => String, { description: "Upstream's own word for the status." })
  rawStatus!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Packet ID: decimal digits as text, because it can be larger than a JSON number carries.',
  })
  markerId!: string | null;

  @Field(() => ID, { nullable: true, description: "Account of the endpoint's owner." })
  domainId!: string | null;

  @Field(() => String, { nullable: true, description: "The service owner's note about the connection." })
  description!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When the endpoint was created.' })
  createdAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was last updated.' })
  updatedAt!: string | null;

  @Field(() => [UpstreamFaultType], { description: 'Why it failed, when upstream says so.' })
  faults!: UpstreamFaultType[];
}

@ObjectType('ServiceConnectionEdge', { simpleResolvers: true, description: 'A row of a list with its cursor.' })
export class ServiceConnectionEdgeType {
  @Field(() => String, { description: 'Give it to `after` to go on behind this row.' })
  cursor!: string;

  @Field(() => ServiceConnectionType, { description: 'The connection.' })
  node!: ServiceConnectionType;
}

@ObjectType('ServiceConnectionConnection', {
  simpleResolvers: true,
  description: 'A page of connections. Rows can shift between pages while endpoints come and go.',
})
export class ServiceConnectionConnectionType {
  @Field(() => [ServiceConnectionEdgeType], { description: 'Rows with cursors.' })
  edges!: ServiceConnectionEdgeType[];

  @Field(() => [ServiceConnectionType], { description: 'Rows alone.' })
  nodes!: ServiceConnectionType[];

  @Field(() => PageInfoType, { description: 'Where this page lies.' })
  pageInfo!: PageInfoType;

  @Field(() => Int, { description: 'All matches, paging ignored.' })
  totalCount!: number;
}
