import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RedisHealth } from '../../src/redis/redis-health.ts';

let lines: string[];
let health: RedisHealth;
let probe: () => Promise<unknown>;
beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line).msg) });
  probe = () => Promise.resolve();
  health = new RedisHealth({ logger, probe: () => probe() });
});
afterEach(() => {
  health.close();
  vi.useRealTimers();
});

it('takes failures of one part for one outage, however often the probe succeeds meanwhile', async () => {
  for (let i = 0; i < 10; i++) {
    health.failed(new Error('CLUSTERDOWN'));
    await vi.advanceTimersByTimeAsync(2_400);
    expect(health.available).toBe(false);
  }
  await vi.advanceTimersByTimeAsync(3_000);
  expect(health.available).toBe(true);
  expect(lines).toEqual([expect.stringMatching(/^Redis is unavailable/), 'Redis is available again']);
});

it('is unavailable for as long as no write succeeds', async () => {
  probe = () => Promise.reject(new Error('OOM'));
  health.failed(new Error('OOM'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(health.available).toBe(false);
  probe = () => Promise.resolve();
  await vi.advanceTimersByTimeAsync(6_000);
  expect(health.available).toBe(true);
});

it('says nothing of connections that are closed on purpose', async () => {
  health.close();
  health.failed(new Error('the connection was closed'));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(lines).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
