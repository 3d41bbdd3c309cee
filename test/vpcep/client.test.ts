/** The client against the simulator, over real sockets. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../src/shared/secret.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import {
  SIMULATOR_PROJECT_ID as PROJECT,
  SIMULATOR_AK,
  SIMULATOR_SK,
  SIMULATOR_TOKEN,
} from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { VpcepClient } from '../../src/vpcep/client.ts';
import type { EndpointClient } from '../../src/vpcep/endpoint/client.ts';
import { createEndpointBody } from '../../src/vpcep/endpoint/request.ts';
import { fixedCredential } from '../../src/vpcep/signing/credentials.ts';
import type { UpstreamObservation } from '../../src/vpcep/transport/attempt.ts';
import { Transport, type TransportOptions } from '../../src/vpcep/transport/transport.ts';
import { startCheckedSimulator } from '../support/contract/checked-simulator.ts';
import { failure } from './upstream-failure.ts';

const INPUT = {
  endpointServiceId: SERVICE_IDS.plainInterface,
  vpcId: '84758cf5-9c62-43ae-a778-3dbd8370c0a4',
  subnetId: '68bfbcc1-dff2-47e4-a9d4-332b9bc1b8de',
  enableDns: false,
};
const KEY = fixedCredential({ kind: 'aksk', ak: SIMULATOR_AK, sk: new Secret(SIMULATOR_SK) });

let simulator: Simulator;
let transport: Transport;
let client: EndpointClient;
let seen: UpstreamObservation[];
let slept: number[];

function connect(options: Partial<TransportOptions> = {}): void {
  transport = new Transport({
    target: () => ({ baseUrl: simulator.url, credential: KEY }),
    observe: (observation) => seen.push(observation),
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve();
    },
    random: () => 0.5,
    ...options,
  });
  client = new VpcepClient({ transport }).endpoints;
}

beforeEach(async () => {
  simulator = await startCheckedSimulator();
  seen = [];
  slept = [];
  connect();
});

afterEach(async () => {
  await simulator.close();
  await transport.close();
});

const operations = (): (string | null)[] => simulator.requests.map(({ operation }) => operation);

describe('operations', () => {
  test('create, read, list, delete', async () => {
    const created = await client.createEndpoint(PROJECT, INPUT, {});
    expect(created).toMatchObject({ rawStatus: 'creating', fields: { vpcId: INPUT.vpcId, enableDns: false } });
    expect(await client.getEndpoint(PROJECT, created.id, {})).toMatchObject({ id: created.id, fields: { faults: [] } });
    expect(await client.listEndpoints(PROJECT, {}, {})).toMatchObject({
      endpoints: [{ id: created.id }],
      totalCount: 1,
    });
    await client.deleteEndpoint(PROJECT, created.id, {});
    expect(await client.getEndpoint(PROJECT, created.id, {})).toMatchObject({ rawStatus: 'deleting' });
  });

  test('the body of the page’s example is its four fields and nothing else', async () => {
    await client.createEndpoint(PROJECT, INPUT, {});
    expect(simulator.requests[0]?.body).toStrictEqual({
      subnet_id: INPUT.subnetId,
      vpc_id: INPUT.vpcId,
      endpoint_service_id: INPUT.endpointServiceId,
      enable_dns: false,
    });
  });

  test('every input goes out under upstream’s name, in its declared type', () => {
    const body = createEndpointBody({
      ...INPUT,
      tags: [{ key: 'team', value: '' }],
      routeTables: ['r'],
      portIp: '10.0.0.4',
      whitelist: [],
      enableWhitelist: true,
      description: '',
      policyStatement: [{ effect: 'ALLOW', action: ['a'], resource: ['r'] }],
      policyDocument: { Version: '1' },
      ipVersion: 'DUALSTACK',
      ipv6Address: 'fd00::4',
    });
    expect(JSON.parse(JSON.stringify(body))).toStrictEqual({
      subnet_id: INPUT.subnetId,
      vpc_id: INPUT.vpcId,
      endpoint_service_id: INPUT.endpointServiceId,
      enable_dns: false,
      tags: [{ key: 'team', value: '' }],
      routetables: ['r'],
      port_ip: '10.0.0.4',
      whitelist: [],
      enable_whitelist: true,
      description: '',
      policy_statement: [{ Effect: 'Allow', Action: ['a'], Resource: ['r'] }],
      policy_document: { Version: '1' },
      ip_version: 'dualstack',
      ipv6_address: 'fd00::4',
    });
  });

  test('list filters', async () => {
    await client.listEndpoints(
      PROJECT,
      {
        id: 'e',
        vpcId: 'v',
        endpointServiceName: 'a b&c',
        limit: 1000,
        offset: 0,
        sortKey: 'update_at',
        sortDir: 'desc',
      },
      {},
    );
    expect(simulator.requests[0]?.query).toEqual({
      id: 'e',
      vpc_id: 'v',
      endpoint_service_name: 'a b&c',
      limit: '1000',
      offset: '0',
      sort_key: 'update_at',
      sort_dir: 'desc',
    });
  });

  test.each([200, 202, 204] as const)('a delete answered %i has worked', async (deleteStatus) => {
    await simulator.close();
    simulator = await startCheckedSimulator({ deleteStatus });
    const { id } = await client.createEndpoint(PROJECT, INPUT, {});
    const writes: unknown[] = [];
    await client.deleteEndpoint(PROJECT, id, { onWrite: (write) => writes.push(write) });
    expect(writes).toEqual([{ requestId: simulator.requests[1]?.id }]);
  });

  test('an endpoint that is not there', async () => {
    const error = await failure(client.getEndpoint(PROJECT, '00000000-0000-4000-8000-000000000099', {}));
    expect(error).toMatchObject({
      kind: 'not_found',
      status: 404,
      outcome: 'refused',
      requestId: simulator.requests[0]?.id,
    });
  });

  test.each(['a/b', 'a b?c#d', 'ü%2f', '..%2f..'])('the id %s stays within its segment', async (id) => {
    await failure(client.getEndpoint(PROJECT, id, {}));
    expect(operations()).toEqual(['ListEndpointInfoDetails']);
    expect(seen[0]?.code).not.toBe('APIGW.0301');
  });

  test.each(['', '.', '..'])('the id "%s" is never sent', async (id) => {
    expect(await failure(client.deleteEndpoint(PROJECT, id, {}))).toMatchObject({
      kind: 'validation',
      outcome: 'not_sent',
    });
    expect(simulator.requests).toHaveLength(0);
  });

  test('a token instead of a key', async () => {
    const credential = fixedCredential({ kind: 'token', token: new Secret(SIMULATOR_TOKEN) });
    expect(await client.listEndpoints(PROJECT, {}, { credential })).toMatchObject({ totalCount: 0 });
    expect(simulator.requests[0]?.headerNames).not.toContain('authorization');
  });

  test('odd answers are read', async () => {
    const { id } = await client.createEndpoint(PROJECT, INPUT, {});
    const straight = await client.getEndpoint(PROJECT, id, {});
    simulator.faults.add({ kind: 'looseTypes', times: 1 });
    expect(await client.getEndpoint(PROJECT, id, {})).toEqual(straight);
    simulator.faults.add({ kind: 'nullFields', fields: ['tags', 'vpc_id', 'status'], times: 1 });
    expect(await client.getEndpoint(PROJECT, id, {})).toMatchObject({
      id,
      rawStatus: 'unknown',
      fields: { tags: [], vpcId: null },
    });
    simulator.faults.add({ kind: 'malformedJson', times: 1 });
    expect(await failure(client.getEndpoint(PROJECT, id, {}))).toMatchObject({ kind: 'malformed', outcome: 'refused' });
  });
});

describe('retries', () => {
  test('a read is repeated, signed anew, until it works', async () => {
    simulator.faults.add({ kind: 'status', status: 503, times: 1 });
    simulator.faults.add({ kind: 'reset', times: 1 });
    simulator.faults.add({ kind: 'throttled', times: 1 });
    expect(await client.listEndpoints(PROJECT, {}, {})).toMatchObject({ totalCount: 0 });
    expect(simulator.requests).toHaveLength(4);
    expect(slept).toEqual([50, 100, 1000]);
    expect(seen.map(({ attempt, status, outcome, code }) => [attempt, status, outcome, code])).toEqual([
      [1, 503, 'failed', 'APIGW.0613'],
      [2, undefined, 'failed', expect.stringMatching(/^(?:ECONNRESET|UND_ERR_SOCKET)$/)],
      [3, 400, 'refused', 'EndPoint.0022'],
      [4, 200, 'done', undefined],
    ]);
  });

  test.each([
    ['500', { kind: 'status', status: 500 }, 'internal'],
    ['503 without a body', { kind: 'status', status: 503, body: 'empty' }, 'unavailable'],
    ['502 from a balancer', { kind: 'status', status: 502, body: 'html' }, 'unavailable'],
    ['504', { kind: 'status', status: 504, code: 'EndPoint.0013', stage: 'after' }, 'timeout'],
    ['a cut connection', { kind: 'reset', stage: 'after' }, 'connection'],
    ['half an answer', { kind: 'malformedJson' }, 'malformed'],
  ] as const)('a create that ends in %s is sent once, and its outcome is open', async (_what, fault, kind) => {
    simulator.faults.add(fault);
    expect(await failure(client.createEndpoint(PROJECT, INPUT, {}))).toMatchObject({
      kind,
      outcome: 'unknown',
      retryable: false,
    });
    expect(operations()).toEqual(['CreateEndpoint']);
  });

  test.each([
    ['429', { kind: 'status', status: 429, times: 2 }],
    ['throttling as a 400', { kind: 'throttled', times: 2 }],
  ] as const)('a create is repeated after %s', async (_what, fault) => {
    simulator.faults.add(fault);
    expect(await client.createEndpoint(PROJECT, INPUT, {})).toMatchObject({ rawStatus: 'creating' });
    expect(simulator.requests).toHaveLength(3);
  });

  test('Retry-After is kept to when it fits, and handed on when it does not', async () => {
    simulator.faults.add({ kind: 'status', status: 429, retryAfter: 3, times: 1 });
    await client.listEndpoints(PROJECT, {}, {});
    expect(slept).toEqual([3125]);
    simulator.faults.add({ kind: 'status', status: 429, retryAfter: 60, times: 1 });
    expect(await failure(client.listEndpoints(PROJECT, {}, {}))).toMatchObject({
      kind: 'throttled',
      retryAfterSeconds: 60,
      retryable: true,
    });
    expect(simulator.requests).toHaveLength(3);
  });

  test('a 504 for a caller’s mistake is not repeated', async () => {
    simulator.faults.add({ kind: 'status', status: 504, code: 'EndPoint.0011' });
    expect(await failure(client.listEndpoints(PROJECT, {}, {}))).toMatchObject({ kind: 'validation' });
    expect(simulator.requests).toHaveLength(1);
  });

  test('the budget of a host in trouble runs out', async () => {
    simulator.faults.add({ kind: 'status', status: 503 });
    for (let call = 0; call < 20; call += 1) await failure(client.listEndpoints(PROJECT, {}, {}));
    // 20 first attempts, 20 retries of the bucket, 4 earned by the calls, and a little that time has given.
    expect(simulator.requests.length).toBeGreaterThanOrEqual(40);
    expect(simulator.requests.length).toBeLessThanOrEqual(50);
  });
});

describe('signatures', () => {
  test('a clock that is off is corrected once, for good, and even for a create', async () => {
    connect({ clock: { now: () => Date.now() - 3_600_000, elapsed: () => performance.now() } });
    expect(await client.createEndpoint(PROJECT, INPUT, {})).toMatchObject({ rawStatus: 'creating' });
    await client.listEndpoints(PROJECT, {}, {});
    expect(simulator.requests.map(({ status }) => status)).toEqual([401, 200, 200]);
    expect(transport.guard.refused).toBe('none');
  });

  test('an expired signature is tried once more, not twice', async () => {
    simulator.faults.add({ kind: 'expiredSignature', times: 1 });
    await client.createEndpoint(PROJECT, INPUT, {});
    simulator.faults.add({ kind: 'expiredSignature' });
    expect(await failure(client.listEndpoints(PROJECT, {}, {}))).toMatchObject({ kind: 'auth' });
    expect(simulator.requests).toHaveLength(4);
  });

  test('a wrong secret is sent once, however many ask', async () => {
    connect({
      target: () => ({
        baseUrl: simulator.url,
        credential: fixedCredential({ kind: 'aksk', ak: SIMULATOR_AK, sk: new Secret('fake-wrong') }),
      }),
    });
    const errors = await Promise.all(Array.from({ length: 10 }, () => failure(client.listEndpoints(PROJECT, {}, {}))));
    expect(errors.map(({ kind }) => kind).sort()).toEqual([
      'auth',
      ...Array.from({ length: 9 }, () => 'credential_stopped'),
    ]);
    expect(simulator.requests).toHaveLength(1);
    expect(transport.guard.refused).toBe('all');
  });

  test('nothing that fails tells a secret', async () => {
    connect({
      target: () => ({
        baseUrl: simulator.url,
        credential: fixedCredential({ kind: 'aksk', ak: SIMULATOR_AK, sk: new Secret('fake-wrong') }),
      }),
    });
    const refused = await failure(client.listEndpoints(PROJECT, {}, {}));
    simulator.faults.add({ kind: 'reset' });
    connect();
    const cut = await failure(client.createEndpoint(PROJECT, INPUT, {}));
    for (const error of [refused, cut]) {
      const all = [error, error.cause].map((part) => `${String(part)} ${JSON.stringify(part)}`).join();
      expect(all).not.toMatch(/fake-wrong|127\.0\.0\.1|Signature=|SIMULATOR-AK|subnet_id/);
    }
    expect(JSON.stringify(seen)).not.toMatch(/fake-wrong|127\.0\.0\.1|Signature=|SIMULATOR-AK/);
  });
});
