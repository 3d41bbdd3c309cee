import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LeaseRequest } from '../../../src/events/event-log.ts';
import { endPoll, noLease, renewPoll, takeLease } from '../../../src/events/memory/lease.ts';
import { LEASE_MS, MAX_WAIT_MS } from '../../../src/events/retention.ts';

const MS = 1_000;
const REPLICAS = ['a', 'b', 'c'];
interface Step {
  readonly replica: string;
  readonly verb: 'lease' | 'wake' | 'leave' | 'done' | 'renew';
  readonly waitMs: number;
  readonly passMs: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  replica: fc.constantFrom(...REPLICAS),
  verb: fc.constantFrom('lease', 'lease', 'wake', 'leave', 'done', 'done', 'renew'),
  waitMs: fc.nat(MAX_WAIT_MS * 2),
  passMs: fc.oneof(fc.nat(2_000), fc.nat(60_000)),
});

describe('lease', () => {
  const ask = (replica: string, over: Partial<LeaseRequest> = {}): LeaseRequest => ({
    replica,
    interest: ['e1'],
    ...over,
  });

  it('never has two valid tickets at once, never the same one twice, and no endless wait', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const lease = noLease();
        const granted: number[] = [];
        const held = new Map<string, number>();
        let now = 1_800_000_000_000_000;
        for (const { replica, verb, waitMs, passMs } of steps) {
          now += passMs * MS;
          const ticket = held.get(replica) ?? -1;
          const isNewest = ticket === granted.at(-1);
          if (verb === 'renew') {
            if (renewPoll(lease, ticket, now)) expect(isNewest).toBe(true);
            continue;
          }
          if (verb === 'done') {
            if (endPoll(lease, { ticket, waitMs, commits: [] }, now) !== null) expect(isNewest).toBe(true);
            expect(endPoll(lease, { ticket, waitMs, commits: [] }, now)).toBeNull();
          }
          const interest = verb === 'leave' ? null : ['e1'];
          const { next } = takeLease(lease, { replica, interest, wake: verb === 'wake' }, now);
          if (next.kind === 'poll') {
            expect(next.ticket).toBeGreaterThan(granted.at(-1) ?? 0);
            granted.push(next.ticket);
            held.set(replica, next.ticket);
          } else if (next.kind === 'wait') {
            expect(next.waitMs).toBeGreaterThan(0);
            expect(next.waitMs).toBeLessThanOrEqual(MAX_WAIT_MS + LEASE_MS);
          } else {
            expect(interest).toBeNull();
          }
        }
      }),
    );
  });

  it('loses no wake-up: one during a poll causes another poll right after it', () => {
    const lease = noLease();
    const first = takeLease(lease, ask('a'), 10_000 * MS);
    if (first.next.kind !== 'poll') expect.fail('no poll');
    expect(takeLease(lease, ask('b', { wake: true }), 10_100 * MS).next.kind).toBe('wait');
    expect(endPoll(lease, { ticket: first.next.ticket, waitMs: 60_000, commits: [] }, 10_200 * MS)).toEqual({
      woken: true,
    });
    expect(takeLease(lease, ask('a'), 10_200 * MS).next.kind).toBe('poll');
  });

  it('ends with the last interest, together with the poll in flight', () => {
    const lease = noLease();
    const first = takeLease(lease, ask('a'), 10_000 * MS);
    if (first.next.kind !== 'poll') expect.fail('no poll');
    expect(takeLease(lease, ask('a', { interest: null }), 10_100 * MS).next.kind).toBe('idle');
    expect(endPoll(lease, { ticket: first.next.ticket, waitMs: 0, commits: [] }, 10_200 * MS)).toBeNull();
  });
});
