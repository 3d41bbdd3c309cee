/** What goes over the wire, and what is known when nothing comes back. Real sockets, servers that misbehave. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { pino } from 'pino';
import { Pool } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { createMetrics } from '../../../src/observability/metrics.ts';
import { UnreachableHosts } from '../../../src/observability/unreachable-hosts.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { Secret } from '../../../src/shared/secret.ts';
import type { UpstreamRequest } from '../../../src/vpcep/http/request.ts';
import { CredentialGuard, type Pass } from '../../../src/vpcep/signing/credential-guard.ts';
import { type CredentialSource, fixedCredential } from '../../../src/vpcep/signing/credentials.ts';
import { sign } from '../../../src/vpcep/signing/signature.ts';
import { Transport, type TransportOptions } from '../../../src/vpcep/transport/transport.ts';
import { failure } from '../upstream-failure.ts';

const KEY = { kind: 'aksk', ak: 'FAKEACCESSKEY', sk: new Secret('fake-secret-for-tests') } as const;
const READ: UpstreamRequest = {
  operation: 'ListEndpoints',
  method: 'GET',
  projectId: 'p',
  segments: ['v1', 'p', 'vpc-endpoints'],
};
const WRITE: UpstreamRequest = { ...READ, operation: 'CreateEndpoint', method: 'POST', body: { a: 'ü' } };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(handler: RequestListener): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function connect(baseUrl: string, options: Partial<TransportOptions> = {}): Transport {
  const transport = new Transport({
    target: () => ({ baseUrl, credential: fixedCredential(KEY) }),
    sleep: () => Promise.resolve(),
    random: () => 0,
    ...options,
  });
  cleanups.push(() => transport.close());
  return transport;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('what is sent', () => {
  test('exactly what was signed: path, query, headers and bytes', async () => {
    const arrived: { url: string; headers: IncomingMessage['headers']; body: Buffer }[] = [];
    const { url } = await listen((request, response) => {
      void bodyOf(request).then((body) => {
        arrived.push({ url: request.url ?? '', headers: request.headers, body });
        response.end('{}');
      });
    });
    const segments = ['v1', 'p', 'a/b c', "ü!*'()%2F"];
    await connect(`${url}/base/`).call({
      ...WRITE,
      segments,
      query: [
        ['z', '+ &'],
        ['a', 'ü'],
        ['a', ''],
      ],
    });
    const [{ headers, body, ...sent }] = arrived as [(typeof arrived)[number]];
    expect(sent.url).toBe('/base/v1/p/a%2Fb%20c/%C3%BC%21%2A%27%28%29%252F?a=&a=%C3%BC&z=%2B%20%26');
    expect(body.equals(Buffer.from('{"a":"ü"}'))).toBe(true);

    const [path = '', query = ''] = sent.url.split('?');
    const list = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
    expect(list).toBe('content-type;host;x-project-id;x-sdk-date');
    const expected = sign(
      {
        method: 'POST',
        host: headers.host ?? '',
        path,
        query,
        headers: [['content-type', headers['content-type'] ?? '']],
        projectId: String(headers['x-project-id']),
        body,
      },
      KEY,
      String(headers['x-sdk-date']),
    );
    expect(headers.authorization).toBe(expected.authorization);
  });

  test('a temporary key sends its token; an IAM token replaces the signature', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const { url } = await listen((request, response) => {
      seen.push(request.headers);
      response.end('{}');
    });
    const transport = connect(url);
    await transport.call(READ, { credential: fixedCredential({ ...KEY, securityToken: new Secret('fake-session') }) });
    await transport.call(READ, { credential: fixedCredential({ kind: 'token', token: new Secret('fake-token') }) });
    expect(seen[0]).toMatchObject({ 'x-security-token': 'fake-session' });
    expect(seen[1]).toMatchObject({ 'x-auth-token': 'fake-token' });
    expect(seen[1]).not.toHaveProperty('authorization');
  });

  test('connections are kept and shared', async () => {
    const sockets = new Set<unknown>();
    const { url } = await listen((request, response) => {
      sockets.add(request.socket);
      response.end('{}');
    });
    const transport = connect(url);
    for (let call = 0; call < 10; call += 1) await transport.call(READ);
    // undici frees a socket a moment after the answer, so a caller in a hurry may open a second one.
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  test('redirects are not followed', async () => {
    let hits = 0;
    const { url } = await listen((_request, response) => {
      hits += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await failure(connect(url).call(READ))).toMatchObject({ kind: 'malformed', status: 302 });
    expect(hits).toBe(1);
  });
});

describe('whether it can have arrived', () => {
  test('no listener: not sent, and a write is repeated', async () => {
    const { url, server } = await listen(() => undefined);
    server.close();
    await once(server, 'close');
    const attempts: unknown[] = [];
    const transport = connect(url, { observe: ({ attempt, outcome }) => attempts.push([attempt, outcome]) });
    expect(await failure(transport.call(WRITE))).toMatchObject({
      kind: 'connection',
      outcome: 'not_sent',
      retryable: true,
    });
    expect(attempts).toEqual([1, 2, 3, 4].map((attempt) => [attempt, 'not_sent']));
  });

  test('the name does not resolve', async () => {
    const dispatcher = connect('http://vpcep.invalid', { deadlineMs: 5_000 });
    expect(await failure(dispatcher.call(WRITE))).toMatchObject({ outcome: 'not_sent' });
  });

  test('TLS fails', async () => {
    const plain = createTcpServer((socket) => socket.end('no TLS here\r\n'));
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    cleanups.push(() => plain.close());
    const url = `https://127.0.0.1:${(plain.address() as AddressInfo).port}`;
    expect(await failure(connect(url).call(WRITE))).toMatchObject({ kind: 'connection', outcome: 'not_sent' });
  });

  test('cut after the request was read: open for a write, once; a read goes on trying', async () => {
    let hits = 0;
    const { url } = await listen((request) => {
      hits += 1;
      request.socket.destroy();
    });
    const transport = connect(url, { guard: acceptAll() });
    expect(await failure(transport.call(WRITE))).toMatchObject({
      kind: 'connection',
      outcome: 'unknown',
      retryable: false,
    });
    expect(hits).toBe(1);
    expect(await failure(transport.call(READ))).toMatchObject({
      kind: 'connection',
      outcome: 'refused',
      retryable: true,
    });
    expect(hits).toBe(5);
  });

  test('cut within the answer', async () => {
    const { url } = await listen((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"id"', () => request.socket.destroy());
    });
    expect(await failure(connect(url).call(WRITE))).toMatchObject({ kind: 'connection', outcome: 'unknown' });
  });

  test('still waiting for a connection when the deadline ends: not sent, and never sent later', async () => {
    let hits = 0;
    let release: () => void = () => undefined;
    const { url, server } = await listen((_request, response) => {
      hits += 1;
      release = () => response.end('{}');
    });
    // One socket, taken by the first call.
    const pool = new Pool(url, { connections: 1, pipelining: 1 });
    cleanups.push(() => pool.close());
    const transport = connect(url, { dispatcher: () => pool, guard: acceptAll() });
    const first = transport.call(READ);
    await once(server, 'request');
    expect(await failure(transport.call(WRITE, { deadlineMs: 50 }))).toMatchObject({
      kind: 'timeout',
      outcome: 'not_sent',
    });
    release();
    await first;
    const third = transport.call(READ);
    await once(server, 'request');
    release();
    await third;
    expect(hits).toBe(2);
  });
});

describe('whether the host can be reached', () => {
  const unreachable = () =>
    new UnreachableHosts({ logger: pino({ level: 'silent' }), metrics: createMetrics(), elapsed: systemClock.elapsed });

  test('a timeout counts, unless the call gave up within a second', async () => {
    const { url } = await listen(() => undefined);
    const hosts = unreachable();
    const transport = connect(url, { hosts, guard: acceptAll() });
    for (let i = 0; i < 2; i++) await failure(transport.call(READ, { deadlineMs: 50 }));
    await failure(transport.call(READ, { signal: AbortSignal.timeout(50) }));
    expect(hosts.reason).toBeNull();
    await Promise.all([1, 2].map(() => failure(transport.call(WRITE, { deadlineMs: 1_100 }))));
    expect(hosts.reason).toBe(`unreachable: ${new URL(url).host} (timeout)`);
  });

  test.each([
    ['an error', (response: ServerResponse) => void response.writeHead(503).end()],
    ['too much', (response: ServerResponse) => void response.end('x'.repeat(2_000))],
  ])('%s is an answer', async (_, respond) => {
    const { url } = await listen((_request, response) => respond(response));
    const hosts = unreachable();
    const closed = { code: 'ECONNREFUSED', timedOut: false, sent: false, attempt: 1 };
    hosts.at(url).failed(closed, systemClock.elapsed());
    await failure(connect(url, { hosts, maxBodyBytes: 1_000 }).call(READ));
    expect(hosts.reason).toBeNull();
  });

  test('a closed transport says nothing about the host', async () => {
    const hosts = unreachable();
    const { url } = await listen((_request, response) => response.end('{}'));
    const transport = new Transport({ target: () => ({ baseUrl: url, credential: fixedCredential(KEY) }), hosts });
    await transport.call(READ);
    await transport.close();
    expect(await failure(transport.call(READ))).toMatchObject({ kind: 'connection', outcome: 'not_sent' });
    expect(hosts.reason).toBeNull();
  });
});

describe('limits', () => {
  test('one deadline for all attempts', async () => {
    const { url } = await listen(() => undefined);
    const begin = performance.now();
    expect(await failure(connect(url).call(READ, { deadlineMs: 150 }))).toMatchObject({
      kind: 'timeout',
      retryable: true,
    });
    expect(performance.now() - begin).toBeLessThan(2_000);
    expect(await failure(connect(url).call(WRITE, { deadlineMs: 50 }))).toMatchObject({
      kind: 'timeout',
      outcome: 'unknown',
    });
  });

  test('a body beyond the limit is cut off', async () => {
    const { url } = await listen((_request, response) => response.end('x'.repeat(2_000)));
    const error = await failure(connect(url, { maxBodyBytes: 1_000 }).call(READ));
    expect(error).toMatchObject({ kind: 'malformed' });
    expect(String(error.cause)).toContain('too_large');
  });

  test('a caller that leaves cancels its read at once', async () => {
    const leave = new AbortController();
    const { url } = await listen((request) => {
      gone = once(request.socket, 'close');
      leave.abort();
    });
    let gone: Promise<unknown> | undefined;
    expect(await failure(connect(url).call(READ, { signal: leave.signal }))).toMatchObject({
      kind: 'connection',
      retryable: false,
    });
    await gone;
    expect(await failure(connect(url).call(READ, { signal: leave.signal }))).toMatchObject({ outcome: 'not_sent' });
  });

  test('a caller that leaves does not end a write that is on its way', async () => {
    const leave = new AbortController();
    const { url } = await listen((_request, response) => {
      leave.abort();
      setImmediate(() => response.end('{"id":"e-1"}'));
    });
    expect(await connect(url).call(WRITE, { signal: leave.signal })).toMatchObject({ text: '{"id":"e-1"}' });
  });

  test('a caller that leaves between two attempts gets the last failure', async () => {
    const leave = new AbortController();
    let hits = 0;
    const { url } = await listen((_request, response) => {
      hits += 1;
      response.writeHead(503).end();
    });
    const sleep = (): Promise<void> => {
      leave.abort();
      return Promise.resolve();
    };
    expect(await failure(connect(url, { sleep }).call(READ, { signal: leave.signal }))).toMatchObject({ status: 503 });
    expect(hits).toBe(1);
  });
});

describe('credentials', () => {
  test.each<[string, CredentialSource | undefined, string]>([
    ['none configured', undefined, 'none is configured'],
    ['a source that breaks', { get: () => Promise.reject(new Error('fake-secret')) }, 'reading them failed'],
  ])('%s: nothing is sent', async (_what, credential, why) => {
    const { url } = await listen(() => expect.unreachable());
    const transport = connect(url, {
      target: () => ({ baseUrl: url, ...(credential === undefined ? {} : { credential }) }),
    });
    const error = await failure(transport.call(READ));
    expect(error).toMatchObject({ kind: 'auth', outcome: 'not_sent', message: expect.stringContaining(why) });
    expect(`${error.message}${String(error.cause)}`).not.toContain('fake-secret');
  });

  test('calls of each project go to its own host', async () => {
    const paths: string[] = [];
    const one = await listen((request, response) => {
      paths.push(`one${request.url ?? ''}`);
      response.end('{}');
    });
    const two = await listen((request, response) => {
      paths.push(`two${request.url ?? ''}`);
      response.end('{}');
    });
    const target = (projectId: string) => ({
      baseUrl: projectId === 'p' ? one.url : two.url,
      credential: fixedCredential(KEY),
    });
    const transport = connect('http://unused.invalid', { target });
    await transport.call(READ);
    await transport.call({ ...READ, projectId: 'q', segments: ['v1', 'q'] });
    expect(paths).toEqual(['one/v1/p/vpc-endpoints', 'two/v1/q']);
  });

  test('the date in the answer to a wrong key does not correct the clock', async () => {
    const dates: unknown[] = [];
    const { url } = await listen((request, response) => {
      dates.push(request.headers['x-sdk-date']);
      response
        .writeHead(401, { date: 'Sun, 06 Nov 1994 08:49:37 GMT' })
        .end('{"error_code":"APIGW.0301","error_msg":"wrong"}');
    });
    const now = Date.UTC(2025, 0, 2, 3, 4, 5);
    const time = { at: 0 };
    const transport = connect(url, { clock: { now: () => now, elapsed: () => time.at } });
    await failure(transport.call(READ));
    time.at += 60_000;
    await failure(transport.call(READ));
    expect(dates).toEqual(['20250102T030405Z', '19941106T084937Z', '20250102T030405Z', '19941106T084937Z']);
  });
});

/** For tests of other things, in which a key would stay untried because no answer ever comes. */
function acceptAll(): NonNullable<TransportOptions['guard']> {
  return new (class extends CredentialGuard {
    override enter(): Promise<Pass> {
      return Promise.resolve({ report: () => undefined });
    }
  })(systemClock);
}
