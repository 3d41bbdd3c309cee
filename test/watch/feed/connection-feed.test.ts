/** Who connects to a service, as its owner follows it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, it, type TestContext } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import {
  AcceptServiceConnectionDocument,
  CreateVpcEndpointDocument,
  DeleteVpcEndpointDocument,
  EndpointServiceStatusDocument,
  RejectServiceConnectionDocument,
  ServiceConnectionStatusDocument,
  type TypedDocument,
} from '../../../src/client/generated/documents.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { domainIdOf, SIMULATOR_PROJECT_ID } from '../../../src/simulator/world/identity.ts';
import { GONE } from '../../../src/simulator/world/life.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { overWebSocket } from '../../support/every-transport.ts';
import { ask, brief, Subscription } from '../../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

const CONSUMER = '51a051a051a051a051a051a051a051b0';
const METRICS_TOKEN = 'token-of-the-metrics';

let simulator: Simulator;
let gateway: Gateway;
beforeAll(async () => {
  simulator = await startTestSimulator();
  gateway = await startTestGateway(simulator, { env: { METRICS_TOKEN } });
});
afterAll(async () => {
  await gateway.close();
  await simulator.close();
});

interface Shown {
  readonly serviceConnectionStatus: {
    readonly kind: string;
    readonly status: string;
    readonly connection: { readonly endpoint: { readonly rawStatus: string } };
  };
}

async function failedPolls(): Promise<readonly string[]> {
  const metrics = await fetch(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  const lines = (await metrics.text()).split('\n');
  return lines.filter(
    (line) => line.startsWith('vpcep_gateway_polls_total') && /kind="connections".*outcome="failed"/.test(line),
  );
}

/** A service of the test, and what its owner does. */
function publish({ onTestFinished }: TestContext) {
  const id = randomUUID();
  simulator.world.addService({ id, name: 'shop', approval: true });
  const decision = (endpointId: string) => ({ input: { endpointServiceId: id, endpointIds: [endpointId] } });
  return {
    id,
    decision,
    seed: (status = 'pendingAcceptance', projectId = CONSUMER) =>
      simulator.world.seed(1, { serviceId: id, projectId, status })[0] ?? '',
    watch: (after: string | null = null) => {
      const feed = Subscription.of(gateway.url, ServiceConnectionStatusDocument, { endpointServiceId: id, after });
      onTestFinished(() => feed.close());
      return feed;
    },
    accept: async (endpointId: string) =>
      (await ask(gateway.url, AcceptServiceConnectionDocument, decision(endpointId))).acceptServiceConnection,
    reject: async (endpointId: string) =>
      (await ask(gateway.url, RejectServiceConnectionDocument, decision(endpointId))).rejectServiceConnection,
  };
}

