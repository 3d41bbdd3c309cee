/** Two replicas and a real Redis, whose user may do what docs/operations/redis.md says. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../../src/simulator/world/identity.ts';
import { ACL_LOGIN, applyDocumentedAcl } from '../../support/documented-acl.ts';
import { post } from '../../support/fake-gateway.ts';
import { TestIssuer } from '../../support/issuer.ts';
import { SocketClient } from '../../support/socket-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';
import { type RedisServer, startRedis } from '../../support/start-redis.ts';
import { until } from '../../support/until.ts';

const LIMIT = 12;
const MAX_COST = 10;
const METRICS_TOKEN = 'token-of-the-metrics';
const METRICS = { headers: { authorization: `Bearer ${METRICS_TOKEN}` } };
const LIST = '{ vpcEndpoints { totalCount } }';
const EIGHT = `{ ${Array.from({ length: 8 }, (_, i) => `l${i}: vpcEndpoints { totalCount }`).join(' ')} }`;
const DELETE = 'mutation { deleteVpcEndpoint(input: { id: "an-endpoint" }) { statusCursor } }';
const WATCH = 'subscription { projectEndpointStatus { status } }';

let folder: string;
let redis: RedisServer;
let admin: Redis;
let simulator: Simulator;
let issuer: TestIssuer;
let a: Gateway;
let b: Gateway;
/** Of a caller that both replicas have let in before. */
let known: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rates-'));
  [redis, simulator, issuer] = await Promise.all([startRedis(), startTestSimulator(), TestIssuer.start()]);
  admin = new Redis(redis.url);
  // The last test stops Redis.
  admin.on('error', () => {});
  await applyDocumentedAcl(admin, 'server');
  const env = {
    ...issuer.env,
    REDIS_URL: redis.url.replace('redis://', `redis://${ACL_LOGIN}@`),
    MAX_COST: String(MAX_COST),
    RATE_LIMIT_COST_PER_MINUTE: String(LIMIT),
    RATE_LIMIT_FAILURES_PER_MINUTE: '3',
    METRICS_TOKEN,
    AUDIT_LOG: join(folder, 'audit.log'),
  };
  [a, b] = await Promise.all([startTestGateway(simulator, { env }), startTestGateway(simulator, { env })]);
  known = await caller('dora');
  for (const { url } of [a, b]) await post(url, LIST, {}, known);
});
afterAll(async () => {
  await Promise.all([a.close(), b.close()]);
  admin.disconnect();
  await Promise.all([redis.stop(), simulator.close(), issuer.close(), rm(folder, { recursive: true })]);
});

const caller = async (sub: string) => ({
  authorization: `Bearer ${await issuer.token({ sub, projects: { [SIMULATOR_PROJECT_ID]: 'write' } })}`,
});
const rate = (headers: Headers) =>
  ['limit', 'remaining', 'reset', 'after']
    .map((name) => headers.get(name === 'after' ? 'retry-after' : `ratelimit-${name}`))
    .map((value) => (value === null ? null : Number(value)));
const seconds = expect.toSatisfy((value: number) => Number.isInteger(value) && value >= 1 && value <= 60);

async function useUp(headers: Record<string, string>, left = 0): Promise<void> {
  for (let i = 0; i < LIMIT - left; i++) await post(a.url, '{ __typename }', {}, headers);
}

it('is one limit for both replicas, and every answer has what is left', async () => {
  const alice = await caller('alice');
  for (let used = 1; used <= LIMIT; used++) {
    const { headers, errors } = await post([a, b][used % 2]?.url ?? '', LIST, {}, alice);
    expect(errors).toBeUndefined();
    expect(rate(headers)).toEqual([LIMIT, LIMIT - used, seconds, null]);
  }
  const before = simulator.requests.length;
  for (const { url } of [a, b]) {
    const { status, headers, errors } = await post(url, LIST, {}, alice);
    expect(status).toBe(429);
    expect(errors).toEqual([
      {
        message: expect.stringMatching(/^This operation costs 1, and 0 of 12 per minute are left: wait \d+ s$/),
        extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: seconds },
      },
    ]);
    expect(rate(headers)).toEqual([LIMIT, 0, seconds, Number(headers.get('ratelimit-reset'))]);
    expect(errors?.[0]?.extensions.retryAfterSeconds).toBe(Number(headers.get('retry-after')));
  }
  expect(simulator.requests.length).toBe(before);
  const { headers } = await post(a.url, LIST, {}, await caller('another'));
  expect(rate(headers)).toEqual([LIMIT, LIMIT - 1, seconds, null]);
});

