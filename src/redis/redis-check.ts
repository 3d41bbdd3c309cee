import type { Redis } from 'ioredis';
import { Cluster } from 'ioredis';
import type { Logger } from '../observability/logger.ts';

const READ_ONLY =
  'REDIS_URL leads to a replica, which is read-only: nothing can be shared. ' +
  'Name the primary instead, or the Sentinels that know it (redis+sentinel://…)';

/** Why this gateway must not get traffic because of its Redis; null when it may. */
export type WriteCheck = () => Promise<string | null>;

/**
 * Looks at the servers once, at the start, and warns of what will not work well. Reads INFO, which managed services and
 * restricted users allow; CONFIG GET often is not.
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
