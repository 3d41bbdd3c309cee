import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import {
  AddResourceTagsDocument,
  type AddResourceTagsInput,
  ProjectTagsDocument,
  RemoveResourceTagsDocument,
  type RemoveResourceTagsInput,
  ResourcesByTagsDocument,
  type ResourceTagFilter,
} from '../../../src/client/generated/documents.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { MARK_TAG_KEY } from '../../../src/vpcep/core/model.ts';
import { ask, send } from '../../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

const MARK = { key: MARK_TAG_KEY, value: 'a'.repeat(32) };
const NET = { key: 'team', value: 'net' };
const WEB = { key: 'team', value: 'web' };
const PROD = { key: 'stage', value: '' };

let simulator: Simulator;
let gateway: Gateway;

beforeEach(async () => {
  simulator = await startTestSimulator();
  gateway = await startTestGateway(simulator);
});
afterEach(async () => {
  await gateway.close();
  await simulator.close();
});

const seed = (...tags: { key: string; value: string }[]): string => simulator.world.seed(1, { tags })[0] ?? '';
const add = (input: Omit<AddResourceTagsInput, 'resourceType'> & Partial<AddResourceTagsInput>) =>
  send(gateway.url, AddResourceTagsDocument, { input: { resourceType: 'ENDPOINT', ...input } });
const remove = (input: Omit<RemoveResourceTagsInput, 'resourceType'>) =>
  send(gateway.url, RemoveResourceTagsDocument, { input: { resourceType: 'ENDPOINT', ...input } });
const find = async (filter: ResourceTagFilter | null) =>
  (await ask(gateway.url, ResourcesByTagsDocument, { resourceType: 'ENDPOINT', filter })).resourcesByTags;
const found = async (filter: ResourceTagFilter | null) =>
  (await find(filter)).nodes.map(({ resourceId }) => resourceId);

