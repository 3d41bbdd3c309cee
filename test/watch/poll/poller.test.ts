import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryEventLog } from '../../../src/events/memory/memory-event-log.ts';
import { Poller, type PollNote } from '../../../src/watch/poll/poller.ts';
import type { WatchedClients } from '../../../src/watch/resource.ts';
import { endpointsIn } from '../../../src/watch/resources/watched-endpoints.ts';
import { answer, FakeUpstream, upstreamError } from '../../support/fake-upstream.ts';

describe('poller', () => {
  let upstream: FakeUpstream;
  let notes: PollNote[];
  let poller: Poller;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    upstream = new FakeUpstream();
    notes = [];
    const log = new MemoryEventLog();
    // The lease is never lost here: only the answers decide how long a poll takes.
    log.renew = async () => true;
    poller = new Poller(
      {
        log,
        reads: upstream.reads,
        logger: pino({ level: 'silent' }),
        nowMs: () => performance.now(),
        random: () => 0.5,
        versionFloor: () => 0,
        onPoll: (note) => notes.push(note),
      },
      endpointsIn('project-1'),
    );
  });
  afterEach(() => vi.useRealTimers());

  const grant = { kind: 'poll', ticket: 1, asOf: 1, interest: 'all', afterMs: 0 } as const;
  /** Every page takes this long, unless the poll is given up first. */
  const slow = (ms: number) => {
    const list = upstream.listEndpoints.bind(upstream);
    const calls: WatchedClients['endpoints'] = upstream;
    calls.listEndpoints = async (projectId, query, options) => {
      await new Promise<void>((resolve, reject) => {
        setTimeout(resolve, ms);
        options?.signal?.addEventListener('abort', () => reject(new Error('given up')));
      });
      return await list(projectId, query);
    };
  };

  it('completes a sweep that takes longer than the deadline of one answer', async () => {
    upstream.set(...Array.from({ length: 4_500 }, (_, i) => answer(`e${i}`, 'accepted')));
    slow(14_000);
    const polled = poller.poll(grant, 1);
    await vi.advanceTimersByTimeAsync(5 * 14_000);
    expect((await polled).commits.map((commit) => commit.sweep)).toEqual([false, false, false, false, true]);
  });

  it.each([
    { endpoints: 1_000, movesPerPoll: 0, callsPerTick: 1 },
    { endpoints: 1_000, movesPerPoll: 10, callsPerTick: 1 },
    { endpoints: 5_000, movesPerPoll: 10, callsPerTick: 5 },
  ])('follows $endpoints pending endpoints, $movesPerPoll changing, with $callsPerTick calls per tick', async (row) => {
    const { endpoints, movesPerPoll, callsPerTick } = row;
    let now = 0;
    const log = new MemoryEventLog();
    const deps = { log, reads: upstream.reads, logger: pino({ level: 'silent' }), versionFloor: () => 0 };
    // The shortest waits that jitter makes.
    poller = new Poller(
      { ...deps, nowMs: () => now, random: () => 0, onPoll: (note) => notes.push(note) },
      endpointsIn('project-1'),
    );
    upstream.set(...Array.from({ length: endpoints }, (_, i) => answer(`e${i}`, 'creating')));
    poller.excite();
    const seconds = 60;
    for (let n = 0; now < seconds * 1_000; ) {
      const { commits, waitMs } = await poller.poll({ ...grant, asOf: await log.now() }, await log.now());
      const results = await Promise.all(commits.map((commit) => log.commit('project-1', commit)));
      poller.settle({ fenced: false, commits: results });
      now += waitMs;
      for (const end = n + movesPerPoll; n < end; n++) upstream.set(answer(`e${n}`, 'accepted'));
    }
    expect(upstream.gets).toEqual([]);
    expect(upstream.lists.length).toBe(notes.length * callsPerTick);
    expect(upstream.lists.length / seconds).toBeLessThanOrEqual(0.6 * callsPerTick);
  });

  it('gives an unanswered poll up and reports the failure', async () => {
    slow(16_000);
    const polled = poller.poll(grant, 1);
    await vi.advanceTimersByTimeAsync(15_000);
    expect((await polled).commits).toEqual([]);
    poller.settle({ fenced: false, commits: [] });
    expect(notes).toMatchObject([{ outcome: 'failed' }]);
  });

  it('waits as long as upstream asks for when it throttles', async () => {
    upstream.failList = () => upstreamError('throttled', { retryAfterSeconds: 90 });
    expect(await poller.poll(grant, 1)).toMatchObject({ waitMs: 90_000, throttled: true });
    upstream.failList = () => upstreamError('throttled');
    expect(await poller.poll(grant, 1)).toMatchObject({ waitMs: 8_000, throttled: true });
  });
});
