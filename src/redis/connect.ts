import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import type { RedisLogin, RedisNode, RedisTarget } from '../config/redis.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import { backoffMs } from '../shared/retry-delay.ts';
import { checkServers, RedisHealth, reasonOf, type WriteCheck } from './redis-health.ts';

/** One connection to a server, or one to each node of a Cluster. */
export type RedisCommands = Redis | Cluster;

export interface RedisConnections {
  readonly commands: RedisCommands;
  /** The connection for pub/sub; in a Cluster to any of its nodes. */
  readonly subscriber: Redis;
  readonly health: RedisHealth;
  /** Of servers that were read-only at the start. */
  readonly writeCheck: WriteCheck;
  close(): Promise<void>;
}

interface Times {
  /** Milliseconds to wait for a connection. */
  readonly connectTimeoutMs: number;
  /** Milliseconds after which a command without an answer fails. */
  readonly commandTimeoutMs: number;
}

interface ConnectOptions extends Partial<Times> {
  readonly target: RedisTarget;
  readonly logger: Logger;
  /** Called once per change of `health.available`. */
  readonly onChange?: (available: boolean) => void;
  readonly metrics?: Pick<Metrics, 'redisSeconds' | 'redisReconnects'>;
}

type ServerTarget = Exclude<RedisTarget, { readonly kind: 'cluster' }>;
type ClusterTarget = Extract<RedisTarget, { readonly kind: 'cluster' }>;
/** The replies keep the shapes of RESP2, whatever the connection speaks. */
type Options = Omit<RedisOptions, 'replyMapping'>;

const PROBE_KEY = 'vpcep-gateway:probe';
const PROBE_KEY_MS = 60_000;
/** As after so many failures: some 400 ms. */
const AGAIN = 3;
/** Where connections, Sentinels and nodes of a Cluster report failures. */
const FAILURES = ['error', 'sentinelError', 'node error'] as const;

/**
 * Nothing is queued while Redis is unavailable: a command then fails at once, and its sender decides what that means.
 * @throws Error when Redis cannot be reached within `connectTimeoutMs`, or is a Cluster that is not named as one.
 */
