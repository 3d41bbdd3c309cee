import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, IN_MEMORY, type RedisProcess, startRedisProcess } from './redis-process.ts';
import { until } from './until.ts';

export interface WatchedRedis extends RedisProcess {
  /** For commands of the test to this server. */
  readonly operator: Redis;
}

export interface RedisSentinels {
  /** As for `REDIS_URL`. */
  readonly url: string;
  readonly sentinels: readonly WatchedRedis[];
  /** The primary and its replicas; which of them is the primary changes. */
  readonly servers: readonly WatchedRedis[];
  /** The one that the sentinels name. */
  primary(): Promise<WatchedRedis>;
  /** From now on the primary acknowledges writes that its replicas never see: the next failover loses them. */
  stopReplication(): Promise<void>;
  /**
   * The sentinels make another one the primary. Resolves with it when they agree; as in life, the old one goes on
   * accepting writes until they make it a replica, some 8 s later.
   */
  failover(): Promise<WatchedRedis>;
  /** SIGKILL of the primary. Resolves with the new one when the sentinels have agreed on it. */
  killPrimary(): Promise<WatchedRedis>;
  stop(): Promise<void>;
}

export interface RedisSentinelsOptions {
  /** Default 1. */
  readonly replicas?: number;
  /** Milliseconds of silence after which a server counts as down; default 1000. */
  readonly downAfterMs?: number;
  /** More arguments for the primary and its replicas. */
  readonly args?: readonly string[];
}

/** The name under which the sentinels know the primary. */
const NAME = 'main';

/** Replication has a user of its own, so that it can be refused alone. */
const REPLICATION = [
  ...['--user', 'replication', 'on', '>replication', '+psync', '+replconf', '+ping'],
  ...['--masteruser', 'replication', '--masterauth', 'replication'],
];

