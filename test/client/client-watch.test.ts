/** The client helper over real sockets, against a feed that the tests push into. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import {
  connect,
  FeedError,
  watch,
  watchConnections,
  watchEndpoint,
  watchProject,
  watchService,
} from '../../src/client/client.ts';
import { EventLogUnavailableError } from '../../src/events/event-log.ts';
import { UpstreamError } from '../../src/vpcep/errors/upstream-error.ts';
import { connectionsOf } from '../../src/watch/resources/watched-connections.ts';
import { endpointsIn } from '../../src/watch/resources/watched-endpoints.ts';
import { servicesIn } from '../../src/watch/resources/watched-services.ts';
import { CursorError } from '../../src/watch/watch.ts';
import { deferred } from '../support/deferred.ts';
import { type FakeGateway, startFakeGateway, stopFakeGateways } from '../support/fake-gateway.ts';
import { statusEvent } from '../support/fake-status-feed.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

let gateway: FakeGateway;
let proxy: TcpProxy;
let client: ReturnType<typeof connect>;

beforeEach(async () => {
  // No jitter: attempts follow at once.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  gateway = await startFakeGateway();
  proxy = await startTcpProxy(Number(new URL(gateway.url).port));
  client = connect({ url: `http://127.0.0.1:${proxy.port}/graphql`, webSocketImpl: WebSocket });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await proxy.close();
  await stopFakeGateways();
});

/** The events of one subscription, and the feed of each of its attempts. */
async function start(events: AsyncIterableIterator<{ cursor: string } | null>) {
  const arrival = gateway.feed.arrival();
  const first = events.next();
  return { first, follower: await arrival };
}

const event = (n: number, more = false) => statusEvent({ kind: 'TRANSITION', cursor: `c-${n}`, version: n, more });
const member = (endpointId: string, more: boolean, kind: 'SNAPSHOT' | 'RESYNC' = 'SNAPSHOT') =>
  statusEvent({ kind, id: endpointId, more, cursor: more ? 'restart' : `c-${endpointId}` });

it('subscribes at the first next(), and resumes behind the last event after a disconnect', async () => {
  const events = watchEndpoint(client, { id: 'ep-1', after: 'c-0', until: 'SETTLED' });
  expect(proxy.connections).toBe(0);
  const { first, follower } = await start(events);
  expect(follower.request).toMatchObject({ after: 'c-0', until: 'SETTLED', scope: { kind: 'one', id: 'ep-1' } });
  follower.push(event(1));
  expect((await first).value).toMatchObject({ kind: 'TRANSITION', cursor: 'c-1', endpoint: { id: 'ep-1' } });

  const arrival = gateway.feed.arrival();
  proxy.cut();
  const second = await arrival;
  expect(second.request).toMatchObject({ after: 'c-1', until: 'SETTLED' });
  second.push(event(2));
  expect((await events.next()).value).toMatchObject({ cursor: 'c-2' });
  await second.return();
  expect(await events.next()).toEqual({ done: true, value: undefined });
  expect(await events.next()).toEqual({ done: true, value: undefined });
});

it.each([
  [
    servicesIn('project-1'),
    { kind: 'one', id: 's1' },
    (given: ReturnType<typeof connect>) => watchService(given, { id: 's1', after: 'c-0' }),
    { endpointServiceId: 's1', status: 'AVAILABLE', service: { id: 's1', serviceName: 'shop' } },
  ],
  [
    connectionsOf('project-1', 's1'),
    { kind: 'all' },
    (given: ReturnType<typeof connect>) => watchConnections(given, { endpointServiceId: 's1', after: 'c-0' }),
    { endpointServiceId: 's1', endpointId: 's1', connection: { endpointId: 's1', domainId: 'd' } },
  ],
] as const)('follows services and connections in the same way (%#)', async (set, scope, follow, shown) => {
  const { log } = set;
  const fields = { serviceName: 'shop', domainId: 'd' };
  const moved = (n: number) =>
    statusEvent({ kind: 'TRANSITION', id: 's1', log, rawStatus: 'available', cursor: `c-${n}`, version: n, fields });
  const events: AsyncIterableIterator<{ cursor: string } | null> = follow(client);
  const { first, follower } = await start(events);
  expect(follower.request).toMatchObject({ set, scope, after: 'c-0' });
  follower.push(moved(1));
  expect((await first).value).toMatchObject({ kind: 'TRANSITION', rawStatus: 'available', cursor: 'c-1', ...shown });

  const arrival = gateway.feed.arrival();
  proxy.cut();
  const second = await arrival;
  expect(second.request).toMatchObject({ set, scope, after: 'c-1' });
  second.push(moved(2));
  expect((await events.next()).value).toMatchObject({ cursor: 'c-2' });
  await second.return();
  expect(await events.next()).toEqual({ done: true, value: undefined });
});

