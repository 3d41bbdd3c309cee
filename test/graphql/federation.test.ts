/** `_entities` and `_service` as a federating gateway asks for them, through the gateway's own door. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildASTSchema, parse, printSchema, validateSchema } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import { asSubgraph } from '../../src/graphql/federation.ts';
import { buildGatewaySchema } from '../../src/graphql/schema.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { overHttp, type RawRequest, type RawResult, TRANSPORTS } from '../support/every-transport.ts';
import { post } from '../support/fake-gateway.ts';
import { TestIssuer } from '../support/issuer.ts';
import { startTestGateway, startTestSimulator, type TestGatewayOptions } from '../support/start-gateway.ts';
import { HERE, startTwoProjects, THERE, TWO_PROJECTS } from '../support/two-projects.ts';

const NOWHERE = 'ffffffffffffffffffffffffffffffff';
const ABSENT = '99999999-9999-4999-8999-999999999999';
const FEDERATION = { FEDERATION: 'true' };
const SERVICES = Array.from({ length: 6 }, (_, n) => `00000000-0000-4000-8000-00000000000${n}`);
const ENTITIES = `query Entities($representations: [_Any!]!) { _entities(representations: $representations) { __typename
  ... on VpcEndpoint { id projectId status } ... on EndpointService { id projectId serviceName } } }`;

let simulator: Simulator;
let issuer: TestIssuer;
let gateway: Gateway;
let endpoints: readonly string[];
let there: string;
let own: Record<string, string>;
let both: Record<string, string>;

const folder = mkdtempSync(join(tmpdir(), 'federation-'));
const auditLog = join(folder, 'audit.log');

beforeAll(async () => {
  simulator = await startTestSimulator(TWO_PROJECTS);
  issuer = await TestIssuer.start();
  gateway = await startTwoProjects(simulator, { env: { ...issuer.env, ...FEDERATION, AUDIT_LOG: auditLog } });
  endpoints = simulator.world.seed(6, { projectId: HERE.id, status: 'accepted' });
  [there = ''] = simulator.world.seed(1, { projectId: THERE.id, status: 'accepted' });
  for (const id of SERVICES) simulator.world.addService({ id, name: 'shop', ownerProjectId: HERE.id });
  const bearer = async (projects: object) => ({
    authorization: `Bearer ${await issuer.token({ sub: 'a', projects })}`,
  });
  own = await bearer({ [HERE.id]: 'read' });
  both = await bearer({ [HERE.id]: 'read', [THERE.id]: 'read' });
  // The first call that a key makes goes alone.
  await entities([endpoint(there, THERE.id), endpoint(endpoints[0])], both);
});
afterAll(async () => {
  await gateway.close();
  await issuer.close();
  await simulator.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => simulator.clearRequests());

const endpoint = (id: string | undefined, projectId = HERE.id) => ({ __typename: 'VpcEndpoint', projectId, id });
const service = (id: string | undefined, projectId = HERE.id) => ({ __typename: 'EndpointService', projectId, id });
const made = () => simulator.requests.map(({ operation }) => operation).toSorted();

function entities(representations: readonly unknown[], headers = own) {
  return post(gateway.url, ENTITIES, { representations }, headers);
}

/** A gateway of its own that needs no token, over the same simulator. */
async function withGateway(options: TestGatewayOptions, use: (url: string) => Promise<void>): Promise<void> {
  const other = await startTestGateway(simulator, options);
  try {
    await use(other.url);
  } finally {
    await other.close();
  }
}

