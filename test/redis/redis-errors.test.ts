import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RedisClaims, RedisRecords } from '../../src/create/redis-records.ts';
import type { Notification } from '../../src/events/event-log.ts';
import { openReplica, PROJECT, type Replica } from '../support/follow-replicas.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';
import { type RespFault, type RespProxy, startRespProxy } from './resp-proxy.ts';

/**
 * Whatever Redis says or does, the gateway lives, fails what it must with errors of its own, says so, and finds back.
 * An error event without a listener or an unhandled rejection would fail the run.
 */
describe('what Redis may answer', () => {
  let server: RedisServer;
  let proxy: RespProxy;
  let operator: Redis;
  let replica: Replica;
  let other: Replica;
  let notifications: Notification[];
  beforeEach(async () => {
    server = await startRedis();
    proxy = await startRespProxy(server.port);
    operator = new Redis(server.url);
    [replica, other] = await Promise.all([openReplica(proxy.url, { commandTimeoutMs: 500 }), openReplica(server.url)]);
    notifications = [];
    await commit(replica, 'creating');
    await replica.log.listen(PROJECT, (notification) => notifications.push(notification));
  });
  afterEach(async () => {
    await Promise.all([replica.close(), other.close()]);
    operator.disconnect();
    await proxy.close();
    await server.stop();
  });

  const commit = async ({ log }: Replica, status: string, id = 'e1') =>
    log.commit(PROJECT, {
      asOf: await log.now(),
      observations: [{ id, status, fields: {} }],
      source: 'read',
      firstSight: 'transition',
    });
  const heard = () => notifications.splice(0).map(({ kind }) => kind);

  /** Every step of the log and of what creating once needs: those that fail do so with one of our errors. */
  const useEverything = async () => {
    const { log, redis } = replica;
    const records = new RedisRecords({ redis: redis.commands });
    const claims = new RedisClaims({ redis: redis.commands });
    const call = { projectId: PROJECT, structure: () => 's', call: 'c', hasKey: false };
    const ends = await Promise.allSettled([
      log.now(),
      log.lease(PROJECT, { replica: 'r', interest: 'all', wake: true }),
      log.renew(PROJECT, 1),
      log.state(PROJECT),
      log.position(PROJECT),
      log.entries(PROJECT, 0, 10),
      log.history(PROJECT, ['e1'], 5),
      log.listen('project-2', () => {}).then((leave) => leave()),
      commit(replica, 'quiet', 'e2'),
      records.begin({ projectId: PROJECT, hash: 'h' }, { input: 'i', token: 't' }),
      claims.open(call),
      claims.take(call, ['e1']),
    ]);
    return ends.flatMap((end) => (end.status === 'rejected' ? [(end.reason as Error).name] : []));
  };
  const OWN_ERRORS = ['EventLogUnavailableError', 'RecordsUnavailableError'];

  const failsWithOwnErrors = async () => {
    const errors = await useEverything();
    expect(errors).toEqual(expect.arrayContaining(OWN_ERRORS));
    expect(OWN_ERRORS).toEqual(expect.arrayContaining(errors));
    expect(replica.changes).toEqual([false]);
  };
  const findsBack = async () => {
    await expect.poll(useEverything).toEqual([]);
    heard();
    await commit(other, 'failed');
    await expect.poll(heard).toContain('moved');
    expect((await replica.log.state(PROJECT, ['e1'])).states[0]?.status).toBe('failed');
  };

  const faults: readonly RespFault[] = [
    { kind: 'refuse' },
    { kind: 'half' },
    { kind: 'error', text: 'LOADING Redis is loading the dataset in memory' },
    { kind: 'error', text: 'CLUSTERDOWN The cluster is down' },
    { kind: 'error', text: 'MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist' },
    { kind: 'error', text: 'ERR max number of clients reached' },
    { kind: 'error', text: 'NOPERM this user has no permissions to run this command' },
    { kind: 'error', text: 'WRONGPASS invalid username-password pair or user is disabled.' },
  ];
  it.each(faults)('survives $kind $text', async (fault) => {
    proxy.fault = fault;
    await failsWithOwnErrors();
    // And the same for connections that are made anew.
    const { hits } = proxy;
    proxy.cut();
    await vi.waitFor(() => expect(proxy.hits).toBeGreaterThan(hits + 2), { timeout: 5_000 });
    proxy.fault = null;
    await findsBack();
  });

  const states: Record<string, readonly [begin: () => Promise<unknown>, end: () => Promise<unknown>]> = {
    'OOM: no memory left': [
      () => operator.config('SET', 'maxmemory', '1'),
      () => operator.config('SET', 'maxmemory', '0'),
    ],
    'READONLY: a replica now': [() => operator.replicaof('127.0.0.1', '1'), () => operator.replicaof('NO', 'ONE')],
    'NOAUTH: a password is asked for all at once': [
      async () => {
        await operator.config('SET', 'requirepass', 'secret');
        await operator.auth('secret');
        await operator.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
        await operator.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      },
      () => operator.config('SET', 'requirepass', ''),
    ],
    'NOPERM: rights taken away': [
      () => operator.call('ACL', 'SETUSER', 'default', '-@write', '-@scripting', '-@pubsub'),
      () => operator.call('ACL', 'SETUSER', 'default', '+@all'),
    ],
    'BUSY: a script that does not end': [
      async () => {
        await operator.config('SET', 'busy-reply-threshold', '20');
        const loop = new Redis(server.url);
        loop.eval('while true do end', 0).catch(() => loop.disconnect());
        await vi.waitFor(() => expect(operator.get('k')).rejects.toThrow('BUSY'), { timeout: 8_000 });
      },
      () => operator.call('SCRIPT', 'KILL'),
    ],
  };
  it.each(Object.entries(states))('survives %s', async (_, [begin, end]) => {
    await begin();
    await failsWithOwnErrors();
    await end();
    await findsBack();
    await vi.waitFor(() => expect(replica.changes).toEqual([false, true]), { timeout: 8_000 });
  });

  it('does not notice that the scripts were flushed', async () => {
    await operator.script('FLUSH');
    expect(await useEverything()).toEqual([]);
    expect(replica.changes).toEqual([]);
  });
});
