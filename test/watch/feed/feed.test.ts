import { setImmediate as tick } from 'node:timers/promises';
import { pino } from 'pino';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type CommitRequest, EventLogUnavailableError } from '../../../src/events/event-log.ts';
import { Tails } from '../../../src/events/follow/log-reader.ts';
import { Feed } from '../../../src/watch/feed/feed.ts';
import { ColdReader } from '../../../src/watch/feed/first-read.ts';
import { Watchers } from '../../../src/watch/poll/watchers.ts';
import { answer, FakeUpstream, upstreamError } from '../../support/fake-upstream.ts';
import { WatchedLog } from '../watched-log.ts';

describe('feed', () => {
  let log: WatchedLog;
  let upstream: FakeUpstream;
  let watchers: Watchers;
  let feed: Feed;
  let tails: Tails;
  const makeFeed = (lingerMs?: number) => {
    const logger = pino({ level: 'silent' });
    const shared = { log, upstream, versionFloor: () => 0, logger };
    const nowMs = () => performance.now();
    const linger = lingerMs === undefined ? {} : { lingerMs };
    watchers = new Watchers({ ...shared, replica: 'a', nowMs, random: () => 0.5, ...linger });
    feed = new Feed({ log, tails, watchers, coldReader: new ColdReader(shared), logger });
  };
  beforeEach(() => {
    log = new WatchedLog();
    upstream = new FakeUpstream();
    tails = new Tails({ log, logger: pino({ level: 'silent' }) });
    makeFeed();
    return async () => {
      await watchers.close();
      tails.close();
    };
  });

  it('does not poll for an id that does not exist, and makes no deleted endpoint of it', async () => {
    const typo = { projectId: 'p', scope: { endpointId: 'typo' } };
    await expect(feed.follow(typo)).rejects.toMatchObject({ kind: 'not_found' });
    expect(watchers.held()).toEqual({ projects: 0, wants: 0, lingering: 0, polling: 0 });
    expect(log.turns).toEqual([]);
    await expect(feed.follow({ ...typo, after: 'restart' })).rejects.toMatchObject({ kind: 'not_found' });
    expect((await log.state('p')).endpoints).toEqual([]);
  });

  it('follows ids that do not exist yet, also in a project that nobody has looked at', async () => {
    const events = await feed.follow({ projectId: 'p', scope: { endpointIds: ['later'] } });
    const first = events.next();
    await log.turned(2);
    upstream.set(answer('later', 'creating'));
    expect((await first).value).toMatchObject({ kind: 'TRANSITION', endpointId: 'later', rawStatus: 'creating' });
    await events.return?.();
  });

  it('wants no more than its subscribers do, also while the want of an earlier one lingers', async () => {
    upstream.set(answer('e1', 'accepted'), answer('e2', 'pendingAcceptance'));
    const whole = await feed.follow({ projectId: 'p', scope: 'project' });
    await whole.return?.();
    const one = await feed.follow({ projectId: 'p', scope: { endpointId: 'e1' } });
    const next = log.turns.length + 1;
    log.ring({ kind: 'turn' });
    await log.turned(next);
    expect(log.turns.at(-1)?.interest).toEqual(['e1']);
    await one.return?.();
  });

  const unwatched = { projects: 0, wants: 0, lingering: 0, polling: 0 };
  const seen = async (endpointId: string, status: string): Promise<CommitRequest> => ({
    asOf: await log.now(),
    observations: [{ endpointId, status, fields: {} }],
    source: 'read',
    firstSight: 'transition',
  });

  it('lingers after its last subscriber, until what that one followed has settled for whoever polls', async () => {
    upstream.set(answer('e1', 'creating'), answer('e2', 'pendingAcceptance'), answer('e3', 'creating'));
    const events = await feed.follow({ projectId: 'p', scope: { endpointIds: ['e1', 'e2'] } });
    await events.return?.();
    await log.commit('p', await seen('e1', 'failed'));
    await tick();
    expect(watchers.held()).toMatchObject({ projects: 1, lingering: 1 });
    await log.commit('p', await seen('e2', 'rejected'));
    await vi.waitFor(() => expect(watchers.held()).toEqual(unwatched));
  });

  it('lingers over what does not settle until its time is over, also when the log was away', async () => {
    makeFeed(50);
    upstream.set(answer('e1', 'pendingAcceptance'));
    const events = await feed.follow({ projectId: 'p', scope: 'project' });
    log.onListen = () => {
      throw new EventLogUnavailableError('away');
    };
    await events.return?.();
    await tick();
    expect(watchers.held().lingering).toBe(1);
    await vi.waitFor(() => expect(watchers.held()).toEqual(unwatched));
  });

  it('says once per change that no fresh state is to be had, however many feeds go on without one', async () => {
    const warnings: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(JSON.parse(line).msg) });
    const tails = new Tails({ log, logger });
    const coldReader = new ColdReader({ log, upstream, versionFloor: () => 0 });
    feed = new Feed({ log, tails, watchers, coldReader, logger });
    // Long ago.
    const row = { endpointId: 'e1', status: 'accepted', fields: {} };
    await log.commit('p', { asOf: 1, observations: [row], source: 'read', firstSight: 'transition' });
    const follow = async () => (await feed.follow({ projectId: 'p', scope: { endpointId: 'e1' } })).return?.();
    upstream.failGet = () => upstreamError('unavailable');
    for (let i = 0; i < 5; i++) await follow();
    expect(warnings).toEqual(['status feeds go on without a fresh state']);
    upstream.failGet = () => undefined;
    await feed.follow({ projectId: 'p', scope: { endpointIds: ['e2'] } }).then((events) => events.return?.());
    upstream.failGet = () => upstreamError('unavailable');
    await follow();
    expect(warnings).toHaveLength(2);
    tails.close();
  });

  it('starts nothing any more once it is closed', async () => {
    await watchers.close();
    watchers.want('p', 'project')();
    expect(watchers.held().projects).toBe(0);
    expect(log.turns).toEqual([]);
  });
});
