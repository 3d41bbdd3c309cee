/** Inputs and payloads of the tag operations. The rules are checked in resource-tag.validation.ts. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { TaggedResourceType } from '../../vpcep/tag/model.ts';
import { TagInput, TagType } from '../core/tag.type.ts';
import { VpcEndpointType } from '../endpoint/endpoint.type.ts';
import { EndpointServiceObject } from '../service/service.type.ts';
import './tagged-resource.type.ts';

const KEYS = 'At most 10 keys.';

@InputType('TagValuesInput', { description: 'A tag key with the values that are looked for.' })
export class TagValuesInput {
  @Field(() => String, { description: 'The key, 1 to 128 characters.' })
  key!: string;

  @Field(() => [String], { defaultValue: [], description: 'One of these, at most 10; none means any value.' })
  values!: string[];
}

@InputType('ResourceMatchInput', { description: 'A search in a field.' })
export class ResourceMatchInput {
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
export class TagRemovalInput {
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

const TAGS_AFTER = 'All tags that the resource has now; null when it could not be read again.';
const ENDPOINT_AFTER = 'The endpoint after it; null for a service, and when it could not be read again.';
const SERVICE_AFTER = 'The service after it; null for an endpoint, and when it could not be read again.';

@ObjectType('AddResourceTagsPayload', { simpleResolvers: true, description: 'Answer of `addResourceTags`.' })
export class AddResourceTagsPayload {
  @Field(() => [TagType], { nullable: true, description: TAGS_AFTER })
  tags!: TagType[] | null;

  @Field(() => VpcEndpointType, { nullable: true, description: ENDPOINT_AFTER })
  endpoint!: VpcEndpointType | null;

  @Field(() => EndpointServiceObject, { nullable: true, description: SERVICE_AFTER })
  service!: EndpointServiceObject | null;
}

@ObjectType('RemoveResourceTagsPayload', { simpleResolvers: true, description: 'Answer of `removeResourceTags`.' })
export class RemoveResourceTagsPayload {
  @Field(() => [TagType], { nullable: true, description: TAGS_AFTER })
  tags!: TagType[] | null;

  @Field(() => VpcEndpointType, { nullable: true, description: ENDPOINT_AFTER })
  endpoint!: VpcEndpointType | null;

  @Field(() => EndpointServiceObject, { nullable: true, description: SERVICE_AFTER })
  service!: EndpointServiceObject | null;
}
