import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultSpec } from '../../src/simulator/faults.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { startCheckedSimulator } from '../support/contract/checked-simulator.ts';
import { type CallOptions, call, ENDPOINTS, type Result, SUBNET_ID, stoppedClock, VPC_ID } from './simulator-caller.ts';

let simulator: Simulator;
const clock = stoppedClock();

beforeEach(async () => {
  simulator = await startCheckedSimulator({ clock, control: true }, { requests: 'unless-refused' });
});
afterEach(() => simulator.close());

const CREATE = { endpoint_service_id: SERVICE_IDS.professionalInterface, vpc_id: VPC_ID, subnet_id: SUBNET_ID };

function list(options: CallOptions = {}): Promise<Result> {
  return call(simulator.url, 'GET', ENDPOINTS, { at: clock.now(), ...options });
}

function create(): Promise<Result> {
  return call(simulator.url, 'POST', ENDPOINTS, { at: clock.now(), body: CREATE });
}

const count = (): number => simulator.world.endpoints().length;

describe('scripted faults', () => {
  it.each<[FaultSpec, object]>([
    [
      { kind: 'status', status: 429, retryAfter: 7 },
      { status: 429, code: 'APIGW.0308', retryAfter: '7', type: 'application/json' },
    ],
    [
      { kind: 'status', status: 503, retryAfter: 60, retryAfterAs: 'date', body: 'html' },
      { status: 503, retryAfter: 'Thu, 15 May 2025 08:01:00 GMT', type: 'text/html' },
    ],
    [
      { kind: 'status', status: 502, body: 'empty' },
      { status: 502, type: undefined },
    ],
    [
      { kind: 'status', status: 500, code: 'EndPoint.0013' },
      { status: 500, code: 'EndPoint.0013' },
    ],
    [{ kind: 'throttled' }, { status: 400, code: 'EndPoint.0022' }],
    [{ kind: 'expiredSignature' }, { status: 401, code: 'APIGW.0301' }],
  ])('answer %o', async (spec, expected) => {
    const handle = simulator.faults.add({ ...spec, times: 1 });
    const answer = await list();
    const seen = {
      status: answer.status,
      code: answer.json.error_code,
      retryAfter: answer.headers['retry-after'],
      type: answer.headers['content-type'],
    };
    expect(seen).toMatchObject(expected);
    expect((await list()).status).toBe(200);
    expect(handle.hits).toBe(1);
    expect(simulator.requests.map((request) => request.faults)).toEqual([[spec.kind], []]);
  });

  it('come before or after the work', async () => {
    simulator.faults.add({ kind: 'reset', operation: 'CreateEndpoint', times: 1 });
    await expect(create()).rejects.toThrow();
    expect(count()).toBe(0);
    for (const [index, spec] of [{ kind: 'reset' } as const, { kind: 'status', status: 504 } as const].entries()) {
      simulator.faults.add({ ...spec, stage: 'after', method: 'POST', times: 1 });
      const outcome = await create().then(
        (answer) => answer.status,
        () => 'cut',
      );
      expect([outcome, count()]).toEqual([index === 0 ? 'cut' : 504, index + 1]);
    }
    expect(simulator.requests.map((request) => request.status)).toEqual([null, null, 504]);
  });

  it('distort the body of a successful answer', async () => {
    simulator.world.seed(1);
    const bent = async (spec: FaultSpec): Promise<unknown> => {
      simulator.faults.clear();
      simulator.faults.add(spec);
      return (await list()).json;
    };
    expect(await bent({ kind: 'looseTypes' })).toMatchObject({
      total_count: '1',
      endpoints: [{ enable_dns: 'false', marker_id: expect.stringMatching(/^3020000/) }],
    });
    expect(await bent({ kind: 'bareTimes' })).toMatchObject({
      endpoints: [{ created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/) }],
    });
    expect(await bent({ kind: 'nullFields', fields: ['tags'] })).toMatchObject({ endpoints: [{ tags: null }] });
    expect(await bent({ kind: 'missingFields', fields: ['total_count'] })).not.toHaveProperty('total_count');
    expect(await bent({ kind: 'statusWord', word: 'migrating' })).toMatchObject({
      endpoints: [{ status: 'migrating' }],
    });
    simulator.faults.clear();
    simulator.faults.add({ kind: 'malformedJson' });
    const broken = await list();
    expect(broken.status).toBe(200);
    expect(() => JSON.parse(broken.text)).toThrow();
  });

  it('match by path, skip, remove and seeded probability', async () => {
    const elsewhere = simulator.faults.add({ kind: 'throttled', path: '/vpc-endpoint-services' });
    const third = simulator.faults.add({ kind: 'throttled', skip: 2, times: 1 });
    expect([(await list()).status, (await list()).status, (await list()).status, (await list()).status]).toEqual([
      200, 200, 400, 200,
    ]);
    expect([elsewhere.hits, third.hits]).toEqual([0, 1]);
    third.remove();
    const chance = simulator.faults.add({ kind: 'throttled', probability: 0.5 });
    for (let n = 0; n < 40; n += 1) await list();
    expect(chance.hits).toBeGreaterThan(8);
    expect(chance.hits).toBeLessThan(32);
  });
});

