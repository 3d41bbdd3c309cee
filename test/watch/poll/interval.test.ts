import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_WAIT_MS } from '../../../src/events/retention.ts';
import { type IntervalInput, isOverslept, nextWait, requestTime, sleepMs } from '../../../src/watch/poll/interval.ts';

const calm: IntervalInput = {
  mode: 'list',
  sinceExcitedMs: 30_000,
  previousMs: 0,
  onlyWaiting: false,
  changing: false,
  confirming: false,
  random: 0.5,
};
const input: fc.Arbitrary<IntervalInput> = fc.record({
  mode: fc.constantFrom('single', 'list'),
  sinceExcitedMs: fc.nat(600_000),
  previousMs: fc.nat(60_000),
  onlyWaiting: fc.boolean(),
  changing: fc.boolean(),
  confirming: fc.boolean(),
  random: fc.double({ min: 0, max: 1, noNaN: true }),
});
/** The waits of a project in which nothing happens any more. */
function settling(over: Partial<IntervalInput>, rounds: number): number[] {
  const waits: number[] = [];
  let previousMs = 0;
  for (let i = 0; i < rounds; i++) {
    const { baseMs, waitMs } = nextWait({ ...calm, previousMs, ...over });
    waits.push(waitMs);
    previousMs = baseMs;
  }
  return waits;
}

describe('the poll interval', () => {
  it.each([
    ['single', 1_000],
    ['list', 2_000],
  ] as const)('is quick for 30 s after a wake-up or transition: %s', (mode, quick) => {
    expect(nextWait({ ...calm, mode, sinceExcitedMs: 29_999, previousMs: 15_000 }).waitMs).toBe(quick);
    expect(nextWait({ ...calm, mode, sinceExcitedMs: 30_000, previousMs: quick }).waitMs).toBe(quick * 1.5);
  });

  it('slows down by half each time, to 15 s', () => {
    expect(settling({}, 8)).toEqual([3_000, 4_500, 6_750, 10_125, 15_000, 15_000, 15_000, 15_000]);
  });

  it('slows down to 5 s only while something is being created or deleted, unless it is stuck', () => {
    expect(settling({ changing: true }, 4)).toEqual([3_000, 4_500, 5_000, 5_000]);
    expect(settling({ changing: true, sinceExcitedMs: 300_000 }, 8).at(-1)).toBe(15_000);
  });

  it('slows down to 60 s when all that is left waits for a person', () => {
    expect(settling({ onlyWaiting: true }, 12).at(-1)).toBe(60_000);
  });

  it('is quick while a 404 waits for its confirmation, but never below the second between the two', () => {
    for (const random of [0, 0.5, 1]) {
      const { waitMs } = nextWait({ ...calm, mode: 'single', previousMs: 15_000, confirming: true, random });
      expect(waitMs).toBeGreaterThanOrEqual(1_000);
      expect(waitMs).toBeLessThanOrEqual(1_100);
    }
  });

  it('backs off by doubling, to 60 s, also while excited, and comes back at once', () => {
    expect(settling({ mode: 'single', sinceExcitedMs: 0, failure: {} }, 8)).toEqual([
      2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000,
    ]);
    expect(nextWait({ ...calm, sinceExcitedMs: 0, previousMs: 60_000 }).waitMs).toBe(2_000);
  });

  it('waits at least as long as upstream asked for', () => {
    const failure = { retryAfterMs: 120_000 };
    expect(nextWait({ ...calm, failure, random: 0 }).waitMs).toBe(120_000);
  });

  it('stays within 10 % of its base, never below its quickest and never above its caps', () => {
    fc.assert(
      fc.property(input, (one) => {
        const { baseMs, waitMs } = nextWait(one);
        const quick = one.mode === 'single' ? 1_000 : 2_000;
        const cap = one.onlyWaiting ? 60_000 : 15_000;
        expect(baseMs).toBeGreaterThanOrEqual(quick);
        expect(baseMs).toBeLessThanOrEqual(cap);
        expect(Math.abs(waitMs - baseMs)).toBeLessThanOrEqual(baseMs * 0.1 + 1);
      }),
    );
  });
});

/** How fast the log's clock goes by ours. */
const rate = fc.double({ min: 0.999, max: 1.001, noNaN: true });

describe('a reservation', () => {
  it('begins no poll before it is due for the log, whichever clock is slower', () => {
    fc.assert(
      fc.property(fc.nat(MAX_WAIT_MS), rate, (afterMs, speed) => {
        expect(sleepMs(afterMs) * speed).toBeGreaterThanOrEqual(afterMs);
        expect(sleepMs(afterMs) - afterMs).toBeLessThanOrEqual(2 + afterMs / 1000);
      }),
    );
  });

  it('gives an observation a time that the log has reached, and not much earlier', () => {
    fc.assert(
      fc.property(fc.nat(MAX_WAIT_MS), fc.nat(5_000), rate, (elapsedMs, transitMs, speed) => {
        const asOf = 1_800_000_000_000_000;
        const there = asOf + (transitMs + elapsedMs * speed) * 1000;
        expect(requestTime(asOf, elapsedMs)).toBeLessThanOrEqual(there);
        expect(requestTime(asOf, elapsedMs)).toBeGreaterThanOrEqual(asOf + elapsedMs * 999 - 1);
      }),
    );
    expect(requestTime(7, -1)).toBe(7);
  });

  it('is given up after a sleep that was much too long', () => {
    expect(isOverslept(1_000, 1_002)).toBe(false);
    expect(isOverslept(1_000, 20_000)).toBe(true);
  });
});
