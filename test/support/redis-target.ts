import { parseRedisUrl, type RedisTarget } from '../../src/config/redis.ts';

/** What REDIS_URL would say. */
export function redisTarget(url: string): RedisTarget {
  const target = parseRedisUrl(url);
  if (!('kind' in target)) throw new Error(`the test has a wrong REDIS_URL: ${target.rule}`);
  return target;
}
