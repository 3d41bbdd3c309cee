/** Opens the event log and the creation records, in this process or in Redis. */
import type { RedisTarget } from '../config/redis.ts';
import { MemoryClaims, MemoryRecords } from '../create/memory-records.ts';
import type { CreateClaims, CreateRecords } from '../create/records.ts';
import type { EventLog } from '../events/event-log.ts';
import { MemoryEventLog } from '../events/memory/memory-event-log.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { ReadinessCheck } from '../observability/readiness.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { LimiterStore } from '../redis/counter.ts';

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
  readonly metrics: Pick<Metrics, 'degraded' | 'redisSeconds' | 'redisReconnects'>;
  readonly tracing: Tracing | null;
}

/** @throws Error when Redis cannot be reached */
export async function openStores({ redis: target, logger, metrics, tracing }: StoresOptions): Promise<Stores> {
  if (target === null) {
    const log = new MemoryEventLog({ tracing });
    return {
      log,
      records: new MemoryRecords(),
      claims: new MemoryClaims(),
      limiterStore: null,
      readiness: [],
      close: () => log.close(),
    };
  }
  const { openRedisStores } = await import('./redis-stores.ts');
  return openRedisStores({ target, logger, metrics, tracing });
}
