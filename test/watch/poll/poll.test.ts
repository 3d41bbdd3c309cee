import { beforeEach, describe, expect, it } from 'vitest';
import type { Interest } from '../../../src/events/event-log.ts';
import { type PollResult, poll } from '../../../src/watch/poll/poll.ts';
import { PollMemory } from '../../../src/watch/poll/poll-memory.ts';
import { endpointsIn } from '../../../src/watch/resources/watched-endpoints.ts';
import { answer, FakeUpstream, upstreamError } from '../../support/fake-upstream.ts';

describe('poll', () => {
  let upstream: FakeUpstream;
  let memory: PollMemory;
  let now: number;
  beforeEach(() => {
    upstream = new FakeUpstream();
    memory = new PollMemory();
    now = 0;
  });

  const look = (interest: Interest = 'all'): Promise<PollResult> => {
    upstream.lists.length = 0;
    upstream.gets.length = 0;
    const { signal } = new AbortController();
    return poll(
      { reads: upstream.reads, set: endpointsIn('p'), interest, asOf: 7, signal, nowMs: () => now, onAnswer: () => {} },
      memory,
    );
  };
  const rows = ({ commits }: PollResult) =>
    commits.flatMap((commit) => commit.observations.map(({ id, status }) => `${id} ${status}`));
  const fill = (count: number, status = 'creating') =>
    upstream.set(...Array.from({ length: count }, (_, i) => answer(`e${i}`, status)));

  it('reads up to three endpoints one by one', async () => {
    fill(5);
    const result = await look(['e0', 'e1']);
    expect(upstream.gets.toSorted()).toEqual(['e0', 'e1']);
    expect(upstream.lists).toEqual([]);
    expect(result.commits).toMatchObject([{ source: 'read', asOf: 7, firstSight: 'afterBaseline' }]);
  });

  it('reads every page on every poll, in creation order, whatever `updated_at` says', async () => {
    fill(2_500);
    expect((await look()).commits.map((commit) => commit.sweep)).toEqual([false, false, true]);
    upstream.set(answer('e7', 'accepted'));
    const result = await look();
    expect(rows(result)).toContain('e7 accepted');
    expect(new Set(rows(result)).size).toBe(2_500);
    expect(upstream.lists).toEqual(
      [0, 1_000, 2_000].map((offset) => ({ limit: 1_000, offset, sortKey: 'create_at', sortDir: 'asc' })),
    );
  });

  it('reads every page, also where upstream gives fewer rows than asked for', async () => {
    fill(2_500);
    upstream.pageSize = 500;
    const result = await look();
    expect(new Set(rows(result)).size).toBe(2_500);
    expect(result.commits.map((commit) => commit.sweep)).toEqual([false, false, false, false, true]);
  });

  it('ends where upstream ignores the offset', async () => {
    fill(1_000);
    upstream.extra = 5_000;
    upstream.ignoreOffset = true;
    expect((await look()).commits.at(-1)?.sweep).toBe(true);
    expect(upstream.lists).toHaveLength(2);
  });

  it('ends where upstream counts more than it shows', async () => {
    fill(3);
    upstream.extra = 2;
    expect((await look()).commits.at(-1)?.sweep).toBe(true);
  });

  it('commits nothing of an incomplete list', async () => {
    fill(1_500);
    upstream.failList = () => (upstream.lists.length === 2 ? upstreamError('unavailable') : undefined);
    const broken = await look();
    expect(broken.commits).toEqual([]);
    expect(broken.failure).toMatchObject({ kind: 'unavailable' });
  });

  it('drops a suspicion when a list shows the endpoint', async () => {
    upstream.set(answer('e0', 'accepted'));
    memory.suspects.set('e0', 0);
    await look();
    expect(upstream.gets).toEqual([]);
    expect(memory.suspects.size).toBe(0);
  });

  it('remembers what a list shows, not what has ever been there', async () => {
    fill(20);
    await look();
    for (let i = 0; i < 15; i++) upstream.endpoints.delete(`e${i}`);
    await look();
    // What is missing is looked for after the commit.
    expect(memory.statuses.size).toBe(20);
    await look();
    expect(memory.statuses.size).toBe(5);
    expect(memory.firstSeen.size).toBe(5);
  });
});
