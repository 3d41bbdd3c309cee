import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRecordsContract } from '../create/records.contract.ts';
import { followContract } from '../events/follow/follower.contract.ts';
import { redisStores } from '../support/create-stores.ts';
import { redisLog } from '../support/event-logs.ts';
import { openReplica, Reader, type Replica, Writer } from '../support/follow-replicas.ts';
import { type RedisSentinels, startRedisSentinels } from '../support/redis-sentinels.ts';
import { until } from '../support/until.ts';
import { expectNoFork } from './expect-no-fork.ts';

const ENDPOINTS = 20;

let redis: RedisSentinels;
beforeAll(async () => {
  // Two replicas: the old primary of the first failover becomes one only after some seconds.
  redis = await startRedisSentinels({ replicas: 2 });
});
afterAll(() => redis.stop());

let opened = 0;
followContract('redis with sentinels', () => redisLog(redis.url, undefined, `follow-${opened++}`));
createRecordsContract('redis with sentinels', (now) => redisStores(redis.url, `create-${opened++}`, now));

describe('a failover by Sentinels', () => {
  let replicas: Replica[];
  let readers: Reader[];
  let writer: Writer;
  beforeEach(async () => {
    replicas = await Promise.all([openReplica(redis.url), openReplica(redis.url)]);
    writer = new Writer(replicas[0]!.log, ENDPOINTS);
    await writer.baseline();
    readers = await Promise.all(replicas.map((replica) => Reader.start(replica, writer)));
  });
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    await Promise.all(replicas.map((replica) => replica.close()));
  });

  const seen = (status: string) =>
    Promise.all(readers.map((reader) => reader.until((items) => items.some((item) => item.rawStatus === status))));
  const resyncs = () => readers.map((reader) => reader.items.filter((item) => item.kind === 'RESYNC').length);

  it('that loses acknowledged writes begins a new epoch: all readers get RESYNC, and versions keep rising', async () => {
    await writer.moveAtLast('e1', 'kept');
    await seen('kept');
    await redis.stopReplication();
    await writer.move('e1', 'lost');
    await writer.move('e2', 'lost as well');
    await seen('lost as well');
    expect(resyncs()).toEqual([0, 0]);

    const next = await redis.failover();
    // The old primary still accepts writes, so every connection must leave it.
    const portOf = (connection: unknown) => (connection as Redis).stream?.remotePort;
    const connections = replicas.flatMap((replica) => [replica.redis.commands, replica.redis.subscriber]);
    const left = async () => connections.every((connection) => portOf(connection) === next.port);
    await until(left, 'all connections have left the old primary', 5_000);

    await writer.moveAtLast('e1', 'after the failover');
    await seen('after the failover');
    for (const reader of readers) {
      await reader.until((items) => items.at(-1)?.more === false);
      expectNoFork(reader.items, writer.statuses);
    }
    expect(Math.min(...resyncs())).toBeGreaterThanOrEqual(ENDPOINTS);
  });

  it('that is announced while a Sentinel is asked for the primary does not end a connection for good', async () => {
    const connections = replicas.flatMap(({ redis: { commands, subscriber } }) => [commands as Redis, subscriber]);
    const ended = connections.map((connection) => {
      const { connector } = connection as unknown as { readonly connector: { disconnect(): void } };
      // What the failover detector of the connection before does.
      connection.once('connecting', () => connector.disconnect());
      const end = new Promise((resolve) => connection.once('end', resolve));
      connection.disconnect(true);
      return end;
    });
    await Promise.all(ended);
    const isReady = async () => connections.every(({ status }) => status === 'ready');
    await until(isReady, 'all connections are ready again', 5_000);
    await writer.moveAtLast('e2', 'after the end');
    await seen('after the end');
  });

  it('after the death of the primary is followed, and notifications arrive again', async () => {
    await redis.killPrimary();
    await writer.moveAtLast('e3', 'at the new primary');
    await seen('at the new primary');
    for (const reader of readers) {
      await reader.until((items) => items.at(-1)?.more === false);
      expectNoFork(reader.items, writer.statuses);
    }
  });
});