it('leaves the rest to smaller operations', async () => {
  const bob = await caller('bob');
  expect(rate((await post(a.url, EIGHT, {}, bob)).headers)).toEqual([LIMIT, 4, seconds, null]);
  const refused = await post(b.url, EIGHT, {}, bob);
  expect([refused.status, ...rate(refused.headers)]).toEqual([429, LIMIT, 4, seconds, seconds]);
  expect(rate((await post(a.url, LIST, {}, bob)).headers)).toEqual([LIMIT, 3, seconds, null]);
});

it('applies to sockets, event streams and multipart answers, and is audited', async () => {
  const carol = await caller('carol');
  await useUp(carol);
  const refusal = { extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: seconds } };
  const socket = new SocketClient(b.url);
  await socket.init(carol);
  for (const operation of [WATCH, DELETE]) {
    socket.subscribe('1', operation);
    expect(await socket.next()).toMatchObject({ id: '1', type: 'error', payload: [refusal] });
  }
  socket.close();
  const stream = (path: string, accept: string) =>
    fetch(`${a.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, ...carol },
      body: JSON.stringify({ query: WATCH }),
    });
  const sse = await stream('/graphql/stream', 'text/event-stream');
  expect(rate(sse.headers)).toEqual([LIMIT, 0, seconds, seconds]);
  expect(await sse.text()).toContain('"code":"RATE_LIMITED"');
  const multipart = await stream('/graphql', 'multipart/mixed;subscriptionSpec=1.0');
  expect([multipart.status, ...rate(multipart.headers)]).toEqual([429, LIMIT, 0, seconds, seconds]);
  expect(await multipart.json()).toMatchObject({ errors: [refusal] });
  const lines = (await readFile(join(folder, 'audit.log'), 'utf8')).trim().split('\n');
  const refused = lines.map((line) => JSON.parse(line)).filter(({ outcome }) => outcome === 'RATE_LIMITED');
  expect(refused.map(({ field, transport, project, targets }) => [field, transport, project, targets])).toEqual([
    ['projectEndpointStatus', 'websocket', SIMULATOR_PROJECT_ID, {}],
    ['deleteVpcEndpoint', 'websocket', SIMULATOR_PROJECT_ID, { id: 'an-endpoint' }],
    ['projectEndpointStatus', 'sse', SIMULATOR_PROJECT_ID, {}],
    ['projectEndpointStatus', 'multipart', SIMULATOR_PROJECT_ID, {}],
  ]);
});

it('checks no more tokens of an address with too many wrong ones, and still accepts known tokens', async () => {
  const wrong = async () => ({ authorization: `Bearer ${await issuer.forgedToken()}` });
  for (let i = 0; i < 3; i++) expect((await post(a.url, LIST, {}, await wrong())).status).toBe(401);
  const asked = issuer.asked.length;
  for (const path of ['/graphql', '/graphql/stream']) {
    const answer = await fetch(`${a.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream, application/json',
        ...(await wrong()),
      },
      body: JSON.stringify({ query: LIST }),
    });
    expect([answer.status, Number(answer.headers.get('retry-after'))]).toEqual([429, seconds]);
    expect(await answer.json()).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: seconds } }],
    });
  }
  expect(issuer.asked.length).toBe(asked);
  // The other replica learns of it with the first wrong token that it sees.
  expect((await post(b.url, LIST, {}, await wrong())).status).toBe(401);
  expect((await post(b.url, LIST, {}, await wrong())).status).toBe(429);
  expect((await post(a.url, LIST, {}, known)).status).toBe(200);
  // No token is no work.
  expect((await post(a.url, LIST, {})).status).toBe(401);
  const metrics = await (await fetch(`${a.url}/metrics`, METRICS)).text();
  expect(metrics).toMatch(/vpcep_gateway_rate_limited_total\{what="cost"\} [1-9]/);
  expect(metrics).toMatch(/vpcep_gateway_rate_limited_total\{what="failures"\} 2/);
});

it('stores no name and no address, and nothing for longer than a minute', async () => {
  const keys = (await admin.keys('*')).filter((key) => /:(rate|failures)$/.test(key));
  expect(keys.length).toBeGreaterThan(4);
  for (const key of keys) {
    expect(key).toMatch(/^vpcep-gateway:\{(caller|address):[0-9a-f]{32}\}:(rate|failures)$/);
    expect(await admin.ttl(key)).toBeLessThanOrEqual(60);
    expect(await admin.ttl(key)).toBeGreaterThan(0);
  }
});

it('is divided between the replicas while Redis is unavailable', async () => {
  await redis.kill();
  const limitOf = async () => rate((await post(a.url, '{ __typename }', {}, known)).headers)[0];
  await until(async () => (await limitOf()) === LIMIT / 3, 'a third of the limit');
});
