/** The audit stream in a file, as an operator has it. */
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient as createSseClient } from 'graphql-sse';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { EVERY_FEED } from '../../support/every-feed.ts';
import { Subscription } from '../../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';
import { until } from '../../support/until.ts';

const CREATE = `mutation Make($input: CreateVpcEndpointInput!) {
  createVpcEndpoint(input: $input) { endpoint { id } statusCursor }
}`;
const INPUT = {
  endpointServiceId: SERVICE_IDS.plainInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
  description: 'a-description',
  tags: [{ key: 'a-key', value: 'a-value' }],
  idempotencyKey: 'an-idempotency-key',
};
const ABSENT = '99999999-9999-4999-8999-999999999999';

let folder: string;
let file: string;
let simulator: Simulator;
let gateway: Gateway;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
  file = join(folder, 'audit.log');
  simulator = await startTestSimulator();
  gateway = await startTestGateway(simulator, { env: { AUDIT_LOG: file } });
});
afterEach(async () => {
  simulator.faults.clear();
  await gateway.close();
  await simulator.close();
  await rm(folder, { recursive: true });
});

const text = () => readFile(file, 'utf8');

async function lines(): Promise<Record<string, unknown>[]> {
  return (await text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

async function lastLine(): Promise<Record<string, unknown> | undefined> {
  return (await lines()).at(-1);
}

function post(query: string, variables: unknown = {}, more: RequestInit = {}): Promise<Response> {
  return fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'request-1' },
    body: JSON.stringify({ query, variables }),
    ...more,
  });
}

it('tells of a creation who, where, what, and with which outcome, and nothing of its payload', async () => {
  const answer = await post(CREATE, { input: INPUT });
  const { data } = (await answer.json()) as { data: { createVpcEndpoint: { endpoint: { id: string } } } };
  expect(await lines()).toEqual([
    {
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      stream: 'audit',
      who: 'anonymous',
      transport: 'http',
      address: '127.0.0.1',
      requestId: 'request-1',
      project: SIMULATOR_PROJECT_ID,
      kind: 'mutation',
      field: 'createVpcEndpoint',
      operation: 'Make',
      targets: { endpointServiceId: INPUT.endpointServiceId, made: data.createVpcEndpoint.endpoint.id },
      outcome: 'ok',
      upstreamRequestIds: simulator.requests
        .filter(({ operation }) => operation === 'CreateEndpoint')
        .map(({ id }) => id),
      ms: expect.any(Number),
    },
  ]);
  expect((await lastLine())?.upstreamRequestIds).toHaveLength(1);
  expect(await text()).not.toMatch(/a-description|a-key|a-value|an-idempotency-key/);
});

it('has a line for each field of an operation, refused ones too, and none for queries', async () => {
  await post('{ vpcEndpoints { totalCount } }');
  const [id = ''] = simulator.world.seed(1, { status: 'accepted' });
  const remove = (given: string, project = '') =>
    `deleteVpcEndpoint(input: { id: "${given}" }${project}) { statusCursor }`;
  await post(`mutation { one: ${remove(id)} two: ${remove(ABSENT)} three: ${remove(id)} }`);
  await post(`mutation { ${remove('secret text!')} }`);
  await post(`mutation { ${remove(ABSENT, ', projectId: "another"')} }`);
  expect((await lines()).map(({ field, outcome, project, targets }) => [field, outcome, project, targets])).toEqual([
    ['deleteVpcEndpoint', 'ok', SIMULATOR_PROJECT_ID, { id }],
    ['deleteVpcEndpoint', 'NOT_FOUND', SIMULATOR_PROJECT_ID, { id: ABSENT }],
    ['deleteVpcEndpoint', 'CONFLICT', SIMULATOR_PROJECT_ID, { id }],
    ['deleteVpcEndpoint', 'BAD_USER_INPUT', SIMULATOR_PROJECT_ID, { id: '(malformed)' }],
    ['deleteVpcEndpoint', 'NOT_FOUND', 'another', { id: ABSENT }],
  ]);
  expect(await text()).not.toContain('secret text');
});

it('says that some parts failed, or that the outcome is unknown', async () => {
  const [endpointId] = simulator.world.seed(1, { serviceId: SERVICE_IDS.privateApproval, status: 'pendingAcceptance' });
  const input = { endpointServiceId: SERVICE_IDS.privateApproval, endpointIds: [endpointId, ABSENT] };
  await post(
    'mutation ($input: AcceptServiceConnectionInput!) { acceptServiceConnection(input: $input) { results { endpointId } } }',
    { input },
  );
  expect(await lastLine()).toMatchObject({ outcome: 'partial', targets: input });
  simulator.faults.add({ kind: 'reset', operation: 'DeleteEndpoint', stage: 'after', times: 1 });
  await post(`mutation { deleteVpcEndpoint(input: { id: "${endpointId}" }) { statusCursor } }`);
  expect(await lastLine()).toMatchObject({ outcome: 'unknown', targets: { id: endpointId } });
});

