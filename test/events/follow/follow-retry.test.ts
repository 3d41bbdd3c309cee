import { expect, it } from 'vitest';
import { retryMs } from '../../../src/events/follow/follower.ts';

it('tries again after a second first, and each 15 s in the end, never all in one moment', () => {
  const attempts = Array.from({ length: 7 }, (_, i) => i);
  expect(attempts.map((n) => retryMs(n, 0.5))).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  expect([retryMs(1, 0), retryMs(1, 1)]).toEqual([1_500, 2_500]);
  expect(retryMs(10_000, 0.5)).toBe(15_000);
});
