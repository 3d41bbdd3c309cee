import { type Cluster, Redis } from 'ioredis';
import type { RedisNode, RedisTarget } from './config-redis.ts';
import type { Logger } from './observability/logger.ts';
import { checkServers, type WriteCheck } from './redis-check.ts';
import { CommandCluster } from './redis-cluster.ts';
import { guardNodes, guardSockets } from './redis-guard.ts';
import { RedisHealth, reasonOf } from './redis-health.ts';
import { clusterOptions, commandOptions, connectionOptions, type RedisTimes, serverOptions } from './redis-options.ts';

/** One connection to a server, or one to each node of a Cluster. */
export type RedisCommands = Redis | Cluster;

/** A connection to one node of a Cluster, not yet connected. It does not come back when it is lost. */
export type OpenNode = (node: RedisNode) => Redis;

export interface RedisConnections {
  readonly commands: RedisCommands;
  /** The connection for pub/sub; in a Cluster there is one for each node, made when it is needed. */
  readonly subscriber: Redis | OpenNode;
  readonly health: RedisHealth;
  /** Of servers that were read-only at the start. */
  readonly writeCheck: WriteCheck;
  close(): Promise<void>;
}

export interface RedisOptions {
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
export async function connectRedis({ target, logger, onChange, ...given }: RedisOptions): Promise<RedisConnections> {
  const times = { connectTimeoutMs: 10_000, commandTimeoutMs: 5_000, ...given };
  const commands = target.kind === 'cluster' ? commandCluster(target, times) : commandServer(target, times);
  const subscriber =
    target.kind === 'cluster' ? nodeOpener(target, times) : guardSockets(new Redis(serverOptions(target, times)));
  const probe = () => commands.set(PROBE_KEY, '1', 'PX', PROBE_KEY_MS);
  const health = new RedisHealth({ probe, logger, onChange });
  const lasting = typeof subscriber === 'function' ? [commands] : [commands, subscriber];
  const close = async (): Promise<void> => {
    health.close();
    for (const connection of lasting) connection.disconnect();
  };
  try {
    // Without a listener an error event would end the process.
    for (const connection of lasting) connection.on('error', (error: Error) => health.failed(error));
    commands.on('close', () => health.failed(new Error('the connection was closed')));
    await Promise.all(lasting.map((connection) => ready(connection, times)));
    return { commands, subscriber, health, writeCheck: await checkServers(commands, logger), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function commandServer(target: Exclude<RedisTarget, { readonly kind: 'cluster' }>, times: RedisTimes): Redis {
  const options = { ...serverOptions(target, times), ...commandOptions(times), enableAutoPipelining: true };
  return guardSockets(new Redis(options));
}

type ClusterTarget = Extract<RedisTarget, { readonly kind: 'cluster' }>;

function commandCluster(target: ClusterTarget, times: RedisTimes): Cluster {
  const nodes = target.nodes.map((node) => ({ ...node }));
  const cluster = new CommandCluster(nodes, clusterOptions(target, times));
  guardNodes(cluster);
  return cluster;
}

function nodeOpener(target: ClusterTarget, times: RedisTimes): OpenNode {
  const options = { ...connectionOptions(target, times), ...commandOptions(times), retryStrategy: null };
  return (node) => guardSockets(new Redis({ ...options, ...node }));
}

async function ready(connection: RedisCommands, { connectTimeoutMs }: RedisTimes): Promise<void> {
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

/** Where connections, Sentinels and nodes of a Cluster say what they failed at. */
const FAILURES = ['error', 'sentinelError', 'node error'] as const;
