import { isIP } from 'node:net';
import type { ClusterOptions, RedisOptions } from 'ioredis';
import type { RedisLogin, RedisNode, RedisTarget } from '../config/redis.ts';
import { backoffMs } from '../shared/retry-delay.ts';

/** The replies keep the shapes of RESP2, whatever the connection speaks. */
type Options = Omit<RedisOptions, 'replyMapping'>;

export interface RedisTimes {
  /** Milliseconds to wait for a connection. */
  readonly connectTimeoutMs: number;
  /** Milliseconds after which a command without an answer fails. */
  readonly commandTimeoutMs: number;
}

/** What TLS tells the server, so that it can choose its certificate (SNI). An IP address is no name, RFC 6066. */
export function serverName(host: string): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host.replace(/\.$/, '') } : {};
}

/** What every connection has in common: nothing is queued, and nothing is sent twice. */
export function connectionOptions({ login, tls }: Pick<RedisTarget, 'login' | 'tls'>, times: RedisTimes): Options {
  return {
    ...loginOptions(login),
    ...(tls ? { tls: {} } : {}),
    lazyConnect: true,
    enableOfflineQueue: false,
    // Resubscribing is done by the notifications, which must know when it has happened.
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // The version of a library is nothing that a server needs, and one permission less that a user of ours needs.
    disableClientInfo: true,
    connectTimeout: times.connectTimeoutMs,
    // A connection on which a command stays unanswered is dead, even if TCP has not noticed.
    socketTimeout: 2 * times.commandTimeoutMs,
  };
}

/** For one server, or for the primary that Sentinels name. */
export function serverOptions(target: Exclude<RedisTarget, { readonly kind: 'cluster' }>, times: RedisTimes): Options {
  const common: Options = {
    ...connectionOptions(target, times),
    db: target.database,
    // After a failover the old primary keeps its connections and refuses every write: look up who is primary now.
    reconnectOnError: (error) => error.message.includes('READONLY'),
    retryStrategy: backoffMs,
  };
  if (target.kind === 'single') return { ...common, ...target.node };
  const { username, password } = target.sentinelLogin;
  return {
    ...common,
    sentinels: target.sentinels.map((node) => ({ ...node })),
    name: target.primary,
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password.reveal() }),
    ...(target.tls ? { enableTLSForSentinelMode: true, sentinelTLS: {}, natMap: namedAddress } : {}),
    sentinelCommandTimeout: times.commandTimeoutMs,
    sentinelRetryStrategy: backoffMs,
    // The old primary goes on accepting writes, which will be lost, until a Sentinel has told it. Hear it from them.
    failoverDetector: true,
    sentinelReconnectStrategy: backoffMs,
  };
}

/** The address that a Sentinel gave, with which ioredis calls `tls.connect`. */
function namedAddress(address: string): RedisNode & { readonly servername?: string } {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon);
  return { host, port: Number(address.slice(colon + 1)), ...serverName(host) };
}

export function clusterOptions(target: Extract<RedisTarget, { readonly kind: 'cluster' }>, times: RedisTimes) {
  const redisOptions: Options = { ...connectionOptions(target, times), commandTimeout: times.commandTimeoutMs };
  return {
    lazyConnect: true,
    clusterRetryStrategy: backoffMs,
    // Bounded by the time of a command, and kept empty while the cluster is away: see CommandCluster.
    enableOfflineQueue: true,
    // When a connection breaks, what was sent on it may have been done: whoever sent it decides.
    retryDelayOnFailover: 0,
    slotsRefreshTimeout: times.commandTimeoutMs,
    // A pipeline is sent again as a whole or not at all, so that one moved slot would fail commands of other slots.
    enableAutoPipelining: false,
    // Names stay names, which the certificates of TLS speak of.
    dnsLookup: (host, done) => done(null, host),
    redisOptions,
  } satisfies ClusterOptions;
}

function loginOptions({ username, password }: RedisLogin): Options {
  if (password === undefined) return {};
  const text = password.reveal();
  return username === undefined ? { password: text } : { username, password: text };
}
