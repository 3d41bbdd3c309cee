/** Limiters of several replicas over one real Redis. */
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectRedis, type RedisConnections } from '../../src/redis/connect.ts';
import { type Count, Limiter, type LimiterOptions } from '../../src/redis/counter.ts';
import { redisTarget } from '../support/redis-target.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';
import { until } from '../support/until.ts';

const POINTS = 600;
const LEAD = 20;

/** A new one for each test: points of the last one may still be on their way to Redis. */
let name = '';
let key = '';
let server: RedisServer;
let admin: Redis;
let store: RedisConnections;
beforeAll(async () => {
  server = await startRedis();
  admin = new Redis(server.url);
  store = await connectRedis({ target: redisTarget(server.url), logger: pino({ level: 'silent' }) });
});
beforeEach(async ({ task }) => {
  name = task.id;
  key = `vpcep-gateway:{${name}}:count`;
  await admin.flushall();
});
afterAll(async () => {
  admin.disconnect();
  await store.close();
  await server.stop();
});

const limiter = (options: Partial<LimiterOptions> = {}) =>
  new Limiter({
    store,
    window: { points: POINTS, seconds: 60 },
    localWindow: { points: POINTS / 3, seconds: 60 },
    keyOf: (caller) => `{${caller}}:count`,
    lead: LEAD,
    ...options,
  });

/** Counter scripts that the server has run. */
async function commands(): Promise<number> {
  const stats = await admin.info('commandstats');
  return [...stats.matchAll(/cmdstat_evalsha:calls=(\d+)/g)].reduce((sum, [, calls]) => sum + Number(calls), 0);
}

describe('far from the limit', () => {
  it('counts at once, and tells the other replicas with one command', async () => {
    const [a, b] = [limiter(), limiter()];
    const before = await commands();
    for (let used = 1; used <= 10; used++) {
      expect(a.consume(name, 1)).toMatchObject({ consumed: used, window: { points: POINTS }, isShared: true });
    }
    await until(async () => (await admin.get(key)) === '10', 'the points of all ten calls');
    expect((await commands()) - before).toBeLessThanOrEqual(2);
    expect(await admin.pttl(key)).toBeGreaterThan(0);
    expect(await b.consume(name, LEAD + 1)).toMatchObject({ consumed: 10 + LEAD + 1 });
    expect(b.consume(name, 1)).toMatchObject({ consumed: 10 + LEAD + 2 });
  });

  it('waits for Redis by default, and with points that it has not confirmed yet', async () => {
    expect(limiter({ lead: 0 }).consume(name, 1)).toBeInstanceOf(Promise);
    const own = limiter();
    for (let i = 0; i < LEAD; i++) expect(own.consume(name, 1)).not.toBeInstanceOf(Promise);
    expect(await own.consume(name, 1)).toMatchObject({ consumed: 1 + LEAD + 1 });
  });
});

it('lets through no more than the lead of each replica beyond the limit, and tells each one the exact rest at the end', async () => {
  const replicas = [limiter(), limiter(), limiter()];
  // The last one has not heard of the caller for the whole window.
  const useUp = async (replica: Limiter): Promise<number> => {
    let admitted = 0;
    let last: Count;
    do {
      last = await replica.consume(name, 1);
      if (last.consumed <= POINTS) admitted++;
    } while (last.consumed <= POINTS);
    return admitted;
  };
  const [first = 0, second = 0] = await Promise.all(replicas.slice(0, 2).map(useUp));
  const third = await useUp(replicas[2] as Limiter);
  const all = first + second + third;
  expect(all).toBeGreaterThanOrEqual(POINTS);
  expect(all).toBeLessThanOrEqual(POINTS + replicas.length * LEAD);
  await until(async () => Number(await admin.get(key)) === all + replicas.length, 'all points');
  for (const replica of replicas) {
    const { consumed } = await replica.consume(name, 1);
    expect(consumed).toBeGreaterThan(POINTS);
  }
});

it('takes points back, and refuses all of them while it is blocked', async () => {
  const own = limiter({ lead: 0 });
  const count = await own.consume(name, 7);
  await own.giveBack(name, 5, count);
  expect(await admin.get(key)).toBe('2');
  await own.block(name, 30);
  expect(await limiter().consume(name, LEAD + 1)).toMatchObject({ consumed: POINTS + LEAD + 1 });
  expect(await admin.pttl(key)).toBeLessThanOrEqual(30_000);
});

it('keeps the count of a window while it lasts, however many names there are', () => {
  const own = limiter({ store: null });
  void own.consume(name, 2);
  for (let i = 0; i < 3_000; i++) void own.consume(`${i}`, 1);
  expect(own.consume(name, 1)).toMatchObject({ consumed: 3, isShared: false });
});