describe.concurrent('the feed of connections', () => {
  it('shows requests of other tenants, decisions made elsewhere, and the deletion of an endpoint', async (test) => {
    const { expect } = test;
    const { id: endpointServiceId, seed, watch } = publish(test);
    const known = seed('accepted');
    const feed = watch();
    const place = { projectId: SIMULATOR_PROJECT_ID, endpointServiceId };
    expect(await feed.next()).toMatchObject({
      ...{ ...place, kind: 'SNAPSHOT', endpointId: known, more: false },
      connection: { endpointId: known, domainId: domainIdOf(CONSUMER) },
    });
    const id = seed();
    expect(await feed.next()).toMatchObject({
      ...{ ...place, kind: 'TRANSITION', endpointId: id, previousStatus: null, settled: false },
      connection: { endpointId: id, status: 'PENDING_ACCEPTANCE', domainId: domainIdOf(CONSUMER) },
    });
    simulator.world.accept(id);
    expect(await feed.next()).toMatchObject({ endpointId: id, status: 'ACCEPTED', settled: true });
    simulator.world.reject(id);
    expect(await feed.next()).toMatchObject({ endpointId: id, status: 'REJECTED', previousStatus: 'ACCEPTED' });
    simulator.world.remove(known);
    expect(await feed.next()).toMatchObject({ ...place, endpointId: known, status: 'DELETED', connection: null });
  });

  it('says that there is no connection yet, and shows the first one', async (test) => {
    const { expect } = test;
    const { seed, watch } = publish(test);
    const feed = watch();
    const first = feed.next();
    await expect.poll(() => feed.emptySets).toBe(1);
    const endpointId = seed();
    expect(await first).toMatchObject({ kind: 'TRANSITION', endpointId, previousStatus: null });
    expect(feed.emptySets).toBe(1);
  });

  it('shows what happens through another gateway, to an endpoint of this project', async (test) => {
    const { expect, onTestFinished } = test;
    const { id: endpointServiceId, decision, watch } = publish(test);
    const other = await startTestGateway(simulator);
    onTestFinished(() => other.close());
    const feed = watch();
    const { createVpcEndpoint } = await ask(other.url, CreateVpcEndpointDocument, {
      input: { endpointServiceId, vpcId: endpointServiceId, subnetId: endpointServiceId },
    });
    const { id } = createVpcEndpoint.endpoint;
    const request = await feed.until(({ status }) => status === 'PENDING_ACCEPTANCE');
    expect(request.at(-1)).toMatchObject({ endpointId: id, connection: { endpointId: id } });
    await ask(other.url, AcceptServiceConnectionDocument, decision(id));
    expect(await feed.next()).toMatchObject({ endpointId: id, status: 'ACCEPTED' });
    await ask(other.url, RejectServiceConnectionDocument, decision(id));
    expect(await feed.next()).toMatchObject({ endpointId: id, status: 'REJECTED' });
    await ask(other.url, DeleteVpcEndpointDocument, { input: { id } });
    const end = await feed.until(({ status }) => status === 'DELETED');
    expect(end.every(({ kind, endpointId }) => kind === 'TRANSITION' && endpointId === id)).toBe(true);
  });

  it('goes on behind the cursor of a decision with the decision', async (test) => {
    const { expect } = test;
    const { seed, watch, accept, reject } = publish(test);
    const id = seed();
    const feed = watch();
    await feed.next();
    const accepted = await accept(id);
    const rejected = await reject(id);
    const both = ['TRANSITION ACCEPTED', 'TRANSITION REJECTED'];
    expect(brief(await feed.until(({ status }) => status === 'REJECTED'))).toEqual(both);
    const whole = await watch(accepted.statusCursor).until(({ status }) => status === 'REJECTED');
    expect(brief(whole)).toEqual(both);
    expect(await watch(rejected.statusCursor).next()).toMatchObject({
      ...{ kind: 'TRANSITION', status: 'REJECTED', previousStatus: 'ACCEPTED' },
    });
  });

  it('shows the whole state behind the cursor of a decision without a follower', async (test) => {
    const { expect } = test;
    const { seed, watch, accept } = publish(test);
    const [id, other] = [seed(), seed('accepted')];
    const { statusCursor } = await accept(id);
    const set = await watch(statusCursor).until(({ more }) => !more);
    expect(brief(set)).toEqual(['RESYNC ACCEPTED', 'RESYNC ACCEPTED']);
    expect(set.map(({ endpointId }) => endpointId).toSorted()).toEqual([id, other].toSorted());
  });

  it('has no cursor where nothing was decided', async (test) => {
    const { expect } = test;
    const { statusCursor, results } = await publish(test).accept(SERVICE_IDS.privateApproval);
    expect(statusCursor).toBeNull();
    expect(results).toMatchObject([{ connection: null, error: { code: 'NOT_FOUND' } }]);
  });

  it('shows the endpoint behind a connection as it is at every event', async (test) => {
    const { expect } = test;
    const { id: service, seed } = publish(test);
    const id = seed('pendingAcceptance', SIMULATOR_PROJECT_ID);
    const document: TypedDocument<Shown, { id: string }> =
      'subscription ($id: ID!) { serviceConnectionStatus(endpointServiceId: $id) { kind status connection { endpoint { rawStatus } } } }';
    const feed = Subscription.of(gateway.url, document, { id: service });
    test.onTestFinished(() => feed.close());
    const shown = async () => (await feed.next())?.connection.endpoint.rawStatus;
    expect(await shown()).toBe('pendingAcceptance');
    simulator.world.accept(id);
    expect(await shown()).toBe('accepted');
    simulator.world.reject(id);
    expect(await shown()).toBe('rejected');
  });

  it('is the same for IDs in upper case: one log, and the same events', async (test) => {
    const { expect } = test;
    const { id: service, seed, watch, accept } = publish(test);
    const id = seed();
    const shout = service.toUpperCase();
    const feed = Subscription.of(gateway.url, ServiceConnectionStatusDocument, { endpointServiceId: shout });
    test.onTestFinished(() => feed.close());
    const [first, second] = [await feed.next(), await watch().next()];
    expect(first).toMatchObject({ endpointId: id, status: 'PENDING_ACCEPTANCE' });
    expect(second).toMatchObject({ cursor: first?.cursor, version: first?.version });
    await accept(id);
    expect(await feed.next()).toMatchObject({ endpointId: id, status: 'ACCEPTED' });
    const status = Subscription.of(gateway.url, EndpointServiceStatusDocument, { id: shout, until: 'SETTLED' });
    test.onTestFinished(() => status.close());
    expect((await status.rest()).map(({ endpointServiceId }) => endpointServiceId)).toEqual([service]);
  });

  it("is refused alike for another tenant's service, a public one and one that does not exist", async ({ expect }) => {
    const refusalOf = async (id: string) => {
      const query = 'subscription ($id: ID!) { serviceConnectionStatus(endpointServiceId: $id) { status } }';
      const result = await overWebSocket(gateway.url, { query, variables: { id } });
      return JSON.stringify(result).replaceAll(/"requestId":"[^"]*"/g, '');
    };
    const unknown = await refusalOf(randomUUID());
    expect(unknown).toContain('NOT_FOUND');
    expect(await refusalOf(SERVICE_IDS.foreignPrivate)).toBe(unknown);
    expect(await refusalOf(SERVICE_IDS.plainInterface)).toBe(unknown);
  });

  it('ends the connections of a service that is deleted, and goes on with polls that do not fail', async (test) => {
    const { expect } = test;
    const { id: service, seed, watch } = publish(test);
    const id = seed('accepted');
    const feed = watch();
    const start = await feed.next();
    // One that was cut off at the end of a feed counts as well.
    const failed = await failedPolls();
    simulator.world.remove(id);
    simulator.world.register.setStatus(service, GONE);
    expect(await feed.next()).toMatchObject({ endpointId: id, status: 'DELETED' });
    const missing = () =>
      simulator.requests.filter(({ path, status }) => path.includes(service) && status === 404).length;
    const before = missing();
    await simulator.until(() => missing() >= before + 2);
    expect(await failedPolls()).toEqual(failed);

    // Its log outlives it.
    expect(await watch(start?.cursor).next()).toMatchObject({ kind: 'TRANSITION', endpointId: id, status: 'DELETED' });
    for (const after of [null, 'restart']) await expect(watch(after).next()).rejects.toThrow(/NOT_FOUND/);
  });
});
