/** What the status feed sends. `endpoint` is a relation: status.resolver.ts. */

import { GraphQLSafeInt } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import type { UpstreamFault } from '../../vpcep/core/model.ts';
import { isSettled, statusOf, type VpcEndpoint, VpcEndpointStatus } from '../../vpcep/endpoint/model.ts';
import { completeEndpoint } from '../../vpcep/endpoint/view.ts';
import type { StatusEvent } from '../../watch/watch.ts';
import { DateTime, EndpointStatusEventKind } from '../core/scalars.ts';
import { UpstreamFaultType } from '../errors/fault.type.ts';

/** What `EndpointStatusEvent` of the schema is resolved from. */
export interface StatusEventRecord {
  readonly kind: StatusEvent['kind'];
  readonly endpointId: string;
  readonly projectId: string;
  readonly status: VpcEndpointStatus;
  readonly rawStatus: string;
  readonly previousStatus: VpcEndpointStatus | null;
  readonly version: number;
  readonly cursor: string;
  readonly more: boolean;
  readonly settled: boolean;
  /** ISO text with milliseconds. */
  readonly observedAt: string;
  readonly faults: readonly UpstreamFault[];
  readonly fields: StatusEvent['fields'];
}

export function statusEventRecord(event: StatusEvent): StatusEventRecord {
  const status = statusOf(event.rawStatus);
  return {
    kind: event.kind,
    endpointId: event.endpointId,
    projectId: event.projectId,
    status,
    rawStatus: event.rawStatus,
    previousStatus: event.previousRawStatus === null ? null : statusOf(event.previousRawStatus),
    version: event.version,
    cursor: event.cursor,
    more: event.more,
    settled: isSettled(event.rawStatus),
    observedAt: new Date(Math.floor(event.observedAt / 1000)).toISOString(),
    faults: event.fields.faults ?? [],
    fields: event.fields,
  };
}

/** Null once it is deleted. Only for subscribers that select it: it has many members. */
export function endpointOf({
  endpointId,
  projectId,
  status,
  rawStatus,
  fields,
}: StatusEventRecord): VpcEndpoint | null {
  return status === 'DELETED' ? null : completeEndpoint({ id: endpointId, rawStatus, fields }, projectId);
}

@ObjectType('EndpointStatusEvent', {
  simpleResolvers: true,
  description:
    'What the status feed sends: the state now, or one change of it. A change that reverts between two polls of the gateway is not seen.',
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
