import { Cluster, Redis } from 'ioredis';
import type { RedisTarget } from '../config/redis.ts';
import type { Logger } from '../observability/logger.ts';
import { within } from '../shared/clock.ts';
import { backoffMs } from '../shared/retry-delay.ts';
import { CommandCluster, guardNodes, guardSockets } from './cluster.ts';
import { RedisHealth, reasonOf } from './redis-health.ts';
import { clusterOptions, connectionOptions, type RedisTimes, serverName, serverOptions } from './redis-options.ts';

const READ_ONLY =
  'REDIS_URL leads to a replica, which is read-only: nothing can be shared. ' +
  'Name the primary instead, or the Sentinels that know it (redis+sentinel://…)';

/** Why this gateway must not get traffic because of its Redis; null when it may. */
type WriteCheck = () => Promise<string | null>;

/**
 * Checks the servers once, at the start, and returns warnings. Reads INFO, which managed services and
 * restricted users allow; CONFIG GET often is not.
 * @throws Error when a server is a node of a Cluster, but was not named as one.
 */
async function checkServers(commands: Redis | Cluster, logger: Logger): Promise<WriteCheck> {
  const isCluster = commands instanceof Cluster;
  const servers = isCluster ? commands.nodes('master') : [commands];
  const infos = await Promise.all(servers.map((server) => server.info().catch(() => null)));
  const warnings = new Set<string>();
  for (const info of infos) {
    if (info === null) warnings.add('INFO is refused: version and memory policy of Redis are not checked');
    else for (const warning of judgeServer(info, isCluster)) warnings.add(warning);
  }
  for (const warning of warnings) logger.warn(warning);
  if (isCluster || !isReadOnly(infos[0] ?? '')) return async () => null;
  logger.error(READ_ONLY);
  return writeCheck(commands, logger);
}

/** Passes for good once the server takes writes: what a later failover breaks, the event log and its readiness say. */
function writeCheck(server: Redis, logger: Logger): WriteCheck {
  let isWritable = false;
  return async () => {
    if (isWritable) return null;
    const info = await server.info('replication').catch(() => null);
    if (info === null) return READ_ONLY;
    if (isReadOnly(info)) {
      // The name may lead to another server by now, and without traffic no refused write breaks the connection.
      server.disconnect(true);
      return READ_ONLY;
    }
    isWritable = true;
    logger.info('Redis takes writes now');
    return null;
  };
}

function isReadOnly(info: string): boolean {
  return fieldOf(info, 'role') === 'slave' && fieldOf(info, 'slave_read_only') !== '0';
}

function fieldOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}

/** What to warn of in the INFO of one server. @throws Error: see `checkServers`. */
export function judgeServer(info: string, isCluster: boolean): readonly string[] {
  if (!isCluster && fieldOf(info, 'cluster_enabled') === '1') {
    throw new Error(
      'REDIS_URL names one server, which is a node of a Redis Cluster. List the nodes with commas; a single one ends with a comma',
    );
  }
  const warnings: string[] = [];
  const version = fieldOf(info, 'redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const tooOld = major < 6 || (major === 6 && minor < 2);
  if (version !== '' && tooOld) warnings.push(`Redis ${version} is too old: 6.2 or newer is needed`);
  const policy = fieldOf(info, 'maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    warnings.push(
      `Redis has maxmemory-policy ${policy}: it may drop parts of the event log when memory is short. Set noeviction`,
    );
  }
  return warnings;
}

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

interface ConnectOptions {
  readonly target: RedisTarget;
  readonly logger: Logger;
  /** Called once per change of `health.available`. */
  readonly onChange?: (available: boolean) => void;
  /** Milliseconds to wait for the first connection. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds after which a command without an answer fails. */
  readonly commandTimeoutMs?: number;
}

const PROBE_KEY = 'vpcep-gateway:probe';
const PROBE_KEY_MS = 60_000;

/**
 * Nothing is queued while Redis is unavailable: a command then fails at once, and its sender decides what that means.
 * @throws Error when Redis cannot be reached within `connectTimeoutMs`, or is a Cluster that is not named as one.
 */
export async function connectRedis({ target, logger, onChange, ...given }: ConnectOptions): Promise<RedisConnections> {
  const times = { connectTimeoutMs: 10_000, commandTimeoutMs: 5_000, ...given };
  const { commands, subscriber } = target.kind === 'cluster' ? toCluster(target, times) : toServer(target, times);
  const probe = () => commands.set(PROBE_KEY, '1', 'PX', PROBE_KEY_MS);
  const health = new RedisHealth({ probe, logger, onChange });
  const both = [commands, subscriber];
  const close = async (): Promise<void> => {
    health.close();
    for (const connection of both) connection.disconnect();
  };
  try {
    // Without a listener an error event would end the process.
    for (const connection of both) connection.on('error', (error: Error) => health.failed(error));
    commands.on('close', () => health.failed(new Error('the connection was closed')));
    await Promise.all(both.map((connection) => ready(connection, times)));
    return { commands, subscriber, health, writeCheck: await checkServers(commands, logger), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function toServer(target: Exclude<RedisTarget, { readonly kind: 'cluster' }>, times: RedisTimes) {
  const options = serverOptions(target, times);
  const ofCommands = { ...options, commandTimeout: times.commandTimeoutMs, enableAutoPipelining: true };
  return { commands: guardSockets(new Redis(ofCommands)), subscriber: guardSockets(new Redis(options)) };
}

function toCluster(target: Extract<RedisTarget, { readonly kind: 'cluster' }>, times: RedisTimes) {
  const nodes = target.nodes.map((node) => ({ ...node }));
  const commands = new CommandCluster(nodes, clusterOptions(target, times));
  guardNodes(commands);
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

async function ready(connection: RedisCommands, { connectTimeoutMs }: RedisTimes): Promise<void> {
  let last: Error | undefined;
  const note = (error: Error): void => {
    last = error;
  };
  for (const event of FAILURES) connection.on(event, note);
  const late = (): Error =>
    new Error(`Redis did not answer within ${connectTimeoutMs} ms${last === undefined ? '' : `: ${reasonOf(last)}`}`);
  const up = new Promise<void>((resolve) => connection.once('ready', () => resolve()));
  try {
    connection.connect().catch(() => {});
    await within(connectTimeoutMs, up, late);
  } finally {
    for (const event of FAILURES) connection.off(event, note);
  }
}

/** Where connections, Sentinels and nodes of a Cluster say what they failed at. */
const FAILURES = ['error', 'sentinelError', 'node error'] as const;
