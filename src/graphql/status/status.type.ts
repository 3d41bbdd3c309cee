/** What the status feeds send. What an event is about is a relation: status.resolver.ts. */
import { GraphQLSafeInt } from 'graphql-scalars';
import { Field, ID, InterfaceType, ObjectType } from 'type-graphql';
import type { FeedEvent, ResourceEvent } from '../../events/cursor.ts';
import type { ConnectedEndpoint } from '../../vpcep/connection/model.ts';
import type { UpstreamFault } from '../../vpcep/core/model.ts';
import { statusOf, type VpcEndpoint, VpcEndpointStatus } from '../../vpcep/endpoint/model.ts';
import { completeEndpoint } from '../../vpcep/endpoint/view.ts';
import { type EndpointService, EndpointServiceStatus, serviceStatusOf } from '../../vpcep/service/model.ts';
import { isSettled, type ResourceKind, scopeOf } from '../../watch/resource.ts';
import { CONNECTIONS } from '../../watch/resources/watched-connections.ts';
import { ENDPOINTS } from '../../watch/resources/watched-endpoints.ts';
import { SERVICES, serviceOf } from '../../watch/resources/watched-services.ts';
import { DateTime, StatusEventKind } from '../core/scalars.ts';
import { UpstreamFaultType } from '../errors/fault.type.ts';

/** What `StatusEvent` of the schema is resolved from. The fields were written by this gateway from parsed answers. */
interface StatusEventRecord<Status> {
  readonly kind: ResourceEvent['kind'];
  readonly projectId: string;
  readonly status: Status;
  readonly rawStatus: string;
  readonly previousStatus: Status | null;
  readonly previousRawStatus: string | null;
  readonly version: number;
  readonly cursor: string;
  readonly more: boolean;
  readonly settled: boolean;
  /** ISO text with milliseconds. */
  readonly observedAt: string;
  readonly faults: readonly UpstreamFault[];
  readonly fields: ResourceEvent['fields'];
}

export interface EndpointEventRecord extends StatusEventRecord<VpcEndpointStatus> {
  readonly endpointId: string;
}

export interface ServiceEventRecord extends StatusEventRecord<EndpointServiceStatus> {
  readonly endpointServiceId: string;
}

export interface ConnectionEventRecord extends EndpointEventRecord {
  readonly endpointServiceId: string;
}

/** What a field of the schema is resolved from; null for a set without members. */
export function ofResource<Record>(record: (event: ResourceEvent) => Record): (event: FeedEvent) => Record | null {
  return (event) => (event.id === null ? null : record(event as ResourceEvent));
}

export function endpointEvent(event: ResourceEvent): EndpointEventRecord {
  return { endpointId: event.id, ...recordOf(event, ENDPOINTS, statusOf) };
}

export function serviceEvent(event: ResourceEvent): ServiceEventRecord {
  return { endpointServiceId: event.id, ...recordOf(event, SERVICES, serviceStatusOf) };
}

export function connectionEvent(event: ResourceEvent): ConnectionEventRecord {
  const { parentId: endpointServiceId = '' } = scopeOf(event.log);
  return { endpointId: event.id, endpointServiceId, ...recordOf(event, CONNECTIONS, statusOf) };
}

function recordOf<Status>(
  event: ResourceEvent,
  kind: ResourceKind,
  statusOfWord: (rawStatus: string) => Status,
): StatusEventRecord<Status> {
  const { rawStatus, previousRawStatus, fields } = event;
  return {
    kind: event.kind,
    projectId: scopeOf(event.log).projectId,
    status: statusOfWord(rawStatus),
    rawStatus,
    previousStatus: previousRawStatus === null ? null : statusOfWord(previousRawStatus),
    previousRawStatus,
    version: event.version,
    cursor: event.cursor,
    more: event.more,
    settled: isSettled({ kind }, rawStatus),
    observedAt: new Date(Math.floor(event.observedAt / 1000)).toISOString(),
    faults: (fields.faults as readonly UpstreamFault[] | undefined) ?? [],
    fields,
  };
}

/** Null once it is deleted. Only for subscribers that select it: it has many members. */
export function shownEndpoint({
  endpointId,
  projectId,
  status,
  rawStatus,
  fields,
}: EndpointEventRecord): VpcEndpoint | null {
  return status === 'DELETED' ? null : completeEndpoint({ id: endpointId, rawStatus, fields }, projectId);
}

