import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CreateVpcEndpointDocument,
  DeleteVpcEndpointDocument,
  VpcEndpointDocument,
  VpcEndpointsDocument,
} from '../../src/client/generated/documents.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { allowNewWords } from '../support/contract/checked-simulator.ts';
import { ask, brief, Subscription, send } from '../support/graphql-client.ts';
import { useGateway } from '../support/use-gateway.ts';

const INPUT = {
  endpointServiceId: SERVICE_IDS.plainInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};

describe('create and watch', () => {
  const { gateway, simulator } = useGateway(beforeEach);
  let open: Subscription[];

  beforeEach(() => {
    open = [];
  });
  afterEach(async () => {
    await Promise.all(open.map((subscription) => subscription.close()));
  });

  const create = async (over: Record<string, unknown> = {}) =>
    (await ask(gateway.url, CreateVpcEndpointDocument, { input: { ...INPUT, ...over } })).createVpcEndpoint;
  const watch = (variables: Parameters<typeof Subscription.endpoint>[1]) => {
    const subscription = Subscription.endpoint(gateway.url, variables);
    open.push(subscription);
    return subscription;
  };

  it('shows a creation from its first status to the settled one, then completes', async () => {
    const { endpoint, statusCursor } = await create();
    expect(endpoint.status).toBe('CREATING');
    const events = await watch({ id: endpoint.id, after: statusCursor, until: 'SETTLED' }).rest();
    expect(brief(events)).toEqual(['TRANSITION CREATING', 'TRANSITION ACCEPTED']);
    const [first, last] = events;
    expect(first).toMatchObject({
      endpointId: endpoint.id,
      projectId: SIMULATOR_PROJECT_ID,
      previousStatus: null,
      settled: false,
      more: false,
    });
    expect(last).toMatchObject({ previousStatus: 'CREATING', rawStatus: 'accepted', settled: true, faults: [] });
    expect(last?.endpoint?.ip).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(last?.version).toBeGreaterThan(first?.version ?? Number.NaN);
    expect(last?.observedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('gives a late subscriber the state at once, and completes when the state is final', async () => {
    const { endpoint, statusCursor } = await create();
    await watch({ id: endpoint.id, until: 'SETTLED' }).rest();
    expect(brief(await watch({ id: endpoint.id, until: 'SETTLED' }).rest())).toEqual(['SNAPSHOT ACCEPTED']);
    expect(brief(await watch({ id: endpoint.id, after: statusCursor, until: 'SETTLED' }).rest())).toEqual([
      'TRANSITION CREATING',
      'TRANSITION ACCEPTED',
    ]);
    const { vpcEndpoint } = await ask(gateway.url, VpcEndpointDocument, { id: endpoint.id });
    expect(vpcEndpoint?.statusHistory?.map((event) => event.status)).toEqual(['CREATING', 'ACCEPTED']);
  });

  it('does not take an old final state for the present one', async () => {
    const { endpoint } = await create({ endpointServiceId: SERVICE_IDS.approvalInterface });
    await watch({ id: endpoint.id }).until((event) => event.status === 'PENDING_ACCEPTANCE');
    simulator.world.accept(endpoint.id);
    expect((await watch({ id: endpoint.id, until: 'SETTLED' }).rest()).at(-1)?.status).toBe('ACCEPTED');
    simulator.world.reject(endpoint.id);
    expect((await watch({ id: endpoint.id, until: 'SETTLED' }).rest()).map(({ status }) => status)).toEqual([
      'REJECTED',
    ]);
  });

  it('follows an endpoint that awaits approval to its rejection', async () => {
    const { endpoint, statusCursor } = await create({ endpointServiceId: SERVICE_IDS.approvalInterface });
    const feed = watch({ id: endpoint.id, after: statusCursor, until: 'SETTLED' });
    expect(brief(await feed.until((event) => event.status === 'PENDING_ACCEPTANCE'))).toEqual([
      'TRANSITION CREATING',
      'TRANSITION PENDING_ACCEPTANCE',
    ]);
    simulator.world.reject(endpoint.id);
    expect(brief(await feed.rest())).toEqual(['TRANSITION REJECTED']);
  });

  it('says why a creation failed', async () => {
    const { endpoint } = await create({ endpointServiceId: SERVICE_IDS.failingInterface });
    const events = await watch({ id: endpoint.id, until: 'SETTLED' }).rest();
    expect(events.at(-1)).toMatchObject({ status: 'FAILED', settled: true });
    expect(events.at(-1)?.faults[0]?.code).toMatch(/^EndPoint\./i);
  });

  it('passes on an unknown status, and goes on watching', async () => {
    const { endpoint } = await create();
    const feed = watch({ id: endpoint.id });
    await feed.until((event) => event.status === 'ACCEPTED');
    allowNewWords();
    simulator.world.setStatus(endpoint.id, 'hibernating');
    expect((await feed.until((event) => event.kind === 'TRANSITION'))[0]).toMatchObject({
      status: 'UNKNOWN',
      rawStatus: 'hibernating',
      settled: false,
    });
    simulator.world.setStatus(endpoint.id, 'accepted');
    expect((await feed.next())?.previousStatus).toBe('UNKNOWN');
  });

  it('follows a deletion to its confirmed end', async () => {
    const { endpoint } = await create();
    const feed = watch({ id: endpoint.id });
    await feed.until((event) => event.status === 'ACCEPTED');
    const { deleteVpcEndpoint } = await ask(gateway.url, DeleteVpcEndpointDocument, { input: { id: endpoint.id } });
    expect(deleteVpcEndpoint.endpoint).toMatchObject({ id: endpoint.id, status: 'DELETING', vpcId: INPUT.vpcId });
    const events = await feed.rest();
    expect(brief(events)).toEqual(['TRANSITION DELETING', 'TRANSITION DELETED']);
    expect(events.at(-1)).toMatchObject({ settled: true, endpoint: null });
    const reads = simulator.requests.filter(
      (request) => request.operation === 'ListEndpointInfoDetails' && request.status === 404,
    );
    expect(reads.length).toBeGreaterThanOrEqual(2);

    expect(brief(await watch({ id: endpoint.id }).rest())).toEqual(['SNAPSHOT DELETED']);
    expect(brief(await watch({ id: endpoint.id, after: deleteVpcEndpoint.statusCursor }).rest())).toEqual([
      'TRANSITION DELETING',
      'TRANSITION DELETED',
    ]);
    expect((await ask(gateway.url, VpcEndpointDocument, { id: endpoint.id })).vpcEndpoint).toBeNull();
  });

  it('takes neither a single 404 nor another failure as a deletion', async () => {
    const { endpoint } = await create();
    const feed = watch({ id: endpoint.id });
    await feed.until((event) => event.status === 'ACCEPTED');
    const read = 'ListEndpointInfoDetails';
    simulator.faults.add({ kind: 'status', operation: read, status: 404, code: 'EndPoint.0005', times: 1 });
    simulator.faults.add({ kind: 'status', operation: read, status: 403, code: 'EndPoint.0004', skip: 1, times: 1 });
    const handle = simulator.faults.add({
      kind: 'status',
      operation: read,
      status: 404,
      code: 'EndPoint.0005',
      skip: 3,
      times: 1,
    });
    await simulator.until(() => handle.hits === 1);
    simulator.world.setStatus(endpoint.id, 'rejected');
    expect((await feed.next())?.status).toBe('REJECTED');
  });

  it('refuses to watch an unknown endpoint, and an unknown cursor', async () => {
    await expect(watch({ id: '11111111-2222-4333-8444-555555555555' }).next()).rejects.toThrow(/NOT_FOUND/);
    await expect(watch({ id: INPUT.vpcId, after: 'yesterday' }).next()).rejects.toThrow(/BAD_USER_INPUT/);
  });

  it('gives the endpoints of a project, then every change, including those made outside of the gateway', async () => {
    const [first, second] = simulator.world.seed(2, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
    const feed = Subscription.project(gateway.url, {});
    open.push(feed);
    const set = await feed.until((event) => !event.more);
    expect(set.map((event) => event.endpointId).toSorted()).toEqual([first, second].toSorted());
    expect(set.every((event) => event.kind === 'SNAPSHOT')).toBe(true);

    const { endpoint } = await create();
    const [elsewhere] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
    simulator.world.remove(first ?? '');
    const changes = [await feed.next(), await feed.next(), await feed.next(), await feed.next()];
    const changesOf = (id = '') => changes.filter((event) => event?.endpointId === id);
    expect(changesOf(endpoint.id)).toMatchObject([
      { kind: 'TRANSITION', status: 'CREATING', previousStatus: null },
      { kind: 'TRANSITION', status: 'ACCEPTED' },
    ]);
    expect(changesOf(elsewhere)).toMatchObject([{ status: 'ACCEPTED', previousStatus: null }]);
    expect(changesOf(first)).toMatchObject([{ status: 'DELETED', endpoint: null }]);
  });

  it('lists as a connection, filtered, sorted and page by page', async () => {
    simulator.world.seed(5, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
    const { endpoint } = await create();
    const first = (await ask(gateway.url, VpcEndpointsDocument, { first: 4 })).vpcEndpoints;
    expect(first.totalCount).toBe(6);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = (await ask(gateway.url, VpcEndpointsDocument, { first: 4, after: first.pageInfo.endCursor ?? null }))
      .vpcEndpoints;
    expect(second.pageInfo.hasNextPage).toBe(false);
    expect(new Set([...first.edges, ...second.edges].map((edge) => edge.node.id)).size).toBe(6);
    const filtered = (await ask(gateway.url, VpcEndpointsDocument, { filter: { id: endpoint.id } })).vpcEndpoints;
    expect(filtered.edges.map((edge) => edge.node.id)).toEqual([endpoint.id]);
  });

  it('reports every broken rule at once, before anything goes upstream', async () => {
    const answer = await send(gateway.url, CreateVpcEndpointDocument, {
      input: {
        ...INPUT,
        subnetId: 'not-a-uuid',
        portIp: '10.0.0.256',
        description: '<b>',
        whitelist: ['10.0.0.0/33'],
        tags: [
          { key: '_sys_x', value: '' },
          { key: ' x', value: '' },
        ],
      },
    });
    const [fault] = answer.errors ?? [];
    expect(fault?.extensions.code).toBe('BAD_USER_INPUT');
    expect(fault?.extensions.issues?.map((issue) => issue.path).toSorted()).toEqual([
      'input.description',
      'input.portIp',
      'input.subnetId',
      'input.tags.0.key',
      'input.tags.1.key',
      'input.whitelist.0',
    ]);
    expect(simulator.requests).toEqual([]);
  });
});
