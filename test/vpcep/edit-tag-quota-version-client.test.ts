/** The clients of endpoint edits, tags, quotas and versions against the simulator, over real sockets. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../src/shared/secret.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import {
  SIMULATOR_PROJECT_ID as PROJECT,
  SIMULATOR_AK,
  SIMULATOR_SK,
  SIMULATOR_TOKEN,
} from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { VpcepClient } from '../../src/vpcep/client.ts';
import { type Credential, fixedCredential } from '../../src/vpcep/signing/credentials.ts';
import { Transport } from '../../src/vpcep/transport/transport.ts';
import { startCheckedSimulator } from '../support/contract/checked-simulator.ts';

let simulator: Simulator;
let transports: Transport[];

function connect(
  credential: Credential = { kind: 'aksk', ak: SIMULATOR_AK, sk: new Secret(SIMULATOR_SK) },
): VpcepClient {
  const source = fixedCredential(credential);
  const transport = new Transport({ target: () => ({ baseUrl: simulator.url, credential: source }) });
  transports.push(transport);
  return new VpcepClient({ transport });
}

beforeEach(async () => {
  simulator = await startCheckedSimulator();
  transports = [];
});
afterEach(async () => {
  await simulator.close();
  await Promise.all(transports.map((transport) => transport.close()));
});

const seed = (serviceId: string): string => simulator.world.seed(1, { serviceId })[0] ?? '';

describe('what a partial answer does not carry is not said', () => {
  test('the whitelist', async () => {
    const id = seed(SERVICE_IDS.plainInterface);
    const answer = await connect().endpoints.updateWhitelist(PROJECT, id, { whitelist: [], enableWhitelist: true }, {});
    expect(answer).toMatchObject({ id, rawStatus: 'accepted', fields: { whitelist: [], enableWhitelist: true } });
    for (const field of ['routeTables', 'description', 'enableStatus', 'faults', 'endpointPoolId', 'ipv6Address']) {
      expect(answer?.fields).not.toHaveProperty(field);
    }
  });

  test('the policy', async () => {
    const id = seed(SERVICE_IDS.professionalInterface);
    const answer = await connect().endpoints.updatePolicy(PROJECT, id, { policyDocument: { Statement: [] } }, {});
    expect(answer?.fields.policyDocument).toEqual({ Statement: [] });
    for (const field of ['subnetId', 'enableDns', 'enableStatus', 'dnsNames']) {
      expect(answer?.fields).not.toHaveProperty(field);
    }
    expect((await connect().endpoints.deletePolicy(PROJECT, id, {}))?.id).toBe(id);
  });
});

test('resources are counted without a window', async () => {
  simulator.world.seed(3, { tags: [{ key: 'team', value: 'net' }] });
  const { tags } = connect();
  const query = { tags: [{ key: 'team', values: [] }] };
  expect(await tags.countResources(PROJECT, 'ENDPOINT', query, {})).toBe(3);
  expect(simulator.requests[0]?.body).toEqual({ action: 'count', tags: [{ key: 'team', values: [] }] });
  const page = await tags.findResources(PROJECT, 'ENDPOINT', { ...query, limit: 2, offset: 2 }, {});
  expect(page).toMatchObject({ totalCount: 3, resources: [{ tags: [{ key: 'team', value: 'net' }] }] });
});

describe('a search by tags changes nothing, though it is a POST', () => {
  const none = { tags: [] };
  const searches = () => simulator.requests.filter(({ operation }) => operation === 'ListResourceInstances');

  test('so it is repeated after an answer that would leave a write open', async () => {
    simulator.faults.add({ kind: 'status', operation: 'ListResourceInstances', status: 503, times: 1 });
    expect(await connect().tags.countResources(PROJECT, 'ENDPOINT', none, {})).toBe(0);
    simulator.faults.add({ kind: 'reset', operation: 'ListResourceInstances', stage: 'after', times: 1 });
    expect(await connect().tags.countResources(PROJECT, 'ENDPOINT', none, {})).toBe(0);
    simulator.faults.add({ kind: 'malformedJson', operation: 'ListResourceInstances', times: 1 });
    await expect(connect().tags.countResources(PROJECT, 'ENDPOINT', none, {})).rejects.toMatchObject({
      outcome: 'refused',
    });
  });

  test('so equal ones are one call, and it ends the sharing of no other read', async () => {
    const { tags, endpoints } = connect();
    await tags.countResources(PROJECT, 'ENDPOINT', none, {});
    const id = seed(SERVICE_IDS.plainInterface);
    const held = simulator.faults.add({ kind: 'hang', operation: 'ListEndpointInfoDetails', times: 1 });
    const share = 'somebody';
    const first = endpoints.getEndpoint(PROJECT, id, { share });
    await simulator.until(() => held.hits === 1);
    const find = (limit: number) => tags.findResources(PROJECT, 'ENDPOINT', { ...none, limit, offset: 0 }, { share });
    await Promise.all([find(1), find(1), find(2)]);
    expect(searches()).toHaveLength(3);
    const second = endpoints.getEndpoint(PROJECT, id, { share });
    held.release();
    expect(await second).toEqual(await first);
    expect(simulator.requests.filter(({ path }) => path.endsWith(id))).toHaveLength(1);
  });
});

describe('versions', () => {
  test.each([
    ['a signature', { kind: 'aksk', ak: SIMULATOR_AK, sk: new Secret(SIMULATOR_SK) }],
    ['a token', { kind: 'token', token: new Secret(SIMULATOR_TOKEN) }],
  ] as const)('are read with %s, and never name a project', async (_, credential) => {
    const { versions } = connect(credential);
    expect((await versions.listVersions(PROJECT, {})).map(({ id }) => id)).toEqual(['v1', 'v2']);
    expect(await versions.getVersion(PROJECT, 'v1', {})).toMatchObject({ id: 'v1', status: 'CURRENT' });
    expect(simulator.requests.map(({ projectHeader }) => projectHeader)).toEqual([null, null]);
  });

  test('can be read without credentials', async () => {
    expect((await fetch(`${simulator.url}/`)).status).toBe(200);
    expect((await fetch(`${simulator.url}/v1`)).status).toBe(200);
    expect((await fetch(`${simulator.url}/v9`)).status).toBe(404);
  });
});
