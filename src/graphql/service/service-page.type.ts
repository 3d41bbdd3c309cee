/** Pages of endpoint services. */
import { Field, Int, ObjectType } from 'type-graphql';
import { PageInfoType } from '../core/page.type.ts';
import { EndpointServiceObject, PublicEndpointServiceType } from './service.type.ts';

@ObjectType('EndpointServiceEdge', { simpleResolvers: true, description: 'A row of a list with its cursor.' })
export class EndpointServiceEdgeType {
  @Field(() => String, { description: 'Give it to `after` to go on behind this row.' })
  cursor!: string;

  @Field(() => EndpointServiceObject, { description: 'The service.' })
  node!: EndpointServiceObject;
}

@ObjectType('EndpointServiceConnection', {
  simpleResolvers: true,
  description: 'A page of services. Rows can shift between pages while services come and go.',
})
export class EndpointServiceConnectionType {
  @Field(() => [EndpointServiceEdgeType], { description: 'Rows with cursors.' })
  edges!: EndpointServiceEdgeType[];

  @Field(() => [EndpointServiceObject], { description: 'Rows alone.' })
  nodes!: EndpointServiceObject[];

  @Field(() => PageInfoType, { description: 'Where this page lies.' })
  pageInfo!: PageInfoType;

  @Field(() => Int, { description: 'All matches, paging ignored.' })
  totalCount!: number;
}

@ObjectType('PublicEndpointServiceEdge', { simpleResolvers: true, description: 'A row of a list with its cursor.' })
export class PublicEndpointServiceEdgeType {
  @Field(() => String, { description: 'Give it to `after` to go on behind this row.' })
  cursor!: string;

  @Field(() => PublicEndpointServiceType, { description: 'The service.' })
  node!: PublicEndpointServiceType;
}

@ObjectType('PublicEndpointServiceConnection', {
  simpleResolvers: true,
  description: 'A page of public services. Rows can shift between pages while services come and go.',
})
export class PublicEndpointServiceConnectionType {
  @Field(() => [PublicEndpointServiceEdgeType], { description: 'Rows with cursors.' })
  edges!: PublicEndpointServiceEdgeType[];

  @Field(() => [PublicEndpointServiceType], { description: 'Rows alone.' })
  nodes!: PublicEndpointServiceType[];

  @Field(() => PageInfoType, { description: 'Where this page lies.' })
  pageInfo!: PageInfoType;

  @Field(() => Int, { description: 'All matches, paging ignored.' })
  totalCount!: number;
}