it('discards an incomplete set, and passes on the next whole one', async () => {
  const events = watchProject(client);
  const { first, follower } = await start(events);
  let received = 0;
  client.on('message', (message) => {
    if (message.type === 'next') received++;
  });
  follower.push(member('a', true));
  follower.push(member('b', true));
  await expect.poll(() => received).toBe(2);
  const arrival = gateway.feed.arrival();
  proxy.cut();
  const second = await arrival;
  expect(second.request).toEqual({
    set: endpointsIn('project-1'),
    scope: { kind: 'all' },
    follower: expect.any(Function),
  });
  for (const [id, more] of [
    ['a', true],
    ['c', false],
  ] as const)
    second.push(member(id, more));
  const seen = [(await first).value, (await events.next()).value];
  expect(seen).toMatchObject([
    { kind: 'SNAPSHOT', endpointId: 'a', more: true },
    { kind: 'SNAPSHOT', endpointId: 'c', more: false },
  ]);
  const third = gateway.feed.arrival();
  proxy.cut();
  expect((await third).request.after).toBe('c-c');
  await events.return?.();
});

it('passes on a RESYNC set unchanged', async () => {
  const events = watchProject(client, { after: 'c-0' });
  const { first, follower } = await start(events);
  follower.push(member('a', true, 'RESYNC'));
  follower.push(member('b', false, 'RESYNC'));
  follower.push(event(7));
  expect([(await first).value, (await events.next()).value, (await events.next()).value]).toMatchObject([
    { kind: 'RESYNC', endpointId: 'a' },
    { kind: 'RESYNC', endpointId: 'b' },
    { kind: 'TRANSITION', cursor: 'c-7' },
  ]);
  await events.return?.();
});

it('unsubscribes when the buffer is full, and resumes behind its last event', async () => {
  const events = watchEndpoint(client, { id: 'ep-1' }, { buffer: 2 });
  const { first, follower } = await start(events);
  const departure = gateway.feed.departure();
  for (const n of [1, 2, 3, 4, 5]) follower.push(event(n));
  await first;
  await departure;
  const kept: unknown[] = [];
  // Reading beyond the buffer resumes the feed.
  const arrival = gateway.feed.arrival();
  const reading = (async () => {
    for await (const { cursor } of events) {
      kept.push(cursor);
      if (cursor === 'c-9') break;
    }
  })();
  const second = await arrival;
  expect(kept).toEqual(['c-2', 'c-3'].slice(0, kept.length));
  expect(second.request.after).toBe(kept.at(-1));
  second.push(event(9));
  await reading;
  expect(kept.at(-1)).toBe('c-9');
  expect(new Set(kept).size).toBe(kept.length);
});

describe('return()', () => {
  it('unsubscribes and closes the socket with an event pending', async () => {
    const events = watchEndpoint(client, { id: 'ep-1' });
    const { first, follower } = await start(events);
    const departure = gateway.feed.departure();
    await events.return?.();
    expect(await first).toEqual({ done: true, value: undefined });
    await departure;
    expect(follower.ended).toBe(true);
    await expect
      .poll(() => gateway.metrics.registry.getSingleMetricAsString('vpcep_gateway_websockets_open'))
      .toMatch(/open 0$/);
  });

  it('also after a reconnection, and while it waits for the next attempt', async () => {
    const events = watchEndpoint(client, { id: 'ep-1' });
    const { first } = await start(events);
    const again = gateway.feed.arrival();
    proxy.cut();
    await again;
    const departure = gateway.feed.departure();
    await events.return?.();
    expect(await first).toEqual({ done: true, value: undefined });
    await departure;
    await expect
      .poll(() => gateway.metrics.registry.getSingleMetricAsString('vpcep_gateway_websockets_open'))
      .toMatch(/open 0$/);

    await proxy.close();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const freed = await new Promise<number>((resolve) => {
      const waiting = watchEndpoint(
        client,
        { id: 'ep-1' },
        {
          onTrouble: () => {
            const before = timers();
            void waiting.return?.();
            resolve(before - timers());
          },
        },
      );
      void waiting.next();
    });
    expect(freed).toBe(1);
    proxy = await startTcpProxy(1);
  });
});

