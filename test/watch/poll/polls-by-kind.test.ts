/** Each kind of resource is polled on its own: once for all of its watchers, and only while there are some. */
import { describe, it, type TestContext } from 'vitest';
import {
  CreateEndpointServiceDocument,
  type CreateEndpointServiceInput,
  EndpointServiceStatusDocument,
  ProjectEndpointServiceStatusDocument,
  ProjectEndpointStatusDocument,
  ServiceConnectionStatusDocument,
} from '../../../src/client/generated/documents.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { EVERY_FEED, type FeedEvent } from '../../support/every-feed.ts';
import { ask, brief, Subscription } from '../../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';
import { startRedis } from '../../support/start-redis.ts';

const SERVICE = SERVICE_IDS.privateApproval;
const METRICS_TOKEN = 'token-of-the-metrics';

/** The feeds of whole sets, and what a poll of each reads. */
const SETS = [
  ['endpoints', 'ListEndpoints', (url: string) => Subscription.of(url, ProjectEndpointStatusDocument, {})],
  ['services', 'ListEndpointService', (url: string) => Subscription.of(url, ProjectEndpointServiceStatusDocument, {})],
  [
    'connections',
    'ListServiceConnections',
    (url: string) => Subscription.of(url, ServiceConnectionStatusDocument, { endpointServiceId: SERVICE }),
  ],
] as const;
const READS = /^List(Endpoints|EndpointInfoDetails|EndpointService|ServiceDetails|ServiceConnections)$/;

type Feed = Subscription<FeedEvent>;

/** One gateway alone, or replicas over Redis. */
async function start({ expect, onTestFinished }: TestContext, replicas: 1 | 2) {
  const simulator = await startTestSimulator();
  onTestFinished(() => simulator.close());
  for (const serviceId of [SERVICE, SERVICE_IDS.plainInterface]) simulator.world.seed(1, { serviceId });
  const redis = replicas === 1 ? undefined : await startRedis();
  if (redis !== undefined) onTestFinished(() => redis.stop());
  const env = { METRICS_TOKEN, ...(redis === undefined ? {} : { REDIS_URL: redis.url }) };
  const gateways = await Promise.all(Array.from({ length: replicas }, () => startTestGateway(simulator, { env })));
  for (const gateway of gateways) onTestFinished(() => gateway.close());
  const polls = (operation: string) => simulator.requests.filter((request) => request.operation === operation);
  return {
    simulator,
    gateways,
    kindsRead: () => new Set(simulator.requests.flatMap(({ operation }) => operation?.match(READS)?.[0] ?? [])),
    keep(feed: Feed): Feed {
      onTestFinished(() => feed.close());
      return feed;
    },
    /** Twenty watchers, and the requests of three polls after those that new watchers cause. */
    async watch(operation: string, follow: (url: string) => Feed): Promise<readonly Feed[]> {
      const feeds = Array.from({ length: 20 }, (_, n) => this.keep(follow(gateways[n % replicas]?.url ?? '')));
      for (const feed of feeds) await feed.until(({ more }) => !more);
      for (const _ of ['first polls', 'polls as usual']) {
        simulator.clearRequests();
        await simulator.until(() => polls(operation).filter(({ status }) => status === 200).length >= 3);
      }
      return feeds;
    },
    /** No poll before the end of the one before, and none sooner than the shortest interval. */
    expectOneSeries(operation: string) {
      for (const [index, poll] of polls(operation).slice(1).entries()) {
        const before = polls(operation)[index];
        expect(poll.receivedSeq).toBeGreaterThan(before?.answeredSeq ?? Number.NaN);
        expect(poll.receivedAt - (before?.receivedAt ?? Number.NaN)).toBeGreaterThan(1_000);
      }
    },
  };
}

async function metrics(url = ''): Promise<string> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  return await (await fetch(`${url}/metrics`, { headers })).text();
}

