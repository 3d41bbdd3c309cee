import type { Duplex } from 'node:stream';
import { type Cluster, type Redis, SentinelConnector } from 'ioredis';

/** What ioredis keeps to itself: how it connects. */
interface Connecting {
  readonly connector: { connect(onError: unknown): Promise<Duplex> };
}
interface ConnectingToSentinels {
  connectToSentinel(endpoint: object, options?: object): Redis;
}

/**
 * ioredis listens for one error of a socket. TLS may report a second one (a certificate is refused, and then the server
 * complains of how it was left), and an error that nobody listens for ends the process.
 */
export function guardSockets(redis: Redis): Redis {
  const { connector } = redis as unknown as Connecting;
  const connect = connector.connect.bind(connector);
  connector.connect = async (onError) => {
    const socket = await connect(onError);
    socket.on('error', () => {});
    return socket;
  };
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (options) => guardSockets(duplicate(options));
  if (connector instanceof SentinelConnector) guardSentinels(connector as unknown as ConnectingToSentinels);
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
    // Whoever asks it hears of a failure; without a listener ioredis writes every one to the console as well.
    return sentinel.on('error', () => {});
  };
}