describe('_entities', () => {
  it('answers references of both types in their order, and null for what does not exist', async () => {
    const { data, errors } = await entities([
      service(SERVICES[0]),
      endpoint(endpoints[1]),
      endpoint(ABSENT),
      service(ABSENT),
      endpoint(endpoints[0]?.toUpperCase()),
    ]);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      _entities: [
        { ...service(SERVICES[0]), serviceName: expect.stringContaining('shop') },
        { ...endpoint(endpoints[1]), status: 'ACCEPTED' },
        null,
        null,
        { ...endpoint(endpoints[0]), status: 'ACCEPTED' },
      ],
    });
  });

  it.each([
    ['one endpoint by a read', 'VpcEndpoint', 1, ['ListEndpointInfoDetails']],
    ['many endpoints by one list', 'VpcEndpoint', 6, ['ListEndpoints']],
    ['one service by a read', 'EndpointService', 1, ['ListServiceDetails']],
    ['many services by one list', 'EndpointService', 6, ['ListEndpointService']],
  ])('reads %s', async (_name, type, count, calls) => {
    const ids = (type === 'VpcEndpoint' ? endpoints : SERVICES).slice(0, count);
    // Twice the same reference is read once.
    const references = [...ids, ids[0]].map((id) => ({ ...endpoint(id), __typename: type }));
    const { data, errors } = await entities(references);
    expect(errors).toBeUndefined();
    expect(data?._entities).toMatchObject(references);
    expect(made()).toEqual(calls);
  });

  it('reads those of several root fields together, and each project apart', async () => {
    const query = `query ($a: [_Any!]!, $b: [_Any!]!) { a: _entities(representations: $a) { ...F }
      b: _entities(representations: $b) { ...F } } fragment F on VpcEndpoint { id }`;
    const a = endpoints.slice(0, 3).map((id) => endpoint(id));
    const b = [...endpoints.slice(3).map((id) => endpoint(id)), endpoint(there, THERE.id)];
    const { data } = await post(gateway.url, query, { a, b }, both);
    expect(data).toEqual({ a: a.map(({ id }) => ({ id })), b: b.map(({ id }) => ({ id })) });
    expect(made()).toEqual(['ListEndpointInfoDetails', 'ListEndpoints']);
  });

  it('lets each reference fail alone', async () => {
    const { status, data, errors } = await entities([
      endpoint(endpoints[0]),
      endpoint(there, THERE.id),
      endpoint(there, NOWHERE),
      endpoint('no id!'),
      { __typename: 'VpcEndpoint', id: endpoints[0] },
      { __typename: 'Project', id: HERE.id },
      'text',
    ]);
    expect(status).toBe(200);
    expect(data?._entities).toEqual([{ ...endpoint(endpoints[0]), status: 'ACCEPTED' }, ...Array(6).fill(null)]);
    const about = (index: number, ...names: string[]) =>
      names.map((name) => expect.objectContaining({ path: `representations.${index}.${name}` }));
    expect(errors?.map(({ path, extensions: { code, issues } }) => ({ path, code, issues }))).toEqual([
      { path: ['_entities', 1], code: 'NOT_FOUND' },
      { path: ['_entities', 2], code: 'NOT_FOUND' },
      { path: ['_entities', 3], code: 'BAD_USER_INPUT', issues: about(3, 'id') },
      { path: ['_entities', 4], code: 'BAD_USER_INPUT', issues: about(4, 'projectId') },
      { path: ['_entities', 5], code: 'BAD_USER_INPUT', issues: about(5, '__typename', 'projectId') },
      { path: ['_entities', 6], code: 'BAD_USER_INPUT', issues: about(6, '__typename', 'projectId', 'id') },
    ]);
  });

  it('shows nothing of a project that the caller may not read, and calls nothing for it', async () => {
    const answers = [];
    for (const project of [THERE.id, NOWHERE]) {
      for (const reference of [endpoint(there, project), service(SERVICES[0], project)]) {
        answers.push(await entities([reference]));
      }
    }
    const [first] = answers.map(({ status, data, errors }) => ({ status, data, errors }));
    expect(first?.errors).toMatchObject([{ message: 'No such project', extensions: { code: 'NOT_FOUND' } }]);
    for (const { status, data, errors } of answers) expect({ status, data, errors }).toEqual(first);
    expect((await entities([endpoint(there)])).data).toEqual({ _entities: [null] });
    expect(made()).toEqual(['ListEndpointInfoDetails']);
    expect((await entities([endpoint(there, THERE.id)], both)).data?._entities).toMatchObject([{ id: there }]);
  });

  it('leaves the data of entities whose relation fails', async () => {
    simulator.faults.add({ kind: 'status', operation: 'ListServiceConnections', status: 403, times: 1 });
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on EndpointService { id connections { totalCount } } } }`;
    const { data, errors } = await post(gateway.url, query, { r: [service(SERVICES[0])] }, own);
    expect(errors).toMatchObject([{ path: ['_entities', 0, 'connections'], extensions: { code: 'FORBIDDEN' } }]);
    expect(data).toEqual({ _entities: [{ id: SERVICES[0], connections: null }] });
  });

  it.each(TRANSPORTS)('refuses keys that are objects, over %s', async (_name, ask) => {
    await withGateway({ env: FEDERATION }, async (url) => {
      const keys = '__typename: { a: 1 }, projectId: { a: 1 }, id: { a: 1 }';
      const query = `{ _entities(representations: [{ ${keys} }]) { __typename } }`;
      const { data, errors } = await ask(url, { query });
      expect(data).toEqual({ _entities: [null] });
      expect(errors).toMatchObject([{ path: ['_entities', 0], extensions: { code: 'BAD_USER_INPUT' } }]);
    });
  });

  it('takes 1,000 references, and refuses more with one error', async () => {
    const references = Array.from({ length: 1_000 }, () => endpoint('no id!'));
    const most = await entities(references);
    expect(most.data?._entities).toHaveLength(1_000);
    const { data, errors } = await entities([...references, endpoint(endpoints[0])]);
    expect(data).toBeNull();
    const issue = { path: 'representations', rule: 'count' };
    expect(errors).toMatchObject([{ path: ['_entities'], extensions: { code: 'BAD_USER_INPUT', issues: [issue] } }]);
    expect(made()).toEqual([]);
  });

  it.each(TRANSPORTS)('is answered alike each time over %s', async (_name, ask) => {
    await withGateway({ env: FEDERATION }, async (url) => {
      const request = { query: ENTITIES, variables: { representations: [endpoint(endpoints[0])] } };
      for (let times = 0; times < 4; times += 1) {
        expect(await ask(url, request)).toEqual({
          data: { _entities: [{ ...endpoint(endpoints[0]), status: 'ACCEPTED' }] },
        });
      }
    });
  });

  it('writes no audit line, as other queries', async () => {
    const before = readFileSync(auditLog, 'utf8');
    await entities([endpoint(endpoints[0]), endpoint(there, THERE.id)]);
    expect(readFileSync(auditLog, 'utf8')).toBe(before);
  });
});

async function costOf(url: string, fields: string, representations: readonly unknown[]) {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ${fields} } }`;
  return (await overHttp(url, { query, variables: { r: representations }, extensions: { cost: true } })) as RawResult;
}

