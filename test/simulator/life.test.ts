import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/server.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { allowNewWords, startCheckedSimulator } from '../support/contract/checked-simulator.ts';
import {
  type CallOptions,
  call,
  ENDPOINTS,
  type Result,
  SERVICES,
  SUBNET_ID,
  stoppedClock,
  VPC_ID,
} from './simulator-caller.ts';

let simulator: Simulator;
let clock: ReturnType<typeof stoppedClock>;

beforeEach(async () => {
  clock = stoppedClock();
  simulator = await startCheckedSimulator({ clock }, { requests: 'unless-refused' });
});
afterEach(() => simulator.close());

function send(method: 'GET' | 'POST' | 'DELETE', path: string, options: CallOptions = {}): Promise<Result> {
  return call(simulator.url, method, path, { at: clock.now(), ...options });
}

async function create(serviceId: string): Promise<string> {
  const answer = await send('POST', ENDPOINTS, {
    body: { endpoint_service_id: serviceId, vpc_id: VPC_ID, subnet_id: SUBNET_ID, enable_dns: 'true' },
  });
  expect(answer.status, answer.text).toBe(200);
  return String(answer.json.id);
}

const detail = (id: string): Promise<Result> => send('GET', `${ENDPOINTS}/${id}`);

describe('the life of an endpoint', () => {
  it('is created, accepted, deleted and gone, by the clock alone', async () => {
    const id = await create(SERVICE_IDS.plainInterface);
    expect((await detail(id)).json).toMatchObject({
      status: 'creating',
      created_at: '2025-05-15T08:00:00Z',
      updated_at: '2025-05-15T08:00:00Z',
    });
    expect((await detail(id)).json).not.toHaveProperty('ip');

    clock.advance(5999);
    expect((await detail(id)).json).toMatchObject({ status: 'creating' });
    clock.advance(1);
    const accepted = (await detail(id)).json;
    expect(accepted).toMatchObject({ status: 'accepted', updated_at: '2025-05-15T08:00:06Z', enable_dns: true });
    expect(accepted.ip).toMatch(/^172\./);
    expect(accepted.dns_names).toHaveLength(1);

    expect((await send('DELETE', `${ENDPOINTS}/${id}`)).status).toBe(204);
    expect((await detail(id)).json).toMatchObject({ status: 'deleting' });
    const again = await send('DELETE', `${ENDPOINTS}/${id}`);
    expect([again.status, again.json.error_code]).toEqual([400, 'EndPoint.2018']);
    clock.advance(4000);
    const gone = await detail(id);
    expect([gone.status, gone.json]).toEqual([404, { error_code: 'EndPoint.0005', error_msg: expect.any(String) }]);
    expect((await send('DELETE', `${ENDPOINTS}/${id}`)).status).toBe(404);
    expect((await send('GET', ENDPOINTS)).json).toEqual({ endpoints: [], total_count: 0 });
  });

  it('waits for its owner, who decides over the API and may revise', async () => {
    const id = await create(SERVICE_IDS.approvalInterface);
    const decide = (action: string): Promise<Result> =>
      send('POST', `${SERVICES}/${SERVICE_IDS.approvalInterface}/connections/action`, {
        body: { action, endpoints: [id] },
      });
    expect((await decide('receive')).json.error_code).toBe('EndPoint.2019');
    clock.advance(60_000);
    expect((await detail(id)).json).toMatchObject({ status: 'pendingAcceptance' });
    expect((await decide('receive')).json).toMatchObject({ connections: [{ id, status: 'accepted' }] });
    const { ip } = (await detail(id)).json;
    expect((await decide('reject')).json).toMatchObject({ connections: [{ status: 'rejected' }] });
    expect((await detail(id)).json).toMatchObject({ status: 'rejected', ip, updated_at: '2025-05-15T08:01:00Z' });

    const list = await send('GET', `${SERVICES}/${SERVICE_IDS.approvalInterface}/connections`, {
      query: { status: 'rejected' },
    });
    expect(list.json).toMatchObject({ total_count: 1, connections: [{ id }] });
  });

  it('fails with the reason on detail and list', async () => {
    const id = await create(SERVICE_IDS.failingInterface);
    clock.advance(6000);
    const error = [{ error_code: 'EndPoint.2022', error_message: expect.any(String) }];
    expect((await detail(id)).json).toMatchObject({ status: 'failed', error });
    expect((await send('GET', ENDPOINTS)).json).toMatchObject({ endpoints: [{ id, status: 'failed', error }] });
  });

  it('obeys direct control, unknown words included', async () => {
    allowNewWords();
    const [id = ''] = simulator.world.seed(1);
    simulator.world.setStatus(id, 'migrating');
    simulator.world.freeze(id);
    expect((await detail(id)).json).toMatchObject({ status: 'migrating', active_status: ['frozen'] });
    simulator.world.fail(id, 'EndPoint.1005', 'no zone');
    expect((await detail(id)).json).toMatchObject({
      status: 'failed',
      error: [{ error_code: 'EndPoint.1005', error_message: 'no zone' }],
    });
    simulator.world.remove(id);
    expect((await detail(id)).status).toBe(404);
  });

  it('can run faster', async () => {
    const other = await startCheckedSimulator({ clock, speed: 60, deleteStatus: 202 }, { requests: 'unless-refused' });
    const [id = ''] = other.world.seed(1, { status: 'creating' });
    clock.advance(100);
    const answer = await call(other.url, 'GET', `${ENDPOINTS}/${id}`, { at: clock.now() });
    expect(answer.json).toMatchObject({ status: 'accepted' });
    expect((await call(other.url, 'DELETE', `${ENDPOINTS}/${id}`, { at: clock.now() })).status).toBe(202);
    await other.close();
  });
});
