import { Field, ObjectType } from 'type-graphql';

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
