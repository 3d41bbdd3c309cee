import type { Duplex } from 'node:stream';
import { Cluster, type Redis } from 'ioredis';
import { serverName } from './redis-options.ts';

/**
 * A Cluster that keeps no commands for later. ioredis would queue them without end while no node is known; here they
 * fail at once. What may wait is a command for a node that is being connected, for as long as a command may take.
 */
export class CommandCluster extends Cluster {
  override sendCommand(...args: Parameters<Cluster['sendCommand']>): unknown {
    const [command] = args;
    // The questions about the cluster itself are what makes it ready.
    if (this.status === 'ready' || command.name === 'cluster') return super.sendCommand(...args);
    command.reject(new Error('the Redis Cluster is not connected'));
    return command.promise;
  }
}

/** What ioredis keeps to itself: how it connects. */
interface Connecting {
  readonly connector: { connect(onError: unknown): Promise<Duplex> };
}
interface ConnectingToSentinels {
  connectToSentinel(endpoint: object, options?: object): Redis;
}

/**
 * Mends two things in how ioredis uses TLS. It names no server (SNI), without which some servers choose the wrong
 * certificate. And it listens for one error of a socket; a refused certificate may cause a second one, and an error
 * without a listener ends the process.
 */
export function guardSockets(redis: Redis): Redis {
  const { connector } = redis as unknown as Connecting;
  const hasSentinels = redis.options.sentinels != null;
  const { tls, host } = redis.options;
  // Sentinels have yet to name the host: see `namedAddress`.
  if (tls !== undefined && host !== undefined && !hasSentinels) redis.options.tls = { ...tls, ...serverName(host) };
  const connect = connector.connect.bind(connector);
  connector.connect = async (onError) => {
    const socket = await connect(onError);
    socket.on('error', () => {});
    return socket;
  };
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (options) => guardSockets(duplicate(options));
  if (hasSentinels) guardSentinels(connector as unknown as ConnectingToSentinels);
  return redis;
}

/** Every connection that a Cluster opens; it makes them before it connects them. */
export function guardNodes(cluster: Cluster): void {
  cluster.on('+node', guardSockets);
}

function guardSentinels(connector: ConnectingToSentinels): void {
  const open = connector.connectToSentinel.bind(connector);
  connector.connectToSentinel = (endpoint, options) => {
    // Connected by its first command, when the guard is there.
    const sentinel = guardSockets(open(endpoint, { ...options, lazyConnect: true }));
    // Callers get the failure; without a listener ioredis also writes every one to the console.
    return sentinel.on('error', () => {});
  };
}
