/** The three forms of Redis that a scenario can run on. */
import { Redis } from 'ioredis';
import { type RedisClusterServers, startRedisCluster } from '../support/redis-cluster.ts';
import { type RedisSentinels, startRedisSentinels } from '../support/redis-sentinels.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';
import { type DroppingProxy, startDroppingProxy } from './dropping-proxy.ts';

interface Common {
  /** What the gateways get as REDIS_URL. */
  readonly url: string;
  /** The way around whatever a scenario puts in between. */
  readonly directUrl: string;
  stop(): Promise<void>;
}

export type Backend = Common &
  (
    | {
        readonly kind: 'alone';
        readonly server: RedisServer;
        readonly proxy: DroppingProxy;
        /** Closes every subscriber connection. Resolves with how many there were. */
        killSubscribers(): Promise<number>;
      }
    | { readonly kind: 'sentinels'; readonly sentinels: RedisSentinels }
    | { readonly kind: 'cluster'; readonly cluster: RedisClusterServers }
  );

export type BackendKind = Backend['kind'];

/** @param clock variables of a clock that can be set, for the server that stands alone */
export async function startBackend(
  kind: BackendKind,
  random: () => number,
  clock: Readonly<Record<string, string>>,
): Promise<Backend> {
  if (kind === 'sentinels') {
    const sentinels = await startRedisSentinels();
    return { kind, sentinels, url: sentinels.url, directUrl: sentinels.url, stop: () => sentinels.stop() };
  }
  if (kind === 'cluster') {
    const cluster = await startRedisCluster({ replicas: true, nodeTimeoutMs: 2_000 });
    return { kind, cluster, url: cluster.url, directUrl: cluster.url, stop: () => cluster.stop() };
  }
  const server = await startRedis([], clock);
  const proxy = await startDroppingProxy(server.port, random);
  const operator = new Redis(server.url, { retryStrategy: () => 50 });
  operator.on('error', () => {});
  return {
    kind,
    server,
    proxy,
    url: `redis://127.0.0.1:${proxy.port}`,
    directUrl: server.url,
    killSubscribers: async () => Number(await operator.call('CLIENT', 'KILL', 'TYPE', 'pubsub')),
    stop: async () => {
      operator.disconnect();
      await proxy.close();
      await server.stop();
    },
  };
}
