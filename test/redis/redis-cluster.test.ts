import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FeedEvent } from '../../src/events/cursor.ts';
import { createRecordsContract } from '../create/records.contract.ts';
import { eventLogContract } from '../events/event-log.contract.ts';
import { followContract } from '../events/follow/follower.contract.ts';
import { redisStores } from '../support/create-stores.ts';
import { redisLog } from '../support/event-logs.ts';
import { openReplica, PROJECT, Reader, type Replica, Writer } from '../support/follow-replicas.ts';
import { type RedisClusterNode, type RedisClusterServers, startRedisCluster } from '../support/redis-cluster.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { expectNoFork } from './expect-no-fork.ts';

let cluster: RedisClusterServers;
beforeAll(async () => {
  cluster = await startRedisCluster({ replicas: true });
});
afterAll(() => cluster.stop());

let opened = 0;
eventLogContract('redis cluster', (clock) => redisLog(cluster.url, clock, `contract-${opened++}`));
followContract('redis cluster', () => redisLog(cluster.url, undefined, `follow-${opened++}`));
createRecordsContract('redis cluster', (now) => redisStores(cluster.url, `create-${opened++}`, now));

describe('notifications in a Redis Cluster', () => {
  const ENDPOINTS = 20;
  let replicas: Replica[];
  let readers: Reader[];
  let writer: Writer;
  beforeEach(async () => {
    // Without periodic checks of the log: every event that is seen was notified.
    replicas = await Promise.all([1, 2].map(() => openReplica(cluster.url, { commandTimeoutMs: 300 })));
    writer = new Writer(replicas[0]!.log, ENDPOINTS);
    await writer.baseline();
    readers = await Promise.all(replicas.map((replica) => Reader.start(replica, writer)));
    await seenByAll('e0', 'before');
  });
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    await Promise.all(replicas.map((replica) => replica.close()));
  });

  const seenByAll = async (endpointId: string, status: string) => {
    await writer.moveAtLast(endpointId, status);
    const isSeen = (items: readonly FeedEvent[]) => items.some((item) => item.rawStatus === status);
    await Promise.all(readers.map((reader) => reader.until(isSeen)));
  };
  const expectNoForks = () => {
    for (const reader of readers) expectNoFork(reader.items, writer.statuses);
  };
  const owner = () => cluster.owner(`{${PROJECT}}`);
  const otherThan = (node: RedisClusterNode) => cluster.nodes.slice(0, 3).find((one) => one !== node)!;

  it('arrive after the slot has moved to another node, and back', async () => {
    const home = await owner();
    const other = otherThan(home);
    await cluster.moveSlot(`{${PROJECT}}`, other);
    await seenByAll('e1', 'moved away');
    await cluster.moveSlot(`{${PROJECT}}`, home);
    await seenByAll('e2', 'moved back');
    expectNoForks();
  });

  it('survive a half-open connection', async () => {
    const proxy = await startTcpProxy((await owner()).port);
    const replica = await openReplica(cluster.url, { subscriberUrl: `redis://127.0.0.1:${proxy.port},` });
    const { subscriber } = replica.redis;
    const reader = await Reader.start(replica, writer);
    await reader.until((items) => items.length >= ENDPOINTS);
    expect(subscriber.options.port).toBe(proxy.port);
    proxy.freeze();
    await writer.moveAtLast('e7', 'while half open');
    await reader.until((items) => items.some((item) => item.rawStatus === 'while half open'));
    expect(cluster.nodes.map(({ port }) => port)).toContain(subscriber.options.port);
    await reader.stop();
    await replica.close();
    await proxy.close();
  });

  it('arrive after a failover, when the old master lives on as a replica', async () => {
    await cluster.failover(await owner());
    await seenByAll('e3', 'after the failover');
    expectNoForks();
  });

  it('arrive after a failover from a frozen master, with all connections half open', async () => {
    const frozen = await owner();
    const subscriberUrl = `redis://127.0.0.1:${frozen.port},`;
    replicas.push(await openReplica(cluster.url, { subscriberUrl, commandTimeoutMs: 300 }));
    readers.push(await Reader.start(replicas.at(-1)!, writer));
    await seenByAll('e8', 'before the freeze');
    frozen.pause();
    await cluster.failover(frozen);
    await seenByAll('e4', 'without the frozen one');
    frozen.resume();
    await seenByAll('e5', 'thawed');
    expectNoForks();
  });

  // The last: it leaves a dead node behind.
  it('arrive after the node was lost', async () => {
    const lost = await owner();
    await lost.kill();
    await cluster.failover(lost);
    await seenByAll('e6', 'without the lost one');
    expectNoForks();
  });
});
