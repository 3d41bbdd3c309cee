import { Field, ObjectType } from 'type-graphql';

@ObjectType('UpstreamFault', {
  simpleResolvers: true,
  description: 'Why an endpoint failed, as upstream reports it inside a successful answer.',
})
export class UpstreamFaultType {
  @Field(() => String, { nullable: true, description: 'Upstream error code, for example `EndPoint.2003`.' })
  code!: string | null;

  @Field(() => String, { nullable: true, description: 'Text for people.' })
  message!: string | null;
}

@ObjectType('WriteFailure', {
  simpleResolvers: true,
  description: 'Why one part of a mutation was not done, while the mutation as a whole was carried out.',
})
export class WriteFailureType {
  @Field(() => String, { description: 'As in `extensions.code` of an error.' })
  code!: string;

  @Field(() => String, { description: 'Text for people.' })
  message!: string;

  @Field(() => Boolean, { description: 'Whether sending this part again can help.' })
  retryable!: boolean;
}
