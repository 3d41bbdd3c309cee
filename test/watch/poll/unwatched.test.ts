/** What is settled and has no subscriber is not polled, although a project lingers for minutes after its last one. */
import { describe, it, type TestContext } from 'vitest';
import { CreateVpcEndpointDocument, VpcEndpointDocument } from '../../../src/client/generated/documents.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { ask, Subscription } from '../../support/graphql-client.ts';
import { QUICK, startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';
import { startRedis } from '../../support/start-redis.ts';
import { until } from '../../support/until.ts';

const INPUT = {
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};

interface Place {
  readonly inRedis: boolean;
  /** Milliseconds until a new endpoint is accepted. */
  readonly creating: number;
}

async function start({ inRedis, creating }: Place, { onTestFinished }: TestContext) {
  const simulator = await startTestSimulator({ timings: { ...QUICK, creating } });
  onTestFinished(() => simulator.close());
  const redis = inRedis ? await startRedis() : undefined;
  if (redis !== undefined) onTestFinished(() => redis.stop());
  const env: Record<string, string> = redis === undefined ? {} : { REDIS_URL: redis.url };
  const gateway = await startTestGateway(simulator, { env, lingerMs: 300_000 });
  onTestFinished(() => gateway.close());
  return {
    url: gateway.url,
    world: simulator.world,
    create: async (endpointServiceId: string) =>
      (await ask(gateway.url, CreateVpcEndpointDocument, { input: { ...INPUT, endpointServiceId } })).createVpcEndpoint,
    polls: () =>
      simulator.requests.filter(
        ({ operation }) => operation === 'ListEndpoints' || operation === 'ListEndpointInfoDetails',
      ).length,
    isUnwatched: async () => Object.entries(gateway.held()).every(([, count]) => count === 0),
    historyOf: async (id: string) =>
      (await ask(gateway.url, VpcEndpointDocument, { id })).vpcEndpoint?.statusHistory?.map(({ status }) => status),
  };
}

describe.concurrent.each([
  ['in this process', false],
  ['in Redis', true],
] as const)('an endpoint without a subscriber, the log %s', (_where, inRedis) => {
  it('is not polled when its creation is answered with a settled status', async (test) => {
    const { create, isUnwatched, polls } = await start({ inRedis, creating: 0 }, test);
    const { endpoint } = await create(SERVICE_IDS.plainInterface);
    test.expect(endpoint.status).toBe('ACCEPTED');
    // The watch of a creation begins before the creation is answered.
    test.expect(await isUnwatched()).toBe(true);
    test.expect(polls()).toBe(0);
  });

  it('is polled until it settles, and no longer', async (test) => {
    const { create, isUnwatched, polls, historyOf } = await start({ inRedis, creating: 500 }, test);
    const { endpoint } = await create(SERVICE_IDS.plainInterface);
    await until(async () => polls() > 0, 'it is polled');
    await until(isUnwatched, 'it is polled no longer');
    test.expect(await historyOf(endpoint.id)).toEqual(['CREATING', 'ACCEPTED']);
  });

  it('is polled until it settles when its subscriber has left before', async (test) => {
    const { url, world, create, isUnwatched, polls, historyOf } = await start({ inRedis, creating: 500 }, test);
    const { endpoint } = await create(SERVICE_IDS.approvalInterface);
    const feed = Subscription.endpoint(url, { id: endpoint.id });
    await feed.until(({ status }) => status === 'PENDING_ACCEPTANCE');
    await feed.close();
    const before = polls();
    await until(async () => polls() > before, 'it is polled');
    world.accept(endpoint.id);
    await until(isUnwatched, 'it is polled no longer');
    test.expect(await historyOf(endpoint.id)).toEqual(['CREATING', 'PENDING_ACCEPTANCE', 'ACCEPTED']);
  });

  it('is polled no longer once its last subscriber leaves it settled', async (test) => {
    const { url, create, isUnwatched, polls } = await start({ inRedis, creating: 500 }, test);
    const { endpoint } = await create(SERVICE_IDS.plainInterface);
    const feeds = [Subscription.endpoint(url, { id: endpoint.id }), Subscription.project(url, {})];
    for (const feed of feeds) await feed.until(({ status }) => status === 'ACCEPTED');
    await feeds[0]?.close();
    const before = polls();
    await until(async () => polls() > before, 'it is polled for the other one');
    await feeds[1]?.close();
    await until(isUnwatched, 'it is polled no longer');
  });
});
