/** Two transports as two replicas would have them: one budget in a real Redis, calls over real sockets. */

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectRedis } from '../../../src/redis/connect.ts';
import type { LimiterStore } from '../../../src/redis/counter.ts';
import { type Clock, systemClock } from '../../../src/shared/clock.ts';
import { Secret } from '../../../src/shared/secret.ts';
import type { UpstreamRequest } from '../../../src/vpcep/http/request.ts';
import { type BreakerState, HostBreaker } from '../../../src/vpcep/limits/breaker.ts';
import type { Rates } from '../../../src/vpcep/limits/budget.ts';
import { UpstreamBudget } from '../../../src/vpcep/limits/budget.ts';
import { fixedCredential } from '../../../src/vpcep/signing/credentials.ts';
import { Transport, type TransportOptions } from '../../../src/vpcep/transport/transport.ts';
import { ACL_LOGIN, applyDocumentedAcl } from '../../support/documented-acl.ts';
import { startRedisCluster } from '../../support/redis-cluster.ts';
import { redisTarget } from '../../support/redis-target.ts';
import { type RedisServer, startRedis } from '../../support/start-redis.ts';
import { failure } from '../upstream-failure.ts';

const TOKEN = fixedCredential({ kind: 'token', token: new Secret('fake-token') });
const READ: UpstreamRequest = { operation: 'ListEndpoints', method: 'GET', projectId: 'p', segments: ['v1', 'p', 'x'] };
const WRITE: UpstreamRequest = { ...READ, operation: 'CreateEndpoint', method: 'POST', body: Buffer.from('{}') };
const POLL = { poll: true };

