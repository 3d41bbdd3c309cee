import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

const codes = Object.entries(ERROR_CODES);
const ErrorCodes = Object.fromEntries(codes.map(([code]) => [code, code]));

registerEnumType(ErrorCodes, {
  name: 'ErrorCode',
  description: 'Every `extensions.code` of an error. What to do about each: docs/reference/errors.md.',
  valuesConfig: Object.fromEntries(codes.map(([code, { meaning }]) => [code, { description: meaning }])),
});

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
  @Field(() => ErrorCodes, { description: 'As in `extensions.code` of an error.' })
  code!: ErrorCode;

  @Field(() => String, { description: 'Text for people.' })
  message!: string;

  @Field(() => Boolean, { description: 'Whether sending this part again can help.' })
  retryable!: boolean;
}
