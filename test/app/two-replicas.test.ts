import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CreateVpcEndpointDocument } from '../../src/client/generated/documents.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { endpointsIn } from '../../src/watch/resources/watched-endpoints.ts';
import { ask, brief, type StatusEvent, Subscription } from '../support/graphql-client.ts';
import { environmentFor, startTestSimulator } from '../support/start-gateway.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/start-process.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';

const INPUT = {
  endpointServiceId: SERVICE_IDS.approvalInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};
const POLLS = new Set(['ListEndpointInfoDetails', 'ListEndpoints']);

/** Process id of the replica that polls the endpoints: its name in the lease is host-pid-random. */
async function pollerOf(redis: RedisServer): Promise<number> {
  const client = new Redis(redis.url);
  try {
    const owner = await client.hget(`vpcep-gateway:{${endpointsIn(SIMULATOR_PROJECT_ID).log}}:lease`, 'owner');
    return Number(/-(\d+)-[0-9a-f]+$/.exec(owner ?? '')?.[1]);
  } finally {
    client.disconnect();
  }
}

describe('two replicas on one Redis', () => {
  let simulator: Simulator;
  let redis: RedisServer;
  let a: GatewayProcess;
  let b: GatewayProcess;
  let open: Subscription[];

  beforeEach(async () => {
    open = [];
    [simulator, redis] = await Promise.all([startTestSimulator(), startRedis()]);
    const env = environmentFor(simulator, { REDIS_URL: redis.url });
    [a, b] = await Promise.all([startGatewayProcess(env), startGatewayProcess(env)]);
  });
  afterEach(async () => {
    await Promise.all(open.map((subscription) => subscription.close()));
    await Promise.all([a.stop(), b.stop()]);
    await redis.stop();
    await simulator.close();
  });

  const create = async (at: GatewayProcess, endpointServiceId: string = SERVICE_IDS.plainInterface) =>
    (await ask(at.url, CreateVpcEndpointDocument, { input: { ...INPUT, endpointServiceId } })).createVpcEndpoint;
  const watch = (at: GatewayProcess, variables: Parameters<typeof Subscription.endpoint>[1]) => {
    const subscription = Subscription.endpoint(at.url, variables);
    open.push(subscription);
    return subscription;
  };

  it('creates on one and watches on the other: every status once, in order', async () => {
    const { endpoint, statusCursor } = await create(a);
    const events = await watch(b, { id: endpoint.id, after: statusCursor, until: 'SETTLED' }).rest();
    expect(brief(events)).toEqual(['TRANSITION CREATING', 'TRANSITION ACCEPTED']);
  });

  it('survives a kill of the polling replica in the middle of a poll, and misses nothing', async () => {
    const { endpoint, statusCursor } = await create(a, SERVICE_IDS.approvalInterface);
    const feeds = [a, b].map((at) => watch(at, { id: endpoint.id, after: statusCursor }));
    for (const feed of feeds) await feed.until((event) => event.status === 'PENDING_ACCEPTANCE');

    const stuck = simulator.faults.add({ kind: 'hang', operation: 'ListEndpointInfoDetails', times: 1 });
    await simulator.until(() => stuck.hits === 1);
    const poller = await pollerOf(redis);
    expect([a.pid, b.pid]).toContain(poller);
    const [victim, feed] = a.pid === poller ? [a, feeds[1]] : [b, feeds[0]];
    victim.signal('SIGKILL');
    await victim.ended;
    simulator.world.accept(endpoint.id);
    expect(await feed?.next()).toMatchObject({
      kind: 'TRANSITION',
      status: 'ACCEPTED',
      previousStatus: 'PENDING_ACCEPTANCE',
    });
    expect(brief(feed?.seen ?? [])).toEqual([
      'TRANSITION CREATING',
      'TRANSITION PENDING_ACCEPTANCE',
      'TRANSITION ACCEPTED',
    ]);
    expect(new Set(feed?.seen.map((event) => event.version)).size).toBe(3);
  });

  it('polls once for twenty subscribers on both', async () => {
    const { endpoint, statusCursor } = await create(a);
    const feeds = Array.from({ length: 20 }, (_, i) =>
      watch(i % 2 === 0 ? a : b, { id: endpoint.id, after: statusCursor, until: 'SETTLED' }),
    );
    const seen = await Promise.all(feeds.map((feed) => feed.rest()));
    for (const events of seen) expect(brief(events)).toEqual(['TRANSITION CREATING', 'TRANSITION ACCEPTED']);
    const polls = simulator.requests.filter((request) => POLLS.has(request.operation ?? ''));
    const seconds = ((polls.at(-1)?.receivedAt ?? 0) - (polls[0]?.receivedAt ?? 0)) / 1000;
    // One a second, and one for each replica's first sight of a new wish.
    expect(polls.length).toBeLessThanOrEqual(Math.ceil(seconds) + 4);
    for (const [i, poll] of polls.entries()) {
      const next = polls[i + 1];
      if (next !== undefined && poll.answeredSeq !== null) expect(next.receivedSeq).toBeGreaterThan(poll.answeredSeq);
    }
  });

  it('sends RESYNC when Redis comes back empty, and goes on', async () => {
    const { endpoint } = await create(a, SERVICE_IDS.approvalInterface);
    const onA = watch(a, { id: endpoint.id });
    const onB = watch(b, { id: endpoint.id });
    for (const feed of [onA, onB]) await feed.until((event) => event.status === 'PENDING_ACCEPTANCE');
    const before = onB.seen.at(-1);
    await redis.restartEmpty();
    const resyncs: (StatusEvent | null)[] = await Promise.all([onA.next(), onB.next()]);
    for (const event of resyncs) expect(event).toMatchObject({ kind: 'RESYNC', status: 'PENDING_ACCEPTANCE' });
    expect(resyncs[1]?.version).toBeGreaterThan(before?.version ?? Number.NaN);
    simulator.world.accept(endpoint.id);
    for (const feed of [onA, onB]) expect(await feed.next()).toMatchObject({ kind: 'TRANSITION', status: 'ACCEPTED' });
    expect(brief(await watch(b, { id: endpoint.id, after: before?.cursor ?? '', until: 'SETTLED' }).rest())).toEqual([
      'RESYNC ACCEPTED',
    ]);
  });

  it('leaves with 1012 and exit code 0 on SIGTERM, and the client resumes at the other', async () => {
    const { endpoint, statusCursor } = await create(a);
    const feed = watch(a, { id: endpoint.id, after: statusCursor });
    await feed.until((event) => event.status === 'ACCEPTED');
    a.signal('SIGTERM');
    await expect(feed.next()).rejects.toMatchObject({ code: 1012 });
    expect(await a.ended).toBe(0);
    simulator.world.reject(endpoint.id);
    const again = watch(b, { id: endpoint.id, after: feed.seen.at(-1)?.cursor ?? '' });
    expect(await again.next()).toMatchObject({ kind: 'TRANSITION', status: 'REJECTED' });
  });
});
