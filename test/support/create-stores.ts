import { pino } from 'pino';
import { RedisClaims, RedisRecords } from '../../src/create/redis-records.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import type { StoresUnderTest } from '../create/records.contract.ts';
import { redisTarget } from './redis-target.ts';

/** Records and claims of creations as one replica has them. */
export async function redisStores(url: string, prefix: string, now: () => number): Promise<StoresUnderTest> {
  const connections = await connectRedis({ target: redisTarget(url), logger: pino({ level: 'silent' }) });
  const options = { redis: connections.commands, prefix, now };
  return { records: new RedisRecords(options), claims: new RedisClaims(options), close: connections.close };
}
