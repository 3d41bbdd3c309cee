import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { Subscription } from '../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';

describe.each(['memory', 'redis'])('the resources of a subscriber (%s)', (kind) => {
  let redis: RedisServer | undefined;
  let simulator: Simulator;
  let gateway: Gateway;
  let ids: string[];

  beforeAll(async () => {
    redis = kind === 'redis' ? await startRedis() : undefined;
  });
  afterAll(() => redis?.stop());
  beforeEach(async () => {
    simulator = await startTestSimulator();
    gateway = await startTestGateway(simulator, { env: redis === undefined ? {} : { REDIS_URL: redis.url } });
    ids = [...simulator.world.seed(4, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' })];
  });
  afterEach(async () => {
    await gateway.close();
    await simulator.close();
  });

  const nothingHeld = () =>
    expect.poll(() => Object.entries(gateway.held()).filter(([, count]) => count !== 0)).toEqual([]);
  const metric = async (name: string) =>
    new RegExp(`^${name} (\\d+)$`, 'm').exec(await (await fetch(`${gateway.url}/metrics`)).text())?.[1];

  it('are released after events, before the first event, and when the socket breaks', async () => {
    const feeds = [
      ...ids.map((id) => Subscription.endpoint(gateway.url, { id })),
      Subscription.project(gateway.url, {}),
    ];
    await Promise.all(feeds.map((feed) => feed.next()));
    const held = gateway.held();
    expect(held).toMatchObject({ 'follow.followers': 5, 'follow.readers': 1, 'watch.sets': 1, 'watch.wants': 5 });
    expect(held['log.listeners']).toBeGreaterThan(0);
    expect(await metric('vpcep_gateway_subscriptions_active')).toBe('5');

    await Promise.all(feeds.map((feed) => feed.close()));
    await nothingHeld();
    expect(await metric('vpcep_gateway_subscriptions_active')).toBe('0');
    expect(await metric('vpcep_gateway_websockets_open')).toBe('0');

    const hasty = Subscription.endpoint(gateway.url, { id: ids[0] ?? '' });
    const pending = hasty.next().catch(() => null);
    await hasty.close();
    await pending;
    await nothingHeld();
  });

  it('are released when the subscription was refused', async () => {
    await expect(
      Subscription.endpoint(gateway.url, { id: '99999999-0000-4000-8000-000000000000' }).next(),
    ).rejects.toThrow(/NOT_FOUND/);
    await nothingHeld();
  });

  it('end polling with the last of them', async () => {
    const feed = Subscription.endpoint(gateway.url, { id: ids[0] ?? '' });
    await feed.next();
    await feed.close();
    await nothingHeld();
    simulator.clearRequests();
    // The reads of a new subscriber are the first ones, so there was no poll in between.
    const again = Subscription.endpoint(gateway.url, { id: ids[1] ?? '' });
    await again.next();
    expect(new Set(simulator.requests.map((request) => request.path.split('/').at(-1)))).toEqual(new Set([ids[1]]));
    await again.close();
  });
});
