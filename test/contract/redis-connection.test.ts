import { once } from 'node:events';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectRedis, type RedisConnections } from '../../src/redis.ts';
import { redisTarget } from '../support/redis-target.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';

describe('the connections to Redis', () => {
  let server: RedisServer;
  let redis: RedisConnections;
  beforeEach(async () => {
    server = await startRedis();
    redis = await connectRedis({
      target: redisTarget(server.url),
      logger: pino({ level: 'silent' }),
      commandTimeoutMs: 200,
    });
  });
  afterEach(async () => {
    await redis.close();
    await server.stop();
  });

  it.each(['set', 'script'])('are made anew when a failover has left them at a replica: %s', async (how) => {
    const operator = new Redis(server.url);
    await operator.replicaof('127.0.0.1', '1');
    const closed = once(redis.commands, 'close');
    const write =
      how === 'set' ? redis.commands.set('k', 'v') : redis.commands.eval("return redis.call('SET', 'k', 'v')", 0);
    await expect(write).rejects.toThrow(/READONLY/);
    await closed;
    await operator.replicaof('NO', 'ONE');
    operator.disconnect();
    await once(redis.commands, 'ready');
    expect(await redis.commands.set('k', 'v')).toBe('OK');
  });

  it('are given up when nothing is answered any more, although TCP has not noticed', async () => {
    // Not `once` of node:events, which takes the error before the close for a failure of its own.
    const closed = new Promise<void>((resolve) => redis.commands.once('close', () => resolve()));
    server.pause();
    await expect(redis.commands.ping()).rejects.toThrow(/timed out/);
    await closed;
    server.resume();
    await once(redis.commands, 'ready');
    expect(await redis.commands.ping()).toBe('PONG');
  });
});
