import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DELETED } from '../../src/events/event-log.ts';
import type { FeedItem } from '../../src/events/feed-item.ts';
import { Follower } from '../../src/events/follow.ts';
import { openReplica, PROJECT, Reader, type Replica, Writer } from '../support/follow-replicas.ts';
import { freePort, type RedisProcess, startRedisProcess } from '../support/redis-process.ts';
import { type RespProxy, startRespProxy } from '../support/resp-proxy.ts';

const ENDPOINTS = 5;
const OPTIONS = { graceMs: 200, commandTimeoutMs: 300 };

describe("a log that is this replica's own while Redis is away", () => {
  let server: RedisProcess;
  let replicas: Replica[];
  let readers: Reader[];
  let proxies: RespProxy[];
  let upstream: Writer | undefined;
  beforeEach(() => {
    replicas = [];
    readers = [];
    proxies = [];
    upstream = undefined;
  });
  afterEach(async () => {
    server.resume();
    await Promise.all(readers.map((reader) => reader.stop()));
    for (const replica of replicas) expect(replica.log.held()).toMatchObject({ listeners: 0, channels: 0 });
    await Promise.all(replicas.map((replica) => replica.close()));
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await server.stop();
  });

  /** Replicas on one server, each with a reader of the whole project. */
  const open = async (count: number, args: readonly string[] = ['--save', '', '--appendonly', 'no']) => {
    server = await startRedisProcess({ port: await freePort(), args: () => args });
    await join(count, `redis://127.0.0.1:${server.port}`);
  };
  const join = async (count: number, url: string) => {
    const opened = await Promise.all(Array.from({ length: count }, () => openReplica(url, OPTIONS)));
    replicas.push(...opened);
    upstream ??= new Writer(opened[0]!.log, ENDPOINTS);
    const world = upstream;
    await world.baseline(opened[0]!.log);
    readers.push(...(await Promise.all(opened.map((replica) => Reader.start(replica, world)))));
    await Promise.all(readers.map((reader) => reader.until((items) => items.length >= ENDPOINTS)));
    return opened;
  };
  /** What a poll of this replica shows. */
  const see = async ({ log }: Replica, endpointId: string, status: string, asOf?: number) => {
    upstream!.statuses.set(endpointId, status);
    return await log.commit(PROJECT, {
      asOf: asOf ?? (await log.now()),
      observations: [{ endpointId, status, fields: { seen: status } }],
      source: status === DELETED ? 'read' : 'list',
      firstSight: 'afterBaseline',
    });
  };
  const degraded = (replica: Replica, times = 1) =>
    vi.waitFor(() => expect(replica.changes.filter(Boolean)).toHaveLength(times), { timeout: 5_000 });
  const together = (replica: Replica) =>
    vi.waitFor(() => expect(replica.changes.at(-1)).toBe(false), { timeout: 8_000 });
  const hasSet = (reader: Reader, from: number) =>
    reader.until((items) => items.slice(from).some((item) => item.kind === 'RESYNC' && !item.more));
  const lastOf = (reader: Reader, id: string) => reader.items.findLast((item) => item.endpointId === id);
  const expectRisingVersions = () => {
    for (const { items } of readers) {
      const last = new Map<string, FeedItem>();
      for (const item of items) {
        const before = last.get(item.endpointId);
        if (before !== undefined) expect(item.version).toBeGreaterThanOrEqual(before.version);
        if (before !== undefined && before.status !== item.status) expect(item.version).not.toBe(before.version);
        last.set(item.endpointId, item);
      }
    }
  };
  const sets = (reader: Reader) => reader.items.filter((item) => item.kind === 'RESYNC' && !item.more).length;

  const outages: Record<string, readonly [args: readonly string[], begin: () => unknown, end: () => unknown]> = {
    'killed and empty when it comes back': [
      ['--save', '', '--appendonly', 'no'],
      () => server.kill(),
      () => server.restart(),
    ],
    'killed and back with what it had': [
      ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'],
      () => server.kill(),
      () => server.restart(),
    ],
    'frozen for a while': [['--save', '', '--appendonly', 'no'], () => server.pause(), () => server.resume()],
  };
  it.each(Object.entries(outages))('goes on delivering, and all is right afterwards: %s', async (_, steps) => {
    const [args, begin, end] = steps;
    await open(2, args);
    await begin();
    // Nobody need ask for anything while it is frozen: somebody's step must fail first.
    await Promise.allSettled(replicas.map(({ log }) => log.position(PROJECT)));
    await Promise.all(replicas.map((replica) => degraded(replica)));
    await Promise.all(readers.map((reader) => hasSet(reader, ENDPOINTS)));
    for (const [i, replica] of replicas.entries()) {
      await see(replica, 'e1', 'accepted');
      await readers[i]!.until((items) => items.at(-1)?.status === 'accepted');
      expect(readers[i]!.items.at(-1)).toMatchObject({ kind: 'TRANSITION', endpointId: 'e1' });
    }
    const before = readers.map((reader) => reader.items.length);
    await end();
    await Promise.all(replicas.map(together));
    await Promise.all(readers.map((reader, i) => hasSet(reader, before[i]!)));
    for (const reader of readers) expect(lastOf(reader, 'e1')?.status).toBe('accepted');
    await see(replicas[0]!, 'e2', 'failed');
    await Promise.all(readers.map((reader) => reader.until((items) => items.at(-1)?.status === 'failed')));
    for (const reader of readers) {
      expect(reader.items.at(-1)).toMatchObject({ kind: 'TRANSITION', endpointId: 'e2', status: 'failed' });
      expect(sets(reader)).toBe(2);
    }
    expectRisingVersions();
  });

  it('leaves a short absence alone: no RESYNC, nothing lost', async () => {
    server = await startRedisProcess({ port: await freePort() });
    const proxy = await startRespProxy(server.port);
    proxies.push(proxy);
    const [replica] = await join(1, proxy.url);
    proxy.fault = { kind: 'error', text: 'LOADING Redis is loading the dataset in memory' };
    await expect(replica!.log.position(PROJECT)).rejects.toThrow('cannot be reached');
    proxy.fault = null;
    await vi.waitFor(() => see(replica!, 'e1', 'accepted'), { timeout: 3_000 });
    await readers[0]!.until((items) => items.at(-1)?.status === 'accepted');
    expect(sets(readers[0]!)).toBe(0);
    expect(replica!.changes).toEqual([]);
  });

  it('hands over every step that it has seen, once, also when two have seen the same', async () => {
    await open(2);
    const [a, b] = replicas as [Replica, Replica];
    const { position } = await a.log.state(PROJECT, []);
    server.pause();
    await Promise.allSettled(replicas.map(({ log }) => log.position(PROJECT)));
    await Promise.all(replicas.map((replica) => degraded(replica)));
    await Promise.all(readers.map((reader) => hasSet(reader, ENDPOINTS)));
    for (const replica of [a, b]) await see(replica, 'e1', 'pendingAcceptance');
    // Their clocks agree to half of a round trip, so what comes closer together than that has no order.
    const seenAt = performance.now();
    await vi.waitFor(() => expect(performance.now() - seenAt).toBeGreaterThan(100), { interval: 20 });
    for (const replica of [a, b]) await see(replica, 'e1', 'accepted');
    await see(b, 'e3', 'rejected');
    server.resume();
    await Promise.all(replicas.map(together));
    const entries = (await a.log.entries(PROJECT, position!.seq, 100)).entries;
    expect(entries.map((entry) => `${entry.endpointId} ${entry.previousStatus} > ${entry.status}`).sort()).toEqual([
      'e1 creating > pendingAcceptance',
      'e1 pendingAcceptance > accepted',
      'e3 creating > rejected',
    ]);
    expect((await b.log.state(PROJECT, ['e1'])).endpoints[0]).toMatchObject({
      status: 'accepted',
      fields: { seen: 'accepted' },
    });
    // Who was not here meanwhile resumes with the cursor of before, and is sent what was missed.
    const after = { kind: 'after', ...position! } as const;
    const load = () => Promise.reject(new Error('nothing to load'));
    const feed = await Follower.start(
      { ...a, load, maxAgeMs: 600_000, onTrouble: () => {} },
      { project: PROJECT, scope: { kind: 'one', endpointId: 'e1' }, after },
    );
    const missed = [await feed.next(), await feed.next()].map(({ value }) => `${value.kind} ${value.status}`);
    expect(missed).toEqual(['TRANSITION pendingAcceptance', 'TRANSITION accepted']);
    await feed.return();
    expectRisingVersions();
  });

  it('neither brings back what others have seen go, nor takes back what they have seen since, nor lowers a version', async () => {
    await open(1);
    const [together1] = replicas as [Replica];
    const proxy = await startRespProxy(server.port);
    proxies.push(proxy);
    const [alone] = await join(1, proxy.url);
    proxy.fault = { kind: 'refuse' };
    await degraded(alone!);
    await hasSet(readers[1]!, ENDPOINTS);
    await see(together1, 'e1', 'deleting');
    await see(together1, 'e1', DELETED);
    // A list that lags, read after the deletion.
    await see(alone!, 'e1', 'deleting');
    await see(alone!, 'e2', 'failed');
    await see(together1, 'e2', 'accepted');
    await see(together1, 'e3', 'accepted');
    // Later than the other replica saw it: its version is the higher one.
    await see(alone!, 'e3', 'accepted');
    await readers[1]!.until((items) => items.at(-1)?.endpointId === 'e3');
    await readers[0]!.until((items) => items.at(-1)?.endpointId === 'e3');
    const given = lastOf(readers[1]!, 'e3')!.version;
    const seenBefore = readers[0]!.items.length;
    const before = readers[1]!.items.length;
    proxy.fault = null;
    await together(alone!);
    await hasSet(readers[1]!, before);
    const states = new Map((await together1.log.state(PROJECT)).endpoints.map((state) => [state.endpointId, state]));
    expect(states.get('e1')?.status).toBe(DELETED);
    expect(states.get('e2')?.status).toBe('accepted');
    expect(states.get('e3')?.version).toBeGreaterThanOrEqual(given);
    expect(readers[1]!.items.slice(before).map((item) => item.endpointId)).not.toContain('e1');
    expect(readers[0]!.items.slice(seenBefore)).toEqual([]);
    expectRisingVersions();
  });

  it('takes who comes while Redis is away, and keeps them', async () => {
    await open(1);
    const [replica] = replicas as [Replica];
    await server.kill();
    await degraded(replica);
    const late = await Reader.start(replica, upstream!);
    readers.push(late);
    await late.until((items) => items.length >= ENDPOINTS);
    expect(late.items.map((item) => item.kind)).not.toContain('RESYNC');
    await server.restart();
    await together(replica);
    await hasSet(late, ENDPOINTS);
    const other = await openReplica(`redis://127.0.0.1:${server.port}`);
    replicas.push(other);
    await see(other, 'e4', 'accepted');
    await late.until((items) => items.at(-1)?.kind === 'TRANSITION');
    expect(late.items.at(-1)).toMatchObject({ endpointId: 'e4', status: 'accepted' });
  });

  it('comes back when Redis has gone again in the middle of it', async () => {
    await open(1);
    const [replica] = replicas as [Replica];
    await server.kill();
    await degraded(replica);
    await hasSet(readers[0]!, ENDPOINTS);
    await see(replica, 'e1', 'accepted');
    await server.restart();
    const operator = new Redis(server.port);
    // The probe is answered, and the commit of the hand-over is not.
    await operator.call('ACL', 'SETUSER', 'default', '-eval', '-evalsha');
    const refused = async () => Number(/NOPERM:count=(\d+)/.exec(await operator.info('errorstats'))?.[1] ?? 0);
    await vi.waitFor(async () => expect(await refused()).toBeGreaterThan(1), { timeout: 8_000 });
    expect(replica.changes).toEqual([true]);
    await see(replica, 'e2', 'failed');
    await readers[0]!.until((items) => items.at(-1)?.status === 'failed');
    await operator.call('ACL', 'SETUSER', 'default', '+@all');
    operator.disconnect();
    await together(replica);
    const states = new Map(
      (await replica.log.state(PROJECT)).endpoints.map((state) => [state.endpointId, state.status]),
    );
    expect([states.get('e1'), states.get('e2')]).toEqual(['accepted', 'failed']);
    expectRisingVersions();
  });
});
