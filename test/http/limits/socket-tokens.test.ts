import { createClient } from 'graphql-ws';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { HttpOptions } from '../../../src/http/server.ts';
import { type FakeGateway, startFakeGateway, stopFakeGateways } from '../../support/fake-gateway.ts';
import { statusEvent } from '../../support/fake-status-feed.ts';
import { SocketClient } from '../../support/socket-client.ts';
import { until } from '../../support/until.ts';
import { bearer, TokenDesk } from './token-desk.ts';

afterEach(stopFakeGateways);

const WATCH = 'subscription ($p: ID) { projectEndpointStatus(projectId: $p) { cursor } }';
const HOUR = 3_600_000;

async function start(desk: TokenDesk, options: Partial<HttpOptions> = {}): Promise<FakeGateway> {
  const projectIds = ['project-1', 'project-2'];
  return await startFakeGateway({ authenticator: desk, projectIds, options: { checkHost: false, ...options } });
}

async function connect({ url }: FakeGateway, token: string): Promise<SocketClient> {
  const client = new SocketClient(url);
  await client.init(bearer(token));
  return client;
}

async function asks(client: SocketClient, project: string): Promise<unknown> {
  client.subscribe('q', `{ vpcEndpoint(projectId: "${project}", id: "ep-1") { id } }`);
  const { payload } = await client.next();
  expect(await client.next()).toMatchObject({ type: 'complete', id: 'q' });
  return payload;
}

const MAY = { data: { vpcEndpoint: null } };
const MAY_NOT = { errors: [{ extensions: { code: 'NOT_FOUND' } }] };

describe('a token on a socket', () => {
  it('has its expiry in connection_ack', async () => {
    const desk = new TokenDesk();
    const expiresAt = Date.now() + HOUR;
    desk.issue('a', { expiresAt });
    const client = new SocketClient((await start(desk)).url);
    await client.opened();
    client.send({ type: 'ping', payload: bearer('a') });
    expect(await client.next()).toEqual({ type: 'pong' });
    client.send({ type: 'connection_init', payload: bearer('a') });
    expect(await client.next()).toEqual({
      type: 'connection_ack',
      payload: { expiresAt: new Date(expiresAt).toISOString() },
    });
    client.close();
  });

  it('is refreshed in band, while its socket and subscriptions go on', async () => {
    const desk = new TokenDesk();
    const gateway = await start(desk);
    const [soon, later] = [Date.now() + 2_000, Date.now() + HOUR];
    desk.issue('a', { expiresAt: soon });
    desk.issue('b', { expiresAt: later });
    const client = await connect(gateway, 'a');
    const arrival = gateway.feed.arrival();
    client.subscribe('w', WATCH, { p: 'project-1' });
    const follower = await arrival;
    client.send({ type: 'ping', payload: bearer('b') });
    expect(await client.next()).toEqual({ type: 'pong', payload: { expiresAt: new Date(later).toISOString() } });
    client.send({ type: 'ping', payload: { nothing: 'special' } });
    expect(await client.next()).toEqual({ type: 'pong', payload: { nothing: 'special' } });
    await until(async () => Date.now() > soon + 50, 'the first token has ended');
    follower.push(statusEvent());
    expect(await client.next()).toMatchObject({ id: 'w', type: 'next' });
    expect(await asks(client, 'project-1')).toEqual(MAY);
    client.close();
  });

  it.each([
    ['that is unknown', 'unknown'],
    ['of another caller', 'other'],
  ])('cannot be refreshed with one %s', async (_name, token) => {
    const desk = new TokenDesk();
    desk.issue('a');
    desk.issue('other', { subject: 'eve' });
    const client = await connect(await start(desk), 'a');
    client.send({ type: 'ping', payload: bearer(token) });
    expect(await client.closed).toEqual({ code: 4403, reason: 'Forbidden' });
  });

  it('is kept when a newer one cannot be checked', async () => {
    const desk = new TokenDesk();
    const expiresAt = Date.now() + HOUR;
    desk.issue('a', { expiresAt });
    const gateway = await start(desk);
    const client = await connect(gateway, 'a');
    desk.available = false;
    client.send({ type: 'ping', payload: bearer('b') });
    expect(await client.next()).toEqual({ type: 'pong', payload: { expiresAt: new Date(expiresAt).toISOString() } });
    const other = new SocketClient(gateway.url);
    await other.opened();
    other.send({ type: 'connection_init', payload: bearer('a') });
    expect(await other.closed).toMatchObject({ code: 1013 });
    client.close();
  });

  it('is preceded by a warning, and closes the socket with 4403 on expiry', async () => {
    const desk = new TokenDesk();
    const gateway = await start(desk);
    const expiresAt = Date.now() + 2_000;
    desk.issue('a', { expiresAt });
    const client = await connect(gateway, 'a');
    expect(await client.next()).toEqual({ type: 'ping', payload: { expiresAt: new Date(expiresAt).toISOString() } });
    expect(await client.closed).toEqual({ code: 4403, reason: 'Token expired' });
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
    await expect.poll(() => Object.values(gateway.http.held())).toEqual([0, 0, 0, 0]);
  });

  it('starts no operation on a socket whose client ignores the close', async () => {
    const desk = new TokenDesk();
    const gateway = await start(desk);
    desk.issue('a', { expiresAt: Date.now() + 1_500 });
    desk.issue('b');
    const [deaf, other] = [await connect(gateway, 'a'), await connect(gateway, 'b')];
    deaf.pause();
    await until(async () => gateway.http.held().tokens === 1, 'the token has ended');
    deaf.subscribe('m', 'mutation { deleteVpcEndpoint(input: {id: "ep-1"}) { endpoint { id } } }');
    deaf.subscribe('w', WATCH, { p: 'project-1' });
    expect(await asks(other, 'project-1')).toEqual(MAY);
    expect(gateway.calls.calls).toHaveLength(1);
    expect(gateway.feed.followers).toHaveLength(0);
    deaf.terminate();
    other.close();
  });

  it('is requested again by graphql-ws after it expired', async () => {
    const desk = new TokenDesk();
    const { url, feed } = await start(desk);
    desk.issue('first', { expiresAt: Date.now() + 2_000 });
    desk.issue('second');
    const given = ['first', 'second'];
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: () => bearer(given.shift() ?? ''),
      retryWait: async () => {},
    });
    const arrivals = [feed.arrival(), feed.arrival()];
    const results: unknown[] = [];
    client.subscribe(
      { query: WATCH, variables: { p: 'project-1' } },
      { next: (result) => results.push(result), error: (error) => results.push(error), complete: () => {} },
    );
    await arrivals[0];
    (await arrivals[1])?.push(statusEvent({ cursor: 'after' }));
    await expect.poll(() => results).toEqual([{ data: { projectEndpointStatus: { cursor: 'after' } } }]);
    expect(given).toEqual([]);
    await client.dispose();
  });
});

