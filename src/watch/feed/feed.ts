import { type Cursor, decodeCursor, fromEntry } from '../../events/cursor.ts';
import type { EventLog } from '../../events/event-log.ts';
import { Follower } from '../../events/follow/follower.ts';
import type { LogReaders } from '../../events/follow/log-reader.ts';
import type { FollowDeps, Scope } from '../../events/follow/scope.ts';
import type { Logger } from '../../observability/logger.ts';
import { isSettled, statusOf } from '../../vpcep/endpoint/model.ts';
import { tokenCredential } from '../../vpcep/signing/credentials.ts';
import type { PollCredentials } from '../poll/poll-credentials.ts';
import type { Watchers } from '../poll/watchers.ts';
import { CursorError, type FeedRequest, type StatusEvent, type StatusFeed, type StatusStream } from '../watch.ts';
import type { FeedAuthorization } from './authorize.ts';
import type { FirstRead, Reader } from './first-read.ts';

export interface FeedDeps {
  readonly log: EventLog;
  readonly readers: LogReaders;
  readonly watchers: Watchers;
  readonly firstRead: FirstRead;
  readonly logger: Logger;
  /** Left out: callers bring no tokens of their own. */
  readonly callers?: { readonly authorization: FeedAuthorization; readonly credentials: PollCredentials };
}

/** A state older than the longest poll interval (60 s and jitter) comes from a project that is not polled. */
const MAX_SNAPSHOT_AGE_MS = 90_000;

const UNTIL = {
  SETTLED: isSettled,
  DELETED: (status: string): boolean => statusOf(status) === 'DELETED',
} as const;

export class Feed implements StatusFeed {
  readonly #deps: FeedDeps;
  /** Projects whose last attempt at a fresh state failed. */
  readonly #troubled = new Set<string>();

  constructor(deps: FeedDeps) {
    this.#deps = deps;
  }

  async follow(request: FeedRequest): Promise<StatusStream> {
    const { callers } = this.#deps;
    const { projectId, until, follower: identity } = request;
    const after = request.after === undefined ? undefined : parseCursor(request.after);
    const scope = toScope(request.scope);
    if (identity !== undefined) await callers?.authorization.check(request, identity());
    const following = new Following(this.#deps, this.#troubled, identity);
    const follower = await Follower.start(following, {
      project: projectId,
      scope,
      ...(after && { after }),
      ...(until && { until: UNTIL[until] }),
    });
    // Only now: an id that does not exist must not be polled.
    following.watch(projectId, scope);
    // The fields were written by this gateway from parsed answers (watch/watch-upstream.ts, toObservation).
    return follower as StatusStream;
  }

  async history(projectId: string, endpointIds: readonly string[], last: number): Promise<readonly StatusEvent[]> {
    const { position, entries } = await this.#deps.log.history(projectId, endpointIds, last);
    return entries.map((entry) => fromEntry(projectId, entry, position?.epoch ?? '') as StatusEvent);
  }
}

/** What one follower uses of its feed. An object with methods, because there are thousands of followers. */
class Following implements FollowDeps {
  readonly log: EventLog;
  readonly readers: LogReaders;
  readonly maxAgeMs = MAX_SNAPSHOT_AGE_MS;
  readonly #deps: FeedDeps;
  readonly #troubled: Set<string>;
  readonly #identity: FeedRequest['follower'];
  #leave: (() => void) | undefined;
  #takeBack: (() => void) | undefined;

  constructor(deps: FeedDeps, troubled: Set<string>, identity: FeedRequest['follower']) {
    this.log = deps.log;
    this.readers = deps.readers;
    this.#deps = deps;
    this.#troubled = troubled;
    this.#identity = identity;
  }

  watch(projectId: string, scope: Scope): void {
    const { watchers, callers } = this.#deps;
    if (this.#identity !== undefined) this.#takeBack = callers?.credentials.lend(projectId, this.#identity);
    this.#leave = watchers.want(projectId, scope.kind === 'all' ? 'project' : { endpointIds: [...idsOf(scope)] });
  }

  async load(projectId: string, scope: Scope, known: boolean): Promise<void> {
    await this.#deps.firstRead.load(projectId, scope, known, readerOf(this.#identity));
    this.#troubled.delete(projectId);
  }

  /** Warns once: all feeds of a project fail for the same reason, again and again. */
  onTrouble(projectId: string, error: unknown): void {
    const level = this.#troubled.has(projectId) ? 'debug' : 'warn';
    this.#troubled.add(projectId);
    const reason = String(error);
    this.#deps.logger[level]({ project: projectId, reason }, 'status feeds go on without a fresh state');
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

function toScope(scope: FeedRequest['scope']): Scope {
  if (scope === 'project') return { kind: 'all' };
  if ('endpointId' in scope) return { kind: 'one', endpointId: scope.endpointId };
  return { kind: 'some', endpointIds: new Set(scope.endpointIds) };
}

function idsOf(scope: Exclude<Scope, { kind: 'all' }>): Iterable<string> {
  return scope.kind === 'one' ? [scope.endpointId] : scope.endpointIds;
}
