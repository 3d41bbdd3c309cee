import { once } from 'node:events';
import { get, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ANONYMOUS } from '../../src/auth/identity.ts';
import { deferred } from '../support/deferred.ts';
import { post, startFakeGateway, stopFakeGateways } from '../support/fake-gateway.ts';

afterEach(stopFakeGateways);

const QUERY = JSON.stringify({ query: '{ vpcEndpoint(id: "ep-1") { id } }' });

interface Answer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** fetch keeps Host and Origin to itself. */
function send(url: string, method: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

function sendQuery(url: string, headers: Record<string, string>): Promise<Answer> {
  return send(`${url}/graphql`, 'POST', { 'content-type': 'application/json', ...headers }, QUERY);
}

describe('origins', () => {
  it('accepts no origin, its own origin and listed ones', async () => {
    const { url, calls } = await startFakeGateway();
    const listed = 'https://console.example';
    expect((await sendQuery(url, {})).headers['access-control-allow-origin']).toBeUndefined();
    expect((await sendQuery(url, { origin: url })).headers['access-control-allow-origin']).toBe(url);
    const answer = await sendQuery(url, { origin: listed });
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': listed,
      vary: 'Origin',
      'cache-control': 'no-store',
    });
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    expect(calls.calls).toHaveLength(3);
  });

  it('refuses requests without an Origin that another site made a browser send', async () => {
    const { url, feed } = await startFakeGateway();
    const query = encodeURIComponent('subscription { projectEndpointStatus { kind } }');
    const ask = async (path: string, site: string, mode: string): Promise<number | undefined> => {
      const headers = { accept: 'text/event-stream', 'sec-fetch-site': site, 'sec-fetch-mode': mode };
      const request = get(`${url}${path}`, { headers });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.destroy();
      return response.statusCode;
    };
    const stream = `/graphql/stream?query=${query}`;
    expect(await ask(stream, 'cross-site', 'no-cors')).toBe(403);
    expect(await ask(stream, 'same-site', 'no-cors')).toBe(403);
    expect(feed.followers).toEqual([]);
    expect(await ask('/', 'cross-site', 'navigate')).toBe(200);
    expect(await ask(stream, 'same-origin', 'cors')).toBe(200);
  });

  it('uses the host and scheme that a proxy forwards only when the proxy is trusted', async () => {
    const forwarded = { 'x-forwarded-host': 'api.example', 'x-forwarded-proto': 'https' };
    const loopback = { address: '127.0.0.1', family: 'ipv4', prefix: 32 } as const;
    const { url } = await startFakeGateway({ options: { trustedProxies: [loopback] } });
    const status = async (headers: Record<string, string>) => (await sendQuery(url, headers)).status;
    expect(await status({ ...forwarded, origin: 'https://api.example' })).toBe(200);
    expect(await status({ ...forwarded, origin: 'http://api.example' })).toBe(403);
    expect(await status({ ...forwarded, origin: url })).toBe(403);
    // A page whose name was pointed here comes from loopback as well: what it says of its host must not help.
    expect(await status({ host: 'rebound.example', 'x-forwarded-host': '127.0.0.1' })).toBe(421);
    const plain = await startFakeGateway();
    expect((await sendQuery(plain.url, { ...forwarded, origin: 'https://api.example' })).status).toBe(403);
  });

  it.each([
    'null',
    'https://evil.example',
    'https://console.example.evil.example',
    'http://console.example',
    'http://127.0.0.1:1',
  ])('refuses %s before anything runs', async (origin) => {
    const { url, calls } = await startFakeGateway();
    const answer = await sendQuery(url, { origin });
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(calls.calls).toEqual([]);
  });

  describe('a preflight', () => {
    const asking = (headers: string, origin = 'https://console.example') => ({
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': headers,
    });

    it.each([
      'authorization,content-type',
      'baggage,sentry-trace,traceparent',
      'apollographql-client-name,x-apollo-operation-id',
      'X-Of-A-Company',
    ])('grants an allowed origin %s, and may be cached', async (names) => {
      const { url } = await startFakeGateway();
      const answer = await send(`${url}/graphql`, 'OPTIONS', asking(names));
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': 'https://console.example',
        'access-control-allow-headers': names.split(',').join(', '),
        'access-control-max-age': '7200',
        vary: 'Origin, Access-Control-Request-Headers',
      });
      expect(answer.headers['access-control-allow-methods']).toContain('POST');
    });

    it('grants only what is the name of a header', async () => {
      const { url } = await startFakeGateway();
      const answer = await send(`${url}/graphql`, 'OPTIONS', asking('*, é, a b, "x", <script>, ,traceparent,'));
      expect(answer.headers['access-control-allow-headers']).toBe('traceparent');
      const none = await send(`${url}/graphql`, 'OPTIONS', asking(''));
      expect(none.headers['access-control-allow-headers']).toBeUndefined();
    });

    it.each(['/graphql', '/graphql/stream', '/livez'])('to %s grants a foreign origin nothing', async (path) => {
      const { url } = await startFakeGateway();
      const answer = await send(url + path, 'OPTIONS', asking('traceparent', 'https://evil.example'));
      expect(answer.status).toBe(403);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    });
  });
});

