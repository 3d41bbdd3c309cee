import { setImmediate as tick } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventLogUnavailableError, type Interest } from '../../../src/events/event-log.ts';
import { nextWait as usualWait } from '../../../src/watch/poll/interval.ts';
import type { PollNote } from '../../../src/watch/poll/poller.ts';
import { Watcher } from '../../../src/watch/poll/watcher.ts';
import { Watchers } from '../../../src/watch/poll/watchers.ts';
import { answer, FakeUpstream } from '../../support/fake-upstream.ts';
import { until } from '../../support/until.ts';
import { WatchedLog } from '../watched-log.ts';

const P = 'project-1';

describe('watcher', () => {
  let log: WatchedLog;
  let upstream: FakeUpstream;
  let notes: PollNote[];
  let watchers: Watcher[];
  let nowMs: () => number;
  let nextWait: typeof usualWait;
  beforeEach(() => {
    log = new WatchedLog();
    upstream = new FakeUpstream();
    upstream.set(answer('e1', 'creating'));
    notes = [];
    watchers = [];
    nowMs = () => performance.now();
    nextWait = usualWait;
  });
  afterEach(async () => {
    log.onTurn = () => {};
    for (const one of watchers) one.want(null, false);
    await Promise.all(watchers.map((one) => one.ended()));
    expect(log.held()).toEqual({ listeners: 0, channels: 0, timers: 0 });
  });

  const watch = (interest: Interest, replica = 'a', wake = true): Watcher => {
    const watcher = new Watcher(
      {
        log,
        upstream,
        logger: pino({ level: 'silent' }),
        replica,
        nowMs: () => nowMs(),
        nextWait: (input) => nextWait(input),
        random: () => 0.5,
        versionFloor: () => 0,
        onPoll: (note) => notes.push(note),
      },
      P,
    );
    watchers.push(watcher);
    watcher.want(interest, wake);
    return watcher;
  };
  /** Long enough for many turns of a loop without a pause; each takes a few microtasks only. */
  const aWhile = async () => {
    for (let i = 0; i < 100; i++) await tick();
  };

  it('takes a turn, polls, and then sleeps until the next poll is due', async () => {
    watch(['e1']);
    await log.turned(2);
    await aWhile();
    expect(log.turns).toHaveLength(2);
    expect(log.turns[1]?.done?.commits[0]?.observations).toMatchObject([{ endpointId: 'e1', status: 'creating' }]);
    expect(notes).toMatchObject([{ mode: 'single', outcome: 'done' }]);
  });

  it('does not run in circles when nothing at all is wanted', async () => {
    watch([]);
    await aWhile();
    expect(log.turns.length).toBeLessThan(5);
  });

  it('looks again when a bell rings while its turn is on the way', async () => {
    log.onTurn = ({ done }) => {
      // What another replica's wake-up looks like from here: the answer is already old when it comes.
      if (done !== undefined && log.turns.length === 2) log.ring({ kind: 'turn' });
    };
    watch(['e1']);
    await log.turned(3);
    await aWhile();
    expect(log.turns).toHaveLength(3);
  });

  it('polls on without asking in between: each turn brings the last poll and takes the next one', async () => {
    const times: number[] = [];
    nextWait = () => ({ baseMs: 20, waitMs: 20 });
    upstream.failGet = () => void times.push(performance.now());
    watch(['e1']);
    await log.turned(6);
    expect(log.turns.map(({ done }) => done !== undefined)).toEqual([false, true, true, true, true, true]);
    const asOfs = log.turns.map(({ done }) => done?.commits[0]?.asOf ?? 0).slice(1);
    for (const [i, asOf] of asOfs.entries()) {
      const askedAt = (performance.timeOrigin + (times[i] ?? 0)) * 1000;
      expect(asOf).toBeLessThanOrEqual(askedAt);
      expect(asOf).toBeGreaterThan(askedAt - 20_000);
    }
  });

  it('asks again when its sleep has been so long that another one may have the turn', async () => {
    let late = 0;
    nowMs = () => performance.now() + late;
    nextWait = () => ({ baseMs: 200, waitMs: 200 });
    watch(['e1']);
    await log.turned(2);
    await aWhile();
    late = 20_000;
    await log.turned(3);
    expect(log.turns[2]?.done).toBeUndefined();
  });

  it('sleeps on when a bell concerns another replica', async () => {
    watch(['e1']);
    await log.turned(2);
    await aWhile();
    log.ring({ kind: 'turn', replica: 'b' });
    await aWhile();
    expect(log.turns).toHaveLength(2);
    log.ring({ kind: 'turn', replica: 'a' });
    await log.turned(3);
  });

  it('waits a random moment before it asks for a lease that may be free, unless it is the holder', async () => {
    nextWait = () => ({ baseMs: 60_000, waitMs: 60_000 });
    watch(['e1']);
    await log.turned(2);
    watch(['e1'], 'b', false);
    await log.turned(3);
    await aWhile();
    const rungAt = performance.now();
    log.ring({ kind: 'turn' });
    await log.turned(5);
    expect(log.turns.slice(3).map(({ replica }) => replica)).toEqual(['a', 'b']);
    expect(performance.now() - rungAt).toBeGreaterThan(100);
  });

  it('looks again after an interruption in which a wake-up may have been missed', async () => {
    watch(['e1']);
    await log.turned(2);
    await aWhile();
    log.ring({ kind: 'check' });
    await log.turned(3);
  });

  it('listens as soon as it can when the log was away at first', async () => {
    let tries = 0;
    log.onListen = () => {
      if (++tries === 1) throw new EventLogUnavailableError('away');
    };
    watch(['e1']);
    await log.turned(2);
    await aWhile();
    expect(log.bells.size).toBe(1);
  });

  it('asks for its wake-up again when the log was away, after a pause', async () => {
    const watcher = watch(['e1']);
    await log.turned(2);
    await aWhile();
    let failed = false;
    log.onTurn = () => {
      if (!failed) {
        failed = true;
        throw new EventLogUnavailableError('away');
      }
    };
    watcher.want(['e1'], true);
    await log.turned(3);
    await aWhile();
    expect(log.turns).toHaveLength(3);
    await log.turned(4);
    expect(log.turns[3]?.wake).toBe(true);
  });
});

describe('watchers', () => {
  it('spread the projects of a replica that leaves over the others', async () => {
    const log = new WatchedLog();
    const upstream = new FakeUpstream();
    const shared = { log, upstream, logger: pino({ level: 'silent' }), nowMs: () => performance.now() };
    const replicas = ['a', 'b', 'c'].map(
      (replica) => new Watchers({ ...shared, replica, random: Math.random, versionFloor: () => 0 }),
    );
    const polling = () => replicas.map((replica) => replica.held().polling);
    const projects = Array.from({ length: 40 }, (_, i) => `p${i}`);
    for (const replica of replicas) for (const project of projects) replica.want(project, { endpointIds: ['e1'] });
    const [, , last] = replicas;
    const hasAll = async () => {
      // A wake-up takes the lease unless a poll is in flight.
      for (const project of projects) last?.wake(project);
      return last?.held().polling === projects.length;
    };
    await until(hasAll, 'one replica polls everything');
    await last?.close();
    await until(async () => polling().reduce((sum, one) => sum + one) === projects.length, 'all are polled again');
    expect(Math.min(...polling().slice(0, 2))).toBeGreaterThan(projects.length / 8);
    await Promise.all(replicas.map((replica) => replica.close()));
  });
});
