import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { EventLog } from '../../src/events/event-log.ts';
import { MemoryEventLog } from '../../src/events/memory/memory-event-log.ts';
import { RedisNotifications } from '../../src/events/redis/notifications.ts';
import { RedisEventLog } from '../../src/events/redis/redis-event-log.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { FIELD_CODES } from '../../src/vpcep/endpoint/fields.ts';
import { redisTarget } from './redis-target.ts';

/** A clock in µs that only the test moves. */
export class MicrosClock {
  micros = 1_800_000_000_000_000;
  readonly now = (): number => this.micros;

  forwardMs(ms: number): void {
    this.micros += ms * 1000;
  }
}

export interface LogUnderTest {
  readonly log: EventLog;
  close(): Promise<void>;
}

export async function memoryLog(clock?: MicrosClock): Promise<LogUnderTest> {
  const log = new MemoryEventLog(clock === undefined ? {} : { now: clock.now });
  return { log, close: () => log.close() };
}

export async function redisLog(url: string, clock?: MicrosClock, prefix = 'test'): Promise<LogUnderTest> {
  const logger = pino({ level: 'silent' });
  const connections = await connectRedis({ target: redisTarget(url), logger });
  const notifications = new RedisNotifications({
    ...connections,
    echoChannel: `${prefix}:echo:${randomBytes(4).toString('hex')}`,
    logger,
    echoMs: 200,
  });
  const log = new RedisEventLog({
    redis: connections,
    notifications,
    prefix,
    fieldCodes: FIELD_CODES,
    ...(clock === undefined ? {} : { now: clock.now }),
  });
  return {
    log,
    close: async () => {
      await log.close();
      await connections.close();
    },
  };
}
