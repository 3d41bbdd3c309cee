/** `project` and `viewer.projects`: what is in a project, for whom, and what several of them cost. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { post } from '../support/fake-gateway.ts';
import { issue, postAs, startIamGateway } from '../support/iam-gateway.ts';
import { type TestClaims, TestIssuer } from '../support/issuer.ts';
import { startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { HERE, startTwoProjects, THERE, TWO_PROJECTS } from '../support/two-projects.ts';

const PAGE = '{ totalCount pageInfo { hasNextPage endCursor } nodes { id } }';
/** A field of `Project`, and the root field with `projectId` that answers the same. */
const PAIRS: readonly (readonly [field: string, root: string])[] = [
  [`endpoints ${PAGE}`, `vpcEndpoints ${PAGE}`],
  [`endpoints(first: 1) ${PAGE}`, `vpcEndpoints(first: 1) ${PAGE}`],
  [
    `endpoints(first: 1, after: "cm93OjA", orderBy: { direction: ASC }) ${PAGE}`,
    `vpcEndpoints(first: 1, after: "cm93OjA", orderBy: { direction: ASC }) ${PAGE}`,
  ],
  [`services(filter: { serviceName: "shop" }) ${PAGE}`, `endpointServices(filter: { serviceName: "shop" }) ${PAGE}`],
  [`publicServices(first: 2) ${PAGE}`, `publicEndpointServices(first: 2) ${PAGE}`],
  ['quotas { type used limit }', 'quotas { type used limit }'],
  ['quotas(type: ENDPOINT) { type used limit }', 'quotas(type: ENDPOINT) { type used limit }'],
  ['tags(resourceType: ENDPOINT) { key values }', 'projectTags(resourceType: ENDPOINT) { key values }'],
];

let simulator: Simulator;
let issuer: TestIssuer;
let gateway: Gateway;
/** Reads both projects, one of them, and none. */
let both: Record<string, string>;
let one: Record<string, string>;
let none: Record<string, string>;

beforeAll(async () => {
  simulator = await startTestSimulator(TWO_PROJECTS);
  issuer = await TestIssuer.start();
  gateway = await startTwoProjects(simulator, { env: issuer.env });
  const bearer = async (claims: TestClaims) => ({ authorization: `Bearer ${await issuer.token(claims)}` });
  both = await bearer({ sub: 'both', projects: { [HERE.id]: 'read', [THERE.id]: 'write' } });
  one = await bearer({ sub: 'one', projects: { [HERE.id]: 'read' } });
  none = await bearer({ sub: 'none' });
  const { world } = simulator;
  world.seed(3, { projectId: HERE.id, tags: [{ key: 'team', value: 'net' }] });
  world.seed(1, { projectId: THERE.id });
  world.addService({ id: '51a00000-0000-4000-8000-0000000000aa', name: 'shop', ownerProjectId: THERE.id });
});
afterAll(async () => {
  await gateway.close();
  await issuer.close();
  await simulator.close();
});
beforeEach(() => simulator.clearRequests());
afterEach(() => simulator.faults.clear());

const ask = (query: string, headers: Record<string, string>) => post(gateway.url, query, {}, headers);

async function costFor(url: string, query: string, headers: Record<string, string>): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, extensions: { cost: true } }),
  });
  const { extensions } = (await response.json()) as { extensions?: { cost: unknown } };
  return extensions?.cost;
}

describe('a project', () => {
  it.each(PAIRS)('answers %s as the root field does', async (field, root) => {
    for (const { id } of [HERE, THERE]) {
      const withId = root.includes('(')
        ? root.replace('(', `(projectId: "${id}", `)
        : root.replace(/^\w+/, `$&(projectId: "${id}")`);
      const { data, errors } = await ask(`{ project(id: "${id}") { it: ${field} } it: ${withId} }`, both);
      expect(errors).toBeUndefined();
      expect(data).toEqual({ project: { it: data?.it }, it: expect.anything() });
    }
  });

  it('shows what is in it alone', async () => {
    const { data } = await ask(
      `{ a: project(id: "${HERE.id}") { endpoints { totalCount } services { totalCount } }
         b: project(id: "${THERE.id}") { endpoints { nodes { projectId } } services { nodes { projectId } } } }`,
      both,
    );
    const nodes = [{ projectId: THERE.id }];
    expect(data).toMatchObject({
      a: { endpoints: { totalCount: 3 } },
      b: { endpoints: { nodes }, services: { nodes } },
    });
  });

  it('is the only one of the caller when none is named', async () => {
    const { data } = await ask('{ project { id name rights isDefault } }', one);
    expect(data).toEqual({ project: { ...HERE, rights: ['READ'], isDefault: true } });
    const { errors } = await ask('{ project { id } }', both);
    expect(errors).toMatchObject([
      { path: ['project'], extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'id', rule: 'required' }] } },
    ]);
  });

  it('is not found without the right to read it, and its neighbours are answered', async () => {
    const { data, errors } = await ask(
      `{ mine: project(id: "${HERE.id}") { endpoints { totalCount } } theirs: project(id: "${THERE.id}") { endpoints { totalCount } } }`,
      one,
    );
    expect(data).toEqual({ mine: { endpoints: { totalCount: 3 } }, theirs: null });
    expect(errors).toMatchObject([
      { message: 'No such project', path: ['theirs'], extensions: { code: 'NOT_FOUND', retryable: false } },
    ]);
    expect(simulator.requests.filter(({ path }) => path.includes(THERE.id))).toEqual([]);
    expect((await ask(`{ project(id: "${HERE.id}") { id } }`, none)).errors).toMatchObject([
      { message: 'No such project' },
    ]);
  });

  it('checks its own argument and those of its fields', async () => {
    const own = await ask('{ project(id: "not an id!") { id } }', one);
    expect(own.errors).toMatchObject([{ extensions: { issues: [{ path: 'id', rule: 'id' }] } }]);
    const { data, errors } = await ask('{ project { id endpoints(first: 0) { totalCount } quotas { used } } }', one);
    expect(data).toEqual({ project: { id: HERE.id, endpoints: null, quotas: [{ used: 3 }, { used: 3 }] } });
    expect(errors).toMatchObject([
      { path: ['project', 'endpoints'], extensions: { issues: [{ path: 'first', rule: 'range' }] } },
    ]);
  });
});

