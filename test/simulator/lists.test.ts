import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/server.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { startCheckedSimulator } from '../support/contract/checked-simulator.ts';
import { call, ENDPOINTS, type JsonBody, PROJECT, type Result, SERVICES, stoppedClock } from './simulator-caller.ts';

const clock = stoppedClock();
let simulator: Simulator;
let ids: readonly string[];

beforeAll(async () => {
  simulator = await startCheckedSimulator({ clock }, { requests: 'unless-refused' });
  ids = simulator.world.seed(1000);
  simulator.world.seed(3, { projectId: 'another-project' });
});
afterAll(() => simulator.close());

function get(path: string, query: Record<string, string> = {}): Promise<Result> {
  return call(simulator.url, 'GET', path, { at: clock.now(), query });
}

async function rowIds(path: string, query: Record<string, string>, key = 'endpoints'): Promise<readonly unknown[]> {
  return ((await get(path, query)).json[key] as readonly JsonBody[]).map((row) => row.id);
}

describe('the list of endpoints', () => {
  it('shows 10 rows, newest first, and counts all of the project', async () => {
    expect(await rowIds(ENDPOINTS, {})).toEqual(ids.slice(-10).reverse());
    expect((await get(ENDPOINTS, { limit: '1' })).json.total_count).toBe(1000);
    expect(await rowIds(ENDPOINTS, { limit: '1000', sort_dir: 'asc' })).toEqual(ids);
    expect(await rowIds(ENDPOINTS, { limit: '2', offset: '3', sort_dir: 'asc' })).toEqual(ids.slice(3, 5));
  });

  it('sorts by the last update', async () => {
    clock.advance(1000);
    simulator.world.reject(ids[500] ?? '');
    expect((await rowIds(ENDPOINTS, { sort_key: 'update_at', limit: '1' }))[0]).toBe(ids[500]);
  });

  it('filters by id, VPC and part of the service name in any case', async () => {
    expect(await rowIds(ENDPOINTS, { id: ids[7] ?? '' })).toEqual([ids[7]]);
    expect((await get(ENDPOINTS, { vpc_id: PROJECT })).json).toEqual({ endpoints: [], total_count: 0 });
    expect((await get(ENDPOINTS, { endpoint_service_name: '1.API.' })).json.total_count).toBe(1000);
    expect((await get(ENDPOINTS, { endpoint_service_name: 'obs' })).json.total_count).toBe(0);
  });

  it.each<[Record<string, string>, string]>([
    [{ limit: '0' }, 'EndPoint.0006'],
    [{ limit: '1001' }, 'EndPoint.0006'],
    [{ limit: 'ten' }, 'EndPoint.0006'],
    [{ offset: '-1' }, 'EndPoint.0010'],
    [{ sort_key: 'created_at' }, 'EndPoint.0017'],
    [{ sort_dir: 'up' }, 'EndPoint.0018'],
    [{ endpoint_service_name: '' }, 'EndPoint.1003'],
  ])('refuses %o', async (query, code) => {
    const answer = await get(ENDPOINTS, query);
    expect([answer.status, answer.json.error_code]).toEqual([400, code]);
  });
});

describe('the services', () => {
  it('are listed as public or own, and described by id', async () => {
    const open = await rowIds(`${SERVICES}/public`, { sort_dir: 'asc' }, 'endpoint_services');
    expect(open).toEqual([
      SERVICE_IDS.obsGateway,
      SERVICE_IDS.dnsGateway,
      SERVICE_IDS.plainInterface,
      SERVICE_IDS.approvalInterface,
      SERVICE_IDS.failingInterface,
      SERVICE_IDS.professionalInterface,
    ]);
    const own = await rowIds(SERVICES, { sort_dir: 'asc' }, 'endpoint_services');
    expect(own).toEqual([SERVICE_IDS.approvalInterface, SERVICE_IDS.privateInterface, SERVICE_IDS.privateApproval]);
    const described = await get(`${SERVICES}/describe`, { id: SERVICE_IDS.obsGateway });
    expect(described.json).toMatchObject({ service_type: 'gateway', enable_policy: true });
    const byName = await get(`${SERVICES}/describe`, { endpoint_service_name: String(described.json.service_name) });
    expect(byName.json).toEqual(described.json);
  });

  it('are described by exactly one filter, and only to projects that may connect', async () => {
    expect((await get(`${SERVICES}/describe`)).json.error_code).toBe('EndPoint.0002');
    expect((await get(`${SERVICES}/describe`, { id: SERVICE_IDS.foreignPrivate })).status).toBe(404);
  });

  it('show their connections to the owner alone', async () => {
    expect((await get(`${SERVICES}/${SERVICE_IDS.plainInterface}/connections`)).status).toBe(404);
    const [id] = simulator.world.seed(1, { serviceId: SERVICE_IDS.privateApproval, status: 'pendingAcceptance' });
    const path = `${SERVICES}/${SERVICE_IDS.privateApproval}/connections`;
    expect((await get(path)).json).toMatchObject({
      total_count: 1,
      connections: [{ id, status: 'pendingAcceptance' }],
    });
    expect((await get(path, { status: 'creating' })).json.error_code).toBe('EndPoint.0019');
    const two = await call(simulator.url, 'POST', `${path}/action`, {
      at: clock.now(),
      body: { action: 'receive', endpoints: [id, ids[0]] },
    });
    expect(two.json.error_code).toBe('EndPoint.2031');
    const stranger = await call(simulator.url, 'POST', `${path}/action`, {
      at: clock.now(),
      body: { action: 'reject', endpoints: [ids[0]] },
    });
    expect(stranger.json.error_code).toBe('EndPoint.2013');
  });
});
