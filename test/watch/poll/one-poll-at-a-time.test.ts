import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import { VpcEndpointDocument } from '../../../src/client/generated/documents.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../../src/simulator/world/identity.ts';
import { ask, Subscription } from '../../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';
import { type RedisServer, startRedis } from '../../support/start-redis.ts';

const LIST = 'ListEndpoints';
const UNKNOWN_ID = '11111111-2222-4333-8444-555555555555';
const WOKEN_POLLS = 12;
/** Slower than the quick poll interval of a list, which is 2 s. */
const SLOW_MS = 2_300;

describe('three replicas on one Redis, with an upstream slower than the poll interval', () => {
  let simulator: Simulator;
  let redis: RedisServer;
  let gateways: Gateway[];
  let open: Subscription[];
  beforeEach(async () => {
    [simulator, redis] = await Promise.all([startTestSimulator(), startRedis()]);
    const env = { REDIS_URL: redis.url };
    gateways = await Promise.all([0, 1, 2].map(() => startTestGateway(simulator, { env })));
    open = [];
  });
  afterEach(async () => {
    await Promise.all(open.map((subscription) => subscription.close()));
    await Promise.all(gateways.map((gateway) => gateway.close()));
    await redis.stop();
    await simulator.close();
  });

  it('never have two polls of a project in flight, however often they are woken', async () => {
    const [id = ''] = simulator.world.seed(5, { projectId: SIMULATOR_PROJECT_ID, status: 'pendingAcceptance' });
    const watch = async (gateway: Gateway) => {
      const subscription = Subscription.project(gateway.url, {});
      open.push(subscription);
      await subscription.until((event) => !event.more);
    };
    // The first sight is a read of its own, before anything is polled.
    const [first, ...others] = gateways as [Gateway, ...Gateway[]];
    await watch(first);
    await simulator.until((requests) => requests.filter(({ operation }) => operation === LIST).length === 2);
    await simulator.until(() => simulator.inFlight.now() === 0);
    simulator.clearRequests();
    simulator.inFlight.reset();
    await Promise.all(others.map(watch));
    const answered = () => simulator.requests.filter(({ operation, status }) => operation === LIST && status === 200);

    const quick = simulator.faults.add({ kind: 'slow', operation: LIST, delayMs: 300 });
    for (let seen = 1; seen <= WOKEN_POLLS; seen++) {
      await simulator.until(() => simulator.inFlight.now(LIST) > 0);
      // In the middle of a poll, each replica in turn finds an endpoint gone, and wants the project polled at once.
      await ask(gateways[seen % gateways.length]?.url ?? '', VpcEndpointDocument, { id: UNKNOWN_ID });
      await simulator.until(() => answered().length >= seen);
    }
    quick.remove();

    const slow = simulator.faults.add({ kind: 'slow', operation: LIST, delayMs: SLOW_MS });
    await simulator.until(() => slow.hits >= 2 && simulator.inFlight.now(LIST) === 0);
    expect(simulator.inFlight.peak(LIST)).toBe(1);
    slow.remove();
    simulator.world.accept(id);
    const heard = await Promise.all(open.map((subscription) => subscription.next()));
    for (const event of heard) expect(event).toMatchObject({ kind: 'TRANSITION', status: 'ACCEPTED' });
  });
});
