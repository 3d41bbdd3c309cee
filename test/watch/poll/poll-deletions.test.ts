import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Interest } from '../../../src/events/event-log.ts';
import { type PollResult, poll } from '../../../src/watch/poll/poll.ts';
import { PollMemory } from '../../../src/watch/poll/poll-memory.ts';
import { endpointsIn } from '../../../src/watch/resources/watched-endpoints.ts';
import { answer, FakeUpstream, upstreamError } from '../../support/fake-upstream.ts';

describe('poll: deletions', () => {
  let upstream: FakeUpstream;
  let memory: PollMemory;
  let now: number;
  beforeEach(() => {
    upstream = new FakeUpstream();
    memory = new PollMemory();
    now = 0;
  });

  const look = (interest: Interest = 'all'): Promise<PollResult> => {
    upstream.gets.length = 0;
    const { signal } = new AbortController();
    return poll(
      { reads: upstream.reads, set: endpointsIn('p'), interest, asOf: 7, signal, nowMs: () => now, onAnswer: () => {} },
      memory,
    );
  };
  const rows = ({ commits }: PollResult) =>
    commits.flatMap((commit) => commit.observations.map(({ id, status }) => `${id} ${status}`));
  const gone = ['e0 deleted'];

  it('need two 404s at least a second apart, after the list did not show the endpoint', async () => {
    upstream.set(answer('e0', 'accepted'), answer('e1', 'accepted'));
    await look();
    upstream.endpoints.delete('e0');
    memory.suspects.set('e0', null);
    now += 10_000;
    expect(rows(await look())).not.toContain('e0 deleted');
    now += 999;
    expect(rows(await look())).not.toContain('e0 deleted');
    now += 1;
    expect(rows(await look())).toContain('e0 deleted');
    expect(memory.suspects.size).toBe(0);
  });

  it('need five seconds where an endpoint is new, because a replica of upstream may lag behind', async () => {
    for (const firstSeen of [false, true]) {
      memory = new PollMemory();
      upstream.endpoints.clear();
      if (firstSeen) {
        upstream.set(answer('e0', 'creating'));
        await look(['e0']);
        upstream.endpoints.clear();
      }
      now += 9_000;
      await look(['e0']);
      now += 4_999;
      expect(rows(await look(['e0']))).toEqual([]);
      now += 1;
      expect(rows(await look(['e0']))).toEqual(gone);
    }
  });

  it('need one second where the endpoint was being deleted, new or not', async () => {
    upstream.set(answer('e0', 'deleting'));
    await look(['e0']);
    upstream.endpoints.clear();
    await look(['e0']);
    now += 1_000;
    expect(rows(await look(['e0']))).toEqual(gone);
  });

  it('need the second read to begin long enough after the first has ended', async () => {
    upstream.set(answer('e0', 'accepted'));
    await look(['e0']);
    upstream.endpoints.clear();
    now += 10_000;
    await look(['e0']);
    now += 500;
    upstream.failGet = () => {
      now += 5_000;
    };
    expect(rows(await look(['e0']))).toEqual([]);
    expect(rows(await look(['e0']))).toEqual(gone);
  });

  it('are no first sight of an endpoint that comes into being: that is a transition, baseline or not', async () => {
    await look(['e0']);
    upstream.set(answer('e0', 'creating'));
    expect((await look(['e0'])).commits).toMatchObject([{ firstSight: 'transition' }]);
    expect((await look(['e0'])).commits).toMatchObject([{ firstSight: 'afterBaseline' }]);
  });

  it('never come from anything but 404s', async () => {
    const kinds = [
      'ok',
      'not_found',
      'auth',
      'forbidden',
      'throttled',
      'unavailable',
      'internal',
      'timeout',
      'connection',
      'malformed',
    ] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(3_000)), { maxLength: 30 }),
        async (answers) => {
          memory = new PollMemory();
          now = 0;
          upstream.failGet = () => undefined;
          upstream.set(answer('e0', 'accepted'));
          await look(['e0']);
          now = 10_000;
          let missingSince: number | null = null;
          let deleted = false;
          for (const [kind, pause] of answers) {
            now += pause;
            upstream.failGet = () => (kind === 'ok' ? undefined : upstreamError(kind));
            upstream.set(answer('e0', 'accepted'));
            const told = rows(await look(['e0'])).includes('e0 deleted');
            if (kind === 'ok') {
              missingSince = null;
              deleted = false;
            } else if (kind === 'not_found') {
              deleted ||= missingSince !== null && now - missingSince >= 1_000;
              missingSince ??= now;
            }
            expect(told).toBe(kind === 'not_found' && deleted);
          }
        },
      ),
    );
  });

  it('are asked for ten at a time, and one that cannot be read lets the others go first', async () => {
    await look();
    for (let i = 0; i < 25; i++) memory.suspects.set(`e${i}`, null);
    upstream.failGet = (id) => (Number(id.slice(1)) < 10 ? upstreamError('internal') : undefined);
    const first = await look();
    expect(first.failure).toMatchObject({ kind: 'internal' });
    expect(upstream.gets).toHaveLength(10);
    await look();
    expect(upstream.gets).toEqual(Array.from({ length: 10 }, (_, i) => `e${i + 10}`));
  });

  it('are asked for once a minute of an endpoint that may not be read, which is no failure of the poll', async () => {
    await look();
    memory.suspect(['e0'], now);
    upstream.failGet = () => upstreamError('forbidden');
    expect((await look()).failure).toBeUndefined();
    now += 59_999;
    memory.suspect(['e0'], now);
    await look();
    expect(upstream.gets).toEqual([]);
    now += 1;
    memory.suspect(['e0'], now);
    await look();
    expect(upstream.gets).toEqual(['e0']);
  });

  it('leave no suspicion behind for endpoints that are not wanted any more', async () => {
    await look(['e0']);
    expect(memory.suspects.get('e0')).toBe(0);
    upstream.set(answer('e1', 'accepted'));
    await look(['e1']);
    expect(memory.suspects.size).toBe(0);
  });
});
