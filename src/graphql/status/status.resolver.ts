/** The status feed. `subscribe` hands on the feed's own iterator: a generator in between would hold it until the next event. */
import { Arg, Ctx, Extensions, FieldResolver, ID, Int, Resolver, Root, Subscription } from 'type-graphql';
import type { VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import type { FeedRequest, StatusEvent } from '../../watch/watch.ts';
import { AuditTargets } from '../audit/audit.ts';
import { checkHistoryLength, checkWatch, HISTORY_DEFAULT, HISTORY_MAX, ProjectId } from '../core/arguments.ts';
import type { GatewayContext } from '../core/context.ts';
import { EndpointStatusUntil } from '../core/scalars.ts';
import { Cost } from '../cost/cost.ts';
import { VpcEndpointType } from '../endpoint/endpoint.type.ts';
import { OF_EVENT } from './shareable.ts';
import { EndpointStatusEventType, endpointOf, type StatusEventRecord, statusEventRecord } from './status.type.ts';

const PROJECT = 'The project to watch in. Defaults to the only (or default) project of the caller.';
const AFTER = 'A `cursor` or `statusCursor`: goes on behind it, missing nothing that the gateway saw.';

interface WatchOneArguments {
  readonly id: string;
  readonly projectId?: string | null;
  readonly after?: string | null;
  readonly until?: EndpointStatusUntil | null;
}

interface WatchProjectArguments {
  readonly projectId?: string | null;
  readonly ids?: readonly string[] | null;
  readonly after?: string | null;
}

interface SubscribeData<Args> {
  readonly args: Args;
  readonly context: GatewayContext;
}

function position(args: { readonly after?: string | null }, context: GatewayContext): Pick<FeedRequest, 'after'> {
  const after = context.resumeAfter ?? args.after;
  return after === null || after === undefined ? {} : { after };
}

function follower(context: GatewayContext): Pick<FeedRequest, 'follower'> {
  return { follower: () => context.identity };
}

async function watchOne({ args, context }: SubscribeData<WatchOneArguments>): Promise<AsyncIterable<StatusEvent>> {
  checkWatch(args);
  const projectId = context.projects.resolve(args.projectId, 'read');
  const until = args.until ?? EndpointStatusUntil.DELETED;
  return await context.feed.follow({
    projectId,
    scope: { endpointId: args.id },
    until,
    ...follower(context),
    ...position(args, context),
  });
}

async function watchProject({
  args,
  context,
}: SubscribeData<WatchProjectArguments>): Promise<AsyncIterable<StatusEvent>> {
  checkWatch(args);
  const projectId = context.projects.resolve(args.projectId, 'read');
  const scope = args.ids === null || args.ids === undefined ? 'project' : { endpointIds: [...new Set(args.ids)] };
  return await context.feed.follow({ projectId, scope, ...follower(context), ...position(args, context) });
}

@Resolver(() => EndpointStatusEventType)
export class StatusResolver {
  // The start and one event: polls cost a project, not each subscriber.
  @Extensions(OF_EVENT)
  @Cost({ calls: 1 })
  @AuditTargets(['id'])
  @Subscription(() => EndpointStatusEventType, {
    // type-graphql types the arguments as `any`; the schema has checked them.
    subscribe: (data) =>
      watchOne(data as unknown as SubscribeData<WatchOneArguments>) as unknown as AsyncIterable<unknown>,
    description:
      'The status of one endpoint: first the state now (or, with `after`, what was missed), then every transition. ' +
      'Ends by itself once the state fulfils `until`, also when it already does.',
  })
  endpointStatus(
    @Root() event: StatusEvent,
    @Arg('id', () => ID, { description: 'The endpoint to watch.' }) _id: string,
    @ProjectId(PROJECT) _projectId: string | undefined,
    @Arg('after', () => String, { nullable: true, description: AFTER }) _after: string | undefined,
    @Arg('until', () => EndpointStatusUntil, {
      nullable: true,
      defaultValue: EndpointStatusUntil.DELETED,
      description: 'When to end.',
    })
    _until: EndpointStatusUntil | undefined,
  ): StatusEventRecord {
    return statusEventRecord(event);
  }

  @Extensions(OF_EVENT)
  @Cost({ calls: 1 })
  @AuditTargets(['ids'])
  @Subscription(() => EndpointStatusEventType, {
    subscribe: (data) =>
      watchProject(data as unknown as SubscribeData<WatchProjectArguments>) as unknown as AsyncIterable<unknown>,
    description:
      "Every transition of the project's endpoints (or of `ids` only), including those that appear while it runs. " +
      'Starts with one event per endpoint, `more: true` on all but the last.',
  })
  projectEndpointStatus(
    @Root() event: StatusEvent,
    @ProjectId(PROJECT) _projectId: string | undefined,
    @Arg('ids', () => [ID], { nullable: true, description: 'These endpoints only; at most 100.' })
    _ids: string[] | undefined,
    @Arg('after', () => String, { nullable: true, description: AFTER }) _after: string | undefined,
  ): StatusEventRecord {
    return statusEventRecord(event);
  }

  // Read from the event alone, so that a plan can do it (http/operation/plan.ts).
  @Extensions({ ...OF_EVENT, read: endpointOf })
  @Cost({})
  @FieldResolver(() => VpcEndpointType, {
    nullable: true,
    description: 'The endpoint as it was at that moment; null once DELETED.',
  })
  endpoint(@Root() event: StatusEventRecord): VpcEndpoint | null {
    return endpointOf(event);
  }
}

@Resolver(() => VpcEndpointType)
export class StatusHistoryResolver {
  @Cost({ events: { argument: 'last', usual: HISTORY_DEFAULT, most: HISTORY_MAX } })
  @FieldResolver(() => [EndpointStatusEventType], {
    description: 'The newest transitions that the gateway still knows, oldest first.',
  })
  async statusHistory(
    @Root() endpoint: VpcEndpoint,
    @Arg('last', () => Int, { nullable: true, defaultValue: HISTORY_DEFAULT, description: 'How many, 1 to 100.' })
    last: number | null,
    @Ctx() context: GatewayContext,
  ): Promise<readonly StatusEventRecord[]> {
    const count = last ?? HISTORY_DEFAULT;
    checkHistoryLength(count);
    const projectId = context.projects.resolve(endpoint.projectId, 'read');
    const events = await context.loaders.histories.load({ projectId, endpointId: endpoint.id, last: count });
    return events.map(statusEventRecord);
  }
}
