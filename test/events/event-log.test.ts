import { afterAll, beforeAll } from 'vitest';
import { memoryLog, redisLog } from '../support/event-logs.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';
import { eventLogContract } from './event-log.contract.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

let opened = 0;
eventLogContract('memory', memoryLog);
eventLogContract('redis', (clock) => redisLog(redis.url, clock, `contract-${opened++}`));
