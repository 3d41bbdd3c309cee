/**
 * Tags in use and the resources that have them. Scalar and leaf fields only: relations are field resolvers. Inputs
 * and payloads of the tag operations. The rules are checked in resource-tag.validation.ts.
 */

import { GraphQLJSONObject } from 'graphql-scalars';
import { ArgsType, type ClassType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { JsonObject } from '../../vpcep/core/model.ts';
import { TaggedResourceType } from '../../vpcep/tag/model.ts';
import { pageOf } from '../core/pagination.ts';
import { Payload } from '../core/payload.ts';
import { TagInput, TagType } from '../core/tag.type.ts';
import { VpcEndpointType } from '../endpoint/endpoint.type.ts';
import { EndpointServiceObject } from '../service/service.type.ts';

registerEnumType(TaggedResourceType, {
  name: 'TaggedResourceType',
  description: 'A kind of resource that can have tags.',
  valuesConfig: {
    ENDPOINT: { description: 'VPC endpoints.' },
    ENDPOINT_SERVICE: { description: 'Own endpoint services.' },
  },
});

@ArgsType()
export class ProjectTagsArguments {
  @Field(() => TaggedResourceType, { description: 'On which kind of resource.' })
  resourceType!: TaggedResourceType;
}

export const TAGS_IN_USE =
  'Every tag key that is in use in the project, with its values: not paged, as a resource has at most 20 tags and quotas ' +
  'bound the resources.';

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
class TaggedResourceObject {
  @Field(() => ID, { description: 'ID of the endpoint or the service.' })
  resourceId!: string;

  @Field(() => TaggedResourceType, { description: 'Which of the two it is.' })
  resourceType!: TaggedResourceType;

  @Field(() => String, { nullable: true, description: 'Its name, or the ID when it has none.' })
  resourceName!: string | null;

  @Field(() => [TagType], { description: 'All its tags.' })
  tags!: TagType[];

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'Further details from upstream; so far none.' })
  resourceDetail!: JsonObject | null;
}

export const TaggedResourceConnectionType = pageOf(TaggedResourceObject, 'TaggedResource', {
  row: 'resource',
  rows: 'resources',
  moving: 'resources',
});

const KEYS = 'At most 10 keys.';

@InputType('TagValuesInput', { description: 'A tag key with the values that are looked for.' })
class TagValuesInput {
  @Field(() => String, { description: 'The key, 1 to 128 characters.' })
  key!: string;

  @Field(() => [String], { defaultValue: [], description: 'One of these, at most 10; none means any value.' })
  values!: string[];
}

@InputType('ResourceMatchInput', { description: 'A search in a field.' })
class ResourceMatchInput {
  @Field(() => String, { description: 'Only `resource_name` can be searched.' })
  key!: string;

  @Field(() => String, { description: 'Part of the name, in any case; 1 to 255 characters.' })
  value!: string;
}

@InputType('ResourceTagFilter', { description: 'Which resources to find. Given conditions must all hold.' })
export class ResourceTagFilter {
  @Field(() => [TagValuesInput], { nullable: true, description: `Has all of these tags. ${KEYS}` })
  tags?: TagValuesInput[] | null;

  @Field(() => [TagValuesInput], { nullable: true, description: `Has any of these tags. ${KEYS}` })
  tagsAny?: TagValuesInput[] | null;

  @Field(() => [TagValuesInput], { nullable: true, description: `Has none of these tags. ${KEYS}` })
  notTags?: TagValuesInput[] | null;

  @Field(() => [TagValuesInput], { nullable: true, description: `Lacks at least one of these tags. ${KEYS}` })
  notTagsAny?: TagValuesInput[] | null;

  @Field(() => [TagValuesInput], { nullable: true, description: `Has these system tags. ${KEYS}` })
  sysTags?: TagValuesInput[] | null;

  @Field(() => [ResourceMatchInput], { nullable: true, description: 'Searches in fields, each field once.' })
  matches?: ResourceMatchInput[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Only resources without any tag. Upstream then ignores conditions on tags, so the two cannot be given together. ' +
      'What was created with an `idempotencyKey` has a hidden tag and is not found by this.',
  })
  withoutAnyTag?: boolean | null;
}

@InputType('AddResourceTagsInput', { description: 'Which tags to attach to what.' })
export class AddResourceTagsInput {
  @Field(() => TaggedResourceType, { description: 'What kind of resource it is.' })
  resourceType!: TaggedResourceType;

  @Field(() => ID, { description: 'The endpoint or the own service.' })
  resourceId!: string;

  @Field(() => [TagInput], {
    description:
      '1 to 20 tags with different keys. A resource has 20 at most, which includes the hidden tag of an ' +
      '`idempotencyKey`. A key that it has gets the new value.',
  })
  tags!: TagInput[];
}

@InputType('TagRemovalInput', { description: 'A tag to remove.' })
class TagRemovalInput {
  @Field(() => String, { description: 'The key.' })
  key!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Remove it only while it has this value. Without it: whatever the value is.',
  })
  value?: string | null;
}

@InputType('RemoveResourceTagsInput', { description: 'Which tags to remove from what.' })
export class RemoveResourceTagsInput {
  @Field(() => TaggedResourceType, { description: 'What kind of resource it is.' })
  resourceType!: TaggedResourceType;

  @Field(() => ID, { description: 'The endpoint or the own service.' })
  resourceId!: string;

  @Field(() => [TagRemovalInput], {
    description: '1 to 20 tags with different keys. What is not there is passed over.',
  })
  tags!: TagRemovalInput[];
}

function retagged(mutation: string): ClassType {
  @Payload(mutation)
  class RetaggedPayload {
    @Field(() => [TagType], {
      nullable: true,
      description: 'All tags that the resource has now; null when it could not be read again.',
    })
    tags!: TagType[] | null;

    @Field(() => VpcEndpointType, {
      nullable: true,
      description: 'The endpoint after it; null for a service, and when it could not be read again.',
    })
    endpoint!: VpcEndpointType | null;

    @Field(() => EndpointServiceObject, {
      nullable: true,
      description: 'The service after it; null for an endpoint, and when it could not be read again.',
    })
    service!: EndpointServiceObject | null;
  }
  return RetaggedPayload;
}

export const AddResourceTagsPayload = retagged('addResourceTags');
export const RemoveResourceTagsPayload = retagged('removeResourceTags');
