/** The stores in Redis. Loaded only where a Redis is configured. */
import { randomBytes } from 'node:crypto';
import type { RedisTarget } from '../config/redis.ts';
import { RedisClaims, RedisRecords } from '../create/redis-records.ts';
import { RedisNotifications } from '../events/redis/notifications.ts';
import { RedisEventLog } from '../events/redis/redis-event-log.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Tracing } from '../observability/tracing.ts';
import { connectRedis } from '../redis/connect.ts';
import { FIELD_CODES } from '../vpcep/endpoint/fields.ts';

interface RedisStoresOptions {
  readonly target: RedisTarget;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'degraded' | 'redisSeconds' | 'redisReconnects'>;
  readonly tracing: Tracing | null;
}

/** @throws Error when Redis cannot be reached */
export async function openRedisStores({ target, logger, metrics, tracing }: RedisStoresOptions) {
  const redis = await connectRedis({
    target,
    logger,
    metrics,
    onChange: (available) => metrics.degraded.set(available ? 0 : 1),
  });
  const echoChannel = `vpcep-gateway:echo:${randomBytes(8).toString('hex')}`;
  const log = new RedisEventLog({
    redis,
    notifications: new RedisNotifications({ ...redis, echoChannel, logger }),
    fieldCodes: FIELD_CODES,
    tracing,
  });
  return {
    log,
    records: new RedisRecords({ redis: redis.commands }),
    claims: new RedisClaims({ redis: redis.commands }),
    limiterStore: redis,
    readiness: [
      { name: 'redis', check: redis.writeCheck },
      {
        name: 'events',
        degrades: true,
        check: () => (redis.health.available ? null : 'Redis is unavailable: the status feed pauses'),
      },
    ],
    close: async () => {
      await log.close();
      await redis.close();
    },
  };
}
