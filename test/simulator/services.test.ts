import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/server.ts';
import { FAILING_PORT_ID } from '../../src/simulator/world/services.ts';
import { startCheckedSimulator } from '../support/contract/checked-simulator.ts';
import { call, type Result, SERVICES, SUBNET_ID, stoppedClock, VPC_ID } from './simulator-caller.ts';

const PORT_ID = '4189d3c2-8882-4871-a3c2-d380272eed88';
const BODY = {
  vpc_id: VPC_ID,
  port_id: PORT_ID,
  server_type: 'VM',
  ports: [
    { client_port: 80, server_port: 8080 },
    { client_port: 443, server_port: 8443 },
  ],
};

const clock = stoppedClock();
let simulator: Simulator;

beforeEach(async () => {
  simulator = await startCheckedSimulator({ clock }, { requests: 'unless-refused' });
});
afterEach(() => simulator.close());

function send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<Result> {
  return call(simulator.url, method, path, { at: clock.now(), body });
}
const create = (more: object = {}): Promise<Result> => send('POST', SERVICES, { ...BODY, ...more });

/** A service that has been built, so that it can be changed. */
async function settled(more: object): Promise<string> {
  const { status, json } = await create(more);
  expect(status).toBe(200);
  clock.advance(6000);
  return `${SERVICES}/${String(json.id)}`;
}

describe('pool_id', () => {
  it('is answered as it was sent, by create, detail and update', async () => {
    const pool = '5f7c2a14-0000-4000-8000-000000000001';
    expect((await create({ pool_id: pool })).json.pool_id).toBe(pool);
    const path = await settled({ pool_id: pool, port_id: SUBNET_ID });
    expect((await send('GET', path)).json.pool_id).toBe(pool);
    expect((await send('PUT', path, { description: 'new' })).json).toMatchObject({ pool_id: pool, description: 'new' });
  });

  it('is that of the region when none is sent, and must be text', async () => {
    expect((await create()).json.pool_id).toEqual(expect.any(String));
    expect((await create({ pool_id: 7 })).json.error_code).toBe('EndPoint.0002');
    expect((await create({ pool_id: '' })).json.error_code).toBe('EndPoint.0002');
  });
});

describe('a server_port of a port_id', () => {
  const taken = { status: 400, json: { error_code: 'EndPoint.3044', error_msg: expect.any(String) } };

  it('belongs to one service', async () => {
    const path = await settled({});
    const ports = [{ client_port: 8081, server_port: 8443 }];
    expect(await create({ ports })).toMatchObject(taken);
    expect(await create({ ports, port_id: PORT_ID.toUpperCase() })).toMatchObject(taken);
    expect((await create({ ports, port_id: SUBNET_ID })).status).toBe(200);
    expect((await create({ ports: [{ client_port: 80, server_port: 8081 }] })).status).toBe(200);
    expect((await send('DELETE', path)).status).toBe(204);
    clock.advance(4000);
    expect((await create({ ports })).status).toBe(200);
  });

  it('cannot be taken by a change, and stays with its own service', async () => {
    await settled({});
    const path = await settled({ port_id: SUBNET_ID });
    expect(await send('PUT', path, { port_id: PORT_ID })).toMatchObject(taken);
    expect((await send('PUT', path, { ports: BODY.ports, description: 'same ports' })).status).toBe(200);
    const ports = [{ client_port: 80, server_port: 81 }];
    expect((await send('PUT', path, { port_id: PORT_ID, ports })).json).toMatchObject({ port_id: PORT_ID, ports });
    expect(await send('PUT', path, { ports: BODY.ports })).toMatchObject(taken);
  });

  it('is not held by a service that failed', async () => {
    await settled({ port_id: FAILING_PORT_ID });
    expect((await create({ port_id: FAILING_PORT_ID })).status).toBe(200);
  });
});
