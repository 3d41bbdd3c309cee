import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_WAIT_MS } from '../../../src/events/limits.ts';
import { isOverslept, requestTime, sleepMs } from '../../../src/watch/poll/interval.ts';

/** How fast the log's clock goes by ours. */
const rate = fc.double({ min: 0.999, max: 1.001, noNaN: true });

describe('reservation', () => {
  it('begins no poll before the log thinks it due, whichever clock is the slower one', () => {
    fc.assert(
      fc.property(fc.nat(MAX_WAIT_MS), rate, (afterMs, pace) => {
        expect(sleepMs(afterMs) * pace).toBeGreaterThanOrEqual(afterMs);
        expect(sleepMs(afterMs) - afterMs).toBeLessThanOrEqual(2 + afterMs / 1000);
      }),
    );
  });

  it('gives an observation a time that the log has reached, and not much less', () => {
    fc.assert(
      fc.property(fc.nat(MAX_WAIT_MS), fc.nat(5_000), rate, (elapsedMs, transitMs, pace) => {
        const asOf = 1_800_000_000_000_000;
        const there = asOf + (transitMs + elapsedMs * pace) * 1000;
        expect(requestTime(asOf, elapsedMs)).toBeLessThanOrEqual(there);
        expect(requestTime(asOf, elapsedMs)).toBeGreaterThanOrEqual(asOf + elapsedMs * 999 - 1);
      }),
    );
    expect(requestTime(7, -1)).toBe(7);
  });

  it('is given up by who comes much too late', () => {
    expect(isOverslept(1_000, 1_002)).toBe(false);
    expect(isOverslept(1_000, 20_000)).toBe(true);
  });
});
