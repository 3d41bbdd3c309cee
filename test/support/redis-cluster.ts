import { Redis } from 'ioredis';
import { freePort, IN_MEMORY, type RedisProcess, startRedisProcess } from './redis-process.ts';
import { until } from './until.ts';

export interface RedisClusterNode extends RedisProcess {
  /** How it is named inside the cluster. */
  readonly id: string;
  /** The port on which the nodes talk with each other. */
  readonly busPort: number;
  /** For commands of the test to this node. */
  readonly operator: Redis;
}

export interface RedisClusterServers {
  /** As for `REDIS_URL`: a comma list of the masters. */
  readonly url: string;
  /** The masters first, then a replica of each in the same order when there are replicas. */
  readonly nodes: readonly RedisClusterNode[];
  /** The master that owns the slot of the key. */
  owner(key: string): Promise<RedisClusterNode>;
  /** Moves the slot of the key, with all that is in it, to another master. */
  moveSlot(key: string, to: RedisClusterNode): Promise<void>;
  /** Makes the replica of a node its master at once. The old one may be dead, frozen or alive. Resolves with the new one. */
  failover(master: RedisClusterNode): Promise<RedisClusterNode>;
  stop(): Promise<void>;
}

export interface RedisClusterOptions {
  /** One replica for each master. */
  readonly replicas?: boolean;
  /** After how long a silent node counts as lost, and its replica takes over by itself. Default: longer than any test. */
  readonly nodeTimeoutMs?: number;
  /** More arguments for each server. */
  readonly args?: readonly string[];
}

const MASTERS = 3;
const SLOTS = 16_384;

/** Three masters that share the slots, on free ports of loopback; resolves when all of them serve. Needs Redis 7. */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisClusterServers> {
  const count = options.replicas === true ? 2 * MASTERS : MASTERS;
  const started = await Promise.allSettled(Array.from({ length: count }, () => startNode(options)));
  const nodes = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async (): Promise<void> => {
    for (const { operator } of nodes) operator.disconnect();
    await Promise.all(nodes.map((node) => node.stop()));
  };
  const owner = async (key: string): Promise<RedisClusterNode> => {
    const { slot, ranges } = await Promise.any(nodes.map((node) => slotOf(key, node)));
    const port = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][1];
    const node = nodes.find((one) => one.port === port);
    if (node === undefined) throw new Error(`no node owns the slot of ${key}`);
    return node;
  };
  try {
    const failed = started.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    await meet(nodes);
    const timeoutMs = options.nodeTimeoutMs ?? 600_000;
    await Promise.all(nodes.map(({ operator }) => operator.config('SET', 'cluster-node-timeout', timeoutMs)));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: nodes
      .slice(0, MASTERS)
      .map(({ port }) => `redis://127.0.0.1:${port}`)
      .join(','),
    nodes,
    owner,
    moveSlot: async (key, to) => moveSlot(key, await owner(key), to, nodes),
    failover: async (master) => {
      const replica = nodes[(nodes.indexOf(master) + MASTERS) % count];
      if (replica === undefined || replica === master) throw new Error('the cluster has no replicas');
      await replica.operator.cluster('FAILOVER', 'TAKEOVER');
      await until(async () => (await replica.operator.role())[0] === 'master', 'the replica has become the master');
      return replica;
    },
    stop,
  };
}

async function startNode({ args = [] }: RedisClusterOptions): Promise<RedisClusterNode> {
  const [port, busPort] = [await freePort(), await freePort()];
  const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)];
  // A cluster begins to serve only after this time; the one that was asked for is set when it does.
  const timing = ['--cluster-node-timeout', '500', '--repl-diskless-sync-delay', '0'];
  const server = await startRedisProcess({ port, args: () => [...IN_MEMORY, ...cluster, ...timing, ...args] });
  const operator = new Redis(port, '127.0.0.1', { retryStrategy: () => 50, commandTimeout: 5_000 });
  operator.on('error', () => {});
  return { ...server, id: String(await operator.cluster('MYID')), busPort, operator };
}

async function meet(nodes: readonly RedisClusterNode[]): Promise<void> {
  const masters = nodes.slice(0, MASTERS);
  for (const [i, { operator }] of masters.entries()) {
    const first = Math.floor((i * SLOTS) / MASTERS);
    const last = Math.floor(((i + 1) * SLOTS) / MASTERS) - 1;
    await operator.call('CLUSTER', 'SET-CONFIG-EPOCH', i + 1);
    await operator.call('CLUSTER', 'ADDSLOTSRANGE', first, last);
  }
  // Every node meets every other: quicker than gossip.
  for (const [i, { operator }] of nodes.entries()) {
    for (const { port, busPort } of nodes.slice(i + 1)) {
      await operator.call('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
    }
  }
  const info = async ({ operator }: RedisClusterNode): Promise<string> => String(await operator.cluster('INFO'));
  const knowsAll = async (node: RedisClusterNode): Promise<boolean> =>
    (await info(node)).includes('cluster_state:ok') &&
    String(await node.operator.call('CLUSTER', 'NODES'))
      .split('\n')
      .filter((line) => line.includes(' connected')).length === nodes.length;
  const all = async (condition: (node: RedisClusterNode) => Promise<boolean>, some: readonly RedisClusterNode[]) =>
    (await Promise.all(some.map(condition))).every(Boolean);
  await until(() => all(knowsAll, nodes), 'every node of the cluster knows all others');
  const replicas = nodes.slice(MASTERS);
  await Promise.all(replicas.map(({ operator }, i) => operator.cluster('REPLICATE', masters[i]?.id ?? '')));
  const follows = async ({ operator }: RedisClusterNode): Promise<boolean> =>
    (await operator.info('replication')).includes('master_link_status:up');
  await until(() => all(follows, replicas), 'every replica has what its master has');
}

type SlotRange = readonly [first: number, last: number, master: readonly [host: string, port: number]];

async function slotOf(key: string, { operator }: RedisClusterNode) {
  const slot = Number(await operator.cluster('KEYSLOT', key));
  return { slot, ranges: (await operator.cluster('SLOTS')) as unknown as readonly SlotRange[] };
}

async function moveSlot(
  key: string,
  from: RedisClusterNode,
  to: RedisClusterNode,
  nodes: readonly RedisClusterNode[],
): Promise<void> {
  const { slot } = await slotOf(key, from);
  await to.operator.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
  await from.operator.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
  const keys = (await from.operator.call('CLUSTER', 'GETKEYSINSLOT', slot, 100_000)) as string[];
  if (keys.length > 0) await from.operator.call('MIGRATE', '127.0.0.1', to.port, '', 0, 5_000, 'KEYS', ...keys);
  for (const { operator } of [to, from]) await operator.call('CLUSTER', 'SETSLOT', slot, 'NODE', to.id);
  // The others hear of it by themselves as well, a little later; a node that is gone cannot be told.
  const others = nodes.filter((node) => node !== to && node !== from);
  await Promise.allSettled(others.map(({ operator }) => operator.call('CLUSTER', 'SETSLOT', slot, 'NODE', to.id)));
}
