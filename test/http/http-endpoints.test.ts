import { readdirSync, readFileSync } from 'node:fs';
import { buildSchema, NoDeprecatedCustomRule, parse, printSchema, specifiedRules, validate } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import { ANONYMOUS } from '../../src/auth/identity.ts';
import {
  CreateVpcEndpointDocument,
  DeleteVpcEndpointDocument,
  VpcEndpointDocument,
} from '../../src/client/generated/documents.ts';
import { buildGatewaySchema } from '../../src/graphql/schema.ts';
import { UpstreamError } from '../../src/vpcep/errors/upstream-error.ts';
import { post, startFakeGateway, stopFakeGateways } from '../support/fake-gateway.ts';
import { statusEvent } from '../support/fake-status-feed.ts';

const FOLDER = new URL('../../schema/operations/', import.meta.url);
const DOCUMENTS = readdirSync(FOLDER).map((name) => readFileSync(new URL(name, FOLDER), 'utf8'));

const INPUT = {
  endpointServiceId: '813d9300-8473-405b-bfcd-f711117bad65',
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};

afterEach(stopFakeGateways);

describe('createVpcEndpoint', () => {
  it('sends the checked input and answers the endpoint with its cursor', async () => {
    const { url, calls } = await startFakeGateway();
    const input = { ...INPUT, tags: [{ key: 'team' }], description: null, whitelist: ['10.0.0.0/8'] };
    const { data, errors } = await post(url, CreateVpcEndpointDocument, { input });
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      createVpcEndpoint: {
        statusCursor: 'cursor-before-create',
        endpoint: {
          status: 'CREATING',
          rawStatus: 'creating',
          projectId: 'project-1',
          tags: [{ key: 'team', value: '' }],
        },
      },
    });
    expect(calls.calls).toMatchObject([
      {
        operation: 'create',
        projectId: 'project-1',
        argument: { ...INPUT, enableDns: false, tags: [{ key: 'team', value: '' }], whitelist: ['10.0.0.0/8'] },
      },
    ]);
    expect(calls.calls[0]?.argument).not.toHaveProperty('description');
  });

  it('refuses faulty input with every issue, without a call to upstream', async () => {
    const { url, calls } = await startFakeGateway();
    const input = { ...INPUT, vpcId: 'no spaces', tags: [{ key: '_sys_x' }] };
    const { errors } = await post(url, CreateVpcEndpointDocument, { input });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      retryable: false,
      issues: [
        { path: 'input.vpcId', rule: 'id' },
        { path: 'input.tags.0.key', rule: 'prefix' },
      ],
    });
    expect(calls.calls).toEqual([]);
  });

  it('answers UPSTREAM_OUTCOME_UNKNOWN when the outcome is unknown', async () => {
    const { url, calls } = await startFakeGateway();
    calls.failNext(new UpstreamError({ kind: 'timeout', outcome: 'unknown', message: 'no answer', retryable: false }));
    const { errors } = await post(url, CreateVpcEndpointDocument, { input: INPUT });
    expect(errors?.[0]?.extensions).toEqual({ code: 'UPSTREAM_OUTCOME_UNKNOWN', retryable: false });
    expect(errors?.[0]?.message).toMatch(/Look before repeating/);
  });
});

describe('deleteVpcEndpoint', () => {
  it('answers the endpoint as it was last known', async () => {
    const { url, calls } = await startFakeGateway();
    const { data } = await post(url, DeleteVpcEndpointDocument, { input: { id: 'ep-1' } });
    expect(data).toMatchObject({
      deleteVpcEndpoint: { statusCursor: 'cursor-before-delete', endpoint: { id: 'ep-1', status: 'DELETING' } },
    });
    expect(calls.calls).toMatchObject([{ operation: 'delete', argument: 'ep-1' }]);
  });
});

describe('vpcEndpoint', () => {
  it('answers null for an endpoint that does not exist', async () => {
    const { url } = await startFakeGateway();
    expect((await post(url, '{ vpcEndpoint(id: "absent") { id } }')).data).toEqual({ vpcEndpoint: null });
  });

  it('has the requested project, whatever upstream answers, and its history from there', async () => {
    const { url, calls, feed } = await startFakeGateway();
    calls.add('ep-1', 'accepted', { projectId: 'other-project', markerId: '422321321312321321' });
    feed.transitions = [statusEvent({ kind: 'TRANSITION', rawStatus: 'accepted', previousRawStatus: 'creating' })];
    const { data } = await post(url, VpcEndpointDocument, { id: 'ep-1', last: 5 });
    expect(data).toMatchObject({
      vpcEndpoint: {
        projectId: 'project-1',
        markerId: '422321321312321321',
        statusHistory: [
          {
            status: 'ACCEPTED',
            previousStatus: 'CREATING',
            observedAt: '2023-11-14T22:13:20.123Z',
            version: 1_700_000_000_000_000,
          },
        ],
      },
    });
    expect(feed.histories).toEqual([{ projectId: 'project-1', ids: ['ep-1'], last: 5 }]);
  });

  it('reads the log once for the histories of a page', async () => {
    const { url, calls, feed } = await startFakeGateway();
    for (let i = 0; i < 100; i++) calls.add(`ep-${i}`);
    feed.transitions = [statusEvent({ kind: 'TRANSITION' })];
    const { data } = await post(url, '{ vpcEndpoints(first: 100) { nodes { id statusHistory { endpointId } } } }');
    const { nodes } = (data as { vpcEndpoints: { nodes: { id: string; statusHistory: { endpointId: string }[] }[] } })
      .vpcEndpoints;
    expect(nodes).toHaveLength(100);
    for (const node of nodes) expect(node.statusHistory).toEqual([{ endpointId: node.id }]);
    expect(feed.histories).toHaveLength(1);
  });

  it.each([0, 101])('refuses a history of %i', async (last) => {
    const { url, calls } = await startFakeGateway();
    calls.add('ep-1');
    const { errors } = await post(url, `{ vpcEndpoint(id: "ep-1") { statusHistory(last: ${last}) { cursor } } }`);
    expect(errors?.[0]).toMatchObject({
      path: ['vpcEndpoint', 'statusHistory'],
      extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'last', rule: 'range' }] },
    });
  });
});