export async function connectRedis({
  target,
  logger,
  onChange,
  metrics,
  ...given
}: ConnectOptions): Promise<RedisConnections> {
  const times = { connectTimeoutMs: 10_000, commandTimeoutMs: 5_000, ...given };
  const { commands, subscriber } = target.kind === 'cluster' ? toCluster(target, times) : toServer(target, times);
  const probe = () => commands.set(PROBE_KEY, '1', 'PX', PROBE_KEY_MS);
  const health = new RedisHealth({ probe, logger, onChange });
  const both = [commands, subscriber];
  const closed = new AbortController();
  const close = async (): Promise<void> => {
    closed.abort();
    health.close();
    for (const connection of both) connection.disconnect();
  };
  try {
    // Without a listener an error event would end the process.
    for (const connection of both) connection.on('error', (error: Error) => health.failed(error));
    commands.on('close', () => health.failed(new Error('the connection was closed')));
    for (const connection of both) connection.on('end', () => void connectAgain(connection, closed.signal));
    await Promise.all(both.map((connection) => ready(connection, times)));
    if (metrics !== undefined) measure({ commands, subscriber }, metrics);
    return { commands, subscriber, health, writeCheck: await checkServers(commands, logger), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Times every command, and counts the connections that are made again. */
function measure(
  { commands, subscriber }: Pick<RedisConnections, 'commands' | 'subscriber'>,
  { redisSeconds, redisReconnects }: NonNullable<ConnectOptions['metrics']>,
): void {
  commands.on('ready', () => redisReconnects.inc({ connection: 'commands' }));
  subscriber.on('ready', () => redisReconnects.inc({ connection: 'subscriber' }));
  const send = commands.sendCommand.bind(commands) as (...args: Parameters<Redis['sendCommand']>) => unknown;
  commands.sendCommand = (...args: Parameters<Redis['sendCommand']>): unknown => {
    const [command] = args;
    const begunAt = performance.now();
    const done = (): void => redisSeconds.observe({ command: command.name }, (performance.now() - begunAt) / 1000);
    command.promise.then(done, done);
    return send(...args);
  };
}

/**
 * ioredis ends a connection for good when a failover is announced, by a listener of the connection before, while it asks a
 * Sentinel for the primary.
 */
async function connectAgain(connection: RedisCommands, closed: AbortSignal): Promise<void> {
  if (closed.aborted) return;
  await delay(backoffMs(AGAIN), undefined, { ref: false });
  // Its failure is another `end`.
  if (!closed.aborted && connection.status === 'end') connection.connect().catch(() => {});
}

async function ready(connection: RedisCommands, { connectTimeoutMs }: Times): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let last: Error | undefined;
  const note = (error: Error): void => {
    last = error;
  };
  for (const event of FAILURES) connection.on(event, note);
  const late = new Promise<never>((_, reject) => {
    const failed = (): Error =>
      new Error(`Redis did not answer within ${connectTimeoutMs} ms${last === undefined ? '' : `: ${reasonOf(last)}`}`);
    timer = setTimeout(() => reject(failed()), connectTimeoutMs);
  });
  const up = new Promise<void>((resolve) => connection.once('ready', () => resolve()));
  try {
    connection.connect().catch(() => {});
    await Promise.race([up, late]);
  } finally {
    clearTimeout(timer);
    for (const event of FAILURES) connection.off(event, note);
  }
}

function toServer(target: ServerTarget, times: Times) {
  const options = serverOptions(target, times);
  const ofCommands = { ...options, commandTimeout: times.commandTimeoutMs, enableAutoPipelining: true };
  return { commands: guardSockets(new Redis(ofCommands)), subscriber: guardSockets(new Redis(options)) };
}

function toCluster(target: ClusterTarget, times: Times) {
  const nodes = target.nodes.map((node) => ({ ...node }));
  const commands = new CommandCluster(nodes, clusterOptions(target, times));
  commands.on('+node', guardSockets);
  const anyNode = () => {
    const known = commands.nodes().map(({ options: { host = '', port = 0 } }) => ({ host, port }));
    const all = known.length > 0 ? known : nodes;
    const node = all[Math.floor(Math.random() * all.length)];
    return node && { ...node, ...(target.tls ? { tls: serverName(node.host) } : {}) };
  };
  const subscriber = new Redis({
    ...connectionOptions(target, times),
    ...anyNode(),
    retryStrategy: (attempt) => {
      // Another node, because this one may be lost. ioredis reads host and port when it connects.
      Object.assign(subscriber.options, anyNode());
      return backoffMs(attempt);
    },
  });
  return { commands, subscriber: guardSockets(subscriber) };
}

/**
 * Fails commands at once while no node is known, where ioredis would queue them without a limit. A command for a node that
 * is being connected may wait, for as long as a command may take.
 */
class CommandCluster extends Cluster {
  override sendCommand(...args: Parameters<Cluster['sendCommand']>): unknown {
    const [command] = args;
    // Commands about the cluster itself make it ready.
    if (this.status === 'ready' || command.name === 'cluster') return super.sendCommand(...args);
    command.reject(new Error('the Redis Cluster is not connected'));
    return command.promise;
  }
}

/** What every connection has in common: nothing is queued, and nothing is sent twice. */
function connectionOptions({ login, tls }: Pick<RedisTarget, 'login' | 'tls'>, times: Times): Options {
  return {
    ...loginOptions(login),
    ...(tls ? { tls: {} } : {}),
    lazyConnect: true,
    enableOfflineQueue: false,
    // events/redis/notifications.ts resubscribes, because it must know when that has happened.
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // CLIENT SETINFO would need one more permission.
    disableClientInfo: true,
    connectTimeout: times.connectTimeoutMs,
    // A connection on which a command stays unanswered is dead, even if TCP has not noticed.
    socketTimeout: 2 * times.commandTimeoutMs,
  };
}

/** For one server, or for the primary that Sentinels name. */
function serverOptions(target: ServerTarget, times: Times): Options {
  const common: Options = {
    ...connectionOptions(target, times),
    db: target.database,
    // After a failover the old primary keeps its connections and refuses every write: find the new primary.
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
    // The old primary accepts writes, which will be lost, until a Sentinel demotes it: the Sentinels are heard directly.
    failoverDetector: true,
    sentinelReconnectStrategy: backoffMs,
  };
}

function clusterOptions(target: ClusterTarget, times: Times) {
  const redisOptions: Options = { ...connectionOptions(target, times), commandTimeout: times.commandTimeoutMs };
  return {
    lazyConnect: true,
    clusterRetryStrategy: backoffMs,
    // Bounded by the time of a command, and kept empty while the cluster is unavailable: see CommandCluster.
    enableOfflineQueue: true,
    // A command on a broken connection may have been done, so its sender decides about a repetition.
    retryDelayOnFailover: 0,
    slotsRefreshTimeout: times.commandTimeoutMs,
    // A pipeline is sent again as a whole or not at all, so that one moved slot would fail commands of other slots.
    enableAutoPipelining: false,
    // Host names are kept, because certificates name them.
    dnsLookup: (host, done) => done(null, host),
    redisOptions,
  } satisfies ClusterOptions;
}

function loginOptions({ username, password }: RedisLogin): Options {
  if (password === undefined) return {};
  const text = password.reveal();
  return username === undefined ? { password: text } : { username, password: text };
}

/** The name for TLS (SNI), by which a server chooses its certificate. An IP address is no name, RFC 6066. */
function serverName(host: string): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host.replace(/\.$/, '') } : {};
}

/** The address that a Sentinel gave, with which ioredis calls `tls.connect`. */
function namedAddress(address: string): RedisNode & { readonly servername?: string } {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon);
  return { host, port: Number(address.slice(colon + 1)), ...serverName(host) };
}

/** Private parts of ioredis: how it connects. */
interface Connecting {
  readonly connector: { connect(onError: unknown): Promise<Duplex> };
}
interface ConnectingToSentinels {
  connectToSentinel(endpoint: object, options?: object): Redis;
}

/**
 * Mends two faults of ioredis with TLS. It sends no server name. And it listens for one error of a socket only: a refused
 * certificate may cause a second one, and an error without a listener ends the process.
 */
function guardSockets(redis: Redis): Redis {
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

function guardSentinels(connector: ConnectingToSentinels): void {
  const open = connector.connectToSentinel.bind(connector);
  connector.connectToSentinel = (endpoint, options) => {
    // Connected by its first command, when the guard is there.
    const sentinel = guardSockets(open(endpoint, { ...options, lazyConnect: true }));
    // Its commands report failures; without a listener ioredis writes every one to the console as well.
    return sentinel.on('error', () => {});
  };
}