describe('tags of a resource', () => {
  it('are added and overwritten; the endpoint comes back with all of them', async () => {
    const id = seed(NET);
    const { data } = await add({ resourceId: id, tags: [WEB, PROD] });
    expect(data?.addResourceTags).toEqual({ tags: [WEB, PROD], endpoint: { id, tags: [WEB, PROD] }, service: null });
  });

  it('of an own service are added and removed', async () => {
    const resource = { resourceType: 'ENDPOINT_SERVICE', resourceId: SERVICE_IDS.privateInterface } as const;
    const { data } = await add({ ...resource, tags: [NET, PROD] });
    expect(data?.addResourceTags).toMatchObject({
      endpoint: null,
      service: { id: resource.resourceId, tags: [NET, PROD] },
    });
    const { removeResourceTags } = await ask(gateway.url, RemoveResourceTagsDocument, {
      input: { ...resource, tags: [{ key: 'team' }] },
    });
    expect(removeResourceTags).toMatchObject({ tags: [PROD], service: { tags: [PROD] } });
  });

  it('are removed by key alone, or only with a value', async () => {
    const id = seed(NET, PROD);
    const other = await remove({ resourceId: id, tags: [{ key: 'team', value: 'web' }] });
    expect(other.data?.removeResourceTags?.tags).toEqual([NET, PROD]);
    const gone = await remove({ resourceId: id, tags: [{ key: 'team' }, { key: 'stage', value: '' }] });
    expect(gone.data?.removeResourceTags?.tags).toEqual([]);
    expect(simulator.requests.map(({ body }) => body).filter(Boolean)).toEqual([
      { action: 'delete', tags: [WEB] },
      { action: 'delete', tags: [{ key: 'team' }, { key: 'stage', value: '' }] },
    ]);
  });

  const full = Array.from({ length: 20 }, (_, i) => ({ key: `k${i}`, value: '' }));
  const written = () => simulator.requests.filter(({ method }) => method === 'POST');

  it('are at most 20, and too many are reported at the field before anything is sent', async () => {
    const id = seed(...full);
    const more = await add({ resourceId: id, tags: [NET] });
    expect(more.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: 'input.tags', rule: 'count', message: expect.not.stringContaining('hidden') }],
    });
    const many = await add({ resourceId: id, tags: [...full, NET] });
    expect(many.errors?.[0]?.extensions.issues).toMatchObject([{ path: 'input.tags', rule: 'count' }]);
    expect(written()).toEqual([]);
    const over = await add({ resourceId: id, tags: [{ key: 'k0', value: 'new' }] });
    expect(over.data?.addResourceTags?.tags).toHaveLength(20);
  });

  it('are 19 beside the hidden tag of an idempotency key, and the error says so', async () => {
    const id = seed(...full.slice(1), MARK);
    const { errors } = await add({ resourceId: id, tags: [NET, PROD] });
    expect(errors?.[0]?.extensions.issues).toMatchObject([
      {
        path: 'input.tags',
        rule: 'count',
        message: expect.stringMatching(/at most 20 tags: it would have 22; one of them is the hidden/),
      },
    ]);
    const service = SERVICE_IDS.privateInterface;
    simulator.world.register.change(service, { tags: [...full.slice(1), MARK] });
    const ofService = await add({ resourceType: 'ENDPOINT_SERVICE', resourceId: service, tags: [NET] });
    expect(ofService.errors?.[0]?.extensions.issues).toMatchObject([{ path: 'input.tags', rule: 'count' }]);
    expect(written()).toEqual([]);
  });

  it('are left to upstream when the present ones cannot be read', async () => {
    const id = seed(...full);
    simulator.faults.add({ operation: 'ListEndpointInfoDetails', kind: 'status', status: 403, code: 'EndPoint.0004' });
    const { errors } = await add({ resourceId: id, tags: [NET] });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', upstream: { code: 'EndPoint.3069' } });
  });

  it('that break rules are all reported, and none is sent', async () => {
    const added = await add({ resourceId: 'x y', tags: [{ key: ' a', value: '<' }, MARK, NET, NET] });
    expect(added.errors?.[0]?.extensions.issues?.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
      'input.resourceId id',
      'input.tags.0.key outer-space',
      'input.tags.0.value characters',
      'input.tags.1.key reserved',
      'input.tags.3.key duplicate',
    ]);
    const removed = await remove({ resourceId: SERVICE_IDS.dnsGateway, tags: [{ key: MARK_TAG_KEY }, { key: '' }] });
    expect(removed.errors?.[0]?.extensions.issues?.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
      'input.tags.0.key reserved',
      'input.tags.1.key length',
    ]);
    const none = await add({ resourceId: SERVICE_IDS.dnsGateway, tags: [] });
    expect(none.errors?.[0]?.extensions.issues).toMatchObject([{ path: 'input.tags', rule: 'empty' }]);
    expect(simulator.requests).toEqual([]);
  });

  it('are changed although the resource cannot be read after it', async () => {
    const id = seed();
    simulator.faults.add({ operation: 'ListEndpointInfoDetails', kind: 'status', status: 403, code: 'EndPoint.0004' });
    const { data } = await add({ resourceId: id, tags: [NET] });
    expect(data?.addResourceTags).toEqual({ tags: null, endpoint: null, service: null });
    expect(simulator.world.endpoint(id)?.tags).toEqual([NET]);
  });

  it('of what is not there cannot be changed', async () => {
    const { errors } = await add({ resourceId: '99999999-9999-4999-8999-999999999999', tags: [NET] });
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });
});

describe('tags of a project', () => {
  it('are listed with all values, without the mark of the gateway', async () => {
    seed(NET, MARK);
    seed(WEB, PROD);
    const { projectTags } = await ask(gateway.url, ProjectTagsDocument, { resourceType: 'ENDPOINT' });
    expect(projectTags).toEqual([
      { key: 'team', values: ['net', 'web'] },
      { key: 'stage', values: [''] },
    ]);
    const services = await ask(gateway.url, ProjectTagsDocument, { resourceType: 'ENDPOINT_SERVICE' });
    expect(services.projectTags).toEqual([]);
  });
});

