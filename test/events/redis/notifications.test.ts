import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RedisNotifications } from '../../../src/events/redis/notifications.ts';

const ECHO = 'echo-of-this-replica';
const ECHO_MS = 5_000;

/** Both connections in one: what is published is heard only when a test says so. */
class FakeRedis extends EventEmitter {
  readonly status = 'ready';
  reconnects = 0;
  publishing: () => Promise<number> = async () => 1;
  subscribing: () => Promise<unknown> = async () => 1;

  subscribe(): Promise<unknown> {
    return this.subscribing();
  }

  async unsubscribe(): Promise<number> {
    return 0;
  }

  publish(): Promise<number> {
    return this.publishing();
  }

  disconnect(): void {
    this.reconnects++;
  }
}

describe('RedisNotifications', () => {
  let redis: FakeRedis;
  let notifications: RedisNotifications;
  beforeEach(() => {
    vi.useFakeTimers();
    redis = new FakeRedis();
    const connection = redis as unknown as Redis;
    notifications = new RedisNotifications({
      subscriber: connection,
      commands: connection,
      echoChannel: ECHO,
      logger: pino({ level: 'silent' }),
      echoMs: ECHO_MS,
    });
  });
  afterEach(() => {
    notifications.close();
    vi.useRealTimers();
  });

  const beat = () => vi.advanceTimersByTimeAsync(ECHO_MS);
  const hear = () => redis.emit('message', ECHO, 'echo');

  it('tolerates one missing echo, also when echoes come before the answer to their publish', async () => {
    await notifications.listen('notification', () => {});
    redis.publishing = async () => {
      hear();
      return 1;
    };
    await beat();
    redis.publishing = async () => 1;
    await beat();
    await beat();
    expect(redis.reconnects).toBe(0);
    await beat();
    expect(redis.reconnects).toBe(1);
  });

  it('counts no echo that could not be sent', async () => {
    await notifications.listen('notification', () => {});
    redis.publishing = () => Promise.reject(new Error('Command timed out'));
    for (let i = 0; i < 10; i++) await beat();
    expect(redis.reconnects).toBe(0);
  });

  it('ends a half-open connection also while the first listener waits for its answer', async () => {
    redis.subscribing = () => new Promise(() => {});
    void notifications.listen('notification', () => {});
    for (let i = 0; i < 3; i++) await beat();
    expect(redis.reconnects).toBe(1);
  });
});
