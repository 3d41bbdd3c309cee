/** What the table of costs says, held against the calls that are really made. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../../src/simulator/world/identity.ts';
import { overHttp, type RawResult } from '../../support/every-transport.ts';
import { rootFields } from '../../support/root-fields.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

/** That of all fields of `rootFields`. */
const SERVICE = '00000000-0000-4000-8000-000000000001';

let simulator: Simulator;
let gateway: Gateway;
let endpoint: string;

async function costOf(query: string): Promise<{ readonly estimated: number; readonly actual: number }> {
  const { extensions }: RawResult = await overHttp(gateway.url, { query, extensions: { cost: true } });
  return extensions?.cost as { estimated: number; actual: number };
}

beforeAll(async () => {
  simulator = await startTestSimulator();
  simulator.world.addService({ id: SERVICE, name: 'shop', approval: false, ownerProjectId: SIMULATOR_PROJECT_ID });
  gateway = await startTestGateway(simulator);
  const query = `mutation { createVpcEndpoint(input: { vpcId: "${SERVICE}", endpointServiceId: "${SERVICE}", subnetId: "${SERVICE}" }) {
    endpoint { id } } }`;
  const { data, errors } = await overHttp(gateway.url, { query });
  expect(errors).toBeUndefined();
  const made = data?.createVpcEndpoint as { endpoint: { id: string } } | undefined;
  endpoint = made?.endpoint.id ?? expect.fail('no endpoint');
});
afterAll(async () => {
  await gateway.close();
  await simulator.close();
});

describe('the estimate', () => {
  // Deletions last, so that there is something to change before.
  const fields = [...rootFields('query'), ...rootFields('mutation')].toSorted(
    (a, b) => Number(a.name.startsWith('delete')) - Number(b.name.startsWith('delete')),
  );

  it('is never below the calls of a root field, and there are some', async () => {
    for (const field of fields) {
      const isEndpoint = /VpcEndpoint/.test(field.name) && field.name !== 'createVpcEndpoint';
      const text = isEndpoint ? field.in().replace(`id: "${SERVICE}"`, `id: "${endpoint}"`) : field.in();
      const { estimated, actual } = await costOf(text);
      expect.soft(actual, `${field.name} is estimated as ${estimated}`).toBeLessThanOrEqual(estimated);
      expect.soft(actual, field.name).toBeGreaterThan(0);
    }
  });

  it('counts relations', async () => {
    simulator.world.addService({ id: SERVICE, name: 'shop', approval: false, ownerProjectId: SIMULATOR_PROJECT_ID });
    const query = `{ endpointService(id: "${SERVICE}") {
      connectionCount connections(first: 5) { nodes { endpoint { service { ... on EndpointService { domainId } } } } } permissions { totalCount } } }`;
    const { estimated, actual } = await costOf(query);
    expect(actual).toBeGreaterThanOrEqual(4);
    expect(actual).toBeLessThanOrEqual(estimated);
  });
});
