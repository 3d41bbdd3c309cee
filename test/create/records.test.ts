import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStored, writeStored } from '../../src/create/creation.ts';
import { MemoryClaims, MemoryRecords } from '../../src/create/memory-records.ts';
import { RECORD_MS, RecordsUnavailableError, SHORT_CLAIM_MS } from '../../src/create/records.ts';
import { RedisClaims, RedisRecords } from '../../src/create/redis-records.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { redisStores } from '../support/create-stores.ts';
import { redisTarget } from '../support/redis-target.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';
import { createRecordsContract } from './records.contract.ts';

const logger = pino({ level: 'silent' });
let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

createRecordsContract('memory', async (now) => ({
  records: new MemoryRecords(now),
  claims: new MemoryClaims(now),
  close: async () => {},
}));

let opened = 0;
createRecordsContract('redis', (now) => redisStores(redis.url, `contract-${opened++}`, now));

it('memory forgets what has expired', async () => {
  let nowMs = 0;
  const records = new MemoryRecords(() => nowMs);
  const ref = (hash: string) => ({ projectId: 'p', hash });
  await records.finish(ref('old'), { input: 'i', token: 't' }, 'answer');
  nowMs += RECORD_MS - 1;
  await records.finish(ref('new'), { input: 'i', token: 't' }, 'answer');
  expect(records.size).toBe(2);
  nowMs += 1;
  expect(await records.begin(ref('old'), { input: 'i', token: 't' })).toMatchObject({ kind: 'granted' });
  expect(records.size).toBe(2);
});

it('memory keeps 16 Mi characters of answers, and what comes after as references until some have expired', async () => {
  let nowMs = 0;
  const records = new MemoryRecords(() => nowMs);
  const attempt = { input: 'i', token: 't' };
  const answerOf = async (hash: string, id: string) => {
    const resource = { id, text: 'x'.repeat(60_000) };
    await records.finish({ projectId: 'p', hash }, attempt, writeStored({ resource, statusCursor: 'c' }));
    const step = await records.begin({ projectId: 'p', hash }, attempt);
    return step.kind === 'done' ? readStored(step.answer) : step;
  };
  for (let i = 0; i < 279; i++) expect(await answerOf(`h${i}`, `e${i}`)).toMatchObject({ kind: 'whole' });
  expect(await answerOf('over', 'e-over')).toEqual({ kind: 'reference', id: 'e-over' });
  nowMs += RECORD_MS;
  expect(await answerOf('later', 'e-later')).toMatchObject({ kind: 'whole' });
});

it('memory remembers claims for as long as a call may be looked for that is without an answer', async () => {
  let nowMs = 0;
  const claims = new MemoryClaims(() => nowMs);
  const call = (name: string, hasKey: boolean) => ({ projectId: 'p', structure: () => 's', call: name, hasKey });
  await claims.close(call('a', false), 'e1');
  nowMs += SHORT_CLAIM_MS;
  await claims.close(call('b', false), 'e2');
  expect(claims.size).toBe(1);
  await claims.open(call('lost', true));
  await claims.close(call('c', false), 'e3');
  nowMs += RECORD_MS - 1;
  await claims.close(call('d', false), 'e4');
  expect(claims.size).toBe(3);
  expect(await claims.take(call('lost', true), ['e2', 'e3', 'e5'])).toEqual({ kind: 'taken', id: 'e5' });
  await claims.close(call('e', false), 'e6');
  expect(claims.size).toBe(3);
});

describe('in Redis', () => {
  it('every key is in the slot of its project and expires', async () => {
    const connections = await connectRedis({ target: redisTarget(redis.url), logger });
    const options = { redis: connections.commands, prefix: 'expiry' };
    const records = new RedisRecords(options);
    const claims = new RedisClaims(options);
    const attempt = { input: 'i', token: 't' };
    for (const hash of ['pending', 'unknown', 'done']) await records.begin({ projectId: 'p', hash }, attempt);
    await records.markUnknown({ projectId: 'p', hash: 'unknown' }, 't');
    await records.finish({ projectId: 'p', hash: 'done' }, attempt, 'answer');
    await claims.open({ projectId: 'p', structure: () => 's', call: 'c', hasKey: false });
    await claims.close({ projectId: 'p', structure: () => 's2', call: 'c', hasKey: false }, 'e1');
    await claims.take({ projectId: 'p', structure: () => 's3', call: 'c', hasKey: false }, ['e2']);

    const client = new Redis(redis.url);
    const keys = (await client.keys('expiry:*')).sort();
    expect(keys).toEqual(
      ['key:done', 'key:pending', 'key:unknown', 'made:e1', 'made:e2', 'open:s'].map(
        (key) => `expiry:{p}:create:${key}`,
      ),
    );
    for (const key of keys) {
      const left = await client.pttl(key);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(RECORD_MS);
    }
    client.disconnect();
    await connections.close();
  });

  it('says so when it cannot be reached', async () => {
    const own = await startRedis();
    const connections = await connectRedis({ target: redisTarget(own.url), logger });
    await own.stop();
    const records = new RedisRecords({ redis: connections.commands });
    const claims = new RedisClaims({ redis: connections.commands });
    const ref = { projectId: 'p', hash: 'h' };
    await expect(records.begin(ref, { input: 'i', token: 't' })).rejects.toBeInstanceOf(RecordsUnavailableError);
    await expect(
      claims.take({ projectId: 'p', structure: () => 's', call: 'c', hasKey: false }, ['e']),
    ).rejects.toBeInstanceOf(RecordsUnavailableError);
    await connections.close();
  });
});