describe('connected callers', () => {
  it('are re-validated once for all their sockets', async () => {
    const desk = new TokenDesk();
    desk.issue('a');
    const gateway = await start(desk, { recheckMs: 250 });
    const began = performance.now();
    const clients = [await connect(gateway, 'a'), await connect(gateway, 'a'), await connect(gateway, 'a')];
    await until(async () => desk.looks.length >= 4, 'four looks');
    // A fifth of the time is left to chance; a look for each socket would have come to twelve in this time.
    expect(performance.now() - began).toBeGreaterThan(4 * 250 * 0.8 - 10);
    for (const client of clients) client.close();
    await expect.poll(() => gateway.http.held()).toMatchObject({ tokens: 0 });
  });

  it('lose only the feeds that they may no longer read', async () => {
    const desk = new TokenDesk();
    desk.issue('a', { projects: ['project-1', 'project-2'] });
    const gateway = await start(desk, { recheckMs: 100 });
    const client = await connect(gateway, 'a');
    const arrivals = [gateway.feed.arrival(), gateway.feed.arrival()];
    client.subscribe('one', WATCH, { p: 'project-1' });
    const one = await arrivals[0];
    client.subscribe('two', WATCH, { p: 'project-2' });
    const two = await arrivals[1];
    two?.push(statusEvent());
    expect(await client.next()).toMatchObject({ id: 'two', type: 'next' });
    desk.issue('a', { projects: ['project-1'] });
    expect(await client.next()).toMatchObject({
      id: 'two',
      type: 'error',
      payload: [{ extensions: { code: 'NOT_FOUND' } }],
    });
    expect(two?.ended).toBe(true);
    one?.push(statusEvent());
    expect(await client.next()).toMatchObject({ id: 'one', type: 'next' });
    expect(await asks(client, 'project-1')).toEqual(MAY);
    expect(await asks(client, 'project-2')).toMatchObject(MAY_NOT);
    client.close();
  });

  it('are disconnected when their token is revoked', async () => {
    const desk = new TokenDesk();
    desk.issue('a');
    desk.issue('b', { subject: 'bob' });
    const gateway = await start(desk, { recheckMs: 100 });
    const [first, second, other] = [
      await connect(gateway, 'a'),
      await connect(gateway, 'a'),
      await connect(gateway, 'b'),
    ];
    desk.withdraw('a');
    expect(await first.closed).toEqual({ code: 4403, reason: 'Forbidden' });
    expect(await second.closed).toEqual({ code: 4403, reason: 'Forbidden' });
    expect(await asks(other, 'project-1')).toEqual(MAY);
    other.close();
  });

  it('keep their feeds while the identity provider is unreachable, and are re-validated sooner', async () => {
    const desk = new TokenDesk();
    desk.issue('a');
    const gateway = await start(desk, { recheckMs: 200 });
    const client = await connect(gateway, 'a');
    desk.available = false;
    await until(async () => desk.looks.length >= 3, 'some looks');
    expect(await asks(client, 'project-1')).toEqual(MAY);
    desk.withdraw('a');
    desk.available = true;
    expect(await client.closed).toMatchObject({ code: 4403 });
  });
});
