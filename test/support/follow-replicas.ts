/** Followers on several replicas, and a writer that knows the events that each must get. */
import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { FeedEvent } from '../../src/events/cursor.ts';
import type { EventLog } from '../../src/events/event-log.ts';
import { Follower } from '../../src/events/follow/follower.ts';
import { LogReaders } from '../../src/events/follow/log-reader.ts';
import { RedisNotifications } from '../../src/events/redis/notifications.ts';
import { RedisEventLog } from '../../src/events/redis/redis-event-log.ts';
import { connectRedis, type RedisConnections } from '../../src/redis/connect.ts';
import { FIELD_CODES } from '../../src/vpcep/endpoint/fields.ts';
import { deferred } from './deferred.ts';
import { redisTarget } from './redis-target.ts';
import { until } from './until.ts';

const logger = pino({ level: 'silent' });
export const PROJECT = 'project-1';

export interface Replica {
  readonly log: EventLog;
  readonly readers: LogReaders;
  readonly redis: RedisConnections;
  /** Every new value of `redis.health.available`. */
  readonly changes: readonly boolean[];
  close(): Promise<void>;
}

export interface ReplicaOptions {
  /** Milliseconds between checks for lost notifications; default: none within a test. */
  readonly checkMs?: number;
  /** Another way to the server for the pub/sub connection only. */
  readonly subscriberUrl?: string;
  /** Milliseconds after which a command without an answer fails. */
  readonly commandTimeoutMs?: number;
}

export async function openReplica(
  url: string,
  { checkMs = 600_000, subscriberUrl, commandTimeoutMs = 3_000 }: ReplicaOptions = {},
): Promise<Replica> {
  const options = { logger, commandTimeoutMs };
  const changes: boolean[] = [];
  const onChange = (available: boolean) => void changes.push(available);
  const direct = await connectRedis({ ...options, onChange, target: redisTarget(url) });
  const around =
    subscriberUrl === undefined ? undefined : await connectRedis({ ...options, target: redisTarget(subscriberUrl) });
  const redis = { ...direct, subscriber: (around ?? direct).subscriber };
  const echoChannel = `echo:${randomBytes(4).toString('hex')}`;
  const notifications = new RedisNotifications({ ...redis, echoChannel, logger, echoMs: 100 });
  const log = new RedisEventLog({ redis, notifications, prefix: 'replicas', fieldCodes: FIELD_CODES });
  const readers = new LogReaders({ log, logger, checkMs });
  return {
    log,
    readers,
    redis,
    changes,
    close: async () => {
      readers.close();
      await log.close();
      await Promise.all([direct.close(), around?.close()]);
    },
  };
}

/** The upstream of the test: what a replica finds when it has to load. */
export class Writer {
  readonly statuses = new Map<string, string>();
  /** Appended transitions as `seq endpoint status`. */
  readonly appended: string[] = [];
  readonly #log: EventLog;

  constructor(log: EventLog, endpoints: number) {
    this.#log = log;
    for (let i = 0; i < endpoints; i++) this.statuses.set(`e${i}`, 'creating');
  }

  /** A full read of the project. */
  async baseline(log: EventLog = this.#log): Promise<void> {
    await this.#commit(log, [...this.statuses], true);
  }

  /** Retries until the log accepts it. */
  async moveAtLast(endpointId: string, status: string): Promise<void> {
    const taken = async (): Promise<boolean> => {
      await this.move(endpointId, status);
      return true;
    };
    await until(taken, `the log has taken ${status}`);
  }

  async move(endpointId: string, status: string): Promise<void> {
    this.statuses.set(endpointId, status);
    const { after } = await this.#commit(this.#log, [[endpointId, status]], false);
    this.appended.push(`${after.seq} ${endpointId} ${status}`);
  }

  async #commit(log: EventLog, rows: readonly (readonly [string, string])[], sweep: boolean) {
    const observations = rows.map(([id, status]) => ({ id, status, fields: {} }));
    const source = sweep ? 'list' : 'read';
    return await log.commit(PROJECT, {
      asOf: await log.now(),
      observations,
      source,
      firstSight: 'afterBaseline',
      sweep,
    });
  }
}

/** Reads a project feed without delay and keeps its items. */
export class Reader {
  readonly items: FeedEvent[] = [];
  readonly #feed: Follower;
  readonly #reading: Promise<void>;
  #waiting: { readonly fits: () => boolean; readonly resolve: () => void }[] = [];

  private constructor(feed: Follower) {
    this.#feed = feed;
    this.#reading = this.#read();
  }

  static async start({ log, readers }: Replica, writer: Writer): Promise<Reader> {
    const load = () => writer.baseline(log);
    const deps = { log, readers, load, maxAgeMs: 600_000, onTrouble: () => {} };
    return new Reader(await Follower.start(deps, { log: PROJECT, scope: { kind: 'all' } }));
  }

  /** Transitions as the writer notes them. */
  get transitions(): readonly string[] {
    return this.items
      .filter((item) => item.kind === 'TRANSITION')
      .map((item) => `${item.cursor.split(':')[1]} ${item.id} ${item.rawStatus}`);
  }

  async until(fits: (items: readonly FeedEvent[]) => boolean): Promise<void> {
    if (fits(this.items)) return;
    const { promise, resolve } = deferred();
    this.#waiting.push({ fits: () => fits(this.items), resolve });
    await promise;
  }

  async stop(): Promise<void> {
    await this.#feed.return();
    await this.#reading;
  }

  async #read(): Promise<void> {
    for await (const item of this.#feed) {
      this.items.push(item);
      this.#waiting = this.#waiting.filter(({ fits, resolve }) => {
        if (fits()) resolve();
        return !fits();
      });
    }
  }
}