describe('vpcEndpoints', () => {
  it('walks all pages with cursors', async () => {
    const { url, calls } = await startFakeGateway();
    const ids = ['a', 'b', 'c', 'd', 'e'];
    for (const id of ids) {
      calls.add(id);
    }
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const query = `query ($after: String) { vpcEndpoints(first: 2, after: $after) {
        totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } } }`;
      const { data } = await post(url, query, { after });
      const page = data?.vpcEndpoints as {
        totalCount: number;
        nodes: { id: string }[];
        pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string };
      };
      expect(page.totalCount).toBe(5);
      expect(page.pageInfo.hasPreviousPage).toBe(seen.length > 0);
      seen.push(...page.nodes.map((node) => node.id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(ids);
    expect(calls.calls.map((call) => call.argument)).toMatchObject([
      { offset: 0, limit: 2 },
      { offset: 2 },
      { offset: 4 },
    ]);
  });

  it('passes filter and order on in upstream terms', async () => {
    const { url, calls } = await startFakeGateway();
    await post(
      url,
      '{ vpcEndpoints(filter: {vpcId: "v", endpointServiceName: "obs"}, orderBy: {field: UPDATED_AT, direction: ASC}) { totalCount } }',
    );
    expect(calls.calls[0]?.argument).toEqual({
      vpcId: 'v',
      endpointServiceName: 'obs',
      limit: 20,
      offset: 0,
      sortKey: 'update_at',
      sortDir: 'asc',
    });
  });

  it.each(['first: 0', 'first: 101', 'after: "nonsense"', 'filter: {id: "a b"}', 'projectId: ""'])(
    'refuses %s before upstream is asked',
    async (argument) => {
      const { url, calls } = await startFakeGateway();
      const { errors } = await post(url, `{ vpcEndpoints(${argument}) { totalCount } }`);
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
      expect(calls.calls).toEqual([]);
    },
  );
});

describe('projects and rights', () => {
  const reader = { ...ANONYMOUS, subject: 'reader', projects: new Map([['p-1', new Set(['read' as const])]]) };

  it('takes the only project of the caller', async () => {
    const { url, calls } = await startFakeGateway({ projectIds: ['p-1', 'p-2'], authenticate: async () => reader });
    calls.add('ep-1');
    const { data } = await post(url, '{ vpcEndpoint(id: "ep-1") { projectId } }');
    expect(data).toEqual({ vpcEndpoint: { projectId: 'p-1' } });
  });

  it.each(['p-2', 'p-3'])('answers for %s as for a project that does not exist', async (projectId) => {
    const { url, calls } = await startFakeGateway({ projectIds: ['p-1', 'p-2'], authenticate: async () => reader });
    const { errors } = await post(url, `{ vpcEndpoint(id: "ep-1", projectId: "${projectId}") { id } }`);
    expect(errors).toMatchObject([{ message: 'No such project', extensions: { code: 'NOT_FOUND' } }]);
    expect(calls.calls).toEqual([]);
  });

  it('needs the write right for a mutation', async () => {
    const { url, calls } = await startFakeGateway({ projectIds: ['p-1'], authenticate: async () => reader });
    const { errors } = await post(url, DeleteVpcEndpointDocument, { input: { id: 'ep-1' } });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(calls.calls).toEqual([]);
  });

  it('asks for projectId when there are several', async () => {
    const { url } = await startFakeGateway({ projectIds: ['p-1', 'p-2'] });
    const { errors } = await post(url, '{ vpcEndpoint(id: "ep-1") { id } }');
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: 'projectId', rule: 'required' }],
    });
  });
});

describe('shipped operations', () => {
  it('fit the schema, without what is deprecated', async () => {
    const schema = buildSchema(printSchema(await buildGatewaySchema()));
    expect(DOCUMENTS.length).toBeGreaterThan(6);
    expect(validate(schema, parse(DOCUMENTS.join('\n')), [...specifiedRules, NoDeprecatedCustomRule])).toEqual([]);
  });

  it('take their arguments in the order that is written', async () => {
    const fields = (await buildGatewaySchema()).getQueryType()?.getFields();
    expect(fields?.vpcEndpoint?.args.map((arg) => arg.name)).toEqual(['id', 'projectId']);
  });

  it('describe every part of the schema', async () => {
    const types = Object.values((await buildGatewaySchema()).getTypeMap()).filter(
      (type) => !type.name.startsWith('__'),
    );
    const bare = types.flatMap((type) => {
      const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
      const own = ['Query', 'Mutation', 'Subscription'].includes(type.name) || type.description ? [] : [type.name];
      return [...own, ...fields.filter((field) => !field.description).map((field) => `${type.name}.${field.name}`)];
    });
    expect(bare).toEqual([]);
  });
});