describe('resources', () => {
  it('are found by their tags', async () => {
    const net = seed(NET, PROD, MARK);
    const web = seed(WEB);
    const bare = seed();
    const [team, stage] = [{ key: 'team', values: [] }, { key: 'stage' }];
    for (const all of [null, {}]) expect(await found(all)).toEqual([net, web, bare]);
    expect(await found({ tags: [team] })).toEqual([net, web]);
    expect(await found({ tags: [team, stage] })).toEqual([net]);
    expect(await found({ tags: [{ key: 'team', values: ['web', 'other'] }] })).toEqual([web]);
    expect(await found({ tagsAny: [{ key: 'team', values: ['web'] }, stage] })).toEqual([net, web]);
    expect(await found({ notTags: [stage] })).toEqual([web, bare]);
    expect(await found({ notTagsAny: [team, stage] })).toEqual([web, bare]);
    expect(await found({ withoutAnyTag: true })).toEqual([bare]);
    expect(await found({ matches: [{ key: 'resource_name', value: web.toUpperCase().slice(0, 13) }] })).toEqual([web]);
    expect((await find({ tags: [stage] })).nodes).toEqual([
      {
        resourceId: net,
        resourceType: 'ENDPOINT',
        resourceName: net,
        resourceDetail: null,
        tags: [NET, PROD],
      },
    ]);
  });

  it('come page by page, with the count of all', async () => {
    const ids = simulator.world.seed(5, { tags: [NET] });
    const page = async (after: string | null) =>
      (
        await ask(gateway.url, ResourcesByTagsDocument, {
          resourceType: 'ENDPOINT',
          filter: { tags: [{ key: 'team' }] },
          first: 2,
          after,
        })
      ).resourcesByTags;
    const seen: string[] = [];
    for (let after: string | null | undefined = null, more = true; more; ) {
      const { nodes, pageInfo, totalCount } = await page(after ?? null);
      expect(totalCount).toBe(5);
      seen.push(...nodes.map(({ resourceId }) => resourceId));
      after = pageInfo.endCursor;
      more = pageInfo.hasNextPage;
    }
    expect(seen).toEqual(ids);
    expect(simulator.requests.map(({ body }) => body)).toMatchObject([
      { action: 'filter', limit: '2', offset: '0' },
      { action: 'filter', limit: '2', offset: '2' },
      { action: 'filter', limit: '2', offset: '4' },
    ]);
  });

  it('are not searched with a filter that breaks rules', async () => {
    const many = Array.from({ length: 11 }, (_, i) => ({ key: `k${i}` }));
    const values = Array.from({ length: 11 }, (_, i) => `v${i}`);
    const filter = {
      tags: many,
      tagsAny: [{ key: ' ' }, { key: MARK_TAG_KEY }],
      notTags: [{ key: 'a', values }],
      notTagsAny: [{ key: 'a', values: ['x', ' x'] }, { key: ' a ' }],
      matches: [{ key: 'description', value: '' }],
    };
    const { errors } = await send(gateway.url, ResourcesByTagsDocument, { resourceType: 'ENDPOINT', filter });
    expect(errors?.[0]?.extensions.issues?.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
      'filter.tags count',
      'filter.tagsAny.0.key blank',
      'filter.tagsAny.1.key reserved',
      'filter.notTags.0.values count',
      'filter.notTagsAny.0.values.1 duplicate',
      'filter.notTagsAny.1.key duplicate',
      'filter.matches.0.key searchable',
      'filter.matches.0.value length',
    ]);
    const both = await send(gateway.url, ResourcesByTagsDocument, {
      resourceType: 'ENDPOINT',
      filter: { withoutAnyTag: true, notTags: [{ key: 'a' }] },
    });
    expect(both.errors?.[0]?.extensions.issues).toMatchObject([{ path: 'filter.notTags', rule: 'exclusive' }]);
    expect(simulator.requests).toEqual([]);
  });
});
