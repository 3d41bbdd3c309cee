import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { ApiVersionStatus } from '../vpcep/version-model.ts';
import { DateTime } from './core/scalars.ts';

registerEnumType(ApiVersionStatus, {
  name: 'ApiVersionStatus',
  description: 'Where an API version is in its life.',
  valuesConfig: {
    CURRENT: { description: 'The recommended one.' },
    SUPPORT: { description: 'An older one that is still supported.' },
    DEPRECATED: { description: 'One that may be taken away.' },
    UNKNOWN: { description: 'A word that this version does not know: see `rawStatus`.' },
  },
});

@ObjectType('ApiLink', { simpleResolvers: true, description: 'A link of an API version.' })
export class ApiLinkType {
  @Field(() => String, { nullable: true, description: 'Address.' })
  href!: string | null;

  @Field(() => String, { nullable: true, description: 'Media type.' })
  type!: string | null;

  @Field(() => String, { nullable: true, description: 'What it is to the version, such as `self`.' })
  rel!: string | null;
}

@ObjectType('ApiVersion', { simpleResolvers: true, description: 'A version of the REST API behind this gateway.' })
export class ApiVersionType {
  @Field(() => ID, { description: 'Such as `v1`.' })
  id!: string;

  @Field(() => ApiVersionStatus, { nullable: true, description: 'Where it is in its life.' })
  status!: ApiVersionStatus | null;

  @Field(() => String, { nullable: true, description: "Upstream's own word for the status." })
  rawStatus!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was released.' })
  updated!: string | null;

  @Field(() => String, { nullable: true, description: 'Newest micro version; null when they are not in use.' })
  version!: string | null;

  @Field(() => String, { nullable: true, description: 'Oldest micro version; null when they are not in use.' })
  minVersion!: string | null;

  @Field(() => [ApiLinkType], { description: 'Links.' })
  links!: ApiLinkType[];
}
