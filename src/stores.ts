/** What is kept, in this process or in Redis: the event log, and what creating once needs. */
import { randomBytes } from 'node:crypto';
import type { RedisTarget } from './config-redis.ts';
import type { CreateClaims } from './create/claims.ts';
import { MemoryClaims } from './create/memory-claims.ts';
import { MemoryRecords } from './create/memory-records.ts';
import type { CreateRecords } from './create/records.ts';
import { RedisClaims } from './create/redis-claims.ts';
import { RedisRecords } from './create/redis-records.ts';
import { DegradableLog } from './events/degradable-log.ts';
import type { EventLog } from './events/event-log.ts';
import { MemoryEventLog } from './events/memory-event-log.ts';
import { RedisBells } from './events/redis-bells.ts';
import { RedisEventLog } from './events/redis-event-log.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import type { ReadinessCheck } from './observability/readiness.ts';
import { connectRedis } from './redis.ts';
import type { LimiterStore } from './redis-limiter.ts';

export interface Stores {
  readonly log: EventLog;
  readonly records: CreateRecords;
  readonly claims: CreateClaims;
  /** Null: there is only this replica. */
  readonly limiterStore: LimiterStore | null;
  readonly readiness: readonly ReadinessCheck[];
  close(): Promise<void>;
}

export interface StoresOptions {
  /** Null: in this process. */
  readonly redis: RedisTarget | null;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'degraded'>;
  /** Milliseconds for which Redis may be away before this replica is on its own. */
  readonly degradeAfterMs: number | undefined;
}

/** @throws Error when Redis cannot be reached */
export async function openStores({ redis: target, logger, metrics, degradeAfterMs }: StoresOptions): Promise<Stores> {
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
  const redis = await connectRedis({ target, logger });
  const echoChannel = `vpcep-gateway:echo:${randomBytes(8).toString('hex')}`;
  const bells = new RedisBells({ ...redis, echoChannel, logger });
  const shared = new RedisEventLog({ redis: redis.commands, bells });
  const log = new DegradableLog({
    shared,
    probe: (project) => shared.probe(project),
    onChange: (degraded) => {
      metrics.degraded.set(degraded ? 1 : 0);
      if (degraded) logger.warn('Redis cannot be used: this replica polls and delivers on its own');
      else logger.info('Redis can be used again and has been given what was observed meanwhile');
    },
    ...(degradeAfterMs === undefined ? {} : { graceMs: degradeAfterMs }),
  });
  redis.commands.on('close', () => log.doubt());
  return {
    log,
    records: new RedisRecords({ redis: redis.commands }),
    claims: new RedisClaims({ redis: redis.commands }),
    limiterStore: redis.commands,
    readiness: [
      { name: 'redis', check: redis.writeCheck },
      {
        name: 'events',
        degrades: true,
        check: () => log.trouble ?? (redis.commands.status === 'ready' ? null : 'Redis cannot be reached'),
      },
    ],
    close: async () => {
      await log.close();
      await redis.close();
    },
  };
}
