import { setImmediate as tick } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommitRequest, EventLog } from '../../../src/events/event-log.ts';
import { Follower, retryMs } from '../../../src/events/follow/follower.ts';
import { LogReaders } from '../../../src/events/follow/log-reader.ts';
import type { FollowRequest } from '../../../src/events/follow/scope.ts';
import { MemoryEventLog } from '../../../src/events/memory/memory-event-log.ts';
import { deferred } from '../../support/deferred.ts';

const P = 'project-1';

/** A log whose answers can be bent, to be what a failover makes of Redis. */
class BentLog extends MemoryEventLog {
  reads = 0;
  aheadBy = 0;
  flushed = false;

  override async position(project: string) {
    const position = await super.position(project);
    return position && { ...position, seq: position.seq + this.aheadBy };
  }

  override async entries(project: string, after: number, limit: number) {
    this.reads++;
    const { position, entries } = await super.entries(project, after, limit);
    return { position: this.flushed ? position && { ...position, epoch: 'ffffffffffff' } : position, entries };
  }

  override async state(project: string, ids?: readonly string[]) {
    const view = await super.state(project, ids);
    return this.flushed ? { position: null, baseline: false, states: [] } : view;
  }
}

describe('following at its edges', () => {
  let log: BentLog;
  let readers: LogReaders;
  beforeEach(() => {
    log = new BentLog();
    readers = new LogReaders({ log, logger: pino({ level: 'silent' }) });
  });
  afterEach(async () => {
    readers.close();
    await log.close();
  });

  const commit = async (to: EventLog, rows: Record<string, string>, over: Partial<CommitRequest> = {}) =>
    to.commit(P, {
      asOf: await to.now(),
      observations: Object.entries(rows).map(([id, status]) => ({ id, status, fields: {} })),
      source: 'read',
      firstSight: 'transition',
      ...over,
    });
  const follow = (request: Partial<FollowRequest>, load: (known: boolean) => Promise<void>) =>
    Follower.start(
      { log, readers, load: (_scope, known) => load(known), maxAgeMs: 90_000, onTrouble: () => {} },
      { log: P, scope: { kind: 'one', id: 'e1' }, ...request },
    );
  const noLoad = () => Promise.reject(new Error('nothing to load'));

  it('does not take a restart cursor for proof that the endpoint has ever been there', async () => {
    const asked: boolean[] = [];
    const load = async (known: boolean) => {
      asked.push(known);
      throw new Error('not found');
    };
    await expect(follow({ after: { kind: 'restart' } }, load)).rejects.toThrow('not found');
    expect(asked).toEqual([false]);
  });

  it('starts a project over that has no baseline: endpoints from before come without a transition', async () => {
    const { before } = await commit(log, { e1: 'creating' });
    const load = async () =>
      void (await commit(log, { e1: 'creating', old: 'accepted' }, { firstSight: 'afterBaseline', sweep: true }));
    const feed = await follow({ scope: { kind: 'all' }, after: { kind: 'after', ...before } }, load);
    const set = [await feed.next(), await feed.next()].map(({ value }) => `${value.kind} ${value.id}`);
    expect(set.toSorted()).toEqual(['RESYNC e1', 'RESYNC old']);
    await feed.return();
  });

  it('waits without a busy loop where a failover has lost entries that the reader has seen', async () => {
    await commit(log, { e1: 'creating' });
    log.aheadBy = 3;
    const feed = await follow({}, noLoad);
    log.aheadBy = 0;
    expect((await feed.next()).value).toMatchObject({ kind: 'SNAPSHOT', rawStatus: 'creating' });
    const next = feed.next();
    // All parts answer within microtasks, so a busy loop would never let this tick come.
    await tick();
    expect(log.reads).toBeLessThan(10);
    await commit(log, { e1: 'accepted' });
    expect((await next).value).toMatchObject({ kind: 'TRANSITION', rawStatus: 'accepted' });
    await feed.return();
  });

  it('keeps its pause while upstream is unavailable, however busy the rest of the project is', async () => {
    await commit(log, { e1: 'creating', e2: 'creating' });
    let loads = 0;
    const first = deferred();
    const feed = await follow({}, async () => {
      loads++;
      first.resolve();
      throw new Error('upstream is unavailable');
    });
    await feed.next();
    const next = feed.next();
    log.flushed = true;
    await commit(log, { e2: 's' });
    await first.promise;
    for (let i = 0; i < 50; i++) {
      await commit(log, { e2: `s${i}` });
      await tick();
    }
    expect(loads).toBe(1);
    await feed.return();
    expect((await next).done).toBe(true);
  });
});

it('retries after 1 s at first and after 15 s in the end, with jitter', () => {
  const attempts = Array.from({ length: 7 }, (_, i) => i);
  expect(attempts.map((n) => retryMs(n, 0.5))).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  expect([retryMs(1, 0), retryMs(1, 1)]).toEqual([1_500, 2_500]);
  expect(retryMs(10_000, 0.5)).toBe(15_000);
});
