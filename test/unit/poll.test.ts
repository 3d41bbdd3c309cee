import { beforeEach, describe, expect, it } from 'vitest';
import type { Interest } from '../../src/events/event-log.ts';
import { poll, retryAfterMs } from '../../src/watch/poll.ts';
import { newPollMemory, type PollMemory } from '../../src/watch/poll-memory.ts';
import type { PollResult } from '../../src/watch/poll-types.ts';
import { answer, FakeUpstream, upstreamError } from '../support/fake-upstream.ts';

describe('poll', () => {
  let upstream: FakeUpstream;
  let memory: PollMemory;
  let now: number;
  beforeEach(() => {
    upstream = new FakeUpstream();
    memory = newPollMemory();
    now = 0;
  });

  const look = (interest: Interest = 'project'): Promise<PollResult> => {
    upstream.lists.length = 0;
    upstream.gets.length = 0;
    const { signal } = new AbortController();
    return poll({ upstream, projectId: 'p', interest, asOf: 7, signal, nowMs: () => now, onAnswer: () => {} }, memory);
  };
  const rows = ({ commits }: PollResult) =>
    commits.flatMap((commit) => commit.observations.map(({ endpointId, status }) => `${endpointId} ${status}`));
  const fill = (count: number, status = 'creating') =>
    upstream.set(...Array.from({ length: count }, (_, i) => answer(`e${i}`, status, 1_000 + i)));

  it('reads up to three endpoints one by one', async () => {
    fill(5);
    const result = await look(['e0', 'e1']);
    expect(result.mode).toBe('single');
    expect(upstream.gets.toSorted()).toEqual(['e0', 'e1']);
    expect(upstream.lists).toEqual([]);
    expect(result.commits).toMatchObject([{ source: 'read', asOf: 7, firstSight: 'afterBaseline' }]);
  });

  it('follows 1,000 pending endpoints with one call for each tick', async () => {
    fill(1_000);
    await look();
    let calls = 0;
    for (let tick = 1; tick < 30; tick++) {
      now += 2_000;
      upstream.set(answer(`e${tick}`, 'accepted', 5_000 + tick * 2));
      expect(rows(await look())).toContain(`e${tick} accepted`);
      calls += upstream.lists.length + upstream.gets.length;
    }
    expect(calls).toBe(29);
  });

  it('reads pages until it comes to what it has read before', async () => {
    fill(500);
    await look();
    now += 2_000;
    for (let i = 0; i < 250; i++) upstream.set(answer(`e${i}`, 'accepted', 9_000));
    expect(rows(await look()).filter((row) => row.endsWith('accepted'))).toHaveLength(250);
    // One short page, which is not enough, then a full one from the top; and while so much moves, the full one at once.
    expect(upstream.lists.map(({ limit, offset }) => [limit, offset])).toEqual([
      [100, 0],
      [1_000, 0],
    ]);
    for (let i = 0; i < 150; i++) upstream.set(answer(`e${i}`, 'failed', 9_010));
    now += 10_000;
    await look();
    expect(upstream.lists.map(({ limit }) => limit)).toEqual([1_000]);
    upstream.set(answer('e1', 'accepted', 9_020));
    for (let tick = 0; tick < 3; tick++) {
      now += 10_000;
      await look();
    }
    expect(upstream.lists.map(({ limit }) => limit)).toEqual([100]);
  });

  it('reads a burst again only until it can be sure that all of it has been shown', async () => {
    fill(1_500);
    await look();
    now += 2_000;
    for (let i = 0; i < 1_500; i++) upstream.set(answer(`e${i}`, 'accepted', 9_000));
    expect(rows(await look()).filter((row) => row.endsWith('accepted'))).toHaveLength(1_500);
    // Some of the same second are shown late, and upstream's clock is ours by chance only.
    for (let i = 0; i < 1_500; i += 100) upstream.set(answer(`e${i}`, 'failed', 9_000));
    now += 2_000;
    expect(rows(await look()).filter((row) => row.endsWith('failed'))).toHaveLength(15);
    now += 4_000;
    await look();
    now += 2_000;
    await look();
    expect(upstream.lists).toHaveLength(1);
  });

  it('misses nothing when endpoints are deleted between two pages of changes', async () => {
    fill(2_500);
    await look();
    now += 2_000;
    for (let i = 0; i < 2_500; i++) upstream.set(answer(`e${i}`, 'accepted', 9_000));
    memory.manyChanges = true;
    upstream.failList = () => {
      if (upstream.lists.length === 2) for (let i = 0; i < 50; i++) upstream.endpoints.delete(`e${i}`);
    };
    await look();
    upstream.failList = () => undefined;
    now += 2_000;
    const { swept, hiddenMoves } = await look();
    expect({ swept, hiddenMoves }).toEqual({ swept: true, hiddenMoves: [] });
    expect(memory.statuses.size).toBe(2_450);
  });

  it('ends where upstream ignores the offset', async () => {
    fill(1_000);
    upstream.extra = 5_000;
    upstream.ignoreOffset = true;
    expect((await look()).swept).toBe(true);
    expect(upstream.lists).toHaveLength(2);
  });

  it('sweeps every page, also where upstream gives fewer rows than asked for', async () => {
    fill(2_500);
    expect((await look()).commits.map((commit) => commit.sweep)).toEqual([false, false, true]);
    memory = newPollMemory();
    upstream.pageSize = 500;
    const result = await look();
    expect(new Set(rows(result)).size).toBe(2_500);
    expect(result.commits.map((commit) => commit.sweep)).toEqual([false, false, false, false, true]);
  });

  it('ends a sweep where upstream counts more than it shows', async () => {
    fill(3);
    upstream.extra = 2;
    const result = await look();
    expect(result.commits.at(-1)?.sweep).toBe(true);
    expect(result.total).toBe(5);
  });

  it('commits nothing of a list that broke off, and starts over with a sweep', async () => {
    fill(1_500);
    upstream.failList = () => (upstream.lists.length === 2 ? upstreamError('unavailable') : undefined);
    const broken = await look();
    expect(broken.commits).toEqual([]);
    expect(broken.failure).toMatchObject({ kind: 'unavailable' });
    upstream.failList = () => undefined;
    expect((await look()).swept).toBe(true);
  });

  describe('trust in updated_at', () => {
    it('ends when a sweep shows a change that an increment should have shown', async () => {
      fill(10);
      await look();
      upstream.set(answer('e0', 'accepted', 1_000));
      now += 60_000;
      expect((await look()).hiddenMoves).toEqual(['e0']);
    });

    it('ends when rows come without one: increments could not tell where to stop', async () => {
      upstream.set(answer('e0', 'creating', null));
      expect((await look()).hiddenMoves).toEqual(['e0']);
    });

    it('is not lost over what changed while endpoints were read one by one', async () => {
      fill(10);
      await look();
      now += 10_000;
      upstream.set(answer('e1', 'accepted', 2_000), answer('e2', 'accepted', 9_000));
      await look(['e2']);
      now += 60_000;
      const result = await look();
      expect(result.hiddenMoves).toEqual([]);
      expect(rows(result)).toContain('e1 accepted');
    });

    it('is not lost over what changed while the pages of a sweep were read', async () => {
      fill(1_500);
      upstream.failList = () => {
        if (upstream.lists.length !== 2) return undefined;
        // Behind the sweep's back: the first page has been read, and the second one shows a hundred newer changes.
        now += 12_000;
        upstream.set(answer('e1', 'accepted', 10_000), answer('e1200', 'accepted', 10_005));
        for (let i = 1_201; i < 1_300; i++) upstream.set(answer(`e${i}`, 'accepted', 10_010));
        return undefined;
      };
      await look();
      upstream.failList = () => undefined;
      now += 2_000;
      expect(rows(await look())).toContain('e1 accepted');
      now += 60_000;
      expect((await look()).hiddenMoves).toEqual([]);
    });
  });

  it('remembers what a sweep shows, not what has ever been there', async () => {
    fill(20);
    await look();
    for (let i = 0; i < 15; i++) upstream.endpoints.delete(`e${i}`);
    now += 60_000;
    await look();
    expect(memory.statuses.size).toBe(5);
  });

  it('passes on what upstream asks for when it throttles', () => {
    expect(retryAfterMs(upstreamError('throttled', { retryAfterSeconds: 7 }))).toBe(7_000);
    expect(retryAfterMs(upstreamError('throttled'))).toBeUndefined();
    expect(retryAfterMs(new Error('x'))).toBeUndefined();
  });
});
