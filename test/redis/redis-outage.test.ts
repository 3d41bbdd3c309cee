import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import type { ServiceConnectionStatusSubscription } from '../../src/client/generated/documents.ts';
import {
  CreateVpcEndpointDocument,
  ServiceConnectionStatusDocument,
  VpcEndpointsDocument,
} from '../../src/client/generated/documents.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { GONE } from '../../src/simulator/world/life.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { ask, Subscription, send } from '../support/graphql-client.ts';
import { recordingLogger, startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';

const INPUT = {
  endpointServiceId: SERVICE_IDS.approvalInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};

interface Watched {
  readonly id: string;
  readonly feed: Subscription<NonNullable<ServiceConnectionStatusSubscription['serviceConnectionStatus']>>;
}

describe('two replicas whose Redis is unavailable', () => {
  let simulator: Simulator;
  let redis: RedisServer;
  let replicas: Gateway[];
  let open: { close(): Promise<void> }[];
  let log: ReturnType<typeof recordingLogger>;

  beforeEach(async () => {
    open = [];
    log = recordingLogger();
    [simulator, redis] = await Promise.all([startTestSimulator(), startRedis()]);
    const options = { env: { REDIS_URL: redis.url }, logger: log.logger };
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
  const isPaused = async (at: Gateway) => {
    await vi.waitFor(async () => expect(await metric(at)).toBe('1'), { timeout: 9_000 });
    const reasons = { events: 'Redis is unavailable: the status feed pauses' };
    expect(await ready(at)).toEqual({ code: 200, status: 'degraded', reasons });
  };
  const isBack = async (at: Gateway) => {
    await vi.waitFor(async () => expect(await ready(at)).toEqual({ code: 200, status: 'ok' }), { timeout: 9_000 });
    expect(await metric(at)).toBe('0');
  };
  const listed = async (at: Gateway) =>
    (await ask(at.url, VpcEndpointsDocument, {})).vpcEndpoints.edges.map(
      ({ node: { id, status } }) => `${id} ${status}`,
    );
  const pendingOnBoth = async () => {
    const { endpoint } = await create(replicas[0]!);
    const feeds = replicas.map((at) => watch(at, { id: endpoint.id }));
    for (const feed of feeds) await feed.until((event) => event.status === 'PENDING_ACCEPTANCE');
    return { endpoint, feeds };
  };
  const expectRisingVersions = (feeds: readonly Subscription[]) => {
    for (const { seen } of feeds) {
      const versions = seen.map((event) => event.version);
      expect(versions).toEqual(versions.toSorted((one, other) => one - other));
    }
  };
  const expectOneLinePerChange = () => {
    const lines = log.text().split('\n');
    const count = (text: string) => lines.filter((line) => line.includes(text)).length;
    expect(count('Redis is unavailable')).toBe(replicas.length);
    expect(count('Redis is available again')).toBe(replicas.length);
  };

  it('silent: feeds pause and continue from their positions', async () => {
    const { endpoint, feeds } = await pendingOnBoth();
    redis.pause();
    simulator.world.accept(endpoint.id);
    // The first query waits until a command has failed.
    expect(await Promise.all(replicas.map(listed))).toEqual(replicas.map(() => [`${endpoint.id} ACCEPTED`]));
    await Promise.all(replicas.map(isPaused));
    redis.resume();
    const accepted = { kind: 'TRANSITION', status: 'ACCEPTED', previousStatus: 'PENDING_ACCEPTANCE' };
    for (const feed of feeds) expect(await feed.next()).toMatchObject(accepted);
    await Promise.all(replicas.map(isBack));
    expectOneLinePerChange();
  });

  it('stopped and restarted empty: queries and mutations go on, feeds pause and get RESYNC', async () => {
    const [a, b] = replicas as [Gateway, Gateway];
    const { endpoint, feeds } = await pendingOnBoth();
    await redis.kill();
    await Promise.all(replicas.map(isPaused));

    for (const at of replicas) expect(await listed(at)).toEqual([`${endpoint.id} PENDING_ACCEPTANCE`]);
    const posts = () => simulator.requests.filter((request) => request.operation === 'CreateEndpoint').length;
    const before = posts();
    const keyed = { input: { ...INPUT, idempotencyKey: 'k' } };
    expect((await send(a.url, CreateVpcEndpointDocument, keyed)).errors?.[0]).toMatchObject({
      message: expect.stringContaining('nothing was sent'),
      extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
    });
    expect(posts()).toBe(before);
    const created = await create(b);
    expect(created.endpoint.status).toBe('CREATING');
    await expect(watch(a, { id: created.endpoint.id }).next()).rejects.toThrow('UPSTREAM_UNAVAILABLE');
    simulator.world.accept(endpoint.id);

    await redis.restartEmpty();
    for (const feed of feeds) expect(await feed.next()).toMatchObject({ kind: 'RESYNC', status: 'ACCEPTED' });
    const follow = watch(a, { id: created.endpoint.id, after: created.statusCursor });
    expect(await follow.next()).toMatchObject({ kind: 'RESYNC' });
    await Promise.all(replicas.map(isBack));
    simulator.world.reject(endpoint.id);
    for (const feed of feeds) expect(await feed.next()).toMatchObject({ kind: 'TRANSITION', status: 'REJECTED' });
    expectRisingVersions([...feeds, follow]);
    expectOneLinePerChange();

    await Promise.all(open.splice(0).map((subscription) => subscription.close()));
    const held = () => replicas.flatMap((replica) => Object.entries(replica.held()).filter(([, count]) => count > 0));
    await vi.waitFor(() => expect(held()).toEqual([]), { timeout: 9_000 });
  });

  it('restarted empty: a RESYNC without connections is one null event, also when their service is gone', async () => {
    const [{ url }] = replicas as [Gateway];
    const { world } = simulator;
    const emptied = SERVICE_IDS.privateApproval;
    const removed = world.addService({ id: '51a00000-0000-4000-8000-000000000021', name: 'removed' }).id;
    const [kept, lost] = [emptied, removed].map((serviceId) => {
      const [id = ''] = world.seed(1, { serviceId });
      const feed = Subscription.of(url, ServiceConnectionStatusDocument, { endpointServiceId: serviceId });
      open.push(feed);
      return { id, feed };
    }) as [Watched, Watched];
    for (const { id, feed } of [kept, lost])
      expect(await feed.next()).toMatchObject({ kind: 'SNAPSHOT', endpointId: id });
    await redis.kill();
    await isPaused(replicas[0]!);
    world.remove(kept.id);
    world.register.setStatus(removed, GONE);

    await redis.restartEmpty();
    const next = kept.feed.next();
    // Reads on, until it is closed.
    lost.feed.next().catch(() => {});
    for (const { feed } of [kept, lost]) await vi.waitFor(() => expect(feed.emptySets).toBe(1), { timeout: 9_000 });
    const [id] = world.seed(1, { serviceId: emptied });
    expect(await next).toMatchObject({ kind: 'TRANSITION', endpointId: id });
  });
});
