import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { judgeServer, RedisHealth } from '../../src/redis/redis-health.ts';

describe('the health of Redis', () => {
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

  it('ignores connections that are closed on purpose', async () => {
    health.close();
    health.failed(new Error('the connection was closed'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lines).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

const info = (version: string, policy = 'noeviction', cluster = 0) =>
  `# Server\r\nredis_version:${version}\r\nmaxmemory_policy:${policy}\r\ncluster_enabled:${cluster}\r\n`;

describe('the check of a server at the start', () => {
  it.each([
    ['6.2.0', false],
    ['7.0.15', false],
    ['10.1.0', false],
    ['6.2.0', true],
    ['8.2.1', true],
  ])('accepts %s (cluster: %s)', (version, isCluster) => {
    expect(judgeServer(info(version, 'noeviction', isCluster ? 1 : 0), isCluster)).toEqual([]);
  });

  it.each([
    ['6.0.16', false, /6\.0\.16 is too old: 6\.2/],
    ['5.0.7', false, /too old/],
    ['6.0.16', true, /too old/],
  ])('warns of %s (cluster: %s)', (version, isCluster, warning) => {
    expect(judgeServer(info(version), isCluster)).toEqual([expect.stringMatching(warning)]);
  });

  it('warns of a policy that may drop keys', () => {
    expect(judgeServer(info('7.0.0', 'allkeys-lru'), false)).toEqual([
      expect.stringMatching(/allkeys-lru.*noeviction/),
    ]);
  });

  it('gives no warning about missing fields', () => {
    expect(judgeServer('# Server\r\n', false)).toEqual([]);
  });

  it('refuses a node of a Cluster that is not named as one', () => {
    expect(() => judgeServer(info('7.0.0', 'noeviction', 1), false)).toThrow(/comma/);
  });
});
