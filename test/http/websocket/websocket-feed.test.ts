import { createClient } from 'graphql-ws';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { UpstreamError } from '../../../src/vpcep/errors/upstream-error.ts';
import { endpointsIn } from '../../../src/watch/resources/watched-endpoints.ts';
import { CursorError } from '../../../src/watch/watch.ts';
import { startFakeGateway, stopFakeGateways } from '../../support/fake-gateway.ts';
import { statusEvent } from '../../support/fake-status-feed.ts';
import { SocketClient } from '../../support/socket-client.ts';

afterEach(stopFakeGateways);

const WATCH = `subscription Watch($id: ID!, $after: String, $until: StatusUntil) {
  endpointStatus(id: $id, after: $after, until: $until) {
    kind status rawStatus previousStatus version cursor more settled observedAt faults { message } endpoint { id ip status projectId } } }`;
const WATCH_ALL =
  'subscription ($ids: [ID!], $after: String) { projectEndpointStatus(ids: $ids, after: $after) { endpointId more } }';

/** A gateway and a socket that subscribes as '1', and what its subscription follows. */
async function watch(query: string, variables: Record<string, unknown> = {}) {
  const gateway = await startFakeGateway();
  const client = new SocketClient(gateway.url);
  await client.init();
  const arrival = gateway.feed.arrival();
  client.subscribe('1', query, variables);
  return { ...gateway, client, follower: await arrival };
}

describe('endpointStatus', () => {
  it('sends every event in order and ends with the feed', async () => {
    const { metrics, client, follower } = await watch(WATCH, { id: 'ep-1', after: 'c-0', until: 'SETTLED' });
    expect(follower.request).toEqual({
      set: endpointsIn('project-1'),
      scope: { kind: 'one', id: 'ep-1' },
      after: 'c-0',
      until: 'SETTLED',
      follower: expect.any(Function),
    });
    follower.push(statusEvent());
    const faults = [{ code: 'EndPoint.2003', message: 'no address left' }];
    follower.push(
      statusEvent({
        kind: 'TRANSITION',
        rawStatus: 'failed',
        previousRawStatus: 'creating',
        version: 2 ** 53 - 1,
        cursor: 'c-2',
        fields: { ip: '10.0.0.9', faults },
      }),
    );
    expect(await client.next()).toEqual({
      id: '1',
      type: 'next',
      payload: {
        data: {
          endpointStatus: {
            kind: 'SNAPSHOT',
            status: 'CREATING',
            rawStatus: 'creating',
            previousStatus: null,
            version: 1_700_000_000_000_000,
            cursor: 'cursor-1',
            more: false,
            settled: false,
            observedAt: '2023-11-14T22:13:20.123Z',
            faults: [],
            endpoint: { id: 'ep-1', ip: null, status: 'CREATING', projectId: 'project-1' },
          },
        },
      },
    });
    expect(await client.next()).toMatchObject({
      payload: {
        data: {
          endpointStatus: {
            status: 'FAILED',
            previousStatus: 'CREATING',
            version: 2 ** 53 - 1,
            settled: true,
            faults: [{ message: 'no address left' }],
            endpoint: { ip: '10.0.0.9', status: 'FAILED' },
          },
        },
      },
    });
    expect(await metrics.registry.getSingleMetricAsString('vpcep_gateway_subscriptions_active')).toMatch(/active 1$/);
    await follower.return();
    expect(await client.next()).toEqual({ id: '1', type: 'complete' });
    expect(await metrics.registry.getSingleMetricAsString('vpcep_gateway_subscriptions_active')).toMatch(/active 0$/);
    client.close();
  });

  it('has no endpoint after its deletion, and passes unknown words on', async () => {
    const { client, follower } = await watch(WATCH, { id: 'ep-1' });
    expect(follower.request.until).toBe('DELETED');
    expect(follower.request).not.toHaveProperty('after');
    follower.push(statusEvent({ rawStatus: 'migrating' }));
    follower.push(statusEvent({ kind: 'TRANSITION', rawStatus: 'deleted', previousRawStatus: 'migrating' }));
    expect(await client.next()).toMatchObject({
      payload: { data: { endpointStatus: { status: 'UNKNOWN', rawStatus: 'migrating', settled: false } } },
    });
    expect(await client.next()).toMatchObject({
      payload: {
        data: { endpointStatus: { status: 'DELETED', previousStatus: 'UNKNOWN', settled: true, endpoint: null } },
      },
    });
    client.close();
  });

  it.each(['complete', 'close', 'terminate'] as const)(
    'lets go of the feed at once on %s, with no event pending',
    async (way) => {
      const { feed, metrics, client, follower } = await watch(WATCH, { id: 'ep-1' });
      follower.push(statusEvent());
      await client.next();
      const departure = feed.departure();
      if (way === 'complete') {
        client.send({ type: 'complete', id: '1' });
      } else {
        client[way]();
      }
      await departure;
      expect(follower.ended).toBe(true);
      client.close();
      await client.closed;
      await expect
        .poll(() => metrics.registry.getSingleMetricAsString('vpcep_gateway_subscriptions_active'))
        .toMatch(/active 0$/);
      await expect
        .poll(() => metrics.registry.getSingleMetricAsString('vpcep_gateway_websockets_open'))
        .toMatch(/open 0$/);
    },
  );

  it('releases a feed that opens after its subscriber has left', async () => {
    const { url, feed } = await startFakeGateway();
    const client = new SocketClient(url);
    await client.init();
    const departure = feed.departure();
    client.subscribe('1', WATCH, { id: 'ep-1' });
    client.send({ type: 'complete', id: '1' });
    await departure;
    client.close();
  });

  it('works with the graphql-ws client', async () => {
    const { url, feed } = await startFakeGateway();
    const client = createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const arrival = feed.arrival();
    const events = client.iterate<{ endpointStatus: { status: string } }>({ query: WATCH, variables: { id: 'ep-1' } });
    const first = events.next();
    (await arrival).push(statusEvent({ rawStatus: 'pendingAcceptance' }));
    expect((await first).value?.data?.endpointStatus.status).toBe('PENDING_ACCEPTANCE');
    const departure = feed.departure();
    await events.return?.();
    await departure;
    await client.dispose();
  });
});

