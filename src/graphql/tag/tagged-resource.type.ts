/** Tags in use and the resources that have them. Scalar and leaf fields only: relations are field resolvers. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { JsonObject } from '../../vpcep/core/model.ts';
import { TaggedResourceType } from '../../vpcep/tag/model.ts';
import { PageInfoType } from '../core/page.type.ts';
import { TagType } from '../core/tag.type.ts';

registerEnumType(TaggedResourceType, {
  name: 'TaggedResourceType',
  description: 'A kind of resource that can have tags.',
  valuesConfig: {
    ENDPOINT: { description: 'VPC endpoints.' },
    ENDPOINT_SERVICE: { description: 'Own endpoint services.' },
  },
});

@ObjectType('TagValues', { simpleResolvers: true, description: 'A tag key with its values.' })
export class TagValuesType {
  @Field(() => String, { description: 'The key.' })
  key!: string;

  @Field(() => [String], { description: 'Every value that some resource has for it.' })
  values!: string[];
}

@ObjectType('TaggedResource', {
  simpleResolvers: true,
  description: 'An endpoint or an endpoint service with its tags.',
})
export class TaggedResourceObject {
  @Field(() => ID, { description: 'ID of the endpoint or the service.' })
  resourceId!: string;

  @Field(() => TaggedResourceType, { description: 'Which of the two it is.' })
  resourceType!: TaggedResourceType;

  @Field(() => String, { nullable: true, description: 'Its name, or the ID when it has none.' })
  resourceName!: string | null;

  @Field(() => [TagType], { description: 'All its tags.' })
  tags!: TagType[];

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'Whatever else upstream tells; so far nothing.' })
  resourceDetail!: JsonObject | null;
}

@ObjectType('TaggedResourceEdge', { simpleResolvers: true, description: 'A row of a list with its cursor.' })
export class TaggedResourceEdgeType {
  @Field(() => String, { description: 'Give it to `after` to go on behind this row.' })
  cursor!: string;

  @Field(() => TaggedResourceObject, { description: 'The resource.' })
  node!: TaggedResourceObject;
}

@ObjectType('TaggedResourceConnection', {
  simpleResolvers: true,
  description: 'A page of resources. Rows can shift between pages while resources come and go.',
})
export class TaggedResourceConnectionType {
  @Field(() => [TaggedResourceEdgeType], { description: 'Rows with cursors.' })
  edges!: TaggedResourceEdgeType[];

  @Field(() => [TaggedResourceObject], { description: 'Rows alone.' })
  nodes!: TaggedResourceObject[];

  @Field(() => PageInfoType, { description: 'Where this page lies.' })
  pageInfo!: PageInfoType;

  @Field(() => Int, { description: 'All matches, paging ignored.' })
  totalCount!: number;
}
