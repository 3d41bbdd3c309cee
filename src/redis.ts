import { Redis } from 'ioredis';
import type { Logger } from './observability/logger.ts';

export interface RedisConnections {
  readonly commands: Redis;
  readonly subscriber: Redis;
  close(): Promise<void>;
}

export interface RedisOptions {
  readonly url: string;
  readonly logger: Logger;
  /** Milliseconds to wait for the first connection. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds after which a command without an answer fails. */
  readonly commandTimeoutMs?: number;
}

const MAX_BACKOFF_MS = 2_000;

/**
 * One connection for commands, one for pub/sub. Nothing is queued while Redis is away: a command then fails at once,
 * and whoever sent it decides what that means.
 * @throws Error when Redis cannot be reached within `connectTimeoutMs`.
 */
export async function connectRedis(options: RedisOptions): Promise<RedisConnections> {
  const commands = connection(options, 'commands');
  const subscriber = connection(options, 'subscriber');
  const connections: RedisConnections = {
    commands,
    subscriber,
    close: async () => {
      commands.disconnect();
      subscriber.disconnect();
    },
  };
  try {
    await Promise.all([ready(commands, options), ready(subscriber, options)]);
  } catch (error) {
    await connections.close();
    throw error;
  }
  return connections;
}

function connection(options: RedisOptions, role: string): Redis {
  const redis = new Redis(options.url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    // Resubscribing is done by the bells, which must know when it has happened.
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: role === 'commands',
    maxRetriesPerRequest: 0,
    connectTimeout: options.connectTimeoutMs ?? 10_000,
    ...(role === 'commands' ? timeouts(options.commandTimeoutMs ?? 5_000) : {}),
    // After a failover the old primary keeps its connections and refuses every write: look up who is primary now.
    reconnectOnError: (error) => error.message.includes('READONLY'),
    retryStrategy: (attempt) => Math.min(MAX_BACKOFF_MS, 50 * 2 ** Math.min(attempt, 6)) * (0.8 + 0.4 * Math.random()),
  });
  let down = false;
  // Without a listener an error event would end the process.
  redis.on('error', (error: Error) => {
    if (!down) options.logger.warn({ role, reason: error.message }, 'redis connection failed, retrying');
    down = true;
  });
  redis.on('ready', () => {
    if (down) options.logger.info({ role }, 'redis connection is back');
    down = false;
  });
  return redis;
}

/** A command that is not answered fails; a connection on which nothing is answered is dead, even if TCP has not noticed. */
function timeouts(commandTimeout: number): { readonly commandTimeout: number; readonly socketTimeout: number } {
  return { commandTimeout, socketTimeout: 2 * commandTimeout };
}

async function ready(redis: Redis, options: RedisOptions): Promise<void> {
  const timeoutMs = options.connectTimeoutMs ?? 10_000;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis did not answer within ${timeoutMs} ms`)), timeoutMs);
  });
  const up = new Promise<void>((resolve) => redis.once('ready', () => resolve()));
  try {
    redis.connect().catch(() => {});
    await Promise.race([up, late]);
  } finally {
    clearTimeout(timer);
  }
}