/** One primary, its replicas and three sentinels on free ports of loopback; resolves when all of them know each other. */
export async function startRedisSentinels(options: RedisSentinelsOptions = {}): Promise<RedisSentinels> {
  const started: WatchedRedis[] = [];
  const start = async (args: (dir: string) => readonly string[], port?: number): Promise<WatchedRedis> => {
    const server = await startRedisProcess({ port: port ?? (await freePort()), args });
    const operator = new Redis(server.port, '127.0.0.1', { retryStrategy: () => 50, commandTimeout: 5_000 });
    operator.on('error', () => {});
    const watched = { ...server, operator };
    started.push(watched);
    return watched;
  };
  const stop = async (): Promise<void> => {
    for (const { operator } of started) operator.disconnect();
    await Promise.all(started.map((server) => server.stop()));
  };
  try {
    const args = [...IN_MEMORY, ...REPLICATION, '--repl-diskless-sync-delay', '0', ...(options.args ?? [])];
    const first = await start(() => args);
    const replicas = await settled(
      Array.from({ length: options.replicas ?? 1 }, () =>
        start(() => [...args, '--replicaof', '127.0.0.1', String(first.port)]),
      ),
    );
    const servers = [first, ...replicas];
    const known: Known[] = [];
    while (known.length < 3) known.push({ port: await freePort(), id: randomBytes(20).toString('hex') });
    const sentinels = await settled(
      known.map((own) =>
        start((dir) => {
          const file = join(dir, 'sentinel.conf');
          writeFileSync(file, sentinelConfig(own, known, servers, options.downAfterMs ?? 1_000));
          return [file, '--sentinel'];
        }, own.port),
      ),
    );
    const all = async (condition: (sentinel: WatchedRedis) => Promise<boolean>): Promise<boolean> =>
      (await Promise.all(sentinels.map(condition))).every(Boolean);
    await until(() => all((sentinel) => isReady(sentinel, servers)), 'every sentinel sees all servers and sentinels');
    return new Trio(sentinels, servers, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

class Trio implements RedisSentinels {
  readonly url: string;
  readonly sentinels: readonly WatchedRedis[];
  readonly servers: readonly WatchedRedis[];
  readonly stop: () => Promise<void>;

  constructor(sentinels: readonly WatchedRedis[], servers: readonly WatchedRedis[], stop: () => Promise<void>) {
    this.url = `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${NAME}`;
    this.sentinels = sentinels;
    this.servers = servers;
    this.stop = stop;
  }

  primary(): Promise<WatchedRedis> {
    return this.#primaryOf(this.sentinels[0]);
  }

  async stopReplication(): Promise<void> {
    const { operator } = await this.primary();
    await operator.call('ACL', 'SETUSER', 'replication', 'off');
    await operator.call('CLIENT', 'KILL', 'TYPE', 'replica');
  }

  async failover(): Promise<WatchedRedis> {
    const old = await this.primary();
    const forced = async () => (await this.sentinels[0]?.operator.call('SENTINEL', 'FAILOVER', NAME)) === 'OK';
    await until(forced, 'the sentinel has begun the failover');
    const next = await this.#anotherThan(old);
    // Undoes `stopReplication`.
    await old.operator.call('ACL', 'SETUSER', 'replication', 'on');
    return next;
  }

  async killPrimary(): Promise<WatchedRedis> {
    const old = await this.primary();
    await old.kill();
    return await this.#anotherThan(old);
  }

  async #anotherThan(old: WatchedRedis): Promise<WatchedRedis> {
    const agreed = async (): Promise<boolean> => {
      const [one, ...others] = await Promise.all(this.sentinels.map((sentinel) => this.#primaryOf(sentinel)));
      if (one === undefined || one === old || others.some((other) => other !== one)) return false;
      return (await one.operator.role())[0] === 'master';
    };
    await until(agreed, 'the sentinels agree on another primary', 30_000);
    return await this.primary();
  }

  async #primaryOf(sentinel: WatchedRedis | undefined): Promise<WatchedRedis> {
    const address = await sentinel?.operator.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME);
    const server = this.servers.find(({ port }) => String(port) === (address as string[] | undefined)?.[1]);
    if (server === undefined) throw new Error('the sentinels name no primary that is known');
    return server;
  }
}

interface Known {
  readonly port: number;
  readonly id: string;
}

/** Sentinels know each other from the start: discovery takes seconds. */
function sentinelConfig(
  own: Known,
  known: readonly Known[],
  [primary, ...replicas]: readonly WatchedRedis[],
  downAfterMs: number,
): string {
  return [
    `sentinel myid ${own.id}`,
    `sentinel monitor ${NAME} 127.0.0.1 ${primary?.port} 2`,
    `sentinel down-after-milliseconds ${NAME} ${downAfterMs}`,
    `sentinel failover-timeout ${NAME} 3000`,
    ...replicas.map(({ port }) => `sentinel known-replica ${NAME} 127.0.0.1 ${port}`),
    ...known
      .filter((one) => one !== own)
      .map(({ port, id }) => `sentinel known-sentinel ${NAME} 127.0.0.1 ${port} ${id}`),
    '',
  ].join('\n');
}

async function isReady({ operator }: WatchedRedis, servers: readonly WatchedRedis[]): Promise<boolean> {
  const usable = (rows: unknown): number =>
    (rows as string[][]).filter((row) => !/down|disconnected/.test(row[row.indexOf('flags') + 1] ?? '')).length;
  const sentinels = usable(await operator.call('SENTINEL', 'SENTINELS', NAME));
  const replicas = (await operator.call('SENTINEL', 'REPLICAS', NAME)) as string[][];
  const linked = replicas.filter((row) => row[row.indexOf('master-link-status') + 1] === 'ok').length;
  return sentinels === 2 && usable(replicas) === servers.length - 1 && linked === servers.length - 1;
}

/** All of them, and only then the first failure: what has been started meanwhile must be known, to be stopped. */
async function settled<T>(starting: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(starting);
  return await Promise.all(starting);
}
