/** What the status feed sends. `endpoint` is a relation: status.resolver.ts. */
import { GraphQLSafeInt } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import { VpcEndpointStatus } from '../../vpcep/endpoint/model.ts';
import { EndpointStatusEventKind } from '../core/enums.ts';
import { UpstreamFaultType } from '../core/fault.type.ts';
import { DateTime } from '../core/scalars.ts';

@ObjectType('EndpointStatusEvent', {
  simpleResolvers: true,
  description:
    'What the status feed sends: the state now, or one change of it. Changes that revert between two looks of the gateway stay unseen.',
})
export class EndpointStatusEventType {
  @Field(() => EndpointStatusEventKind, { description: 'Why this event is sent.' })
  kind!: EndpointStatusEventKind;

  @Field(() => ID, { description: 'The endpoint that it is about.' })
  endpointId!: string;

  @Field(() => ID, { description: 'The project of the endpoint.' })
  projectId!: string;

  @Field(() => VpcEndpointStatus, { description: 'The status at that moment.' })
  status!: VpcEndpointStatus;

  @Field(() => String, { description: "Upstream's own word for the status." })
  rawStatus!: string;

  @Field(() => VpcEndpointStatus, { nullable: true, description: 'The status before; null when none was known.' })
  previousStatus!: VpcEndpointStatus | null;

  @Field(() => GraphQLSafeInt, {
    description: 'Grows with every observed change of `rawStatus` of this endpoint; never repeats, never goes back.',
  })
  version!: number;

  @Field(() => String, { description: 'Opaque: resume behind this event with `after`.' })
  cursor!: string;

  @Field(() => Boolean, {
    description:
      'True while further events of this SNAPSHOT or RESYNC set follow. What is not in a complete set no longer exists.',
  })
  more!: boolean;

  @Field(() => Boolean, { description: 'No further change is expected without a person or a call.' })
  settled!: boolean;

  @Field(() => DateTime, { description: 'When the gateway saw it.' })
  observedAt!: string;

  @Field(() => [UpstreamFaultType], { description: 'Why, when the status is FAILED.' })
  faults!: UpstreamFaultType[];
}