/** Null once it is deleted. */
export function shownService(record: ServiceEventRecord): EndpointService | null {
  const { endpointServiceId: id, projectId, status, rawStatus, fields } = record;
  return status === 'DELETED' ? null : serviceOf({ id, status: rawStatus, fields }, projectId);
}

const UNSAID = { markerId: null, domainId: null, description: null, createdAt: null, updatedAt: null, faults: [] };

/** Null once it is deleted. */
export function shownConnection(
  record: ConnectionEventRecord,
): (ConnectedEndpoint & Pick<ConnectionEventRecord, 'projectId' | 'endpointServiceId'>) | null {
  const { endpointId, endpointServiceId, projectId, status, rawStatus, fields } = record;
  const ids = { endpointId, endpointServiceId, projectId };
  return status === 'DELETED' ? null : { ...UNSAID, ...fields, ...ids, status, rawStatus };
}

const PREVIOUS = 'The status before. Null in SNAPSHOT and RESYNC, and in the first event of a new resource.';

@InterfaceType('StatusEvent', {
  description:
    'What a status feed sends: the state of a resource now, or one change of it. A change that reverts between two polls of the gateway is not seen.',
})
abstract class StatusEventType {
  @Field(() => StatusEventKind, { description: 'Why this event is sent.' })
  kind!: StatusEventKind;

  @Field(() => ID, { description: 'The project of the resource; of a connection that of its service.' })
  projectId!: string;

  @Field(() => String, { description: "Upstream's own word for the status." })
  rawStatus!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "Upstream's own word for the status before. Null in SNAPSHOT and RESYNC, and in the first event of a new resource.",
  })
  previousRawStatus!: string | null;

  @Field(() => GraphQLSafeInt, {
    description: 'Grows with every observed change of `rawStatus` of this resource; never repeats, never goes back.',
  })
  version!: number;

  @Field(() => String, { description: 'Opaque: resume behind this event with `after`.' })
  cursor!: string;

  @Field(() => Boolean, {
    description:
      'True while further events of this SNAPSHOT or RESYNC set follow. What is not in a complete set no longer exists.',
  })
  more!: boolean;

  @Field(() => Boolean, {
    description: 'Whether no further change of the status is expected: one of those that `StatusUntil.SETTLED` names.',
  })
  settled!: boolean;

  @Field(() => DateTime, { description: 'When the gateway saw it.' })
  observedAt!: string;

  @Field(() => [UpstreamFaultType], { description: 'Why, when the status is FAILED.' })
  faults!: UpstreamFaultType[];
}

@ObjectType('EndpointStatusEvent', {
  implements: StatusEventType,
  simpleResolvers: true,
  description: 'The state of an endpoint now, or one change of it.',
})
export class EndpointStatusEventType extends StatusEventType {
  @Field(() => ID, { description: 'The endpoint that it is about.' })
  endpointId!: string;

  @Field(() => VpcEndpointStatus, { description: 'The status at that moment.' })
  status!: VpcEndpointStatus;

  @Field(() => VpcEndpointStatus, { nullable: true, description: PREVIOUS })
  previousStatus!: VpcEndpointStatus | null;
}

@ObjectType('EndpointServiceStatusEvent', {
  implements: StatusEventType,
  simpleResolvers: true,
  description: 'The state of an own endpoint service now, or one change of it.',
})
export class EndpointServiceStatusEventType extends StatusEventType {
  @Field(() => ID, { description: 'The service that it is about.' })
  endpointServiceId!: string;

  @Field(() => EndpointServiceStatus, { description: 'The status at that moment.' })
  status!: EndpointServiceStatus;

  @Field(() => EndpointServiceStatus, { nullable: true, description: PREVIOUS })
  previousStatus!: EndpointServiceStatus | null;
}

@ObjectType('ServiceConnectionStatusEvent', {
  implements: StatusEventType,
  simpleResolvers: true,
  description:
    'The state of a connection to an endpoint service now, or one change of it, as the service owner sees it.',
})
export class ServiceConnectionStatusEventType extends StatusEventType {
  @Field(() => ID, { description: 'The endpoint at the other end.' })
  endpointId!: string;

  @Field(() => VpcEndpointStatus, { description: 'The status at that moment.' })
  status!: VpcEndpointStatus;

  @Field(() => VpcEndpointStatus, { nullable: true, description: PREVIOUS })
  previousStatus!: VpcEndpointStatus | null;

  @Field(() => ID, { description: 'The service that the endpoint connects to.' })
  endpointServiceId!: string;
}
