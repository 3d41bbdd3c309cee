import { setTimeout as delay, setImmediate as tick } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventLogUnavailableError, type Interest } from '../../../src/events/event-log.ts';
import { nextWait as usualWait } from '../../../src/watch/poll/interval.ts';
import type { PollNote } from '../../../src/watch/poll/poller.ts';
import { Watcher } from '../../../src/watch/poll/watcher.ts';
import { Watchers } from '../../../src/watch/poll/watchers.ts';
import { endpointsIn } from '../../../src/watch/resources/watched-endpoints.ts';
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
    log.onLease = () => {};
    for (const one of watchers) one.want(null, false);
    await Promise.all(watchers.map((one) => one.ended()));
    expect(log.held()).toEqual({ listeners: 0, channels: 0, timers: 0 });
  });

  const watch = (interest: Interest, replica = 'a', wake = true): Watcher => {
    const watcher = new Watcher(
      {
        log,
        reads: upstream.reads,
        logger: pino({ level: 'silent' }),
        replica,
        nowMs: () => nowMs(),
        nextWait: (input) => nextWait(input),
        random: () => 0.5,
        versionFloor: () => 0,
        onPoll: (note) => notes.push(note),
      },
      endpointsIn(P),
    );
    watchers.push(watcher);
    watcher.want(interest, wake);
    return watcher;
  };
  /**
   * The watcher sleeps, or has asked again. Its log and its upstream answer within microtasks, and a timer that is created
   * later fires later.
   */
  const asleep = async () => {
    await delay(0);
    await tick();
  };

  it('asks for the lease, polls, and then sleeps until the next poll is due', async () => {
    watch(['e1']);
    await log.leased(2);
    await asleep();
    expect(log.leaseRequests).toHaveLength(2);
    expect(log.leaseRequests[1]?.done?.commits[0]?.observations).toMatchObject([{ id: 'e1', status: 'creating' }]);
    expect(notes).toMatchObject([{ outcome: 'done' }]);
  });

  it('makes no busy loop of an empty interest', async () => {
    watch([]);
    await asleep();
    expect(log.leaseRequests.length).toBeLessThan(5);
  });

  it('asks again when a notification arrives during a lease request', async () => {
    log.onLease = ({ done }) => {
      // What another replica's wake-up looks like from here: the answer is already old when it comes.
      if (done !== undefined && log.leaseRequests.length === 2) log.notify({ kind: 'lease' });
    };
    watch(['e1']);
    await log.leased(3);
    await asleep();
    expect(log.leaseRequests).toHaveLength(3);
  });

  it('commits each poll and asks for the next one in one request', async () => {
    const times: number[] = [];
    nextWait = () => ({ baseMs: 20, waitMs: 20 });
    upstream.failGet = () => void times.push(performance.now());
    watch(['e1']);
    await log.leased(6);
    expect(log.leaseRequests.map(({ done }) => done !== undefined)).toEqual([false, true, true, true, true, true]);
    const asOfs = log.leaseRequests.map(({ done }) => done?.commits[0]?.asOf ?? 0).slice(1);
    for (const [i, asOf] of asOfs.entries()) {
      const askedAt = (performance.timeOrigin + (times[i] ?? 0)) * 1000;
      expect(asOf).toBeLessThanOrEqual(askedAt);
      // Behind the poll before.
      expect(asOf).toBeGreaterThan(i === 0 ? 0 : (performance.timeOrigin + (times[i - 1] ?? 0)) * 1000);
    }
  });

  it('asks again when its sleep was so long that another replica may have the lease', async () => {
    let late = 0;
    nowMs = () => performance.now() + late;
    nextWait = () => ({ baseMs: 200, waitMs: 200 });
    watch(['e1']);
    await log.leased(2);
    await asleep();
    late = 20_000;
    await log.leased(3);
    expect(log.leaseRequests[2]?.done).toBeUndefined();
  });

  it('counts how late a poll is from its first grant, also when the log was unavailable meanwhile', async () => {
    let late = 0;
    nowMs = () => performance.now() + late;
    nextWait = () => ({ baseMs: 200, waitMs: 200 });
    watch(['e1']);
    await log.leased(2);
    await asleep();
    late = 20_000;
    log.onLease = () => {
      if (log.leaseRequests.length === 3) throw new EventLogUnavailableError('down');
    };
    await log.leased(7);
    expect(notes.map(({ lagMs }) => lagMs > 19_000)).toEqual([false, true, false]);
  });

  it('counts the delay of a poll that follows on one whose result was lost', async () => {
    let late = 0;
    nowMs = () => performance.now() + late;
    nextWait = () => ({ baseMs: 200, waitMs: 200 });
    log.onLease = () => {
      if (log.leaseRequests.length !== 2) return;
      late = 20_000;
      throw new EventLogUnavailableError('down');
    };
    watch(['e1']);
    await log.leased(6);
    expect(notes.map(({ lagMs }) => lagMs > 19_000)).toEqual([true, false]);
  });

  it('sleeps on when a notification concerns another replica', async () => {
    watch(['e1']);
    await log.leased(2);
    await asleep();
    log.notify({ kind: 'lease', replica: 'b' });
    await asleep();
    expect(log.leaseRequests).toHaveLength(2);
    log.notify({ kind: 'lease', replica: 'a' });
    await log.leased(3);
  });

  it('waits a random moment before it asks for a lease that may be free, unless it is the holder', async () => {
    nextWait = () => ({ baseMs: 60_000, waitMs: 60_000 });
    watch(['e1']);
    await log.leased(2);
    watch(['e1'], 'b', false);
    await log.leased(3);
    await asleep();
    const rungAt = performance.now();
    log.notify({ kind: 'lease' });
    await log.leased(5);
    expect(log.leaseRequests.slice(3).map(({ replica }) => replica)).toEqual(['a', 'b']);
    expect(performance.now() - rungAt).toBeGreaterThan(100);
  });

  it('asks again after an interruption in which a wake-up may have been missed', async () => {
    watch(['e1']);
    await log.leased(2);
    await asleep();
    log.notify({ kind: 'check' });
    await log.leased(3);
  });

  it('listens as soon as it can when the log was unavailable at first', async () => {
    let tries = 0;
    log.onListen = () => {
      if (++tries === 1) throw new EventLogUnavailableError('down');
    };
    watch(['e1']);
    await log.leased(2);
    await asleep();
    expect(log.listeners.size).toBe(1);
  });

  it('repeats its wake-up when the log was unavailable, after a pause', async () => {
    const watcher = watch(['e1']);
    await log.leased(2);
    await asleep();
    let failed = false;
    log.onLease = () => {
      if (!failed) {
        failed = true;
        throw new EventLogUnavailableError('down');
      }
    };
    watcher.want(['e1'], true);
    expect(watcher.polls).toBe(true);
    await log.leased(3);
    await asleep();
    expect(log.leaseRequests).toHaveLength(3);
    expect(watcher.polls).toBe(false);
    await log.leased(4);
    expect(log.leaseRequests[3]?.wake).toBe(true);
  });
});

describe('watchers', () => {
  it('spread the projects of a replica that leaves over the others', async () => {
    const log = new WatchedLog();
    const upstream = new FakeUpstream();
    const shared = { log, reads: upstream.reads, logger: pino({ level: 'silent' }), nowMs: () => performance.now() };
    const replicas = ['a', 'b', 'c'].map(
      (replica) => new Watchers({ ...shared, replica, random: Math.random, versionFloor: () => 0 }),
    );
    const polling = () => replicas.map((replica) => replica.held().polling);
    const projects = Array.from({ length: 40 }, (_, i) => `p${i}`);
    for (const replica of replicas) for (const project of projects) replica.want(endpointsIn(project), ['e1']);
    const [, , last] = replicas;
    const hasAll = async () => {
      // A wake-up takes the lease unless a poll is in flight.
      for (const project of projects) last?.wake(endpointsIn(project));
      return last?.held().polling === projects.length;
    };
    await until(hasAll, 'one replica polls everything');
    await last?.close();
    await until(async () => polling().reduce((sum, one) => sum + one) === projects.length, 'all are polled again');
    expect(Math.min(...polling().slice(0, 2))).toBeGreaterThan(projects.length / 8);
    await Promise.all(replicas.map((replica) => replica.close()));
  });
});