describe('limits on _entities', () => {
  const six = () => endpoints.map((id) => endpoint(id));

  it.each([
    ['a read for one', '__typename', () => six().slice(0, 1), 1, 1],
    ['what is read together', '__typename', six, 4, 1],
    ['each type', '__typename', () => [...six(), ...SERVICES.map((id) => service(id))], 8, 2],
    ['each project', '__typename', () => six().map((one, n) => ({ ...one, projectId: `p-${n}` })), 6, 0],
    ['lists once for a project', '... on EndpointService { domainId }', () => [service(SERVICES[0])], 1 + 1, 2],
    ['relations of each', '... on VpcEndpoint { service { id } }', six, 4 + 6 + 2, 3],
    ['nothing without references', '__typename', () => [], 0, 0],
    ['each that names nothing', '__typename', () => [0, 0, 0, 0, {}, { __typename: 'VpcEndpoint' }], 6, 0],
    ['no more than are allowed', '__typename', () => Array.from({ length: 2_000 }, (_, n) => endpoint(`e-${n}`)), 4, 0],
  ])('counts %s', async (_name, fields, representations, estimated, actual) => {
    await withGateway({ env: FEDERATION }, async (url) => {
      // The first call that a key makes goes alone.
      await costOf(url, '__typename', [endpoint(ABSENT)]);
      const { extensions } = await costOf(url, fields, representations());
      expect(extensions).toEqual({ cost: { estimated, actual } });
    });
  });

  it('apply to its cost and its document', async () => {
    await withGateway({ env: { ...FEDERATION, MAX_COST: '5' } }, async (url) => {
      const one = await costOf(url, '... on EndpointService { connections { totalCount } }', [service(SERVICES[0])]);
      expect(one.errors).toBeUndefined();
      const many = SERVICES.map((id) => service(id));
      for (const [fields, limit, representations = many] of [
        ['... on EndpointService { connections { totalCount } }', 'cost'],
        [`... on VpcEndpoint { ${'statusHistory { endpoint { '.repeat(6)} id ${'} } '.repeat(6)} }`, 'depth'],
        ['__typename', 'cost', Array(6).fill(0)],
        [Array.from({ length: 31 }, (_, n) => `a${n}: __typename`).join(' '), 'aliases'],
      ] as const) {
        const { data, errors } = await costOf(url, fields, representations);
        expect(data).toBeUndefined();
        expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX', limit } }]);
      }
    });
  });

  it('let through only trusted documents, where they are enforced', async () => {
    const file = join(folder, 'manifest.json');
    writeFileSync(file, JSON.stringify({ entities: ENTITIES }));
    const env = { ...FEDERATION, TRUSTED_DOCUMENTS_FILE: file, TRUSTED_DOCUMENTS_MODE: 'enforce' };
    await withGateway({ env }, async (url) => {
      const variables = { representations: [endpoint(endpoints[0])] };
      expect((await overHttp(url, { query: ENTITIES, variables })).data?._entities).toHaveLength(1);
      const others: readonly RawRequest[] = [{ query: `${ENTITIES} `, variables }, { query: '{ _service { sdl } }' }];
      for (const request of others) {
        const { errors } = await overHttp(url, request);
        expect(errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
      }
    });
  });
});

describe('_service', () => {
  it('shows the schema with its keys, also where introspection is off', async () => {
    await withGateway({ env: { ...FEDERATION, INTROSPECTION: 'false' } }, async (url) => {
      const { data, errors } = await overHttp(url, { query: '{ _service { sdl } }' });
      expect(errors).toBeUndefined();
      const { sdl = '' } = Object(data?._service) as { readonly sdl?: string };
      const plain = new Set(printSchema(await buildGatewaySchema()).split('\n'));
      const lines = sdl.split('\n');
      expect(lines.length).toBeGreaterThan(plain.size);
      expect(lines.filter((line) => !plain.has(line))).toEqual([
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])',
        'directive @oneOf on INPUT_OBJECT',
        'type EndpointService implements ServiceSummary @key(fields: "projectId id") {',
        'type VpcEndpoint @key(fields: "projectId id") {',
        'type PageInfo @shareable {',
      ]);
    });
  });

  it('belongs to a valid schema, which keeps the rest as it is', async () => {
    const plain = await buildGatewaySchema();
    const before = printSchema(plain);
    const subgraph = asSubgraph(plain);
    expect(validateSchema(subgraph)).toEqual([]);
    expect(printSchema(plain)).toBe(before);
    const added = buildASTSchema(parse(printSchema(subgraph)))
      .toConfig()
      .types.map(({ name }) => name);
    const known = new Set(Object.keys(plain.getTypeMap()));
    expect(added.filter((name) => !known.has(name)).toSorted()).toEqual(['_Any', '_Entity', '_Service']);
  });

  it('is not there without FEDERATION, and neither is _entities', async () => {
    await withGateway({}, async (url) => {
      for (const query of ['{ _service { sdl } }', '{ _entities(representations: []) { __typename } }']) {
        const { errors } = await overHttp(url, { query });
        expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
      }
    });
  });
});