describe('the feed ends on', () => {
  it('GraphQL errors that are not retryable', async () => {
    gateway.feed.failNext(new CursorError('after: not a cursor of this gateway'));
    const malformed = watchEndpoint(client, { id: 'ep-1', after: 'x' });
    await expect(malformed.next()).rejects.toMatchObject({
      name: 'FeedError',
      code: 'BAD_USER_INPUT',
      message: 'after: not a cursor of this gateway',
    });
    expect(await malformed.next()).toEqual({ done: true, value: undefined });
    gateway.feed.failNext(
      new UpstreamError({ kind: 'not_found', outcome: 'refused', message: 'gone', retryable: false, status: 404 }),
    );
    await expect(watchEndpoint(client, { id: 'ep-1' }).next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(gateway.feed.followers).toEqual([]);
  });

  it('no retryable GraphQL error', async () => {
    gateway.feed.failNext(new EventLogUnavailableError('away'));
    const troubles: unknown[] = [];
    const events = watchEndpoint(client, { id: 'ep-1' }, { onTrouble: (cause) => troubles.push(cause) });
    const { first, follower } = await start(events);
    expect(troubles).toMatchObject([[{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }]]);
    follower.push(event(1));
    expect((await first).value).toMatchObject({ cursor: 'c-1' });
    // A running feed that fails goes on behind its last event.
    const arrival = gateway.feed.arrival();
    follower.fail(new EventLogUnavailableError('away again'));
    expect((await arrival).request.after).toBe('c-1');
    await events.return?.();
  });

  it('an unreachable gateway, after `retries` attempts', async () => {
    await proxy.close();
    const events = watchEndpoint(client, { id: 'ep-1' }, { retries: 1 });
    await expect(events.next()).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringMatching(/^The gateway cannot be reached: connect ECONNREFUSED/),
    });
    proxy = await startTcpProxy(1);
  });

  it.each([
    [4400, true],
    [4401, true],
    [4409, true],
    [1009, true],
    [1012, false],
    [1013, false],
    [4403, false],
    [4500, false],
  ])('close code %i: %s', async (code, fatal) => {
    const server = new WebSocketServer({ port: 0, handleProtocols: () => 'graphql-transport-ws' });
    await once(server, 'listening');
    let connections = 0;
    server.on('connection', (socket) => {
      const second = ++connections > 1;
      socket.on('message', (data) => {
        const message: { type: string; id: string } = JSON.parse(String(data));
        if (message.type === 'connection_init') socket.send('{"type":"connection_ack"}');
        else if (second) socket.send(JSON.stringify({ type: 'complete', id: message.id }));
        else socket.close(code, 'because');
      });
    });
    const { port } = server.address() as AddressInfo;
    const events = watchEndpoint(connect({ url: `ws://127.0.0.1:${port}`, webSocketImpl: WebSocket }), { id: 'ep-1' });
    if (fatal) {
      const error = await events.next().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(FeedError);
      expect(error).toMatchObject({
        code: String(code),
        message: `The gateway closed the connection: ${code} because`,
        cause: { code },
      });
    } else {
      expect((await events.next()).done).toBe(true);
    }
    expect(connections).toBe(fatal ? 1 : 2);
    server.close();
  });

  it('an invalid URL, and a document that cannot be resumed', () => {
    expect(() => connect({ url: 'localhost:4000', webSocketImpl: WebSocket })).toThrow(/url must be like ws:/);
    for (const query of [
      'subscription { endpointStatus(id: "1") { cursor } }',
      'subscription ($after: String) { endpointStatus(id: "1", after: $after) { status } }',
    ]) {
      expect(() => watch(client, { query })).toThrow(/must declare \$after/);
    }
  });
});

describe('GraphQL errors without a code, as a federating gateway sends them when it loses this one', () => {
  const lost = { message: 'connect ECONNREFUSED 127.0.0.1:4000' };
  const refused = { message: 'no', extensions: { code: 'FORBIDDEN', retryable: false } };

  /** A gateway between: one event for each subscription, then the end of the first with `errors`. */
  async function start(form: 'next' | 'error', errors: readonly object[]) {
    const server = new WebSocketServer({ port: 0, handleProtocols: () => 'graphql-transport-ws' });
    await once(server, 'listening');
    const afters: unknown[] = [];
    server.on('connection', (socket) => {
      socket.on('message', (data) => {
        const { type, id, payload } = JSON.parse(String(data));
        const send = (message: object) => socket.send(JSON.stringify(message));
        if (type === 'connection_init') send({ type: 'connection_ack' });
        if (type !== 'subscribe') return;
        const cursor = `c-${afters.push(payload.variables.after)}`;
        send({ id, type: 'next', payload: { data: { endpointStatus: { cursor } } } });
        if (afters.length > 1) send({ id, type: 'complete' });
        else if (form === 'error') send({ id, type: 'error', payload: errors });
        else {
          send({ id, type: 'next', payload: { errors } });
          send({ id, type: 'complete' });
        }
      });
    });
    const { port } = server.address() as AddressInfo;
    const url = `ws://127.0.0.1:${port}`;
    return { client: connect({ url, webSocketImpl: WebSocket }), afters, close: () => server.close() };
  }

  it.each(['next', 'error'] as const)('are retried with `retryUncoded` (%s)', async (form) => {
    const { client, afters, close } = await start(form, [lost, lost]);
    const seen: string[] = [];
    for await (const { cursor } of watchEndpoint(client, { id: 'ep-1' }, { retryUncoded: true })) seen.push(cursor);
    expect(seen).toEqual(['c-1', 'c-2']);
    expect(afters).toEqual([undefined, 'c-1']);
    close();
  });

  it.each([
    ['by default', [lost], {}, 'UNKNOWN'],
    ['beside an error with a code', [refused, lost], { retryUncoded: true }, 'FORBIDDEN'],
    ['beyond `retries`', [lost], { retryUncoded: true, retries: 0 }, 'UNKNOWN'],
  ] as const)('end the feed %s', async (_when, errors, options, code) => {
    const { client, afters, close } = await start('next', errors);
    const events = watchEndpoint(client, { id: 'ep-1' }, options);
    expect((await events.next()).value).toEqual({ cursor: 'c-1' });
    await expect(events.next()).rejects.toMatchObject({ code, message: expect.stringContaining(lost.message) });
    expect(afters).toHaveLength(1);
    close();
  });
});

