/** What clients and operators see when the gateway itself holds calls back. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import { CreateVpcEndpointDocument, VpcEndpointDocument } from '../../../src/client/generated/documents.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { ask, Subscription, send } from '../../support/graphql-client.ts';
import { recordingLogger, startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

const INPUT = {
  endpointServiceId: SERVICE_IDS.plainInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};

let simulator: Simulator;
let gateway: Gateway;
let log: ReturnType<typeof recordingLogger>;
let id: string;

async function start(env: Record<string, string> = {}): Promise<void> {
  log = recordingLogger();
  gateway = await startTestGateway(simulator, { env, logger: log.logger });
}
beforeEach(async () => {
  simulator = await startTestSimulator();
  [id = ''] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
});
afterEach(async () => {
  simulator.faults.clear();
  await gateway.close();
  await simulator.close();
});

const read = () => send(gateway.url, VpcEndpointDocument, { id });
const create = (idempotencyKey: string) =>
  send(gateway.url, CreateVpcEndpointDocument, { input: { ...INPUT, idempotencyKey } });
const metrics = async () => await (await fetch(`${gateway.url}/metrics`)).text();
const readiness = async () => (await fetch(`${gateway.url}/readyz`)).status;

it('a budget that is used up is UPSTREAM_THROTTLED without an answer of upstream', async () => {
  await start({ VPCEP_WRITES_PER_SECOND: '0.01' });
  expect((await create('first')).errors).toBeUndefined();
  const [error] = (await create('second')).errors ?? [];
  expect(error?.message).toContain("gateway's own budget");
  expect(error?.extensions).toEqual({
    code: 'UPSTREAM_THROTTLED',
    retryable: true,
    retryAfterSeconds: expect.closeTo(100, -1.6),
  });
  expect(simulator.requests.filter(({ operation }) => operation === 'CreateEndpoint')).toHaveLength(1);
  // Reads are not concerned, and neither is readiness: other replicas have no more left.
  expect((await read()).data?.vpcEndpoint?.id).toBe(id);
  expect(await readiness()).toBe(200);
  expect(await metrics()).toContain('vpcep_gateway_upstream_budget_short_total{class="write",what="refused"} 1');
});

it('polls that get no token delay no caller', async () => {
  await start({ VPCEP_POLLS_PER_SECOND: '0.02', VPCEP_READS_PER_SECOND: '50' });
  const feed = Subscription.endpoint(gateway.url, { id });
  expect((await feed.next())?.kind).toBe('SNAPSHOT');
  const refused = 'vpcep_gateway_upstream_budget_short_total{class="poll",what="refused"}';
  while (!(await metrics()).includes(refused)) await new Promise(setImmediate);
  expect((await read()).data?.vpcEndpoint?.id).toBe(id);
  await feed.close();
});

describe('a host that fails', () => {
  const fail = () => simulator.faults.add({ kind: 'status', status: 503 });
  /** Calls until the breaker is open; gives the extensions of that error. */
  const heldBack = async (call: () => Promise<Pick<Awaited<ReturnType<typeof create>>, 'errors'>>) => {
    for (;;) {
      const extensions = (await call()).errors?.[0]?.extensions;
      if (extensions?.upstream === undefined) return extensions;
    }
  };

  it('gets no calls: UPSTREAM_UNAVAILABLE with the time to wait, and one log line', async () => {
    await start();
    await create('before');
    fail();
    for (const call of [read, () => create('key')]) {
      expect(await heldBack(call)).toEqual({
        code: 'UPSTREAM_UNAVAILABLE',
        retryable: true,
        retryAfterSeconds: expect.closeTo(5, -1.6),
      });
    }
    expect(await readiness()).toBe(200);
    const { host } = new URL(simulator.url);
    expect(await metrics()).toContain(`vpcep_gateway_upstream_breaker_state{host="${host}"} `);
    expect(await metrics()).not.toContain(`vpcep_gateway_upstream_breaker_state{host="${host}"} 0`);
    expect(log.text().match(/nearly all calls to upstream fail/g)).toHaveLength(1);
  });

  it('a creation that was not sent leaves its key free, and works once the host is back', async () => {
    await start();
    await create('before');
    const fault = fail();
    await heldBack(read);
    expect(await heldBack(() => create('again'))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    fault.remove();
    let answer = await create('again');
    while (answer.errors !== undefined) {
      expect(answer.errors[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
      await new Promise((resolve) => setTimeout(resolve, 50));
      answer = await create('again');
    }
    expect(answer.data?.createVpcEndpoint?.endpoint.status).toBe('CREATING');
    expect((await ask(gateway.url, VpcEndpointDocument, { id })).vpcEndpoint?.id).toBe(id);
    expect(simulator.requests.filter(({ operation }) => operation === 'CreateEndpoint')).toHaveLength(2);
    expect(log.text().match(/upstream answers again/g)).toHaveLength(1);
  });
});
