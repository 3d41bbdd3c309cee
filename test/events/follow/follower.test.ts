import { afterAll, beforeAll } from 'vitest';
import { memoryLog, redisLog } from '../../support/event-logs.ts';
import { type RedisServer, startRedis } from '../../support/start-redis.ts';
import { followContract } from './follower.contract.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

let opened = 0;
followContract('memory', () => memoryLog());
followContract('redis', () => redisLog(redis.url, undefined, `follow-${opened++}`));
