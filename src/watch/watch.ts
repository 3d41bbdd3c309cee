/** What the GraphQL layer uses of the watching side. */
import type { Identity } from '../auth/identity.ts';
import type { FeedEvent, ResourceEvent } from '../events/cursor.ts';
import type { FlowTarget } from '../events/follow/follower.ts';
import type { Scope } from '../events/follow/scope.ts';
import type { ConnectedEndpoint } from '../vpcep/connection/model.ts';
import type { VpcEndpoint } from '../vpcep/endpoint/model.ts';
import type { EndpointService } from '../vpcep/service/model.ts';
import type { ResourceSet } from './resource.ts';

export type StatusEvent = FeedEvent;

export interface FeedRequest {
  readonly set: ResourceSet;
  /** One resource, some of them or all. */
  readonly scope: Scope;
  readonly after?: string;
  readonly until?: 'SETTLED' | 'DELETED';
  /** The identity of the subscriber now, because tokens are renewed. Left out: the gateway itself. */
  readonly follower?: () => Identity;
}

/** One subscriber's events. A live TRANSITION is the same object for every subscriber. */
export interface StatusStream extends AsyncIterableIterator<StatusEvent> {
  /** Releases everything at once, even with a `next()` or `flow()` pending, which then resolves. */
  return(): Promise<IteratorResult<StatusEvent>>;
  /**
   * Resolves with true once `target` gets the events as they happen, without a promise for each or one that waits; with
   * false when the next must be pulled by `next()`.
   */
  flow(target: FlowTarget): Promise<boolean>;
  /** Upstream's word in the last event that was handed out. */
  readonly lastStatus: string | undefined;
}

export interface StatusFeed {
  /**
   * Resolves once the first event can be given.
   * @throws CursorError when `after` is malformed, UpstreamError (`not_found` when the resource, or its parent, does not exist, and
   * `unreadable` when the follower's own token must not read it).
   */
  follow(request: FeedRequest): Promise<StatusStream>;
  /** The newest transitions that the log retains of each resource in one read, oldest first. */
  history(set: ResourceSet, ids: readonly string[], last: number): Promise<readonly ResourceEvent[]>;
}

/** `after` is no cursor of this gateway. */
export class CursorError extends Error {
  override readonly name = 'CursorError' as const;
}

/** A resource that a call shows, recorded in the event log. */
export interface RecordedEndpoint {
  readonly endpoint: VpcEndpoint;
  /** Position just before the record: a feed that resumes here starts with it. */
  readonly statusCursor: string;
}

export interface RecordedService extends Pick<RecordedEndpoint, 'statusCursor'> {
  readonly service: EndpointService;
}

export interface RecordedConnections extends Pick<RecordedEndpoint, 'statusCursor'> {
  /** Those that the answer shows. */
  readonly connections: readonly ConnectedEndpoint[];
}

export interface ListedEndpoints {
  readonly endpoints: readonly VpcEndpoint[];
  readonly totalCount: number;
}
