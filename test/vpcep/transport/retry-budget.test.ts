import { expect, test } from 'vitest';
import { RetryBudget } from '../../../src/vpcep/transport/retry.ts';

function spendAll(budget: RetryBudget, now: number): number {
  let retries = 0;
  while (budget.spend(now)) retries++;
  return retries;
}

test('a burst is allowed, then nothing', () => {
  expect(spendAll(new RetryBudget(0), 0)).toBe(20);
});

test('five calls earn one retry', () => {
  const budget = new RetryBudget(0);
  spendAll(budget, 0);
  for (let call = 0; call < 51; call += 1) budget.earn(0);
  expect(spendAll(budget, 0)).toBe(10);
});

test('time earns one retry in two seconds, never more than the capacity', () => {
  const budget = new RetryBudget(0);
  spendAll(budget, 0);
  expect(budget.spend(1_999)).toBe(false);
  expect(budget.spend(2_000)).toBe(true);
  expect(spendAll(budget, 10 ** 9)).toBe(20);
});
