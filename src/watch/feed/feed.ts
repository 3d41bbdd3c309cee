import { type Cursor, decodeCursor, type FeedItem, fromEntry } from '../../events/cursor.ts';
import type { EventLog } from '../../events/event-log.ts';
import { Follower } from '../../events/follow/follower.ts';
import type { Tails } from '../../events/follow/log-reader.ts';
import type { Scope } from '../../events/follow/scope.ts';
import type { Logger } from '../../observability/logger.ts';
import { isSettled, statusOf, type VpcEndpointFields } from '../../vpcep/endpoint/model.ts';
import { tokenCredential } from '../../vpcep/signing/credentials.ts';
import type { WatchCredentials } from '../poll/poll-credentials.ts';
import type { Watchers } from '../poll/watchers.ts';
import { CursorError, type FeedRequest, type StatusEvent, type StatusFeed, type StatusStream } from '../watch.ts';
import type { FeedAccess } from './authorize.ts';
import type { ColdReader, Reader } from './first-read.ts';

export interface FeedDeps {
  readonly log: EventLog;
  readonly tails: Tails;
  readonly watchers: Watchers;
  readonly coldReader: ColdReader;
  readonly logger: Logger;
  /** Where callers bring tokens of their own; left out: nothing is read with those. */
  readonly callers?: { readonly access: FeedAccess; readonly credentials: WatchCredentials };
}

/** A state older than the slowest pace (60 s and jitter) comes from a project that nobody has been polling. */
const MAX_SNAPSHOT_AGE_MS = 90_000;

const UNTIL = {
  SETTLED: isSettled,
  DELETED: (status: string): boolean => statusOf(status) === 'DELETED',
} as const;

export class Feed implements StatusFeed {
  readonly #deps: FeedDeps;
  /** One event for all subscribers of an item, for as long as somebody holds the item. */
  readonly #events = new WeakMap<FeedItem, StatusEvent>();

  /** Projects whose feeds could not read a fresh state when one of them last tried. */
  readonly #troubled = new Set<string>();

  constructor(deps: FeedDeps) {
    this.#deps = deps;
  }

  async follow(request: FeedRequest): Promise<StatusStream> {
    const { log, tails, watchers, coldReader, callers } = this.#deps;
    const { projectId, until, follower: who } = request;
    const after = request.after === undefined ? undefined : parseCursor(request.after);
    const scope = toScope(request.scope);
    if (who !== undefined) await callers?.access.check(request, who());
    let release = (): void => {};
    const follower = await Follower.start(
      {
        log,
        tails,
        load: async (project, what, known) => {
          await coldReader.load(project, what, known, readerOf(who));
          this.#troubled.delete(project);
        },
        maxAgeMs: MAX_SNAPSHOT_AGE_MS,
        onTrouble: (error) => this.#onTrouble(projectId, error),
        onClose: () => release(),
      },
      { project: projectId, scope, ...(after && { after }), ...(until && { until: UNTIL[until] }) },
    );
    // Only now: what cannot be followed, such as an id that does not exist, is not worth a poll.
    const takeBack = who === undefined ? undefined : callers?.credentials.lend(projectId, who);
    const leave = watchers.want(projectId, scope.kind === 'all' ? 'project' : { endpointIds: [...idsOf(scope)] });
    release = () => {
      leave();
      takeBack?.();
    };
    return new StatusEvents(follower, (item) => this.#eventOf(item, projectId));
  }

  async history(projectId: string, endpointIds: readonly string[], last: number): Promise<readonly StatusEvent[]> {
    const { position, entries } = await this.#deps.log.history(projectId, endpointIds, last);
    return entries.map((entry) => toEvent(fromEntry(entry, position?.epoch ?? '').item, projectId));
  }

  /** Said once: all feeds of a project have the same trouble, and try again and again. */
  #onTrouble(projectId: string, error: unknown): void {
    const level = this.#troubled.has(projectId) ? 'debug' : 'warn';
    this.#troubled.add(projectId);
    const reason = String(error);
    this.#deps.logger[level]({ project: projectId, reason }, 'status feeds go on without a fresh state');
  }

  #eventOf(item: FeedItem, projectId: string): StatusEvent {
    const known = this.#events.get(item);
    if (known !== undefined) return known;
    const event = toEvent(item, projectId);
    this.#events.set(item, event);
    return event;
  }
}

function readerOf(who: FeedRequest['follower']): Reader {
  const token = who?.().token ?? null;
  return token === null ? {} : { share: token.digest(), credential: tokenCredential(token) };
}

function parseCursor(text: string): Cursor {
  const cursor = decodeCursor(text);
  if (cursor === null)
    throw new CursorError('after: not a cursor of this gateway; pass a `cursor` or `statusCursor` on as you got it');
  return cursor;
}

function toScope(scope: FeedRequest['scope']): Scope {
  if (scope === 'project') return { kind: 'all' };
  if ('endpointId' in scope) return { kind: 'one', endpointId: scope.endpointId };
  return { kind: 'some', endpointIds: new Set(scope.endpointIds) };
}

function idsOf(scope: Exclude<Scope, { kind: 'all' }>): Iterable<string> {
  return scope.kind === 'one' ? [scope.endpointId] : scope.endpointIds;
}

function toEvent(item: FeedItem, projectId: string): StatusEvent {
  const { kind, endpointId, status, previousStatus, version, cursor, more, observedAt, fields } = item;
  return {
    kind,
    endpointId,
    projectId,
    rawStatus: status,
    previousRawStatus: previousStatus,
    version,
    cursor,
    more,
    observedAt,
    // Written by this gateway from parsed answers (watch/watch-upstream.ts, toObservation).
    fields: fields as Partial<VpcEndpointFields>,
  };
}

/** Passes `return()` straight on: an async generator would wait for the next event first. */
class StatusEvents implements StatusStream {
  readonly #follower: Follower;
  readonly #eventOf: (item: FeedItem) => StatusEvent;

  constructor(follower: Follower, eventOf: (item: FeedItem) => StatusEvent) {
    this.#follower = follower;
    this.#eventOf = eventOf;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<StatusEvent>> {
    const result = await this.#follower.next();
    return result.done === true ? result : { done: false, value: this.#eventOf(result.value) };
  }

  async flow(take: (event: StatusEvent) => boolean): Promise<void> {
    await this.#follower.flow((item) => take(this.#eventOf(item)));
  }

  async return(): Promise<IteratorResult<StatusEvent>> {
    await this.#follower.return();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<StatusEvent>> {
    await this.#follower.return();
    throw error;
  }
}