describe('Host header without authentication', () => {
  it('refuses a name that was pointed at this machine', async () => {
    const { url, calls } = await startFakeGateway();
    const answer = await sendQuery(url, { host: 'rebound.example', origin: 'http://rebound.example' });
    expect(answer.status).toBe(421);
    expect(answer.body).toContain('ALLOWED_ORIGINS');
    expect(calls.calls).toEqual([]);
  });

  it.each(['localhost:4000', '127.0.0.1', '127.9.9.9:80', '[::1]:4000', 'console.example', 'LOCALHOST'])(
    'takes %s',
    async (host) => {
      const { url } = await startFakeGateway();
      expect((await sendQuery(url, { host })).status).toBe(200);
    },
  );

  it('answers probes under any name, and everything once callers authenticate', async () => {
    const { url } = await startFakeGateway();
    expect((await send(`${url}/livez`, 'GET', { host: '10.0.0.5:4000' })).status).toBe(200);
    expect((await send(`${url}/metrics`, 'GET', { host: '10.0.0.5:4000' })).status).toBe(421);
    const other = await startFakeGateway({ options: { checkHost: false } });
    expect((await sendQuery(other.url, { host: 'gateway.example' })).status).toBe(200);
  });
});

describe('methods, paths and bodies', () => {
  it('answers 404 and 405 as JSON', async () => {
    const { url } = await startFakeGateway();
    const nothing = await fetch(`${url}/admin`);
    expect([nothing.status, await nothing.json()]).toMatchObject([
      404,
      { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
    ]);
    const put = await fetch(`${url}/graphql`, { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST, OPTIONS']);
    const posted = await fetch(`${url}/livez`, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('refuses simple requests, which any page can send', async () => {
    const { url, calls } = await startFakeGateway();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      expect((await send(`${url}/graphql`, 'POST', { 'content-type': type }, QUERY)).status).toBe(415);
    }
    const get = await fetch(`${url}/graphql?query=${encodeURIComponent('{ vpcEndpoint(id: "a") { id } }')}`);
    expect(get.status).toBe(400);
    expect(calls.calls).toEqual([]);
  });

  it('refuses a body beyond 1 MiB, announced or not', async () => {
    const { url, calls } = await startFakeGateway();
    const body = JSON.stringify({ query: `{ __typename } # ${'x'.repeat(1024 * 1024)}` });
    const announced = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(announced.status).toBe(413);
    const { hostname, port } = new URL(url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname);
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(text));
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
      socket.write(
        'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
      );
      for (let sent = 0; sent <= 1024 * 1024; sent += 0x10000) {
        socket.write(chunk);
      }
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(calls.calls).toEqual([]);
  });

  it('takes a body of just under 1 MiB', async () => {
    const { url } = await startFakeGateway();
    const unused = 'x'.repeat(1024 * 1024 - 200);
    expect((await post(url, '{ __typename }', { unused })).data).toEqual({ __typename: 'Query' });
  });

  it('does not take a batch', async () => {
    const { url } = await startFakeGateway();
    const answer = await send(`${url}/graphql`, 'POST', { 'content-type': 'application/json' }, `[${QUERY}]`);
    expect(answer.status).toBe(400);
  });

  it('ends upstream calls of a caller that has left', async () => {
    const { url, calls } = await startFakeGateway();
    const release = calls.hold();
    const arrival = calls.arrival();
    const gone = new AbortController();
    const pending = fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: QUERY,
      signal: gone.signal,
    });
    await arrival;
    const { signal } = calls.calls[0] ?? {};
    expect(signal?.aborted).toBe(false);
    const aborted = new Promise((resolve) => signal?.addEventListener('abort', () => resolve(undefined)));
    gone.abort();
    await expect(pending).rejects.toThrow();
    await aborted;
    release();
  });

  it('starts nothing for a client that has left during its authentication', async () => {
    const asked = deferred<void>();
    const known = deferred<void>();
    const authenticate = async () => {
      asked.resolve();
      await known.promise;
      return ANONYMOUS;
    };
    const { url, calls, metrics } = await startFakeGateway({ authenticate });
    const gone = new AbortController();
    const headers = { 'content-type': 'application/json' };
    const pending = fetch(`${url}/graphql`, { method: 'POST', headers, body: QUERY, signal: gone.signal });
    await asked.promise;
    gone.abort();
    await expect(pending).rejects.toThrow();
    await expect.poll(() => metrics.registry.metrics()).toContain('status="aborted"} 1');
    known.resolve();
    expect((await post(url, '{ __typename }')).status).toBe(200);
    expect(calls.calls).toEqual([]);
  });
});
