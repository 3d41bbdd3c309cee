import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedEvent } from '../../../src/events/cursor.ts';
import type { RedisCommands } from '../../../src/redis/connect.ts';
import { openReplica, Reader, type Replica, type ReplicaOptions, Writer } from '../../support/follow-replicas.ts';
import { type RedisServer, startRedis } from '../../support/start-redis.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';

const ENDPOINTS = 50;
const FOLLOWERS = 5;
/** Fewer than the log retains: a follower that is further behind is rightly told to start over. */
const MAX_LEAD = 900;

describe('notifications under fire', () => {
  let redis: RedisServer;
  let replicas: Replica[];
  let readers: Reader[];
  let writer: Writer;
  beforeEach(async () => {
    redis = await startRedis();
    const own = await openReplica(redis.url);
    replicas = [own];
    readers = [];
    writer = new Writer(own.log, ENDPOINTS);
    await writer.baseline();
  });
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    await Promise.all(replicas.map((replica) => replica.close()));
    await redis.stop();
  });

  const followers = async (count: number, options: ReplicaOptions = {}) => {
    const opened = await Promise.all(Array.from({ length: count }, () => openReplica(redis.url, options)));
    replicas.push(...opened);
    readers.push(...(await Promise.all(opened.map((replica) => Reader.start(replica, writer)))));
    await Promise.all(readers.map((reader) => reader.until((items) => items.length >= ENDPOINTS)));
    return opened;
  };
  const write = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const n = writer.appended.length;
      await writer.move(`e${(n * 7) % ENDPOINTS}`, `s${n}`);
      const slowest = n + 1 - MAX_LEAD;
      if (slowest > 0)
        await Promise.all(readers.map((one) => one.until((items) => items.length >= ENDPOINTS + slowest)));
    }
  };
  const expectAll = async () => {
    const last = writer.appended.at(-1);
    await Promise.all(readers.map((reader) => reader.until(() => reader.transitions.at(-1) === last)));
    // Equal lists: nothing lost, nothing twice, nothing in another order, and no RESYNC in between.
    for (const reader of readers) {
      expect(reader.transitions).toEqual(writer.appended);
      expect(reader.items.filter((item) => item.kind === 'RESYNC')).toEqual([]);
    }
  };

  it('loses nothing while every subscriber connection is killed again and again', async () => {
    await followers(FOLLOWERS);
    const operator = new Redis(redis.url);
    let killed = 0;
    const killer = setInterval(() => {
      void operator.call('CLIENT', 'KILL', 'TYPE', 'pubsub').then((count) => {
        killed += Number(count);
      });
    }, 120);
    await write(2_500);
    clearInterval(killer);
    await expectAll();
    operator.disconnect();
    expect(killed).toBeGreaterThan(FOLLOWERS);
  });

  it('loses nothing when half of all messages are dropped without a trace', async () => {
    const opened = await followers(FOLLOWERS, { checkMs: 250 });
    let dropped = 0;
    let heard = 0;
    for (const { redis: connections } of opened) {
      const subscriber = connections.subscriber as Redis;
      const emit = subscriber.emit.bind(subscriber);
      subscriber.emit = (event: string | symbol, ...args: unknown[]): boolean => {
        const isBell = event === 'message' && String(args[1]).startsWith('moved');
        // Every second one and, so that a pattern cannot hide a hole, whole runs of them.
        if (isBell && (++heard % 2 === 0 || heard % 100 < 20) && ++dropped > 0) return true;
        return emit(event, ...args);
      };
    }
    await write(2_500);
    await expectAll();
    expect(dropped / heard).toBeGreaterThan(0.5);
  });

  it('detects a half-open subscriber connection by the echo', async () => {
    const proxy = await startTcpProxy(redis.port);
    await followers(2, { subscriberUrl: `redis://127.0.0.1:${proxy.port}` });
    const { connections } = proxy;
    proxy.freeze();
    await write(10);
    await expectAll();
    expect(proxy.connections).toBeGreaterThan(connections);
    await Promise.all(readers.splice(0).map((reader) => reader.stop()));
    await Promise.all(replicas.splice(1).map((replica) => replica.close()));
    await proxy.close();
  });

  it('continues after Redis was frozen for longer than a command may take', async () => {
    const opened = await followers(FOLLOWERS, { commandTimeoutMs: 300 });
    await write(10);
    const gone = opened.map(
      ({ redis: connections }) => new Promise<void>((resolve) => connections.commands.once('close', () => resolve())),
    );
    redis.pause();
    const looks = opened.map(({ log }) => expect(log.position('project-1')).rejects.toThrow('cannot be reached'));
    await Promise.all([...looks, ...gone]);
    redis.resume();
    await Promise.all([...replicas].map(({ redis: connections }) => answering(connections.commands)));
    await write(10);
    await expectAll();
  });

  it.each(['nothing', 'what it had saved before the last writes'])(
    'sends RESYNC to every follower when Redis comes back with %s, and goes on',
    async (what) => {
      await followers(FOLLOWERS);
      await write(100);
      if (what !== 'nothing') {
        const operator = new Redis(redis.url);
        await operator.save();
        operator.disconnect();
        await write(10);
      }
      await expectAll();
      await redis.restartEmpty();
      const isResynced = (reader: Reader) =>
        reader.until((items) => items.at(-1)?.kind === 'RESYNC' && items.at(-1)?.more === false);
      await Promise.all(readers.map(isResynced));
      for (const reader of readers) {
        const set = reader.items.slice(-ENDPOINTS);
        expect(set.map((item) => item.kind)).toEqual(Array.from({ length: ENDPOINTS }, () => 'RESYNC'));
        expect(new Map(set.map((item) => [item.id, item.rawStatus]))).toEqual(writer.statuses);
      }
      for (const { items } of readers) {
        const epoch = (item: FeedEvent | undefined) => item?.cursor.split(':')[0];
        expect(epoch(items.at(-1))).not.toBe(epoch(items[ENDPOINTS - 1]));
        const versions = new Map<string | null, number>();
        for (const { id, version } of items) {
          expect(version).toBeGreaterThanOrEqual(versions.get(id) ?? 0);
          versions.set(id, version);
        }
      }
      const before = writer.appended.length;
      await answering(replicas[0]!.redis.commands);
      await writer.move('e0', 'after the flood');
      const isLast = (reader: Reader) => reader.until((items) => items.at(-1)?.rawStatus === 'after the flood');
      await Promise.all(readers.map(isLast));
      for (const reader of readers) expect(reader.transitions.slice(before)).toEqual(writer.appended.slice(before));
    },
  );
});

async function answering(redis: RedisCommands): Promise<void> {
  if (redis.status !== 'ready') await new Promise<void>((resolve) => redis.once('ready', () => resolve()));
}
