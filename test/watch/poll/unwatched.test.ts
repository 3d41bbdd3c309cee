/** What is settled and has no subscriber is not polled, although a project lingers for minutes after its last one. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { CreateVpcEndpointDocument, VpcEndpointDocument } from '../../support/generated/graphql.ts';
import { ask, Subscription } from '../../support/graphql-client.ts';
import { QUICK, startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';
import { type RedisServer, startRedis } from '../../support/start-redis.ts';
import { until } from '../../support/until.ts';

const INPUT = {
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};

describe.each(['in this process', 'in Redis'])('an endpoint without a subscriber, the log %s', (where) => {
  let simulator: Simulator;
  let gateway: Gateway;
  let redis: RedisServer | undefined;

  const start = async (creating: number) => {
    simulator = await startTestSimulator({ timings: { ...QUICK, creating } });
    const env: Record<string, string> = redis === undefined ? {} : { REDIS_URL: redis.url };
    gateway = await startTestGateway(simulator, { env, lingerMs: 300_000 });
  };
  beforeEach(async () => {
    redis = where === 'in Redis' ? await startRedis() : undefined;
  });
  afterEach(async () => {
    await gateway.close();
    await simulator.close();
    await redis?.stop();
  });

  const create = async (endpointServiceId: string) =>
    (await ask(gateway.url, CreateVpcEndpointDocument, { input: { ...INPUT, endpointServiceId } })).createVpcEndpoint;
  const polls = () =>
    simulator.requests.filter(
      ({ operation }) => operation === 'ListEndpoints' || operation === 'ListEndpointInfoDetails',
    ).length;
  const isUnwatched = async () => Object.entries(gateway.held()).every(([, count]) => count === 0);
  const historyOf = async (id: string) =>
    (await ask(gateway.url, VpcEndpointDocument, { id })).vpcEndpoint?.statusHistory.map(({ status }) => status);

  it('is not polled when its creation is answered with a settled status', async () => {
    await start(0);
    const { endpoint } = await create(SERVICE_IDS.plainInterface);
    expect(endpoint.status).toBe('ACCEPTED');
    // What follows a creation holds a place in the log before the creation is answered.
    expect(await isUnwatched()).toBe(true);
    expect(polls()).toBe(0);
  });

  it('is polled until it settles, and no longer', async () => {
    await start(QUICK.creating);
    const { endpoint } = await create(SERVICE_IDS.plainInterface);
    await until(async () => polls() > 0, 'it is polled');
    await until(isUnwatched, 'it is polled no longer');
    expect(await historyOf(endpoint.id)).toEqual(['CREATING', 'ACCEPTED']);
  });

  it('is polled until it settles when its subscriber has left before', async () => {
    await start(QUICK.creating);
    const { endpoint } = await create(SERVICE_IDS.approvalInterface);
    const feed = Subscription.endpoint(gateway.url, { id: endpoint.id });
    await feed.until(({ status }) => status === 'PENDING_ACCEPTANCE');
    await feed.close();
    const before = polls();
    await until(async () => polls() > before + 1, 'it is polled');
    simulator.world.accept(endpoint.id);
    await until(isUnwatched, 'it is polled no longer');
    expect(await historyOf(endpoint.id)).toEqual(['CREATING', 'PENDING_ACCEPTANCE', 'ACCEPTED']);
  });

  it('is polled no longer once its last subscriber leaves it settled', async () => {
    await start(QUICK.creating);
    const { endpoint } = await create(SERVICE_IDS.plainInterface);
    const feeds = [Subscription.endpoint(gateway.url, { id: endpoint.id }), Subscription.project(gateway.url, {})];
    for (const feed of feeds) await feed.until(({ status }) => status === 'ACCEPTED');
    await feeds[0]?.close();
    const before = polls();
    await until(async () => polls() > before, 'it is polled for the other one');
    await feeds[1]?.close();
    await until(isUnwatched, 'it is polled no longer');
  });
});
