/** The status feeds. `subscribe` hands on the feed's own iterator: a generator in between would hold it until the next event. */
import {
  Arg,
  type ClassType,
  Ctx,
  Extensions,
  FieldResolver,
  ID,
  Int,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import type { EndpointService } from '../../vpcep/service/model.ts';
import { canonicalId, type ResourceSet } from '../../watch/resource.ts';
import { connectionsOf } from '../../watch/resources/watched-connections.ts';
import { endpointsIn } from '../../watch/resources/watched-endpoints.ts';
import { servicesIn } from '../../watch/resources/watched-services.ts';
import type { FeedRequest, StatusEvent } from '../../watch/watch.ts';
import { AuditTargets } from '../audit/audit.ts';
import { ConnectedEndpointType } from '../connection/connection.type.ts';
import { checkHistoryLength, checkWatch, HISTORY_DEFAULT, HISTORY_MAX, ProjectId } from '../core/arguments.ts';
import type { GatewayContext } from '../core/context.ts';
import { ALONE } from '../core/payload.ts';
import { StatusUntil } from '../core/scalars.ts';
import { Cost } from '../cost/cost.ts';
import { VpcEndpointType } from '../endpoint/endpoint.type.ts';
import { EndpointServiceObject } from '../service/service.type.ts';
import { OF_EVENT } from './shareable.ts';
import {
  type ConnectionEventRecord,
  connectionEvent,
  type EndpointEventRecord,
  EndpointServiceStatusEventType,
  EndpointStatusEventType,
  endpointEvent,
  ofResource,
  ServiceConnectionStatusEventType,
  type ServiceEventRecord,
  serviceEvent,
  shownConnection,
  shownEndpoint,
  shownService,
} from './status.type.ts';

interface WatchArguments {
  readonly id?: string;
  readonly ids?: readonly string[] | null;
  readonly endpointServiceId?: string;
  readonly projectId?: string | null;
  readonly after?: string | null;
  readonly until?: StatusUntil | null;
}

type SetOf = (projectId: string, args: WatchArguments) => ResourceSet;

/** @throws InputError, AccessError, CursorError, UpstreamError */
async function follow(
  args: WatchArguments,
  context: GatewayContext,
  setOf: SetOf,
): Promise<AsyncIterable<StatusEvent>> {
  checkWatch(args);
  const set = setOf(context.projects.resolve(args.projectId, 'read'), args);
  const after = context.resumeAfter ?? args.after;
  return await context.feed.follow({
    set,
    scope: scopeOf(args),
    follower: () => context.identity,
    ...(args.id !== undefined && { until: args.until ?? StatusUntil.DELETED }),
    ...(after != null && { after }),
  });
}

function scopeOf({ id, ids }: WatchArguments): FeedRequest['scope'] {
  if (id !== undefined) return { kind: 'one', id: canonicalId(id) };
  return ids == null ? { kind: 'all' } : { kind: 'some', ids: new Set(ids.map(canonicalId)) };
}

/** A subscription field. The feeds of many have a null event, for a set without members. */
function StatusFeed(type: ClassType, setOf: SetOf, of: 'one' | 'many', description: string): MethodDecorator {
  return Subscription(() => type, {
    // type-graphql types arguments and context as `any`; the schema has checked them.
    subscribe: ({ args, context }) =>
      follow(args as WatchArguments, context as GatewayContext, setOf) as unknown as AsyncIterable<unknown>,
    nullable: of === 'many',
    description,
  });
}

const WatchedProject = () =>
  ProjectId('The project to watch in. Defaults to the only (or default) project of the caller.');

const After = () =>
  Arg('after', () => String, {
    nullable: true,
    description:
      'The `cursor` of an event or the `statusCursor` of a mutation: continues behind it, missing nothing that the gateway ' +
      'saw. Begins with RESYNC where that is not possible.',
  });

const Until = () =>
  Arg('until', () => StatusUntil, {
    nullable: true,
    defaultValue: StatusUntil.DELETED,
    description: 'When to end by itself.',
  });

const Ids = () => Arg('ids', () => [ID], { nullable: true, description: 'These only; at most 100.' });

const ONE =
  'first the state now (or, with `after`, what was missed), then every transition. Ends by itself once the state fulfils ' +
  '`until`, also when it already does.';
const MANY =
  'including those that appear while it runs. Without `after` it starts with one event for each that exists, `more: true` on ' +
  'all but the last. Does not end by itself.';

/** The resolver methods only declare arguments: schema.ts resolves an event by the `read` of its field. */
@Resolver()
export class StatusResolver {
  @Extensions({ ...OF_EVENT, read: ofResource(endpointEvent) })
  @Cost({ calls: 1 })
  @AuditTargets(['id'])
  @StatusFeed(EndpointStatusEventType, endpointsIn, 'one', `The status of one endpoint: ${ONE}`)
  endpointStatus(
    @Arg('id', () => ID, { description: 'The endpoint to watch.' }) _id: string,
    @WatchedProject() _projectId: string | undefined,
    @After() _after: string | undefined,
    @Until() _until: StatusUntil | undefined,
  ): void {}

  @Extensions({ ...OF_EVENT, read: ofResource(endpointEvent) })
  @Cost({ calls: 1 })
  @AuditTargets(['ids'])
  @StatusFeed(
    EndpointStatusEventType,
    endpointsIn,
    'many',
    `Every transition of the project's endpoints (or of \`ids\` only), ${MANY}`,
  )
  projectEndpointStatus(
    @WatchedProject() _projectId: string | undefined,
    @Ids() _ids: string[] | undefined,
    @After() _after: string | undefined,
  ): void {}

  @Extensions({ ...OF_EVENT, read: ofResource(serviceEvent) })
  @Cost({ calls: 1 })
  @AuditTargets(['id'])
  @StatusFeed(EndpointServiceStatusEventType, servicesIn, 'one', `The status of one own endpoint service: ${ONE}`)
  endpointServiceStatus(
    @Arg('id', () => ID, { description: 'The service to watch.' }) _id: string,
    @WatchedProject() _projectId: string | undefined,
    @After() _after: string | undefined,
    @Until() _until: StatusUntil | undefined,
  ): void {}

  @Extensions({ ...OF_EVENT, read: ofResource(serviceEvent) })
  @Cost({ calls: 1 })
  @AuditTargets(['ids'])
  @StatusFeed(
    EndpointServiceStatusEventType,
    servicesIn,
    'many',
    `Every transition of the project's own endpoint services (or of \`ids\` only), ${MANY}`,
  )
  projectEndpointServiceStatus(
    @WatchedProject() _projectId: string | undefined,
    @Ids() _ids: string[] | undefined,
    @After() _after: string | undefined,
  ): void {}

  @Extensions({ ...OF_EVENT, read: ofResource(connectionEvent) })
  @Cost({ calls: 1 })
  @AuditTargets(['endpointServiceId'])
  @StatusFeed(
    ServiceConnectionStatusEventType,
    (projectId, { endpointServiceId = '' }) => connectionsOf(projectId, endpointServiceId),
    'many',
    `Who connects, or asks to (PENDING_ACCEPTANCE), to an own endpoint service: every transition of its connections, ${MANY} ` +
      'When the service is deleted, its connections are DELETED.',
  )
  serviceConnectionStatus(
    @Arg('endpointServiceId', () => ID, { description: 'The service whose connections to watch.' })
    _endpointServiceId: string,
    @WatchedProject() _projectId: string | undefined,
    @After() _after: string | undefined,
  ): void {}
}

// What an event is about is read from the event alone, so that a plan can do it (http/operation/plan.ts).
@Resolver(() => EndpointStatusEventType)
export class EndpointEventResolver {
  @Extensions({ ...OF_EVENT, read: shownEndpoint })
  @Cost({})
  @FieldResolver(() => VpcEndpointType, {
    nullable: true,
    description: 'The endpoint as it was at that moment; null once DELETED.',
  })
  endpoint(@Root() event: EndpointEventRecord): VpcEndpoint | null {
    return shownEndpoint(event);
  }
}

@Resolver(() => EndpointServiceStatusEventType)
export class ServiceEventResolver {
  @Extensions({ ...OF_EVENT, read: shownService })
  @Cost({})
  @FieldResolver(() => EndpointServiceObject, {
    nullable: true,
    description: 'The service as it was at that moment; null once DELETED.',
  })
  service(@Root() event: ServiceEventRecord): EndpointService | null {
    return shownService(event);
  }
}

@Resolver(() => ServiceConnectionStatusEventType)
export class ConnectionEventResolver {
  @Extensions({ ...OF_EVENT, read: shownConnection })
  @Cost({})
  @FieldResolver(() => ConnectedEndpointType, {
    nullable: true,
    description: 'The connection as it was at that moment; null once DELETED.',
  })
  connection(@Root() event: ConnectionEventRecord): ReturnType<typeof shownConnection> {
    return shownConnection(event);
  }
}

@Resolver(() => VpcEndpointType)
export class StatusHistoryResolver {
  @Cost({ events: { argument: 'last', usual: HISTORY_DEFAULT, most: HISTORY_MAX } })
  @FieldResolver(() => [EndpointStatusEventType], {
    nullable: true,
    description: `The newest transitions that the gateway still knows, oldest first. ${ALONE}`,
  })
  async statusHistory(
    @Root() endpoint: VpcEndpoint,
    @Arg('last', () => Int, { nullable: true, defaultValue: HISTORY_DEFAULT, description: 'How many, 1 to 100.' })
    last: number | null,
    @Ctx() context: GatewayContext,
  ): Promise<readonly EndpointEventRecord[]> {
    const count = last ?? HISTORY_DEFAULT;
    checkHistoryLength(count);
    const projectId = context.projects.resolve(endpoint.projectId, 'read');
    const events = await context.loaders.histories.load({ projectId, endpointId: endpoint.id, last: count });
    return events.map(endpointEvent);
  }
}
