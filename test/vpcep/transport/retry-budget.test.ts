import fc from 'fast-check';
import { expect, test } from 'vitest';
import { earn, fullBudget, type RetryBudget, spend } from '../../../src/vpcep/transport/retry.ts';

function spendAll(start: RetryBudget, nowMs: number): { readonly retries: number; readonly left: RetryBudget } {
  let left = start;
  for (let retries = 0; ; retries += 1) {
    const next = spend(left, nowMs);
    if (next === undefined) return { retries, left };
    left = next;
  }
}

test('a burst is allowed, then nothing', () => {
  expect(spendAll(fullBudget(0), 0).retries).toBe(20);
});

test('five calls earn one retry', () => {
  let { left } = spendAll(fullBudget(0), 0);
  for (let call = 0; call < 50; call += 1) left = earn(left, 0);
  // 50 × 0.2 in floating point falls a hair short of 10.
  expect(spendAll(left, 0).retries).toBeGreaterThanOrEqual(9);
  expect(spendAll(left, 0).retries).toBeLessThanOrEqual(10);
});

test('time earns one retry in two seconds, never more than the capacity', () => {
  const { left } = spendAll(fullBudget(0), 0);
  expect(spend(left, 1_999)).toBeUndefined();
  expect(spend(left, 2_000)).toBeDefined();
  expect(spendAll(left, 10 ** 9).retries).toBe(20);
});

test('a clock that goes back takes nothing away', () => {
  fc.assert(
    fc.property(fc.nat(10_000), (back) => {
      expect(earn(fullBudget(10_000), 10_000 - back).tokens).toBe(20);
    }),
  );
});
