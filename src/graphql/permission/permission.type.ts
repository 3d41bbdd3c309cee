import { Field, ID, Int, ObjectType } from 'type-graphql';
import { PageInfoType } from '../core/page.type.ts';
import { DateTime } from '../core/scalars.ts';

@ObjectType('ServicePermission', {
  simpleResolvers: true,
  description: 'Who may connect to an endpoint service besides the account of its owner.',
})
export class ServicePermissionType {
  @Field(() => ID, { description: 'Unique ID.' })
  id!: string;

  @Field(() => String, {
    description: '`iam:domain::` and an account ID or `*`, `organizations:orgPath::` and a path, or `*` for everyone.',
  })
  permission!: string;

  @Field(() => String, { nullable: true, description: "Upstream's own word: `domainId` or `orgPath`." })
  permissionType!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Text for people. Lists of most upstreams leave it out: there it is null whatever it is.',
  })
  description!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was added.' })
  createdAt!: string | null;
}

@ObjectType('ServicePermissionEdge', { simpleResolvers: true, description: 'A row of a list with its cursor.' })
export class ServicePermissionEdgeType {
  @Field(() => String, { description: 'Give it to `after` to go on behind this row.' })
  cursor!: string;

  @Field(() => ServicePermissionType, { description: 'The permission.' })
  node!: ServicePermissionType;
}

@ObjectType('ServicePermissionConnection', {
  simpleResolvers: true,
  description: 'A page of permissions. Rows can shift between pages while permissions come and go.',
})
export class ServicePermissionConnectionType {
  @Field(() => [ServicePermissionEdgeType], { description: 'Rows with cursors.' })
  edges!: ServicePermissionEdgeType[];

  @Field(() => [ServicePermissionType], { description: 'Rows alone.' })
  nodes!: ServicePermissionType[];

  @Field(() => PageInfoType, { description: 'Where this page lies.' })
  pageInfo!: PageInfoType;

  @Field(() => Int, { description: 'All matches, paging ignored.' })
  totalCount!: number;
}
