import { once } from 'node:events';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { connectRedis, type RedisConnections } from '../../src/redis/connect.ts';
import { redisTarget } from '../support/redis-target.ts';
import { freePort, type RedisServer, startRedis } from '../support/start-redis.ts';
import { until } from '../support/until.ts';

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

  it('are given up when answers stop, although TCP has not noticed', async () => {
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

describe('the start', () => {
  it('warns of servers that may drop parts of the log', async () => {
    const server = await startRedis(['--maxmemory-policy', 'allkeys-lru']);
    onTestFinished(() => server.stop());
    const lines: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    const redis = await connectRedis({ target: redisTarget(server.url), logger });
    await redis.close();
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([expect.stringMatching(/allkeys-lru/)]);
  });

  it('refuses a node of a Cluster that is not named as one, and takes it when it is', async () => {
    const server = await startLoneNode();
    const logger = pino({ level: 'silent' });
    await expect(connectRedis({ target: redisTarget(server.url), logger })).rejects.toThrow(/node of a Redis Cluster/);
    const redis = await connectRedis({ target: redisTarget(`${server.url},`), logger });
    expect(await redis.commands.set('k', 'v')).toBe('OK');
    await redis.close();
  });

  it('reconnects to a read-only server at each check, because its name may lead to another one', async () => {
    const server = await startRedis(['--replicaof', '127.0.0.1', '1']);
    onTestFinished(() => server.stop());
    const redis = await connectRedis({ target: redisTarget(server.url), logger: pino({ level: 'silent' }) });
    onTestFinished(() => redis.close());
    for (let i = 0; i < 2; i++) {
      const closed = once(redis.commands, 'close');
      expect(await redis.writeCheck()).toMatch(/replica/);
      await closed;
      await once(redis.commands, 'ready');
    }
    const operator = new Redis(server.url);
    await operator.replicaof('NO', 'ONE');
    operator.disconnect();
    expect(await redis.writeCheck()).toBeNull();
  });

  it('accepts a replica that takes writes', async () => {
    const server = await startRedis(['--replicaof', '127.0.0.1', '1', '--replica-read-only', 'no']);
    onTestFinished(() => server.stop());
    const redis = await connectRedis({ target: redisTarget(server.url), logger: pino({ level: 'silent' }) });
    onTestFinished(() => redis.close());
    expect(await redis.writeCheck()).toBeNull();
  });

  it('an unavailable Cluster fails commands at once, queues none, and is found again', async () => {
    const server = await startLoneNode();
    const redis = await connectRedis({ target: redisTarget(`${server.url},`), logger: pino({ level: 'silent' }) });
    onTestFinished(() => redis.close());
    await server.kill();
    await until(async () => redis.commands.status !== 'ready', 'the loss is noticed');
    for (let i = 0; i < 3; i++) await expect(redis.commands.set('lost', 'v')).rejects.toThrow();
    await server.restartEmpty();
    await until(async () => (await redis.commands.set('k', 'v')) === 'OK', 'the cluster is found again');
    expect(await redis.commands.get('lost')).toBeNull();
  });

  it('reports the failure without the password', async () => {
    const server = await startRedis(['--requirepass', 'hunter2']);
    onTestFinished(() => server.stop());
    const url = server.url.replace('://', '://:hunter3@');
    const options = { target: redisTarget(url), logger: pino({ level: 'silent' }), connectTimeoutMs: 300 };
    const failure = await connectRedis(options).catch((error: Error) => error.message);
    expect(failure).toMatch(/did not answer within 300 ms: WRONGPASS/);
    expect(failure).not.toContain('hunter');
  });
});

/** A Cluster of one node, which keeps its slots over a restart. */
async function startLoneNode(): Promise<RedisServer> {
  const announced = ['--cluster-announce-ip', '127.0.0.1', '--cluster-port', String(await freePort())];
  const server = await startRedis(['--cluster-enabled', 'yes', ...announced]);
  onTestFinished(() => server.stop());
  const operator = new Redis(server.url);
  await operator.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
  await until(async () => String(await operator.cluster('INFO')).includes('cluster_state:ok'), 'the cluster serves');
  operator.disconnect();
  return server;
}
