import { request as httpRequest } from 'node:http';
import { createClient } from 'graphql-ws';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { SocketSettings } from '../../../src/config/limits.ts';
import type { HttpOptions } from '../../../src/http/server.ts';
import { type FakeGateway, SOCKETS, startFakeGateway, stopFakeGateways } from '../../support/fake-gateway.ts';
import { SocketClient } from '../../support/socket-client.ts';
import { bearer, TokenDesk } from './token-desk.ts';

afterEach(stopFakeGateways);

const WATCH = 'subscription { projectEndpointStatus { cursor } }';
const TOO_MANY = { code: 4290, reason: 'Too many sockets of this caller' };
const NOTHING = { groups: 0, tokens: 0, callers: 0, places: 0 };

/** With callers: `a` and `b`. */
async function start(sockets: Partial<SocketSettings>, options: Partial<HttpOptions> = {}): Promise<FakeGateway> {
  const desk = new TokenDesk();
  desk.issue('a');
  desk.issue('b', { subject: 'bob' });
  return await startFakeGateway({
    authenticator: desk,
    options: { checkHost: false, ...options, sockets: { ...SOCKETS, ...sockets } },
  });
}

async function connect({ url }: FakeGateway, token = 'a', headers: Record<string, string> = {}): Promise<SocketClient> {
  const client = new SocketClient(url, headers);
  await client.init(bearer(token));
  return client;
}

interface Answer {
  readonly status: number | undefined;
  readonly retryAfter: string | undefined;
  readonly body: Promise<string>;
  close(): void;
}

/** Of a stream, the head alone. */
function open(url: string, method: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      const text = response
        .setEncoding('utf8')
        .toArray()
        .then((parts) => parts.join(''));
      text.catch(() => {});
      const { statusCode: status } = response;
      resolve({ status, retryAfter: response.headers['retry-after'], body: text, close: () => request.destroy() });
    });
    request.on('error', reject);
    request.end(body);
  });
}

function eventStream({ url }: FakeGateway, token = 'a'): Promise<Answer> {
  const address = `${url}/graphql/stream?query=${encodeURIComponent(WATCH)}`;
  return open(address, 'GET', { accept: 'text/event-stream', ...bearer(token) });
}

function multipart({ url }: FakeGateway, token = 'a'): Promise<Answer> {
  const accept = 'multipart/mixed;subscriptionSpec=1.0';
  const headers = { accept, 'content-type': 'application/json', ...bearer(token) };
  return open(`${url}/graphql`, 'POST', headers, JSON.stringify({ query: WATCH }));
}

async function refusedUpgrade({ url }: FakeGateway): Promise<Answer> {
  const { host } = new URL(url);
  return await open(`http://${host}/graphql`, 'GET', {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
    'sec-websocket-protocol': 'graphql-transport-ws',
  });
}

describe('sockets and streams of one address', () => {
  it('are counted from the upgrade on, refused beyond the limit, and released', async () => {
    const gateway = await start({ perAddress: 2 });
    const silent = new SocketClient(gateway.url);
    await silent.opened();
    const client = await connect(gateway);
    const refused = await refusedUpgrade(gateway);
    expect(refused).toMatchObject({ status: 429, retryAfter: '10' });
    expect(JSON.parse(await refused.body)).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: 10 } }],
    });
    expect(await eventStream(gateway)).toMatchObject({ status: 429, retryAfter: '10' });
    expect(await gateway.metrics.text()).toContain('vpcep_gateway_connections_refused_total{reason="address"} 2');
    silent.close();
    await silent.closed;
    await expect.poll(async () => (await eventStream(gateway)).status).toBe(200);
    client.close();
    await gateway.http.close();
    expect(gateway.http.held()).toEqual(NOTHING);
  });

  it('count for the address that a trusted proxy names, not for one that a client claims', async () => {
    const loopback = { address: '127.0.0.1', family: 'ipv4', prefix: 32 } as const;
    const gateway = await start({ perAddress: 1 }, { trustedProxies: [loopback] });
    for (const from of ['198.51.100.1', '198.51.100.2', '2001:db8::1']) {
      await connect(gateway, 'a', { 'x-forwarded-for': from });
      await expect(connect(gateway, 'a', { 'x-forwarded-for': from })).rejects.toThrow('429');
    }
    // Another address of the same network, which is one customer.
    await expect(connect(gateway, 'a', { 'x-forwarded-for': '2001:db8::2' })).rejects.toThrow('429');
    const untrusting = await start({ perAddress: 1 });
    await connect(untrusting, 'a', { 'x-forwarded-for': '198.51.100.1' });
    await expect(connect(untrusting, 'a', { 'x-forwarded-for': '198.51.100.2' })).rejects.toThrow('429');
  });

  it('are not counted on loopback without authentication', async () => {
    const gateway = await start(
      { perAddress: 1, perCaller: 1, messagesPerSecond: 1, messageBurst: 2 },
      { checkHost: true },
    );
    const clients = [await connect(gateway), await connect(gateway), await connect(gateway)];
    for (let n = 0; n < 5; n += 1) clients[0]?.send({ type: 'ping' });
    for (let n = 0; n < 5; n += 1) expect(await clients[0]?.next()).toEqual({ type: 'pong' });
    expect(gateway.http.held()).toMatchObject({ callers: 0, places: 0 });
  });
});

