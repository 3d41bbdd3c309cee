import { type RedisTarget, RedisUrl } from '../../src/config/redis.ts';

/** What REDIS_URL would say. */
export function redisTarget(url: string): RedisTarget {
  return RedisUrl.parse(url);
}