it('detects a dead connection that was not closed', async () => {
  client = connect({ url: `ws://127.0.0.1:${proxy.port}/graphql`, webSocketImpl: WebSocket, keepAlive: 200 });
  const events = watchEndpoint(client, { id: 'ep-1' });
  const { first } = await start(events);
  const arrival = gateway.feed.arrival();
  proxy.freeze();
  (await arrival).push(event(1));
  expect((await first).value).toMatchObject({ cursor: 'c-1' });
  await events.return?.();
});

it('retries at once when the browser is online again', async () => {
  const browser = new EventTarget();
  vi.stubGlobal('addEventListener', browser.addEventListener.bind(browser));
  vi.stubGlobal('removeEventListener', browser.removeEventListener.bind(browser));
  vi.spyOn(Math, 'random').mockReturnValue(1_000_000);
  try {
    const waiting = deferred();
    const events = watchEndpoint(client, { id: 'ep-1' }, { onTrouble: () => waiting.resolve() });
    const { first } = await start(events);
    proxy.cut();
    await waiting.promise;
    const arrival = gateway.feed.arrival();
    browser.dispatchEvent(new Event('online'));
    (await arrival).push(event(1));
    expect((await first).value).toMatchObject({ cursor: 'c-1' });
    await events.return?.();
  } finally {
    vi.unstubAllGlobals();
  }
});

it('shares one attempt among all subscriptions of a client', async () => {
  vi.restoreAllMocks();
  const feeds = ['a', 'b', 'c', 'd'].map((id) => watchEndpoint(client, { id }));
  const nexts = feeds.map((feed) => feed.next());
  await expect.poll(() => gateway.feed.followers.length).toBe(4);
  proxy.cut();
  await expect.poll(() => gateway.feed.followers.length).toBe(8);
  expect(proxy.connections).toBe(2);
  await Promise.all(feeds.map((feed) => feed.return?.()));
  await Promise.all(nexts);
});

it('a refused feed leaves others of the client open, also when its last messages come in one chunk', async () => {
  // The ids of subscriptions are drawn.
  vi.restoreAllMocks();
  const server = new WebSocketServer({ port: 0, handleProtocols: () => 'graphql-transport-ws' });
  server.on('connection', (socket, { socket: chunks }) => {
    let other = '';
    socket.on('message', (data) => {
      const { id, type, payload } = JSON.parse(String(data));
      const next = (to: string, result: object) =>
        socket.send(JSON.stringify({ id: to, type: 'next', payload: result }));
      if (type === 'connection_init') socket.send(JSON.stringify({ type: 'connection_ack' }));
      if (type !== 'subscribe') return;
      if (payload.variables.id === 'ep-1') {
        other = id;
        next(id, { data: { endpointStatus: { cursor: 'c-1' } } });
        return;
      }
      if (payload.variables.id === 'ep-3') {
        next(other, { data: { endpointStatus: { cursor: 'c-2' } } });
        return;
      }
      chunks.cork();
      next(id, { data: null, errors: [{ message: 'missing', extensions: { code: 'NOT_FOUND' } }] });
      socket.send(JSON.stringify({ id, type: 'complete' }));
      chunks.uncork();
    });
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const both = connect({ url: `ws://127.0.0.1:${port}/graphql`, webSocketImpl: WebSocket });
  const open = watchEndpoint(both, { id: 'ep-1' });
  expect((await open.next()).value).toEqual({ cursor: 'c-1' });
  const second = open.next();
  await expect(watchEndpoint(both, { id: 'ep-2' }).next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const third = watchEndpoint(both, { id: 'ep-3' });
  void third.next();
  expect(await second).toEqual({ done: false, value: { cursor: 'c-2' } });
  await Promise.all([open.return?.(), third.return?.()]);
  server.close();
});
