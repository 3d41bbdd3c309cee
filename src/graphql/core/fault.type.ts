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
