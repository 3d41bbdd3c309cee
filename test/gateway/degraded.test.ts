import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SERVICE_IDS } from '../../src/simulator/services.ts';
import { CreateVpcEndpointDocument } from '../support/generated/graphql.ts';
import { ask, type StatusEvent, Subscription, send } from '../support/graphql-client.ts';
import { recordingLogger, startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';
import { until } from '../support/until.ts';

const INPUT = {
  endpointServiceId: SERVICE_IDS.approvalInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};

describe('two replicas whose Redis goes away', () => {
  let simulator: Simulator;
  let redis: RedisServer;
  let replicas: Gateway[];
  let open: Subscription[];
  const log = recordingLogger();

  beforeEach(async () => {
    open = [];
    [simulator, redis] = await Promise.all([startTestSimulator(), startRedis()]);
    const options = { env: { REDIS_URL: redis.url }, degradeAfterMs: 300, logger: log.logger };
    replicas = await Promise.all([startTestGateway(simulator, options), startTestGateway(simulator, options)]);
  });
  afterEach(async () => {
    await Promise.all(open.map((subscription) => subscription.close()));
    await Promise.all(replicas.map((replica) => replica.close()));
    await redis.stop();
    await simulator.close();
  });

  const create = async (at: Gateway) =>
    (await ask(at.url, CreateVpcEndpointDocument, { input: INPUT })).createVpcEndpoint;
  const watch = (at: Gateway, variables: Parameters<typeof Subscription.endpoint>[1]) => {
    const subscription = Subscription.endpoint(at.url, variables);
    open.push(subscription);
    return subscription;
  };
  const ready = async ({ url }: Gateway) => {
    const response = await fetch(`${url}/readyz`);
    return { code: response.status, ...((await response.json()) as { readonly status: string }) };
  };
  const metric = async ({ url }: Gateway) =>
    /^vpcep_gateway_degraded (\d)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
  const isAlone = async (at: Gateway) => vi.waitFor(async () => expect(await metric(at)).toBe('1'), { timeout: 5_000 });
  const isBack = async (at: Gateway) =>
    vi.waitFor(async () => expect(await ready(at)).toEqual({ code: 200, status: 'ok' }), { timeout: 9_000 });
  const rising = (events: readonly StatusEvent[]) => {
    const versions = events.map((event) => event.version);
    expect(versions).toEqual(versions.toSorted((one, other) => one - other));
  };

  it('goes on delivering on each of them, says so, and all is well afterwards', async () => {
    const [a, b] = replicas as [Gateway, Gateway];
    const { endpoint } = await create(a);
    const feeds = [a, b].map((at) => watch(at, { id: endpoint.id }));
    for (const feed of feeds) await feed.until((event) => event.status === 'PENDING_ACCEPTANCE');
    await redis.kill();
    await Promise.all([a, b].map(isAlone));
    const reason = 'Redis cannot be used: this replica polls and delivers on its own';
    for (const at of [a, b])
      expect(await ready(at)).toEqual({ code: 200, status: 'degraded', reasons: { events: reason } });
    for (const feed of feeds) expect(await feed.next()).toMatchObject({ kind: 'RESYNC', status: 'PENDING_ACCEPTANCE' });

    simulator.world.accept(endpoint.id);
    for (const feed of feeds)
      expect(await feed.next()).toMatchObject({
        kind: 'TRANSITION',
        status: 'ACCEPTED',
        previousStatus: 'PENDING_ACCEPTANCE',
      });
    // Created without Redis, delivered without Redis; with a key nothing is sent.
    const posts = () => simulator.requests.filter((request) => request.operation === 'CreateEndpoint').length;
    const before = posts();
    const keyed = { input: { ...INPUT, idempotencyKey: 'k' } };
    expect((await send(a.url, CreateVpcEndpointDocument, keyed)).errors?.[0]).toMatchObject({
      message: expect.stringContaining('nothing was sent'),
      extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
    });
    expect(posts()).toBe(before);
    const alone = await create(b);
    const follow = watch(b, { id: alone.endpoint.id, after: alone.statusCursor });
    expect(await follow.next()).toMatchObject({ kind: 'TRANSITION', status: 'CREATING', previousStatus: null });
    expect(await follow.next()).toMatchObject({ kind: 'TRANSITION', status: 'PENDING_ACCEPTANCE' });

    await redis.restartEmpty();
    await Promise.all([a, b].map(isBack));
    for (const feed of feeds) expect(await feed.next()).toMatchObject({ kind: 'RESYNC', status: 'ACCEPTED' });
    expect(await follow.next()).toMatchObject({ kind: 'RESYNC', status: 'PENDING_ACCEPTANCE' });
    // What one has seen alone, the other has too.
    const elsewhere = watch(a, { id: alone.endpoint.id });
    expect(await elsewhere.next()).toMatchObject({ kind: 'SNAPSHOT', status: 'PENDING_ACCEPTANCE' });
    simulator.world.reject(endpoint.id);
    for (const feed of feeds) expect(await feed.next()).toMatchObject({ kind: 'TRANSITION', status: 'REJECTED' });
    for (const feed of [...feeds, follow]) rising(feed.seen);
    for (const at of [a, b]) expect(await metric(at)).toBe('0');

    await Promise.all(open.splice(0).map((subscription) => subscription.close()));
    const held = () => replicas.flatMap((replica) => Object.entries(replica.held()).filter(([, count]) => count > 0));
    // The creations are watched until they settle.
    simulator.world.accept(alone.endpoint.id);
    await vi.waitFor(() => expect(held()).toEqual([]), { timeout: 9_000 });
    const changes = log
      .text()
      .split('\n')
      .filter((line) => /polls and delivers on its own|given what was/.test(line));
    expect(changes).toHaveLength(4);
  });
});

it('a REDIS_URL that leads to a replica is an error in the log and keeps the gateway unready until a promotion', async () => {
  const simulator = await startTestSimulator();
  onTestFinished(() => simulator.close());
  const primary = await startRedis();
  onTestFinished(() => primary.stop());
  const replica = await startRedis([
    '--replicaof',
    '127.0.0.1',
    String(primary.port),
    '--repl-diskless-sync-delay',
    '0',
  ]);
  onTestFinished(() => replica.stop());
  const operator = new Redis(replica.url);
  onTestFinished(() => operator.disconnect());
  const isLinked = async () => (await operator.info('replication')).includes('master_link_status:up');
  await until(isLinked, 'the replica has what its primary has');

  const log = recordingLogger();
  const gateway = await startTestGateway(simulator, { env: { REDIS_URL: replica.url }, logger: log.logger });
  onTestFinished(() => gateway.close());
  const errors = log
    .text()
    .split('\n')
    .filter((line) => line.includes('"level":50'));
  expect(errors).toEqual([expect.stringMatching(/REDIS_URL leads to a replica.*Name the primary/)]);
  const ready = async () => {
    const response = await fetch(`${gateway.url}/readyz`);
    return { code: response.status, body: await response.json() };
  };
  // Asked again: probes come regularly, and each of them looks anew.
  for (let i = 0; i < 3; i++)
    expect(await ready()).toMatchObject({
      code: 503,
      body: { status: 'unavailable', reasons: { redis: expect.stringMatching(/^REDIS_URL leads to a replica/) } },
    });

  await operator.replicaof('NO', 'ONE');
  await until(async () => (await ready()).code === 200, 'the gateway is ready');
  expect(log.text()).toContain('Redis takes writes now');
  // A failover later on degrades the gateway, and takes no traffic from it.
  await operator.replicaof('127.0.0.1', String(primary.port));
  expect((await ready()).code).toBe(200);
});
