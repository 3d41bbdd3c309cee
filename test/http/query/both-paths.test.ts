/** Every operation with the fast path and without it: the same status, headers and body. */
import { ApolloServer } from '@apollo/server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import * as documents from '../../../src/client/generated/documents.ts';
import { Plan } from '../../../src/http/operation/plan.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { rootFields } from '../../support/root-fields.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
const VARYING = /"(statusCursor|markerId|ip|cursor|requestId|endpointServiceName|poolId)":"[^"]*"/g;
/** Each gateway has a log of its own. */
const HISTORY = /"statusHistory":\[[^\]]*\]/g;
const ID = '00000000-0000-4000-8000-000000000001';
/** More than it takes until an operation counts as frequent. */
const SIGHTS = 4;

interface Request {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: unknown;
  readonly extensions?: unknown;
}

interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

let simulator: Simulator;
let plain: Gateway;
let fast: Gateway;
beforeAll(async () => {
  // Nothing changes its status between two answers that are compared.
  simulator = await startTestSimulator({ timings: { creating: 3_600_000, deleting: 3_600_000 } });
  plain = await startTestGateway(simulator, { env: { FAST_PATH: 'false' } });
  fast = await startTestGateway(simulator);
});
afterAll(async () => {
  await plain.close();
  await fast.close();
  await simulator.close();
});

async function post({ url }: Gateway, request: Request, accept: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', accept, 'x-request-id': 'same' };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify(request) });
  const body = (await response.text())
    .replace(UUID, 'ID')
    .replace(TIME, 'TIME')
    .replace(VARYING, '"$1":"…"')
    .replace(HISTORY, '');
  const kept = [...response.headers].filter(([name]) => name !== 'date' && name !== 'content-length');
  return { status: response.status, headers: kept, body };
}

/** Compares the answers of both; the last one of the fast gateway comes without Apollo when `isFast`. */
async function compare(request: Request, isFast = true): Promise<Answer> {
  let answer: Answer | undefined;
  for (const accept of ['application/json', 'application/graphql-response+json']) {
    await post(fast, { query: '{ __typename }' }, accept);
    const expected = await post(plain, request, accept);
    for (let sight = 1; sight < SIGHTS; sight++) await post(fast, request, accept);
    const apollo = vi.spyOn(ApolloServer.prototype, 'executeHTTPGraphQLRequest');
    answer = await post(fast, request, accept);
    const calls = apollo.mock.calls.length;
    apollo.mockRestore();
    expect(answer).toEqual(expected);
    expect(calls).toBe(isFast ? 0 : 1);
  }
  return answer ?? expect.fail('nothing was sent');
}

