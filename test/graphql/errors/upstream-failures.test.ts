import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import {
  CreateVpcEndpointDocument,
  DeleteVpcEndpointDocument,
  VpcEndpointDocument,
  VpcEndpointsDocument,
} from '../../../src/client/generated/documents.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { makeCertificate } from '../../app/certificate.ts';
import { ask, Subscription, send } from '../../support/graphql-client.ts';
import { recordingLogger, startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

const INPUT = {
  endpointServiceId: SERVICE_IDS.plainInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};

async function readiness({ url }: Gateway): Promise<readonly [number, unknown]> {
  const response = await fetch(`${url}/readyz`);
  return [response.status, await response.json()];
}

async function listenWithTls(): Promise<string> {
  const { cert, key } = makeCertificate();
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

describe('when the upstream fails', () => {
  let simulator: Simulator;
  let gateway: Gateway;
  let id: string;

  beforeEach(async () => {
    simulator = await startTestSimulator();
    gateway = await startTestGateway(simulator);
    [id = ''] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
  });
  afterEach(async () => {
    // Whatever the test did, the process lives on and serves the next request.
    simulator.faults.clear();
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
    await gateway.close();
    await simulator.close();
  });

  const read = () => send(gateway.url, VpcEndpointDocument, { id });
  const create = () => send(gateway.url, CreateVpcEndpointDocument, { input: INPUT });
  const calls = (operation: string) => simulator.requests.filter((request) => request.operation === operation);

  it('a wrong key: refused once, then not used, and said in /readyz', async () => {
    const wrong = await startTestGateway(simulator, { env: { HUAWEICLOUD_SDK_SK: 'not-the-secret-of-this-key' } });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await send(wrong.url, VpcEndpointDocument, { id }));
    expect(answers[0]?.errors?.[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_ERROR',
      retryable: false,
      upstream: { code: 'APIGW.0301', status: 401 },
    });
    for (const answer of answers.slice(1))
      expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
    expect(calls('ListEndpointInfoDetails')).toHaveLength(1);
    const ready = await fetch(`${wrong.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain('refused the signature');
    await wrong.close();
  });

  it('a clock that is off: corrected once from the answer', async () => {
    const skewed = await startTestSimulator({ clock: { now: () => Date.now() + 3_600_000 } });
    const [there = ''] = skewed.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
    const late = await startTestGateway(skewed);
    expect((await ask(late.url, VpcEndpointDocument, { id: there })).vpcEndpoint?.status).toBe('ACCEPTED');
    expect((await ask(late.url, CreateVpcEndpointDocument, { input: INPUT })).createVpcEndpoint.endpoint.status).toBe(
      'CREATING',
    );
    expect(skewed.requests.filter((request) => request.status === 401)).toHaveLength(1);
    await late.close();
    await skewed.close();
  });

  it('429: reads recover, and one that does not fit the deadline is reported with the time to wait', async () => {
    simulator.faults.add({
      kind: 'status',
      operation: 'ListEndpointInfoDetails',
      status: 429,
      code: 'APIGW.0308',
      times: 2,
    });
    expect((await read()).data?.vpcEndpoint?.id).toBe(id);
    simulator.faults.add({
      kind: 'status',
      operation: 'ListEndpointInfoDetails',
      status: 429,
      code: 'APIGW.0308',
      retryAfter: 1,
      times: 1,
    });
    expect((await read()).data?.vpcEndpoint?.id).toBe(id);
    simulator.faults.add({
      kind: 'status',
      operation: 'ListEndpointInfoDetails',
      status: 429,
      code: 'APIGW.0308',
      retryAfter: 120,
    });
    expect((await read()).errors?.[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_THROTTLED',
      retryable: true,
      retryAfterSeconds: 120,
      upstream: { code: 'APIGW.0308', status: 429 },
    });
  });

  it('throttling that comes as a 400: a creation is repeated, because it was refused', async () => {
    simulator.faults.add({ kind: 'throttled', operation: 'CreateEndpoint', times: 1 });
    expect((await create()).data?.createVpcEndpoint?.endpoint.status).toBe('CREATING');
    expect(simulator.world.endpoints()).toHaveLength(2);
  });

  it('500: a read recovers, a creation is reported as unknown and never sent twice', async () => {
    simulator.faults.add({
      kind: 'status',
      operation: 'ListEndpointInfoDetails',
      status: 500,
      code: 'EndPoint.0001',
      times: 1,
    });
    expect((await read()).data?.vpcEndpoint?.id).toBe(id);
    simulator.faults.add({ kind: 'status', operation: 'CreateEndpoint', status: 500, code: 'EndPoint.0001' });
    expect((await create()).errors?.[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_OUTCOME_UNKNOWN',
      retryable: false,
    });
    expect(calls('CreateEndpoint')).toHaveLength(1);
  });

  it('a reset: a read is repeated; a creation is looked for, and never sent twice', async () => {
    simulator.faults.add({ kind: 'reset', operation: 'ListEndpointInfoDetails', times: 1 });
    expect((await read()).data?.vpcEndpoint?.id).toBe(id);
    simulator.faults.add({ kind: 'reset', operation: 'CreateEndpoint', stage: 'after', times: 1 });
    expect((await create()).data?.createVpcEndpoint?.endpoint.id).toBe(simulator.world.endpoints()[1]?.id);
    simulator.faults.add({ kind: 'reset', operation: 'CreateEndpoint', stage: 'before', times: 1 });
    expect((await create()).errors?.[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_OUTCOME_UNKNOWN',
      retryable: false,
      candidates: [],
    });
    expect(calls('CreateEndpoint')).toHaveLength(2);
    expect(simulator.world.endpoints()).toHaveLength(2);
  });

  it('no connection at all: every call fails clearly and can be repeated, and the operator learns why, once', async () => {
    const log = recordingLogger();
    const watched = await startTestGateway(simulator, { logger: log.logger });
    await simulator.close();
    const { host, port } = new URL(simulator.url);
    for (const call of [read, create])
      expect((await call()).errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
    for (let i = 0; i < 2; i++) await send(watched.url, VpcEndpointDocument, { id });
    expect(log.text().match(/host is unreachable/g)).toHaveLength(1);
    expect(log.text()).toContain(`"port":${port},"reason":"refused","code":"ECONNREFUSED","attempt":1`);
    expect(await readiness(watched)).toEqual([
      200,
      { status: 'degraded', reasons: { hosts: `unreachable: ${host} (refused)` } },
    ]);
    expect(await (await fetch(`${watched.url}/metrics`)).text()).toMatch(
      new RegExp(`^vpcep_gateway_upstream_unreachable_total{host="${host}",reason="refused"} [1-9]`, 'm'),
    );

    simulator = await startTestSimulator({ port: simulator.port });
    // The breaker may hold a call or two back.
    await expect
      .poll(async () => (await send(watched.url, VpcEndpointsDocument, {})).errors, { timeout: 10_000 })
      .toBe(undefined);
    expect(await readiness(watched)).toEqual([200, { status: 'ok' }]);
    expect(log.text().match(/"unreachableSeconds":[\d.]+,"msg":"host is reachable again"/g)).toHaveLength(1);
    await watched.close();
  });

  it.each([
    ['a name that does not resolve', 'dns', async () => 'http://vpcep.invalid'],
    ['a certificate that is not trusted', 'tls', listenWithTls],
  ])('%s: the operator learns that the reason is "%s"', async (_, reason, start) => {
    const log = recordingLogger();
    const url = await start();
    const away = await startTestGateway({ url }, { logger: log.logger });
    const answer = await send(away.url, VpcEndpointDocument, { id });
    expect(answer.errors?.[0]?.extensions).toMatchObject({ retryable: true });
    const { host } = new URL(url);
    expect(await readiness(away)).toEqual([
      200,
      { status: 'degraded', reasons: { hosts: `unreachable: ${host} (${reason})` } },
    ]);
    expect(JSON.stringify(answer)).not.toContain(host);
    expect(log.text()).toContain(`"reason":"${reason}"`);
    await away.close();
  });

  it('an upstream that hangs: the read ends at its deadline', async () => {
    simulator.faults.add({ kind: 'hang', operation: 'ListEndpointInfoDetails' });
    expect((await read()).errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_TIMEOUT', retryable: true });
  });

  it('malformed JSON: an error, not an empty answer', async () => {
    simulator.faults.add({ kind: 'malformedJson', operation: 'ListEndpoints' });
    const answer = await send(gateway.url, VpcEndpointsDocument, {});
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_ERROR' });
    expect(JSON.stringify(answer)).not.toContain(simulator.url);
  });

  it('numbers and booleans as strings: read as what they mean', async () => {
    const plain = (await read()).data?.vpcEndpoint;
    simulator.faults.add({ kind: 'looseTypes', operation: 'ListEndpointInfoDetails' });
    const loose = (await read()).data?.vpcEndpoint;
    expect(loose).toEqual(plain);
    expect(loose?.markerId).toMatch(/^\d+$/);
  });

  it('business errors: each with its code', async () => {
    const answerTo = async (over: Record<string, unknown>) =>
      (await send(gateway.url, CreateVpcEndpointDocument, { input: { ...INPUT, ...over } })).errors?.[0]?.extensions;
    expect(await answerTo({ endpointServiceId: '99999999-0000-4000-8000-000000000000' })).toMatchObject({
      code: 'NOT_FOUND',
      upstream: { code: 'EndPoint.2003' },
    });
    expect(await answerTo({ endpointServiceId: SERVICE_IDS.foreignPrivate })).toMatchObject({
      code: 'FORBIDDEN',
      upstream: { code: 'EndPoint.2012' },
    });
    simulator.world.startDeleting(id);
    expect(
      (await send(gateway.url, DeleteVpcEndpointDocument, { input: { id } })).errors?.[0]?.extensions,
    ).toMatchObject({ code: 'CONFLICT' });
    expect(
      (await send(gateway.url, DeleteVpcEndpointDocument, { input: { id: '99999999-0000-4000-8000-000000000000' } }))
        .errors?.[0]?.extensions,
    ).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('while it is watched: the feed lives through it and goes on', async () => {
    const feed = Subscription.endpoint(gateway.url, { id });
    expect((await feed.next())?.status).toBe('ACCEPTED');
    const faults = [
      simulator.faults.add({ kind: 'status', operation: 'ListEndpointInfoDetails', status: 503, times: 4 }),
      simulator.faults.add({ kind: 'malformedJson', operation: 'ListEndpointInfoDetails', skip: 4, times: 1 }),
    ];
    await simulator.until(() => faults.every((fault) => fault.hits > 0));
    simulator.world.setStatus(id, 'rejected');
    expect(await feed.next()).toMatchObject({ kind: 'TRANSITION', status: 'REJECTED', previousStatus: 'ACCEPTED' });
    await feed.close();
  });
});