describe('sockets and streams of one caller', () => {
  it('are counted together, and one too many is closed with a code after which clients reconnect', async () => {
    const gateway = await start({ perCaller: 3 });
    const streams = [await eventStream(gateway), await multipart(gateway), await eventStream(gateway)];
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const open of [eventStream, multipart]) {
      expect(await open(gateway)).toMatchObject({ status: 429, retryAfter: '10' });
    }
    const refused = new SocketClient(gateway.url);
    await refused.opened();
    refused.send({ type: 'connection_init', payload: bearer('a') });
    expect(await refused.closed).toEqual(TOO_MANY);
    expect((await connect(gateway, 'b')).received()).toEqual([]);

    const waits: number[] = [];
    const client = createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: bearer('a'),
      lazy: false,
      retryWait: async (retries) => {
        waits.push(retries);
        if (retries === 1) {
          streams[0]?.close();
          await expect.poll(() => gateway.http.held()).toMatchObject({ callers: 2 });
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      },
    });
    await new Promise((resolve) => client.on('connected', resolve));
    expect(waits.slice(0, 2)).toEqual([0, 1]);
    await client.dispose();
    await gateway.http.close();
    expect(gateway.http.held()).toEqual(NOTHING);
  });
});

describe('one socket', () => {
  it('may have so many subscriptions, and stays when one more is refused', async () => {
    const gateway = await start({ subscriptions: 2 });
    const client = await connect(gateway);
    for (const id of ['1', '2', '3']) client.subscribe(id, WATCH);
    expect(await client.next()).toMatchObject({
      id: '3',
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 10 } }],
    });
    client.subscribe('q', '{ __typename }');
    expect(await client.next()).toMatchObject({ id: 'q', type: 'next' });
    expect(await client.next()).toMatchObject({ id: 'q', type: 'complete' });
    const left = gateway.feed.departure();
    client.send({ type: 'complete', id: '1' });
    await left;
    const arrival = gateway.feed.arrival();
    client.subscribe('3', WATCH);
    await arrival;
    expect(gateway.feed.followers).toHaveLength(3);
  });

  it('may send so many messages', async () => {
    const gateway = await start({ messagesPerSecond: 1, messageBurst: 4 });
    const client = await connect(gateway);
    for (let n = 0; n < 10; n += 1) client.subscribe(String(n), WATCH);
    expect(await client.closed).toEqual({ code: 4290, reason: 'Too many messages' });
    expect(gateway.feed.followers.length).toBeLessThanOrEqual(4);
  });

  it('may send so many pings of the protocol beneath', async () => {
    const gateway = await start({ messagesPerSecond: 1, messageBurst: 4 });
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('open', resolve));
    for (let n = 0; n < 10; n += 1) socket.ping();
    expect(await closed).toBe(4290);
  });

  it('may send messages of so many bytes', async () => {
    const client = await connect(await start({ messageBytes: 1_000 }));
    const ping = (length: number) => JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(length) } });
    client.sendText(ping(900));
    expect(await client.next()).toMatchObject({ type: 'pong' });
    client.sendText(ping(1_000));
    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  it('has a time limit for connection_init', async () => {
    const { url } = await start({}, { initMs: 50 });
    expect(await new SocketClient(url).closed).toMatchObject({ code: 4408 });
  });
});