async function created(): Promise<string> {
  const input = { vpcId: ID, endpointServiceId: (await services())[0], subnetId: ID };
  const request = { query: documents.CreateVpcEndpointDocument, variables: { input } };
  const response = await fetch(`${plain.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const { data } = (await response.json()) as { data: { createVpcEndpoint: { endpoint: { id: string } } } };
  return data.createVpcEndpoint.endpoint.id;
}

async function services(): Promise<readonly string[]> {
  const query = '{ publicEndpointServices { nodes { id } } }';
  const response = await fetch(`${plain.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as { data: { publicEndpointServices: { nodes: { id: string }[] } } };
  return data.publicEndpointServices.nodes.map(({ id }) => id);
}

/** Values for the variables of every document: those of the right name are taken. */
async function variables(): Promise<Record<string, unknown>> {
  const [service = ID] = await services();
  return { id: await created(), first: 2, resourceType: 'ENDPOINT', filter: {}, endpointServiceId: service };
}

const DOCUMENTS = Object.entries(documents).flatMap(([name, text]) =>
  typeof text === 'string' && !text.startsWith('subscription') ? [[name, text] as const] : [],
);

describe('the operations of vpcep-gateway/documents', () => {
  it.each(DOCUMENTS)('%s', async (_name, query) => {
    await compare({ query, variables: await variables() });
  });

  // A service cannot be created twice with the same ports.
  const fields = [...rootFields('query'), ...rootFields('mutation')].filter(
    ({ name }) => name !== 'createEndpointService',
  );

  it.each(fields.map((field) => [field.name, field.in()] as const))('only the type of %s', async (_name, query) => {
    await compare({ query });
  });
});

const ONE = 'query($id: ID!) { vpcEndpoint(id: $id) { id status tags { key } } }';
const LIST =
  'query($first: Int = 1, $dir: SortDirection = ASC) { vpcEndpoints(first: $first, orderBy: { direction: $dir }) ';

describe('what a plan does itself, and what it leaves to graphql-js', () => {
  it.each<readonly [string, Request]>([
    ['aliases', { query: `{ a: vpcEndpoint(id: "${ID}") { b: id } c: vpcEndpoints { d: totalCount } }` }],
    [
      'fragments',
      {
        query: `query { vpcEndpoints { ...P } } fragment P on VpcEndpointConnection { nodes { id ...R } } fragment R on VpcEndpoint { id tags { key } }`,
      },
    ],
    ['fields given twice', { query: '{ vpcEndpoints { nodes { id } nodes { status } totalCount } }' }],
    ['the name of a type', { query: '{ __typename vpcEndpoints { __typename nodes { __typename } } }' }],
    ['introspection', { query: '{ __schema { queryType { name } } }' }],
    ['@skip', { query: 'query($s: Boolean!) { vpcEndpoints { totalCount @skip(if: $s) } }', variables: { s: true } }],
    ['projects', { query: '{ viewer { projects { id name region rights } } project { id isDefault } }' }],
    [
      'lists under projects',
      { query: '{ viewer { projects { id quotas { type } } } project { endpoints { totalCount } } }' },
    ],
    ['a relation', { query: '{ vpcEndpoints { nodes { id service { id } } } }' }],
    [
      'types of an interface',
      {
        query: `{ vpcEndpoints { nodes { service { __typename id ...S } } } } fragment S on ServiceSummary { createdAt ... on PublicEndpointService { owner } ... on EndpointService { status connectionCount } }`,
      },
    ],
    [
      'fragments on an interface',
      {
        query: `{ publicEndpointServices { nodes { ...S } } } fragment S on ServiceSummary { id ... on PublicEndpointService { owner } }`,
      },
    ],
    [
      'fragments on a type that the object does not have',
      {
        query: `{ describeEndpointService(by: { id: "${SERVICE_IDS.privateInterface}" }) { ...S } } fragment S on ServiceSummary { id ... on PublicEndpointService { public: id } }`,
      },
    ],
    [
      'edges and cursors',
      { query: '{ vpcEndpoints { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }' },
    ],
    ['a name among several', { query: 'query a { __typename } query b { quotas { type } }', operationName: 'b' }],
    ['the cost', { query: '{ vpcEndpoints { totalCount } }', extensions: { cost: true } }],
    ['defaults of variables', { query: `${LIST} { totalCount } }` }],
    ['a variable that is null', { query: `${LIST} { totalCount } }`, variables: { first: null } }],
    [
      'a variable of an object',
      {
        query: 'query($f: VpcEndpointFilter) { vpcEndpoints(filter: $f) { totalCount } }',
        variables: { f: { vpcId: ID } },
      },
    ],
    [
      'a variable within an object',
      { query: 'query($v: ID) { vpcEndpoints(filter: { vpcId: $v }) { totalCount } }', variables: { v: ID } },
    ],
    [
      'a single value for a list',
      {
        query:
          'query($t: [TagValuesInput!]) { resourcesByTags(resourceType: ENDPOINT, filter: { tags: $t }) { totalCount } }',
        variables: { t: { key: 'a', values: 'b' } },
      },
    ],
    ['a number as an ID', { query: ONE, variables: { id: 5 } }],
    ['an endpoint that does not exist', { query: ONE, variables: { id: ID } }],
  ])('%s', async (_name, request) => {
    const { status, body } = await compare(request);
    expect([status, body]).toEqual([200, expect.stringContaining('{"')]);
  });

  it.each<readonly [string, Request]>([
    ['a missing variable', { query: ONE }],
    ['a variable of another type', { query: ONE, variables: { id: {} } }],
    [
      'an unknown member of an input',
      {
        query: 'query($f: VpcEndpointFilter) { vpcEndpoints(filter: $f) { totalCount } }',
        variables: { f: { vpc: ID } },
      },
    ],
    ['an unknown enum value', { query: `${LIST} { totalCount } }`, variables: { dir: 'UP' } }],
    ['a rule of the gateway', { query: `${LIST} { totalCount } }`, variables: { first: 0 } }],
    [
      'two errors',
      { query: '{ a: vpcEndpoints(first: 0) { totalCount } b: vpcEndpoints(first: 101) { totalCount } }' },
    ],
    [
      'a mutation that is refused',
      {
        query: 'mutation($input: CreateVpcEndpointInput!) { createVpcEndpoint(input: $input) { replayed } }',
        variables: { input: { vpcId: 'x', endpointServiceId: ID } },
      },
    ],
    [
      'a mutation whose input lacks a member',
      {
        query: 'mutation($input: CreateVpcEndpointInput!) { createVpcEndpoint(input: $input) { replayed } }',
        variables: { input: {} },
      },
    ],
    ['a field of a project', { query: '{ viewer { projects { id endpoints(first: 0) { totalCount } } } }' }],
    ['a project that is not served', { query: `{ quotas(projectId: "${ID}") { type } }` }],
    [
      'too high a cost',
      {
        query:
          '{ vpcEndpoints(first: 100) { nodes { service { id ... on EndpointService { connections(first: 100) { nodes { endpoint { id } } } } } } } }',
      },
    ],
  ])('%s fails in the same way', async (_name, request) => {
    expect((await compare(request)).body).toContain('"errors"');
  });

  const DESCRIBE = 'query($by: EndpointServiceRefInput!) { describeEndpointService(by: $by) { id } }';
  const POLICY =
    'mutation($input: UpdateVpcEndpointPolicyInput!) { updateVpcEndpointPolicy(input: $input) { statusCursor } }';

  it.each<readonly [string, (id: string) => Request]>([
    ['in a variable', (id) => ({ query: DESCRIBE, variables: { by: { id } } })],
    ['in the document', (id) => ({ query: `{ describeEndpointService(by: { id: "${id}" }) { id } }` })],
    [
      'of a variable in the document',
      (id) => ({ query: 'query($id: ID!) { describeEndpointService(by: { id: $id }) { id } }', variables: { id } }),
    ],
  ])('takes exactly one member of a @oneOf input: %s', async (_name, request) => {
    const [id = ''] = await services();
    const plan = vi.spyOn(Plan.prototype, 'run');
    const { body } = await compare(request(id));
    expect(body).toContain('{"describeEndpointService":{"id":"ID"}}');
    const answers = await Promise.all(plan.mock.results.map(({ value }) => value));
    plan.mockRestore();
    // By the plan itself: objects of graphql-js have no prototype.
    const planned = answers.flatMap(({ data }) => data?.describeEndpointService ?? []);
    expect(new Set(planned.map((service) => service instanceof Object))).toEqual(new Set([true]));
  });

  it.each<readonly [string, string, object, string]>([
    ['none', DESCRIBE, { by: {} }, 'by'],
    ['two', DESCRIBE, { by: { id: ID, serviceName: 'a' } }, 'by'],
    ['two, one of which is null', DESCRIBE, { by: { id: ID, serviceName: null } }, 'by'],
    ['null', DESCRIBE, { by: { id: null } }, 'by.id'],
    ['none in another input', POLICY, { input: { id: ID, policy: {} } }, 'input.policy'],
    ['two in another input', POLICY, { input: { id: ID, policy: { statements: [], document: {} } } }, 'input.policy'],
  ])('refuses %s of a @oneOf input', async (_name, query, variables, path) => {
    const { body } = await compare({ query, variables });
    expect(JSON.parse(body).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', issues: [{ path, rule: 'one-of' }] } },
    ]);
  });

  it.each([
    `{ describeEndpointService(by: {}) { id } }`,
    `{ describeEndpointService(by: { id: "${ID}", serviceName: "a" }) { id } }`,
  ])('refuses %s as a document', async (query) => {
    expect((await compare({ query }, false)).body).toContain('GRAPHQL_VALIDATION_FAILED');
  });

  it.each([{}, { id: null }])('refuses a variable of a @oneOf input without a value: %j', async (variables) => {
    const query = 'query($id: ID) { describeEndpointService(by: { id: $id }) { id } }';
    expect((await compare({ query, variables })).body).toContain('Argument \\"by\\" has invalid value');
  });

  it('answers what is beside a failing root field', async () => {
    const [id] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
    const tag = (key: string) =>
      `addResourceTags(input: { resourceId: $id, resourceType: ENDPOINT, tags: [{ key: "${key}" }] }) { tags { key } }`;
    const query = `mutation($id: ID!) { first: ${tag('a')} refused: ${tag(' b')} last: ${tag('a')} }`;
    const tagged = await compare({ query, variables: { id } });
    expect(JSON.parse(tagged.body)).toMatchObject({
      errors: [{ path: ['refused'] }],
      data: { first: { tags: [{ key: 'a' }] }, refused: null, last: { tags: [{ key: 'a' }] } },
    });
    const page = await compare({ query: '{ a: vpcEndpoints(first: 0) { totalCount } b: quotas { type } }' });
    expect(JSON.parse(page.body)).toMatchObject({ errors: [{ path: ['a'] }], data: { a: null, b: [{}, {}] } });
    expect([tagged.status, page.status]).toEqual([200, 200]);
  });

  it('refuses a subscription that is frequent in the same way as the first one', async () => {
    const { body } = await compare({ query: 'subscription { projectEndpointStatus { kind } }' }, false);
    expect(body).toContain('Subscriptions are served over WebSocket');
  });

  it('leaves faults of the document to Apollo', async () => {
    await compare({ query: '{ nothing }' }, false);
    await compare({ query: '{' }, false);
    await compare({ query: 'query a { __typename } query b { __typename }', operationName: 'c' }, false);
  });
});
