/** What a query reads is observed while its set is watched (docs/decisions/0006-queries-observe-where-watched.md). */
import { describe, it } from 'vitest';
import {
  ConnectedEndpointsDocument,
  EndpointServiceDocument,
  EndpointServiceStatusDocument,
  EndpointServicesDocument,
  EndpointStatusDocument,
  ProjectEndpointServiceStatusDocument,
  ProjectEndpointStatusDocument,
  ServiceConnectionStatusDocument,
  VpcEndpointDocument,
  VpcEndpointsDocument,
} from '../../../src/client/generated/documents.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import type { World } from '../../../src/simulator/world/world.ts';
import type { FeedEvent } from '../../support/every-feed.ts';
import { ask, Subscription } from '../../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';
import { startRedis } from '../../support/start-redis.ts';
import { dumpRedis } from '../poll/redis-dump.ts';

const SERVICE = SERVICE_IDS.privateApproval;

interface Case {
  readonly query: string;
  readonly kind: string;
  /** What the polls read meanwhile. */
  readonly polls: string;
  follow(url: string, endpoint: string): Subscription<FeedEvent>;
  change(world: World, endpoint: string): void;
  read(url: string, endpoint: string): Promise<unknown>;
}

const rejects = (world: World, endpoint: string) => world.reject(endpoint);
const fails = (world: World) => world.register.setStatus(SERVICE, 'failed');

const CASES: readonly Case[] = [
  {
    ...{ query: 'vpcEndpoint', kind: 'endpoints', polls: 'ListEndpoints', change: rejects },
    follow: (url) => Subscription.of(url, ProjectEndpointStatusDocument, {}),
    read: (url, id) => ask(url, VpcEndpointDocument, { id }),
  },
  {
    ...{ query: 'vpcEndpoints', kind: 'endpoints', polls: 'ListEndpointInfoDetails', change: rejects },
    follow: (url, id) => Subscription.of(url, EndpointStatusDocument, { id }),
    read: (url) => ask(url, VpcEndpointsDocument, {}),
  },
  {
    ...{ query: 'endpointService', kind: 'services', polls: 'ListEndpointService', change: fails },
    follow: (url) => Subscription.of(url, ProjectEndpointServiceStatusDocument, { ids: null }),
    read: (url) => ask(url, EndpointServiceDocument, { id: SERVICE }),
  },
  {
    ...{ query: 'endpointServices', kind: 'services', polls: 'ListServiceDetails', change: fails },
    follow: (url) => Subscription.of(url, EndpointServiceStatusDocument, { id: SERVICE }),
    read: (url) => ask(url, EndpointServicesDocument, {}),
  },
  {
    ...{ query: 'connections', kind: 'connections', polls: 'ListServiceConnections', change: rejects },
    follow: (url) => Subscription.of(url, ServiceConnectionStatusDocument, { endpointServiceId: SERVICE }),
    read: (url) => ask(url, ConnectedEndpointsDocument, { id: SERVICE }),
  },
];

describe.concurrent.each(CASES)('$query', ({ kind, polls, follow, change, read }) => {
  it('shows followers a change before the next poll does', async ({ expect, onTestFinished }) => {
    const simulator = await startTestSimulator();
    onTestFinished(() => simulator.close());
    const gateway = await startTestGateway(simulator);
    onTestFinished(() => gateway.close());
    const [endpoint = ''] = simulator.world.seed(1, { serviceId: SERVICE, status: 'accepted' });
    const feed = follow(gateway.url, endpoint);
    onTestFinished(() => feed.close());
    await feed.until(({ more }) => !more);
    // The poll in flight gets no answer.
    const hang = simulator.faults.add({ kind: 'hang', operation: polls, times: 1 });
    await simulator.until(() => hang.hits === 1);
    change(simulator.world, endpoint);
    await read(gateway.url, endpoint);
    expect(await feed.next()).toMatchObject({ kind: 'TRANSITION', settled: true });
    expect(hang.waiting).toBe(1);
  });

  it('is not recorded where only other kinds are watched', async ({ expect, onTestFinished }) => {
    const simulator = await startTestSimulator();
    onTestFinished(() => simulator.close());
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const gateway = await startTestGateway(simulator, { env: { REDIS_URL: redis.url } });
    onTestFinished(() => gateway.close());
    const [endpoint = ''] = simulator.world.seed(1, { serviceId: SERVICE, status: 'accepted' });
    for (const other of CASES) {
      if (other.kind === kind) continue;
      const feed = other.follow(gateway.url, endpoint);
      onTestFinished(() => feed.close());
      await feed.next();
    }
    await read(gateway.url, endpoint);
    const logs = (await dumpRedis(redis.url)).flatMap((key) => /^vpcep-gateway:\{\w+\/(\w+)/.exec(key)?.[1] ?? []);
    const others = ['endpoints', 'services', 'connections'].filter((one) => one !== kind);
    expect([...new Set(logs)].toSorted()).toEqual(others.toSorted());
  });
});
