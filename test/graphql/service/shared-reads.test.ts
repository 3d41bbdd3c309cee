import { setImmediate } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Gateway } from '../../../src/app/gateway.ts';
import { DeleteVpcEndpointDocument, VpcEndpointDocument } from '../../../src/client/generated/documents.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { ask } from '../../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

let simulator: Simulator;
let gateway: Gateway;
let ids: readonly string[];

beforeEach(async () => {
  simulator = await startTestSimulator();
  gateway = await startTestGateway(simulator);
  ids = simulator.world.seed(2, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
});
afterEach(async () => {
  await gateway.close();
  await simulator.close();
});

const read = async (id: string) => (await ask(gateway.url, VpcEndpointDocument, { id })).vpcEndpoint;
const readsOf = (id: string) => simulator.requests.filter(({ method, path }) => method === 'GET' && path.endsWith(id));

/** Ten times the same field in one request: all are under way before the first answer can come. */
async function tenTimes(field: string): Promise<unknown[]> {
  const query = `{ ${Array.from({ length: 10 }, (_, i) => `f${i}: ${field}`).join(' ')} }`;
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  const { data } = (await response.json()) as { data: Record<string, unknown> };
  return Object.values(data);
}

it('equal reads in flight are one call upstream', async () => {
  const [id = '', other = ''] = ids;
  // The first call that a key makes goes alone; it must not be one of those that are counted.
  await read(other);
  expect(await tenTimes(`vpcEndpoint(id: "${id}") { id }`)).toEqual(Array.from({ length: 10 }, () => ({ id })));
  expect(readsOf(id)).toHaveLength(1);
  await read(id);
  expect(readsOf(id)).toHaveLength(2);

  const service = SERVICE_IDS.privateInterface;
  expect(await tenTimes(`endpointService(id: "${service}") { id }`)).toContainEqual({ id: service });
  expect(readsOf(service)).toHaveLength(1);
});

it('a read after a write never gets the answer to a question from before it', async () => {
  const [id = '', other = ''] = ids;
  await read(other);
  const held = simulator.faults.add({ kind: 'hang', method: 'GET', path: id, times: 1, stage: 'after' });
  const before = read(id);
  await simulator.until(() => held.hits === 1);
  await ask(gateway.url, DeleteVpcEndpointDocument, { input: { id } });
  expect((await read(id))?.status).toBe('DELETING');
  held.release();
  expect((await before)?.status).toBe('ACCEPTED');
});

it('many different reads in one request warn of no leak of listeners, over HTTP and WebSocket alike', async () => {
  const many = simulator.world.seed(20, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
  const query = `{ ${many.map((id, i) => `f${i}: vpcEndpoint(id: "${id}") { id service { id } }`).join(' ')} }`;
  const warnings: Error[] = [];
  const note = (warning: Error) => void warnings.push(warning);
  process.on('warning', note);
  const client = createClient({ url: `${gateway.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    });
    const answers: unknown[] = [await response.json()];
    for await (const answer of client.iterate({ query })) answers.push(answer);
    const data = Object.fromEntries(many.map((id, i) => [`f${i}`, expect.objectContaining({ id })]));
    expect(answers).toEqual([{ data }, { data }]);
    // A warning is emitted in the next turn.
    await setImmediate();
    expect(warnings).toEqual([]);
  } finally {
    process.off('warning', note);
    await client.dispose();
  }
});