it('has the outcome after the caller has disconnected', async () => {
  const hang = simulator.faults.add({ kind: 'hang', operation: 'CreateEndpoint', stage: 'after' });
  const leave = new AbortController();
  const left = post(CREATE, { input: INPUT }, { signal: leave.signal }).catch((error: Error) => error.name);
  await until(async () => hang.waiting > 0, 'the creation is upstream');
  leave.abort();
  expect(await left).toBe('AbortError');
  expect(await lines()).toEqual([]);
  hang.release();
  await until(async () => (await lines()).length === 1, 'a line');
  const [made] = simulator.world.endpoints();
  expect(await lastLine()).toMatchObject({ outcome: 'ok', targets: { made: made?.id } });
});

it('tells of every start of a subscription, by whatever transport', async () => {
  const [id = ''] = simulator.world.seed(1, { status: 'accepted' });
  const socket = Subscription.endpoint(gateway.url, { id });
  await socket.next();
  await socket.close();
  const watch = `subscription Watch { endpointStatus(id: "${id}", until: SETTLED) { status } }`;
  const sse = createSseClient({ url: `${gateway.url}/graphql/stream` });
  for await (const _ of sse.iterate({ query: watch }));
  sse.dispose();
  const accept = 'multipart/mixed;subscriptionSpec=1.0';
  const multipart = await post(watch, {}, { headers: { 'content-type': 'application/json', accept } });
  await multipart.text();
  const missing = Subscription.endpoint(gateway.url, { id: ABSENT });
  await expect(missing.next()).rejects.toThrow();
  await missing.close();
  const seen = (await lines()).map(({ kind, field, transport, outcome, targets }) => ({
    ...{ kind, field, transport, outcome, targets },
  }));
  const line = { kind: 'subscription', field: 'endpointStatus', outcome: 'ok', targets: { id } };
  expect(seen).toEqual([
    { ...line, transport: 'websocket' },
    { ...line, transport: 'sse' },
    { ...line, transport: 'multipart' },
    { ...line, transport: 'websocket', outcome: 'NOT_FOUND', targets: { id: ABSENT } },
  ]);
});

it.each([
  ['endpointStatus', { id: ABSENT }],
  ['projectEndpointStatus', { ids: [ABSENT] }],
  ['endpointServiceStatus', { id: ABSENT }],
  ['projectEndpointServiceStatus', { ids: [ABSENT] }],
  ['serviceConnectionStatus', { endpointServiceId: ABSENT }],
])('tells what %s follows, and whether it was refused', async (field, targets) => {
  const one = EVERY_FEED.find(({ name }) => name === field) ?? expect.fail('no such feed');
  const feed = one.in(simulator.world).follow(gateway.url);
  await feed.next();
  const missing = one.in(simulator.world, ABSENT).follow(gateway.url);
  const ended = missing.next().catch(() => null);
  await until(async () => (await lines()).length === 2, 'two lines');
  const outcome = field.startsWith('project') ? 'ok' : 'NOT_FOUND';
  const line = { kind: 'subscription', field, transport: 'websocket', project: SIMULATOR_PROJECT_ID };
  expect(await lines()).toMatchObject([
    { ...line, outcome: 'ok' },
    { ...line, outcome, targets },
  ]);
  await Promise.all([feed.close(), missing.close(), ended]);
});

it('goes on in a new file after a rotation', async () => {
  const attempt = () => post(`mutation { deleteVpcEndpoint(input: { id: "${ABSENT}" }) { statusCursor } }`);
  await attempt();
  const old = join(folder, 'audit.log.1');
  await rename(file, old);
  await attempt();
  gateway.reopenAuditLog();
  await attempt();
  expect((await readFile(old, 'utf8')).trim().split('\n')).toHaveLength(2);
  expect(await lines()).toHaveLength(1);
});

it('does not start without its file, and says why', async () => {
  const starting = startTestGateway(simulator, { env: { AUDIT_LOG: join(folder, 'missing', 'audit.log') } });
  await expect(starting).rejects.toThrow(/AUDIT_LOG cannot be opened.*ENOENT/);
});

it('has a line for what is refused before any field is tried', async () => {
  const spread = `mutation Spread($input: DeleteVpcEndpointInput!) { ...on Mutation { ...Part } }
    fragment Part on Mutation { deleteVpcEndpoint(input: $input) { statusCursor } }`;
  await post(spread, { input: { id: ABSENT, more: 'secret text!' } });
  await post(spread, { input: 'secret text!' });
  const line = { kind: 'mutation', field: 'deleteVpcEndpoint', operation: 'Spread', project: SIMULATOR_PROJECT_ID };
  expect(await lines()).toMatchObject([
    { ...line, outcome: 'BAD_USER_INPUT', targets: { id: ABSENT }, upstreamRequestIds: [] },
    { ...line, outcome: 'BAD_USER_INPUT', targets: {}, upstreamRequestIds: [] },
  ]);
  await gateway.close();
  gateway = await startTestGateway(simulator, { env: { AUDIT_LOG: file, MAX_COST: '1' } });
  await post(CREATE, { input: INPUT });
  expect(await lastLine()).toMatchObject({
    field: 'createVpcEndpoint',
    outcome: 'QUERY_TOO_COMPLEX',
    targets: { endpointServiceId: INPUT.endpointServiceId },
  });
  expect(await text()).not.toContain('secret text');
});
