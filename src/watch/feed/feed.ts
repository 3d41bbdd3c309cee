import { type Cursor, decodeCursor, fromEntry, type ResourceEvent } from '../../events/cursor.ts';
import { DELETED, type EventLog } from '../../events/event-log.ts';
import { Follower } from '../../events/follow/follower.ts';
import type { LogReaders } from '../../events/follow/log-reader.ts';
import { type FollowDeps, idsOf, type Scope } from '../../events/follow/scope.ts';
import type { Logger } from '../../observability/logger.ts';
import { tokenCredential } from '../../vpcep/signing/credentials.ts';
import type { PollCredentials } from '../poll/poll-credentials.ts';
import type { Watchers } from '../poll/watchers.ts';
import { isNotFound } from '../reads.ts';
import { isSettled, type ResourceSet } from '../resource.ts';
import { CursorError, type FeedRequest, type StatusFeed, type StatusStream } from '../watch.ts';
import type { FeedAuthorization } from './authorize.ts';
import type { FirstRead, Reader } from './first-read.ts';

export interface FeedDeps {
  readonly log: EventLog;
  readonly readers: LogReaders;
  readonly watchers: Watchers;
  readonly firstRead: FirstRead;
  readonly logger: Logger;
  readonly onResync?: () => void;
  /** Left out: callers bring no tokens of their own. */
  readonly callers?: { readonly authorization: FeedAuthorization; readonly credentials: PollCredentials };
}

/** A state older than the longest poll interval (60 s and jitter) comes from a project that is not polled. */
const MAX_SNAPSHOT_AGE_MS = 90_000;

/** When a feed of one resource is over. */
function isOver(set: ResourceSet, until: 'SETTLED' | 'DELETED'): (status: string) => boolean {
  return until === 'SETTLED' ? (status) => isSettled(set, status) : (status) => status === DELETED;
}

export class Feed implements StatusFeed {
  readonly #deps: FeedDeps;
  /** Logs whose last attempt at a fresh state failed. */
  readonly #troubled = new Set<string>();

  constructor(deps: FeedDeps) {
    this.#deps = deps;
  }

  async follow(request: FeedRequest): Promise<StatusStream> {
    const { callers } = this.#deps;
    const { set, scope, until, follower: identity } = request;
    const after = request.after === undefined ? undefined : parseCursor(request.after);
    if (identity !== undefined) await callers?.authorization.check(request, identity());
    const following = new Following(this.#deps, set, this.#troubled, identity);
    const follower = await Follower.start(following, {
      log: set.log,
      scope,
      ...(after && { after }),
      ...(until && { until: isOver(set, until) }),
    });
    // Only now: an id that does not exist must not be polled.
    following.watch(scope);
    return follower;
  }

  async history({ log }: ResourceSet, ids: readonly string[], last: number): Promise<readonly ResourceEvent[]> {
    const { position, entries } = await this.#deps.log.history(log, ids, last);
    return entries.map((entry) => fromEntry(log, entry, position?.epoch ?? ''));
  }
}

/** What one follower uses of its feed. An object with methods, because there are thousands of followers. */
class Following implements FollowDeps {
  readonly log: EventLog;
  readonly readers: LogReaders;
  readonly maxAgeMs = MAX_SNAPSHOT_AGE_MS;
  readonly #deps: FeedDeps;
  readonly #set: ResourceSet;
  readonly #troubled: Set<string>;
  readonly #identity: FeedRequest['follower'];
  #leave: (() => void) | undefined;
  #takeBack: (() => void) | undefined;

  constructor(deps: FeedDeps, set: ResourceSet, troubled: Set<string>, identity: FeedRequest['follower']) {
    this.log = deps.log;
    this.readers = deps.readers;
    this.#deps = deps;
    this.#set = set;
    this.#troubled = troubled;
    this.#identity = identity;
  }

  watch(scope: Scope): void {
    const { watchers, callers } = this.#deps;
    if (this.#identity !== undefined) this.#takeBack = callers?.credentials.lend(this.#set, this.#identity);
    this.#leave = watchers.want(this.#set, idsOf(scope) ?? 'all');
  }

  async load(scope: Scope, known: boolean): Promise<void> {
    await this.#deps.firstRead.load(this.#set, scope, known, readerOf(this.#identity));
    this.#troubled.delete(this.#set.log);
  }

  /** Warns once: all feeds of a log fail for the same reason, again and again. */
  onTrouble(error: unknown): void {
    // A feed that has begun stays open, also when what its resources belong to is gone.
    if (this.#leave === undefined && isNotFound(error)) throw error;
    const { log } = this.#set;
    const level = this.#troubled.has(log) ? 'debug' : 'warn';
    this.#troubled.add(log);
    const reason = String(error);
    this.#deps.logger[level]({ log, reason }, 'status feeds go on without a fresh state');
  }

  onResync(): void {
    this.#deps.onResync?.();
  }

  onClose(): void {
    this.#leave?.();
    this.#takeBack?.();
  }
}

function readerOf(identity: FeedRequest['follower']): Reader {
  const token = identity?.().token ?? null;
  return token === null ? {} : { share: token.digest(), credential: tokenCredential(token) };
}

function parseCursor(text: string): Cursor {
  const cursor = decodeCursor(text);
  if (cursor === null)
    throw new CursorError('after: not a cursor of this gateway; pass a `cursor` or `statusCursor` on unchanged');
  return cursor;
}