describe('the projects of the viewer', () => {
  const LISTS = '{ viewer { projects { id endpoints { totalCount } quotas { type } } } }';

  it('are read at the same time, and one that fails takes nothing from the others', async () => {
    const here = simulator.faults.add({ kind: 'hang', operation: 'ListEndpoints', path: HERE.id });
    simulator.faults.add({ kind: 'status', status: 403, operation: 'ListEndpoints', path: THERE.id });
    const answer = ask(LISTS, both);
    await simulator.until(() => here.waiting === 1 && simulator.requests.some(({ status }) => status === 403));
    here.release();
    const { data, errors } = await answer;
    const quotas = [{ type: 'ENDPOINT_SERVICE' }, { type: 'ENDPOINT' }];
    expect(data).toEqual({
      viewer: {
        projects: [
          { id: HERE.id, endpoints: { totalCount: 3 }, quotas },
          { id: THERE.id, endpoints: null, quotas },
        ],
      },
    });
    expect(errors).toMatchObject([{ path: ['viewer', 'projects', 1, 'endpoints'], extensions: { code: 'FORBIDDEN' } }]);
  });

  it('cost what they cause for as many as the caller may read', async () => {
    expect(await costFor(gateway.url, LISTS, both)).toEqual({ estimated: 4, actual: 4 });
    expect(await costFor(gateway.url, LISTS, one)).toEqual({ estimated: 2, actual: 2 });
    expect(await costFor(gateway.url, LISTS, none)).toEqual({ estimated: 0, actual: 0 });
    // Each project has its page, and two lists of services; none of them is described by itself.
    const related = '{ viewer { projects { endpoints(first: 1) { nodes { service { id } } } } } }';
    expect(await costFor(gateway.url, related, both)).toEqual({
      estimated: 8,
      actual: 6,
    });
  });

  it('are refused together when they cost too much, for each caller by itself', async () => {
    const small = await startTwoProjects(simulator, { env: { ...issuer.env, MAX_COST: '3' } });
    try {
      expect((await post(small.url, LISTS, {}, one)).errors).toBeUndefined();
      const { errors } = await post(small.url, LISTS, {}, both);
      expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX', limit: 'cost', maximum: 3 } }]);
      expect((await post(small.url, LISTS, {}, one)).errors).toBeUndefined();
    } finally {
      await small.close();
    }
  });

  it('count against the rate of their caller', async () => {
    const rated = await startTwoProjects(simulator, {
      env: { ...issuer.env, MAX_COST: '10', RATE_LIMIT_COST_PER_MINUTE: '10' },
    });
    try {
      const { headers } = await post(rated.url, LISTS, {}, both);
      expect(headers.get('ratelimit-remaining')).toBe('6');
    } finally {
      await rated.close();
    }
  });
});

describe('the region of a project', () => {
  it('is that of the settings, also for projects that only tokens name', async () => {
    const region = { VPCEP_REGION: 'cn-east-3' };
    const configured = await startTestGateway(simulator, { env: region });
    const open = await startIamGateway(simulator, { env: region });
    const unknown = await startTestGateway(simulator);
    try {
      const QUERY = '{ project { region } }';
      expect((await post(configured.url, QUERY)).data).toEqual({ project: { region: 'cn-east-3' } });
      expect((await postAs(open.url, issue(simulator, { projectId: THERE.id }), QUERY)).data).toEqual({
        project: { region: 'cn-east-3' },
      });
      expect((await post(unknown.url, QUERY)).data).toEqual({ project: { region: null } });
    } finally {
      await Promise.all([configured, open, unknown].map((running) => running.close()));
    }
  });

  it('is that of the built-in simulator', async () => {
    const env = {
      VPCEP_URL: '',
      HUAWEICLOUD_SDK_AK: '',
      HUAWEICLOUD_SDK_SK: '',
      HUAWEICLOUD_SDK_PROJECT_ID: '',
      SIMULATOR_PORT: '0',
    };
    const built = await startTestGateway(simulator, { env });
    try {
      expect((await post(built.url, '{ viewer { projects { region } } }')).data).toEqual({
        viewer: { projects: [{ region: 'cn-north-4' }] },
      });
    } finally {
      await built.close();
    }
  });
});
