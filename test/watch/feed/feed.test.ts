import { setImmediate as tick } from 'node:timers/promises';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CommitRequest, EventLogUnavailableError } from '../../../src/events/event-log.ts';
import { LogReaders } from '../../../src/events/follow/log-reader.ts';
import { Feed } from '../../../src/watch/feed/feed.ts';
import { FirstRead } from '../../../src/watch/feed/first-read.ts';
import { Watchers } from '../../../src/watch/poll/watchers.ts';
import { connectionsOf } from '../../../src/watch/resources/watched-connections.ts';
import { endpointsIn } from '../../../src/watch/resources/watched-endpoints.ts';
import { answer, FakeUpstream, upstreamError } from '../../support/fake-upstream.ts';
import { WatchedLog } from '../watched-log.ts';

const SET = endpointsIn('p');

describe('feed', () => {
  let log: WatchedLog;
  let upstream: FakeUpstream;
  let watchers: Watchers;
  let feed: Feed;
  let readers: LogReaders;
  const makeFeed = (lingerMs?: number, reads = upstream.reads) => {
    const logger = pino({ level: 'silent' });
    const shared = { log, reads, versionFloor: () => 0, logger };
    const nowMs = () => performance.now();
    const linger = lingerMs === undefined ? {} : { lingerMs };
    watchers = new Watchers({ ...shared, replica: 'a', nowMs, random: () => 0.5, ...linger });
    feed = new Feed({ log, readers, watchers, firstRead: new FirstRead(shared), logger });
  };
  beforeEach(() => {
    log = new WatchedLog();
    upstream = new FakeUpstream();
    readers = new LogReaders({ log, logger: pino({ level: 'silent' }) });
    makeFeed();
    return async () => {
      await watchers.close();
      readers.close();
    };
  });

  it('does not poll for an id that does not exist, and makes no tombstone of it', async () => {
    const typo = { set: SET, scope: { kind: 'one', id: 'typo' } as const };
    await expect(feed.follow(typo)).rejects.toMatchObject({ kind: 'not_found' });
    expect(watchers.held()).toEqual({ sets: 0, wants: 0, lingering: 0, polling: 0 });
    expect(log.leaseRequests).toEqual([]);
    await expect(feed.follow({ ...typo, after: 'restart' })).rejects.toMatchObject({ kind: 'not_found' });
    expect((await log.state(SET.log)).states).toEqual([]);
  });

  it('is refused once the parent of its resources is gone, and for no other failure', async () => {
    let failure: unknown;
    const list = async () => {
      if (failure !== undefined) throw failure;
      return { observations: [], totalCount: 0 };
    };
    makeFeed(0, { ...upstream.reads, list });
    const follow = async (after?: string) => {
      const scope = { kind: 'all' } as const;
      const events = await feed.follow({ set: connectionsOf('p', 's'), scope, ...(after && { after }) });
      await events.return?.();
    };
    await follow();
    failure = upstreamError('unavailable');
    await follow();
    failure = upstreamError('not_found');
    for (const after of [undefined, 'restart'])
      await expect(follow(after)).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('follows ids that do not exist yet, also in a project that was never read', async () => {
    const events = await feed.follow({ set: SET, scope: { kind: 'some', ids: new Set(['later']) } });
    expect((await events.next()).value).toMatchObject({ kind: 'SNAPSHOT', id: null, more: false });
    const first = events.next();
    await log.leased(2);
    upstream.set(answer('later', 'creating'));
    expect((await first).value).toMatchObject({ kind: 'TRANSITION', id: 'later', rawStatus: 'creating' });
    await events.return?.();
  });

  it('wants no more than its subscribers do, also after an earlier one has left', async () => {
    upstream.set(answer('e1', 'accepted'), answer('e2', 'pendingAcceptance'));
    const whole = await feed.follow({ set: SET, scope: { kind: 'all' } });
    await whole.return?.();
    const one = await feed.follow({ set: SET, scope: { kind: 'one', id: 'e1' } });
    const next = log.leaseRequests.length + 1;
    log.notify({ kind: 'lease' });
    await log.leased(next);
    expect(log.leaseRequests.at(-1)?.interest).toEqual(['e1']);
    await one.return?.();
  });

  const unwatched = { sets: 0, wants: 0, lingering: 0, polling: 0 };
  /** Upstream has it as well: a poll that begins later must not take it back. */
  const seen = async (id: string, status: string): Promise<CommitRequest> => {
    upstream.set(answer(id, status));
    const observations = [{ id, status, fields: {} }];
    return { asOf: await log.now(), observations, source: 'read', firstSight: 'transition' };
  };

  it('lingers after its last subscriber, until what that one followed has settled, whichever replica polls', async () => {
    upstream.set(answer('e1', 'creating'), answer('e2', 'pendingAcceptance'), answer('e3', 'creating'));
    const events = await feed.follow({ set: SET, scope: { kind: 'some', ids: new Set(['e1', 'e2']) } });
    await events.return?.();
    await log.commit(SET.log, await seen('e1', 'failed'));
    await tick();
    expect(watchers.held()).toMatchObject({ sets: 1, lingering: 1 });
    await log.commit(SET.log, await seen('e2', 'rejected'));
    await expect.poll(() => watchers.held()).toEqual(unwatched);
  });

  it('lingers over what does not settle until its time is over, also when the log was unavailable', async () => {
    makeFeed(1_000);
    upstream.set(answer('e1', 'pendingAcceptance'));
    const events = await feed.follow({ set: SET, scope: { kind: 'all' } });
    log.onListen = () => {
      throw new EventLogUnavailableError('down');
    };
    await events.return?.();
    await tick();
    expect(watchers.held().lingering).toBe(1);
    await expect.poll(() => watchers.held()).toEqual(unwatched);
  });

  it('warns once per outage that there is no fresh state, however many feeds go on without one', async () => {
    const warnings: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(JSON.parse(line).msg) });
    const readers = new LogReaders({ log, logger });
    const firstRead = new FirstRead({ log, reads: upstream.reads, versionFloor: () => 0 });
    feed = new Feed({ log, readers, watchers, firstRead, logger });
    // Long ago.
    const row = { id: 'e1', status: 'accepted', fields: {} };
    await log.commit(SET.log, { asOf: 1, observations: [row], source: 'read', firstSight: 'transition' });
    const follow = async () => (await feed.follow({ set: SET, scope: { kind: 'one', id: 'e1' } })).return?.();
    upstream.failGet = () => upstreamError('unavailable');
    for (let i = 0; i < 5; i++) await follow();
    expect(warnings).toEqual(['status feeds go on without a fresh state']);
    upstream.failGet = () => undefined;
    await feed.follow({ set: SET, scope: { kind: 'some', ids: new Set(['e2']) } }).then((events) => events.return?.());
    upstream.failGet = () => upstreamError('unavailable');
    await follow();
    expect(warnings).toHaveLength(2);
    readers.close();
  });

  it('starts no watcher once it is closed', async () => {
    await watchers.close();
    watchers.want(SET, 'all')();
    expect(watchers.held().sets).toBe(0);
    expect(log.leaseRequests).toEqual([]);
  });
});
