/** Opens the event log and the creation records, in this process or in Redis. */
import { randomBytes } from 'node:crypto';
import type { RedisTarget } from '../config/redis.ts';
import { MemoryClaims, MemoryRecords } from '../create/memory-records.ts';
import type { CreateClaims, CreateRecords } from '../create/records.ts';
import { RedisClaims, RedisRecords } from '../create/redis-records.ts';
import type { EventLog } from '../events/event-log.ts';
import { MemoryEventLog } from '../events/memory/memory-event-log.ts';
import { RedisNotifications } from '../events/redis/notifications.ts';
import { RedisEventLog } from '../events/redis/redis-event-log.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { ReadinessCheck } from '../observability/readiness.ts';
import { connectRedis } from '../redis/connect.ts';
import type { LimiterStore } from '../redis/counter.ts';
import { FIELD_CODES } from '../vpcep/endpoint/fields.ts';

export interface Stores {
  readonly log: EventLog;
  readonly records: CreateRecords;
  readonly claims: CreateClaims;
  /** Null: limits are per replica. */
  readonly limiterStore: LimiterStore | null;
  readonly readiness: readonly ReadinessCheck[];
  close(): Promise<void>;
}

export interface StoresOptions {
  /** Null: in this process. */
  readonly redis: RedisTarget | null;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'degraded'>;
}

/** @throws Error when Redis cannot be reached */
export async function openStores({ redis: target, logger, metrics }: StoresOptions): Promise<Stores> {
  if (target === null) {
    const log = new MemoryEventLog();
    return {
      log,
      records: new MemoryRecords(),
      claims: new MemoryClaims(),
      limiterStore: null,
      readiness: [],
      close: () => log.close(),
    };
  }
  const redis = await connectRedis({
    target,
    logger,
    onChange: (available) => metrics.degraded.set(available ? 0 : 1),
  });
  const echoChannel = `vpcep-gateway:echo:${randomBytes(8).toString('hex')}`;
  const log = new RedisEventLog({
    redis,
    notifications: new RedisNotifications({ ...redis, echoChannel, logger }),
    fieldCodes: FIELD_CODES,
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
