import { expect, test } from 'vitest';
import { UpstreamHosts } from '../../../src/vpcep/transport/hosts.ts';
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

test('a host counts the retries of the last 1,000 projects', async () => {
  const hosts = new UpstreamHosts({});
  const host = hosts.get('http://127.0.0.1:1');
  while (host.payForRetry('first', 0));
  for (let i = 1; i < 1_000; i++) host.countCall(`p${i}`, 0);
  expect(host.payForRetry('first', 0)).toBe(false);
  for (let i = 0; i < 1_000; i++) host.countCall(`q${i}`, 0);
  expect(host.payForRetry('first', 0)).toBe(true);
  await hosts.close();
});