describe('requests that wait', () => {
  it('are counted in flight, continue when released, and overlap in the record', async () => {
    const handle = simulator.faults.add({ kind: 'hang', operation: 'ListEndpoints' });
    const first = list();
    const second = list();
    await simulator.until((requests) => requests.length === 2);
    expect([
      simulator.inFlight.now(),
      simulator.inFlight.now('ListEndpoints'),
      simulator.inFlight.now('CreateEndpoint'),
    ]).toEqual([2, 2, 0]);
    handle.release();
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    await list();
    const [a, b, c] = simulator.requests;
    expect(b?.receivedSeq).toBeLessThan(a?.answeredSeq ?? 0);
    expect(c?.receivedSeq).toBeGreaterThan(b?.answeredSeq ?? Number.POSITIVE_INFINITY);
    expect([simulator.inFlight.now(), simulator.inFlight.peak()]).toEqual([0, 2]);
  });

  it('are cut by close, whether they hang or are slow', async () => {
    simulator.faults.add({ kind: 'hang', method: 'GET' });
    simulator.faults.add({ kind: 'slow', delayMs: 3_600_000, method: 'POST' });
    const outcomes = Promise.allSettled([list(), create()]);
    await simulator.until((requests) => requests.length === 2);
    await simulator.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('finish their work for a caller that has disconnected', async () => {
    const handle = simulator.faults.add({ kind: 'hang', operation: 'CreateEndpoint' });
    const leave = new AbortController();
    const left = call(simulator.url, 'POST', ENDPOINTS, { at: clock.now(), body: CREATE, signal: leave.signal });
    await simulator.until((requests) => requests.length === 1);
    leave.abort();
    await expect(left).rejects.toThrow();
    handle.release();
    await list();
    expect(count()).toBe(1);
  });
});

it('records requests without secrets', async () => {
  await call(simulator.url, 'POST', ENDPOINTS, {
    at: clock.now(),
    body: CREATE,
    query: { a: 'b c' },
    headers: { 'x-project-id': 'p' },
  });
  expect(simulator.requests[0]).toMatchObject({
    operation: 'CreateEndpoint',
    method: 'POST',
    path: ENDPOINTS,
    query: { a: 'b c' },
    body: CREATE,
    projectHeader: 'p',
    status: 403,
    receivedAt: clock.now(),
    answeredAt: clock.now(),
    headerNames: expect.arrayContaining(['authorization', 'x-sdk-date']),
  });
  expect(JSON.stringify(simulator.requests)).not.toContain('Signature=');
});

describe('control over HTTP', () => {
  const steer = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Result> =>
    call(simulator.url, method, `/_simulator/${path}`, { token: 'none', ...(body === undefined ? {} : { body }) });

  it('decides endpoints, scripts faults, shows requests and services', async () => {
    const [id = ''] = simulator.world.seed(1, { status: 'pendingAcceptance' });
    expect((await steer('POST', `endpoints/${id}/accept`)).json).toEqual({ id, status: 'accepted' });
    expect((await steer('POST', `endpoints/${id}/fail`)).json).toEqual({ id, status: 'failed' });
    expect((await steer('POST', `endpoints/${VPC_ID}/reject`)).status).toBe(404);
    expect((await steer('POST', 'faults', { kind: 'status', status: 503 })).status).toBe(200);
    expect((await list()).status).toBe(503);
    expect((await steer('DELETE', 'faults')).status).toBe(204);
    expect((await list()).status).toBe(200);
    expect((await steer('POST', 'faults', { kind: 'nonsense' })).json.error_code).toBe('Simulator.0400');
    expect((await steer('GET', 'requests')).json.requests).toHaveLength(2);
    expect((await steer('GET', 'services')).json.services).toHaveLength(9);
  });

  it('issues tokens that IAM describes, and revokes them', async () => {
    const whose = async (token: string) => {
      const headers = { 'x-auth-token': token, 'x-subject-token': token };
      const response = await fetch(`${simulator.url}/v3/auth/tokens?nocatalog=true`, { headers });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const expiresAt = clock.now() + 1_000;
    const token = { token: 'ours', projectId: 'p1', userId: 'amy', roles: ['readonly'], expiresAt };
    expect((await whose('ours')).status).toBe(401);
    expect((await steer('POST', 'tokens', token)).status).toBe(204);
    expect(await whose('ours')).toMatchObject({
      status: 200,
      body: {
        token: {
          expires_at: new Date(expiresAt).toISOString().replace('Z', '000Z'),
          project: { id: 'p1', domain: { name: 'simulator' } },
          roles: [{ name: 'readonly' }],
          user: { id: 'amy' },
        },
      },
    });
    expect((await steer('DELETE', 'tokens', { token: 'ours' })).status).toBe(204);
    expect(await whose('ours')).toMatchObject({ status: 401, body: { error: { code: 401, title: 'Unauthorized' } } });
    expect((await steer('POST', 'tokens', { token: 'a b', projectId: 'p1' })).json.error_code).toBe('Simulator.0400');
  });

  it('is off by default', async () => {
    const closed = await startCheckedSimulator({ clock }, { requests: 'unless-refused' });
    expect((await call(closed.url, 'GET', '/_simulator/services', { token: 'none' })).status).toBe(404);
    await closed.close();
  });
});