describe.concurrent.each(SETS)('the %s of a project', (kind, operation, follow) => {
  it('are polled once for twenty watchers, alone, and as long as there is one', async (test) => {
    const { expect } = test;
    const stage = await start(test, 1);
    const [gateway] = stage.gateways;
    const feeds = await stage.watch(operation, follow);
    stage.expectOneSeries(operation);
    expect(stage.kindsRead()).toEqual(new Set([operation]));
    expect(gateway?.held()).toMatchObject({ 'watch.sets': 1, 'watch.polling': 1 });
    const kinds = (await metrics(gateway?.url)).match(/(?<=^vpcep_gateway_polls_total.*kind=")\w+/gm);
    expect(new Set(kinds)).toEqual(new Set([kind]));

    await Promise.all(feeds.map((feed) => feed.close()));
    await expect.poll(() => gateway?.held()['watch.sets']).toBe(0);
    expect(stage.simulator.inFlight.now()).toBe(0);
  });

  it('are polled once for the watchers of two replicas, and shown to all of them', async (test) => {
    const { expect } = test;
    const stage = await start(test, 2);
    const feeds = await stage.watch(operation, follow);
    stage.expectOneSeries(operation);
    const polling = stage.gateways.map((gateway) => gateway.held()['watch.polling']);
    expect(polling.toSorted()).toEqual([0, 1]);
    const { world } = stage.simulator;
    const [endpoint] = world.endpoints(({ service }) => service.id === SERVICE);
    world.reject(endpoint?.id ?? '');
    world.register.setStatus(SERVICE, 'failed');
    const heard = await Promise.all(feeds.map((feed) => feed.next()));
    for (const event of heard) expect(event).toMatchObject({ kind: 'TRANSITION', settled: true });
    expect(new Set(heard.map((event) => JSON.stringify(event))).size).toBe(1);
  });
});

describe.concurrent('all kinds', () => {
  it('are polled side by side, and each set of connections on its own', async (test) => {
    const { expect } = test;
    const { gateways, simulator, kindsRead, keep } = await start(test, 1);
    const url = gateways[0]?.url ?? '';
    const feeds = EVERY_FEED.map((one) => {
      const followed = one.in(simulator.world);
      return { words: one.words, followed, feed: keep(followed.follow(url)) };
    });
    for (const { feed } of feeds) await feed.until(({ more }) => !more);
    await keep(SETS[2][2](url)).next();
    // Endpoints, services, and the connections of two services.
    expect(gateways[0]?.held()).toMatchObject({ 'watch.sets': 4 });
    for (const { words, followed } of feeds) followed.move(words[1]);
    for (const { words, feed } of feeds) expect((await feed.next())?.rawStatus).toBe(words[1]);
    expect(kindsRead()).toContain('ListServiceConnections');
    const moves = (await metrics(url)).match(/(?<=^vpcep_gateway_transitions_total.*)kind="\w+",status="\w+"/gm);
    const expected = EVERY_FEED.map(({ kind, words }) => `kind="${kind}",status="${words[1]}"`);
    expect(moves).toEqual(expect.arrayContaining(expected));
  });

  it('are followed through one replica when they are created through another', async (test) => {
    const { expect } = test;
    const { gateways, keep } = await start(test, 2);
    const input: CreateEndpointServiceInput = {
      portId: '4189d3c2-8882-4871-a3c2-d380272eed88',
      vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
      serverType: 'LB',
      ports: [{ clientPort: 80, serverPort: 8080 }],
      idempotencyKey: 'once',
    };
    const [here = '', there = ''] = gateways.map(({ url }) => url);
    const create = async (url: string) => {
      const { createEndpointService } = await ask(url, CreateEndpointServiceDocument, { input });
      const { service, statusCursor, replayed } = createEndpointService;
      return { id: service.id, statusCursor, replayed };
    };
    const created = await create(here);
    expect(await create(there)).toEqual({ ...created, replayed: true });
    const variables = { id: created.id, after: created.statusCursor, until: 'SETTLED' } as const;
    for (const url of [there, here]) {
      const feed = keep(Subscription.of(url, EndpointServiceStatusDocument, variables));
      expect(brief(await feed.rest())).toEqual(['TRANSITION CREATING', 'TRANSITION AVAILABLE']);
    }
  });
});