let redis: RedisServer;
const cleanups: (() => unknown)[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

let hits: string[];
let answer: RequestListener;
let url: string;
beforeEach(async () => {
  hits = [];
  answer = (_request, response) => response.end('{}');
  const server = createServer((request, response) => {
    hits.push(request.method ?? '');
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

async function clientOf(url: string) {
  const connections = await connectRedis({ target: redisTarget(url), logger: pino({ level: 'silent' }) });
  cleanups.push(connections.close);
  return connections;
}

async function client() {
  const connections = await clientOf(redis.url);
  await connections.commands.flushall();
  return connections;
}

interface Replica {
  readonly transport: Transport;
  /** What the budget has reported. */
  readonly reported: string[];
}

function replica(
  store: LimiterStore | null,
  rates: Partial<Rates> = {},
  { clock = systemClock, ...options }: Partial<TransportOptions> & { clock?: Clock } = {},
): Replica {
  const reported: string[] = [];
  const budget = new UpstreamBudget({
    rates: { read: 1_000, write: 1_000, poll: 1_000, ...rates },
    store,
    replicas: 2,
    clock,
    onShort: (callClass, what) => reported.push(`${callClass} ${what}`),
  });
  const transport = new Transport({
    target: () => ({ baseUrl: url, credential: TOKEN }),
    budget,
    clock,
    random: () => 0,
    ...options,
  });
  cleanups.push(() => transport.close());
  return { transport, reported };
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
/** Give or take 20 s, on a machine that may be slow. */
const about = (seconds: number): unknown => expect.closeTo(seconds, -1.6);
const isDone = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    () => false,
  );

describe('one budget for all replicas', () => {
  it('is used up by both together, and a call that would wait too long fails with the time to wait', async () => {
    const store = await client();
    // One call in 40 s: there is no second one within the test.
    const [a, b] = [replica(store, { write: 0.025 }), replica(store, { write: 0.025 })];
    await a.transport.call(WRITE);
    expect(await failure(b.transport.call(WRITE))).toMatchObject({
      kind: 'throttled',
      outcome: 'not_sent',
      retryable: true,
      status: undefined,
      retryAfterSeconds: about(40),
      message: expect.stringContaining("gateway's own budget"),
    });
    expect(hits).toEqual(['POST']);
    expect(b.reported).toEqual(['write refused']);
    // Another class, and another project, have their own.
    await b.transport.call(READ);
    await b.transport.call({ ...WRITE, projectId: 'q' });
    expect(await store.commands.keys('*')).toEqual(expect.arrayContaining(['vpcep-gateway:{p}:budget:write']));
    for (const key of await store.commands.keys('*')) expect(await store.commands.pttl(key)).not.toBe(-1);
  });

  it('lets callers wait in order for the next second', async () => {
    const store = await client();
    const { transport, reported } = replica(store, { read: 5 });
    expect(await Promise.all(times(10, () => isDone(transport.call(READ))))).toEqual(times(10, () => true));
    expect(hits).toHaveLength(10);
    expect(reported.filter((what) => what === 'read waited').length).toBeGreaterThanOrEqual(1);
    expect(reported).not.toContain('read refused');
  });

  it('runs one Redis command for fifty polls', async () => {
    const store = await client();
    const { transport } = replica(store, { poll: 10 });
    const before = await scriptCalls(store);
    for (let i = 0; i < 50; i++) await transport.call(READ, POLL);
    expect((await scriptCalls(store)) - before).toBe(1);
    await transport.call(READ, POLL);
    expect((await scriptCalls(store)) - before).toBe(2);
  });

  it('refuses polls at once, and takes no token of a caller for them', async () => {
    const store = await client();
    const { transport, reported } = replica(store, { poll: 0.3 });
    for (let i = 0; i < 3; i++) await transport.call(READ, POLL);
    const error = await failure(transport.call(READ, POLL));
    expect(error).toMatchObject({ kind: 'throttled', outcome: 'not_sent', retryable: true });
    expect(error.retryAfterSeconds).toBeGreaterThanOrEqual(1);
    await transport.call(READ);
    expect(reported).toEqual(['poll refused']);
  });
});

it.each(['server', 'cluster'] as const)(
  'the documented user of a %s may do all that the budget needs',
  async (kind) => {
    const servers = kind === 'server' ? await startRedis() : await startRedisCluster();
    cleanups.push(() => servers.stop());
    const operators = 'nodes' in servers ? servers.nodes.map(({ operator }) => operator) : [new Redis(servers.url)];
    for (const operator of operators) {
      cleanups.push(() => operator.disconnect());
      await applyDocumentedAcl(operator, kind);
    }
    const store = await clientOf(servers.url.replace('://', `://${ACL_LOGIN}@`));
    const [a, b] = [replica(store, { write: 0.025 }), replica(store, { write: 0.025 })];
    // In a cluster these are at different nodes.
    for (const projectId of ['p', 'q', 'r']) {
      await a.transport.call({ ...WRITE, projectId });
      expect(await failure(b.transport.call({ ...WRITE, projectId }))).toMatchObject({ outcome: 'not_sent' });
      answer = (_request, response) => response.writeHead(429, { 'retry-after': '30' }).end();
      await failure(a.transport.call({ ...READ, projectId }));
      answer = (_request, response) => response.end('{}');
      expect(await failure(b.transport.call({ ...READ, projectId }, POLL))).toMatchObject({ outcome: 'not_sent' });
    }
    expect(store.health.available).toBe(true);
  },
);

describe('upstream throttles', () => {
  const throttle =
    (status: number, headers: Record<string, string>, body = ''): RequestListener =>
    (_request, response) =>
      response.writeHead(status, headers).end(body);

  it('429 for one replica pauses reads and polls of the other, but no writes and no other projects', async () => {
    const store = await client();
    const [a, b] = [replica(store), replica(store)];
    answer = throttle(429, { 'retry-after': '30' });
    expect(await failure(a.transport.call(READ))).toMatchObject({ status: 429, retryAfterSeconds: about(30) });
    answer = (_request, response) => response.end('{}');
    expect(await failure(b.transport.call(READ))).toMatchObject({
      status: undefined,
      outcome: 'not_sent',
      retryAfterSeconds: about(30),
    });
    expect(await failure(b.transport.call(READ, POLL))).toMatchObject({
      outcome: 'not_sent',
      retryAfterSeconds: about(31),
    });
    expect(hits).toHaveLength(1);
    await b.transport.call(WRITE);
    await b.transport.call({ ...READ, projectId: 'q' });
    expect(hits).toHaveLength(3);
  });

  it('a throttled poll is not repeated, and its wait ends after that of the callers', async () => {
    const store = await client();
    const { transport } = replica(store);
    await transport.call(READ, POLL);
    answer = throttle(429, { 'retry-after': '2' }, JSON.stringify({ error_code: 'APIGW.0308', error_msg: 'no' }));
    expect(await failure(transport.call(READ, POLL))).toMatchObject({
      kind: 'throttled',
      code: 'APIGW.0308',
      retryAfterSeconds: 3,
    });
    // Tokens that were fetched before are worth nothing now.
    expect(await failure(transport.call(READ, POLL))).toMatchObject({ status: undefined });
    expect(hits).toHaveLength(2);
  });

  it('EndPoint.0022 is the service as a whole: writes stop as well', async () => {
    const store = await client();
    const [a, b] = [replica(store), replica(store)];
    answer = throttle(400, { 'retry-after': '30' }, JSON.stringify({ error_code: 'EndPoint.0022', error_msg: 'no' }));
    expect(await failure(a.transport.call(WRITE))).toMatchObject({ code: 'EndPoint.0022', outcome: 'refused' });
    expect(await failure(b.transport.call(READ))).toMatchObject({ status: undefined, retryAfterSeconds: about(30) });
    expect(await failure(b.transport.call(WRITE))).toMatchObject({ status: undefined, retryAfterSeconds: about(30) });
  });

  it('a caller waits for the end of a short pause, and gets the error of upstream when that takes too long', async () => {
    const store = await client();
    const [a, b] = [replica(store), replica(store)];
    let left = 1;
    answer = (_request, response) => {
      if (left-- > 0) response.writeHead(429).end();
      else response.end('{}');
    };
    await a.transport.call(READ);
    expect(hits).toHaveLength(2);
    expect(a.reported).toEqual(['read waited']);
    left = 100;
    const error = await failure(b.transport.call(READ, { deadlineMs: 900 }));
    expect(error).toMatchObject({ kind: 'throttled', outcome: 'refused', status: 429 });
    expect(error.retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(hits).toHaveLength(3);
  });
});

describe('Redis unavailable', () => {
  it('each replica uses its own part, and the shared budget again afterwards', async () => {
    const own = await startRedis();
    cleanups.push(() => own.stop());
    const store = await clientOf(own.url);
    const { transport, reported } = replica(store, { write: 0.05 });
    await transport.call(WRITE);
    await own.kill();
    // A part of its own, twice as long, of which nothing is used yet.
    await transport.call(WRITE);
    expect(await failure(transport.call(WRITE))).toMatchObject({ outcome: 'not_sent', retryAfterSeconds: about(40) });
    expect(reported).toEqual(['write refused']);
    await own.restartEmpty();
    await vi.waitFor(() => expect(store.health.available).toBe(true), { timeout: 9_000 });
    await transport.call(WRITE);
    expect(await store.commands.exists('vpcep-gateway:{p}:budget:write')).toBe(1);
  });

  it('a Redis that hangs delays one caller by half a second, and the next ones not at all', async () => {
    const own = await startRedis();
    cleanups.push(() => own.stop());
    const { commands, health } = await clientOf(own.url);
    let asked = 0;
    const counted = new Proxy(commands, {
      get: (target, name) => {
        if (name === 'evalsha') asked++;
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    // Too few for any to be fetched ahead: each call asks Redis while it answers.
    const { transport } = replica({ commands: counted, health }, { read: 18 });
    await transport.call(READ);
    own.pause();
    asked = 0;
    await transport.call(READ);
    for (let i = 0; i < 5; i++) await transport.call(READ);
    own.resume();
    expect(asked).toBe(1);
  });

  it('a pause that upstream asked for goes on', async () => {
    const own = await startRedis();
    cleanups.push(() => own.stop());
    const { transport } = replica(await clientOf(own.url));
    answer = (_request, response) => response.writeHead(429, { 'retry-after': '30' }).end();
    await failure(transport.call(READ));
    await own.kill();
    expect(await failure(transport.call(READ))).toMatchObject({ status: undefined, outcome: 'not_sent' });
    expect(hits).toHaveLength(1);
  });

  it('without Redis the budget belongs to this process', async () => {
    const { transport } = replica(null, { write: 0.05 });
    await transport.call(WRITE);
    expect(await failure(transport.call(WRITE, { deadlineMs: 1_000 }))).toMatchObject({ retryAfterSeconds: about(20) });
  });
});

it('polls that hang take no connections of callers', async () => {
  const { transport } = replica(null);
  answer = () => undefined;
  const callers = times(100, () => new AbortController());
  const polls = callers.map(({ signal }) => isDone(transport.call(READ, { ...POLL, signal })));
  while (hits.length < 16) await new Promise(setImmediate);
  answer = (_request, response) => response.end('{}');
  await transport.call(READ);
  expect(hits).toHaveLength(17);
  for (const caller of callers) caller.abort();
  expect(await Promise.all(polls)).toEqual(times(100, () => false));
});

describe('a host that fails', () => {
  let ahead: number;
  let states: BreakerState[];
  const connect = (): Replica => {
    ahead = 0;
    states = [];
    // The breaker's time passes only when the test says so.
    const clock: Clock = { now: () => ahead, elapsed: () => ahead };
    const breaker = () => new HostBreaker({ clock, random: () => 0, onChange: (state) => states.push(state) });
    return replica(null, {}, { breaker, sleep: () => Promise.resolve() });
  };

  it('gets no calls after ten failures, until one probe is answered', async () => {
    const { transport, reported } = connect();
    answer = (_request, response) => response.writeHead(503).end();
    await Promise.all(times(10, () => failure(transport.call(READ, { deadlineMs: 5_000 }))));
    expect(states).toEqual(['open']);
    const before = hits.length;
    for (const request of [READ, WRITE]) {
      expect(await failure(transport.call(request))).toMatchObject({
        kind: 'unavailable',
        outcome: 'not_sent',
        retryable: true,
        status: undefined,
        retryAfterSeconds: 4,
      });
    }
    expect(hits).toHaveLength(before);
    expect(reported).toEqual([]);
    ahead = 4_000;
    answer = () => undefined;
    const gone = new AbortController();
    const probe = isDone(transport.call(READ, { signal: gone.signal }));
    while (hits.length === before) await new Promise(setImmediate);
    expect(await failure(transport.call(READ))).toMatchObject({ kind: 'unavailable', outcome: 'not_sent' });
    gone.abort();
    await probe;
    ahead = 12_000;
    answer = (_request, response) => response.end('{}');
    await transport.call(READ);
    await transport.call(READ);
    expect(states).toEqual(['open', 'halfOpen', 'open', 'halfOpen', 'closed']);
  });

  it('keeps the error of upstream when the breaker opens between two attempts', async () => {
    const { transport } = connect();
    answer = (_request, response) => response.writeHead(502).end();
    for (let i = 0; i < 9; i++) await failure(transport.call(WRITE));
    const before = hits.length;
    expect(await failure(transport.call(READ))).toMatchObject({ status: 502, retryAfterSeconds: 4 });
    expect(hits).toHaveLength(before + 1);
  });

  it('silence and lost connections count, refusals do not', async () => {
    const { transport } = connect();
    answer = (_request, response) => response.writeHead(404).end();
    await Promise.all(times(30, () => failure(transport.call(READ))));
    expect(states).toEqual([]);
    answer = () => undefined;
    await Promise.all(times(30, () => failure(transport.call(READ, { deadlineMs: 1_200 }))));
    expect(states).toEqual(['open']);
  });
});

/** How many limiter scripts the server has run. */
async function scriptCalls({ commands }: LimiterStore): Promise<number> {
  const stats = await (commands as Redis).info('commandstats');
  return [...stats.matchAll(/cmdstat_(?:eval|evalsha):calls=(\d+)/g)].reduce(
    (sum, [, calls]) => sum + Number(calls),
    0,
  );
}
