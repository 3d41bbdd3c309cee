import { Cluster, type Redis } from 'ioredis';
import type { Logger } from '../observability/logger.ts';

export interface RedisHealthOptions {
  /** A write: a server that is full, or a replica, still answers reads. */
  readonly probe: () => Promise<unknown>;
  readonly logger: Logger;
  /** Called once per change. */
  readonly onChange?: ((available: boolean) => void) | undefined;
}

/** Milliseconds between two probes while Redis is unavailable, on average. */
const PROBE_MS = 1_000;
/** Milliseconds without a failure. Longer than retries wait, so that the loss of one Cluster node is one outage. */
const SETTLED_MS = 3_000;

/** Whether Redis can be used. Log lines, the metric, /readyz and shared limits all use this one answer. */
export class RedisHealth {
  readonly #options: RedisHealthOptions;
  #available = true;
  #failedAtMs = 0;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RedisHealthOptions) {
    this.#options = options;
  }

  get available(): boolean {
    return this.#available;
  }

  /** A command failed, or a connection was lost. */
  failed(error: unknown): void {
    if (this.#closed) return;
    this.#failedAtMs = performance.now();
    if (!this.#available) return;
    this.#change(false);
    this.#options.logger.warn(
      { reason: reasonOf(error) },
      'Redis is unavailable: the status feed pauses, limits are per replica',
    );
    this.#probeLater();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #probeLater(): void {
    this.#timer = setTimeout(() => void this.#probe(), PROBE_MS * (0.5 + Math.random()));
    this.#timer.unref();
  }

  async #probe(): Promise<void> {
    await this.#options.probe().catch((error: unknown) => this.failed(error));
    if (this.#closed) return;
    if (performance.now() - this.#failedAtMs < SETTLED_MS) return this.#probeLater();
    this.#change(true);
    this.#options.logger.info({}, 'Redis is available again');
  }

  #change(available: boolean): void {
    this.#available = available;
    this.#options.onChange?.(available);
  }
}

/** A refused connection to a name with several addresses has an empty message, and one error for each of them. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? error.errors : 'lastNodeError' in error ? [error.lastNodeError] : [];
  const reasons = inner.flatMap((one: unknown) => (one instanceof Error ? [reasonOf(one)] : []));
  return [error.message, ...reasons].filter((text) => text !== '').join(': ');
}

const READ_ONLY =
  'REDIS_URL leads to a replica, which is read-only: nothing can be shared. ' +
  'Name the primary instead, or the Sentinels that know it (redis+sentinel://…)';

/** Why this gateway must not get traffic because of its Redis; null when it may. */
export type WriteCheck = () => Promise<string | null>;

/**
 * Checks the servers at the start and warns of settings that do not fit. Reads INFO, which managed services and restricted
 * users allow; CONFIG GET often is not.
 * @throws Error when a server is a node of a Cluster, but was not named as one.
 */
export async function checkServers(commands: Redis | Cluster, logger: Logger): Promise<WriteCheck> {
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

/** Passes for good once the server takes writes: later failures are reported by RedisHealth. */
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

/** Any other may drop a part of the event log. */
export const RIGHT_POLICY = 'noeviction';

export interface ServerInfo {
  /** Undefined, as the policy: this server does not show it. */
  readonly version: string | undefined;
  readonly isTooOld: boolean;
  readonly policy: string | undefined;
}

export function readInfo(info: string): ServerInfo {
  const version = fieldOf(info, 'redis_version') || undefined;
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  const isTooOld = version !== undefined && (major < 6 || (major === 6 && minor < 2));
  return { version, isTooOld, policy: fieldOf(info, 'maxmemory_policy') };
}

/** The warnings about the INFO of one server. @throws Error: see `checkServers`. */
export function judgeServer(info: string, isCluster: boolean): readonly string[] {
  if (!isCluster && fieldOf(info, 'cluster_enabled') === '1') {
    throw new Error(
      'REDIS_URL names one server, which is a node of a Redis Cluster. List the nodes with commas; a single one ends with a comma',
    );
  }
  const warnings: string[] = [];
  const { version, isTooOld, policy } = readInfo(info);
  if (isTooOld) warnings.push(`Redis ${version} is too old: 6.2 or newer is needed`);
  if (policy !== undefined && policy !== RIGHT_POLICY) {
    warnings.push(
      `Redis has maxmemory-policy ${policy}: it may drop parts of the event log when memory is short. Set ${RIGHT_POLICY}`,
    );
  }
  return warnings;
}
