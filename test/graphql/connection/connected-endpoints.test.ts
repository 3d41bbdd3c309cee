import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import {
  AcceptServiceConnectionDocument,
  type ConnectedEndpointFilter,
  ConnectedEndpointsDocument,
  RejectServiceConnectionDocument,
  UpdateServiceConnectionDescriptionDocument,
} from '../../../src/client/generated/documents.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { ask, Subscription, send } from '../../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

const OWN = SIMULATOR_PROJECT_ID;
const OTHER = 'another-project';
const SERVICE = SERVICE_IDS.privateApproval;
const DECIDE = 'AcceptOrRejectEndpoint';

describe('the connections of a service', () => {
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

  const seed = (count: number, projectId: string, status = 'pendingAcceptance') =>
    simulator.world.seed(count, { projectId, status, serviceId: SERVICE });
  const one = (projectId: string, status?: string) => seed(1, projectId, status)[0] ?? '';
  const read = async (variables: { filter?: ConnectedEndpointFilter; first?: number; after?: string | null } = {}) => {
    const { endpointService } = await ask(gateway.url, ConnectedEndpointsDocument, { id: SERVICE, ...variables });
    if (endpointService?.connections == null) throw new Error('no such service');
    return endpointService.connections;
  };
  const accept = async (endpointIds: readonly string[]) => {
    const input = { endpointServiceId: SERVICE, endpointIds: [...endpointIds] };
    return (await ask(gateway.url, AcceptServiceConnectionDocument, { input })).acceptServiceConnection.results;
  };
  const calls = (operation: string) => simulator.requests.filter((request) => request.operation === operation).length;

  it('come page by page, all tenants together', async () => {
    const ids = [...seed(3, OTHER), ...seed(2, OWN)];
    const first = await read({ first: 3 });
    expect(first).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const second = await read({ first: 3, after: first.pageInfo.endCursor ?? null });
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect([...first.edges, ...second.edges].map(({ node }) => node.endpointId)).toEqual(ids.toReversed());
  });

  it('are filtered by endpoint, packet ID and status', async () => {
    const pending = one(OTHER);
    const rejected = one(OWN, 'rejected');
    const [found] = (await read({ filter: { endpointId: rejected } })).edges;
    expect(found?.node).toMatchObject({ endpointId: rejected, endpointServiceId: SERVICE, status: 'REJECTED' });
    const byMarker = await read({ filter: { markerId: found?.node.markerId ?? '' } });
    expect(byMarker.edges.map(({ node }) => node.endpointId)).toEqual([rejected]);
    const byStatus = await read({ filter: { status: 'PENDING_ACCEPTANCE' } });
    expect(byStatus.edges.map(({ node }) => node.endpointId)).toEqual([pending]);
  });

  it('show own endpoints, a hundred of them with one list', async () => {
    const own = seed(60, OWN, 'accepted');
    const others = seed(40, OTHER, 'accepted');
    simulator.clearRequests();
    const { edges } = await read({ first: 100 });
    expect(edges).toHaveLength(100);
    const shown = edges.flatMap(({ node }) => node.endpoint ?? []);
    expect(shown.map(({ id }) => id).toSorted()).toEqual(own.toSorted());
    expect(shown.every(({ projectId }) => projectId === OWN)).toBe(true);
    expect(
      edges
        .filter(({ node }) => node.endpoint === null)
        .map(({ node }) => node.endpointId)
        .toSorted(),
    ).toEqual(others.toSorted());
    expect(calls('ListServiceConnections')).toBe(1);
    expect(calls('ListEndpoints')).toBe(1);
    expect(calls('ListEndpointInfoDetails')).toBe(0);
  });

  it('show a few own endpoints with a read each', async () => {
    const ids = [one(OWN), one(OTHER), one(OWN)];
    simulator.clearRequests();
    const { edges } = await read();
    expect(edges.map(({ node }) => node.endpoint?.id ?? null)).toEqual([ids[2], null, ids[0]]);
    expect([calls('ListEndpoints'), calls('ListEndpointInfoDetails')]).toEqual([0, 3]);
  });

  it('are decided one by one, each with its own outcome in the order that was asked', async () => {
    const [first, creating, last] = [one(OTHER), one(OTHER, 'creating'), one(OWN)];
    const elsewhere = simulator.world.seed(1, { projectId: OTHER, serviceId: SERVICE_IDS.privateInterface })[0] ?? '';
    const missing = '11111111-2222-4333-8444-555555555555';
    simulator.clearRequests();
    expect(await accept([first, creating, missing, elsewhere, last])).toMatchObject([
      {
        endpointId: first,
        connection: { endpointServiceId: SERVICE, status: 'ACCEPTED' },
        error: null,
      },
      { endpointId: creating, connection: null, error: { code: 'CONFLICT', retryable: true } },
      { endpointId: missing, connection: null, error: { code: 'NOT_FOUND', retryable: false } },
      { endpointId: elsewhere, connection: null, error: { code: 'NOT_FOUND', retryable: false } },
      {
        endpointId: last,
        connection: { endpointId: last, status: 'ACCEPTED' },
        error: null,
      },
    ]);
    expect(simulator.requests.filter(({ operation }) => operation === DECIDE).map(({ body }) => body)).toEqual(
      [first, creating, missing, elsewhere, last].map((id) => ({ action: 'receive', endpoints: [id] })),
    );
    expect(simulator.inFlight.peak(DECIDE)).toBe(1);
  });

  it('stop being decided when the way to upstream fails', async () => {
    const ids = seed(4, OTHER);
    simulator.faults.add({ kind: 'reset', stage: 'after', operation: DECIDE, skip: 1, times: 1 });
    const results = await accept(ids);
    expect(results.map(({ error }) => error && [error.code, error.retryable])).toEqual([
      null,
      ['UPSTREAM_OUTCOME_UNKNOWN', false],
      ['UPSTREAM_UNAVAILABLE', true],
      ['UPSTREAM_UNAVAILABLE', true],
    ]);
    expect(calls(DECIDE)).toBe(2);
    const states = (await read()).edges.map(({ node }) => node.status);
    expect(states).toEqual(['PENDING_ACCEPTANCE', 'PENDING_ACCEPTANCE', 'ACCEPTED', 'ACCEPTED']);
  });

  it('are shown in full also when the answer to the decision leaves them out', async () => {
    const id = one(OTHER);
    simulator.faults.add({ kind: 'missingFields', fields: ['connections'], operation: DECIDE, times: 1 });
    expect(await accept([id])).toMatchObject([{ connection: { endpointId: id, status: 'ACCEPTED' }, error: null }]);
    simulator.faults.add({ kind: 'missingFields', fields: ['connections'], operation: DECIDE, times: 1 });
    simulator.faults.add({ kind: 'status', status: 403, operation: 'ListServiceConnections', times: 1 });
    expect(await accept([id])).toEqual([{ endpointId: id, connection: null, error: null }]);
  });

  it('show the endpoint as it is after each decision of one operation', async () => {
    const id = one(OWN);
    const input = { endpointServiceId: SERVICE, endpointIds: [id] };
    const part = '{ results { connection { status endpoint { rawStatus } } } }';
    const query = `mutation Both($input: AcceptServiceConnectionInput!, $back: RejectServiceConnectionInput!) {
      acceptServiceConnection(input: $input) ${part} rejectServiceConnection(input: $back) ${part} }`;
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { input, back: input } }),
    });
    const shown = (status: string) => ({
      results: [{ connection: { status, endpoint: { rawStatus: status.toLowerCase() } } }],
    });
    expect(await response.json()).toEqual({
      data: { acceptServiceConnection: shown('ACCEPTED'), rejectServiceConnection: shown('REJECTED') },
    });
  });

  it('tell those who watch an own endpoint', async () => {
    const id = one(OWN);
    const feed = Subscription.endpoint(gateway.url, { id, until: 'SETTLED' });
    try {
      expect(await feed.next()).toMatchObject({ kind: 'SNAPSHOT', status: 'PENDING_ACCEPTANCE' });
      await accept([id]);
      expect(await feed.rest()).toMatchObject([{ kind: 'TRANSITION', status: 'ACCEPTED' }]);
    } finally {
      await feed.close();
    }
  });

  it('refuse a wrong input before anything is sent', async () => {
    simulator.clearRequests();
    const id = '11111111-2222-4333-8444-555555555555';
    const wrong = { input: { endpointServiceId: 'a/b', endpointIds: [id, id] }, projectId: '' };
    const answer = await send(gateway.url, RejectServiceConnectionDocument, wrong);
    expect(answer.errors?.[0]?.extensions.issues?.map(({ path, rule }) => [path, rule])).toEqual([
      ['projectId', 'id'],
      ['input.endpointServiceId', 'id'],
      ['input.endpointIds.1', 'duplicate'],
    ]);
    const text = { input: { endpointServiceId: SERVICE, endpointId: id, description: '<b>' } };
    const described = await send(gateway.url, UpdateServiceConnectionDescriptionDocument, text);
    expect(described.errors?.[0]?.extensions.issues).toMatchObject([{ path: 'input.description', rule: 'characters' }]);
    expect(simulator.requests).toEqual([]);
  });
});