describe('projectEndpointStatus', () => {
  it('watches the whole project, or each named endpoint once', async () => {
    const { feed, client, follower } = await watch(WATCH_ALL);
    expect(follower.request).toEqual({
      set: endpointsIn('project-1'),
      scope: { kind: 'all' },
      follower: expect.any(Function),
    });
    follower.push(statusEvent({ more: true }));
    expect(await client.next()).toMatchObject({
      payload: { data: { projectEndpointStatus: { endpointId: 'ep-1', more: true } } },
    });
    const arrival = feed.arrival();
    client.subscribe('2', WATCH_ALL, { ids: ['a', 'b', 'a'], after: 'c-9' });
    expect((await arrival).request).toEqual({
      set: endpointsIn('project-1'),
      scope: { kind: 'some', ids: new Set(['a', 'b']) },
      after: 'c-9',
      follower: expect.any(Function),
    });
    client.close();
  });
});

describe('errors of feeds', () => {
  const missing = () =>
    new UpstreamError({
      kind: 'not_found',
      outcome: 'refused',
      message: 'Endpoint not found',
      retryable: false,
      status: 404,
    });

  it.each([
    ['a feed that cannot start', missing, 'NOT_FOUND'],
    ['a malformed cursor', () => new CursorError('after is not a cursor of this gateway'), 'BAD_USER_INPUT'],
    ['an unexpected fault', () => new Error('secret'), 'INTERNAL_SERVER_ERROR'],
  ])('reports %s', async (_name, make, code) => {
    const { url, feed } = await startFakeGateway();
    const client = new SocketClient(url);
    await client.init();
    feed.failNext(make());
    client.subscribe('1', WATCH, { id: 'ep-1' });
    const answer = await client.next();
    expect(answer).toMatchObject({ type: 'next', payload: { errors: [{ extensions: { code } }] } });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(await client.next()).toEqual({ id: '1', type: 'complete' });
    client.close();
  });

  it.each([
    ['a feed that breaks', missing, 'NOT_FOUND'],
    ['an unexpected fault in a feed', () => new Error('secret'), 'INTERNAL_SERVER_ERROR'],
  ])('reports %s', async (_name, make, code) => {
    const { metrics, client, follower } = await watch(WATCH, { id: 'ep-1' });
    follower.push(statusEvent());
    await client.next();
    follower.fail(make());
    const answer = await client.next();
    expect(answer).toMatchObject({ id: '1', type: 'error', payload: [{ extensions: { code } }] });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(await metrics.registry.getSingleMetricAsString('vpcep_gateway_subscriptions_active')).toMatch(/active 0$/);
    client.close();
  });

  it.each([
    ['id', WATCH, { id: 'a b' }],
    ['after', WATCH, { id: 'a', after: '' }],
    ['ids', WATCH_ALL, { ids: Array.from({ length: 101 }, (_, index) => `ep-${index}`) }],
    ['ids', WATCH_ALL, { ids: [] }],
  ])('refuses a faulty %s before the feed is opened', async (path, query, variables) => {
    const { url, feed } = await startFakeGateway();
    const client = new SocketClient(url);
    await client.init();
    client.subscribe('1', query, variables);
    expect(await client.next()).toMatchObject({
      payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path }] } }] },
    });
    expect(feed.followers).toEqual([]);
    client.close();
  });
});
