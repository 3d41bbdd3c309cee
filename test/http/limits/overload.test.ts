import { afterEach, describe, expect, it } from 'vitest';
import { overSse, overWebSocket } from '../../support/every-transport.ts';
import { type FakeGateway, post, startFakeGateway, stopFakeGateways } from '../../support/fake-gateway.ts';
import { statusEvent } from '../../support/fake-status-feed.ts';
import { SocketClient } from '../../support/socket-client.ts';

afterEach(stopFakeGateways);

const MOST = 4;
const NEW = 'subscription { endpointStatus(id: "ep-1") { status } }';
const RESUMED = 'subscription ($after: String) { endpointStatus(id: "ep-1", after: $after) { status } }';
const CURSOR = '0123456789ab:1';
const REFUSED = { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: 1 };
const read = (id: string): string => `{ vpcEndpoint(id: "${id}") { id } }`;

async function readiness(url: string): Promise<unknown> {
  const response = await fetch(`${url}/readyz`);
  return [response.status, await response.json()];
}

/** So many reads that wait for upstream. */
async function fill(gateway: FakeGateway, count: number) {
  const release = gateway.calls.hold();
  const running = [];
  for (let n = 0; n < count; n++) {
    const arrival = gateway.calls.arrival();
    running.push(post(gateway.url, read(`ep-${n}`)));
    await arrival;
  }
  return { running, release };
}

async function multipart(url: string, query: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', accept: 'multipart/mixed;subscriptionSpec=1.0' };
  return fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
}

describe('overload', () => {
  it.each([true, false])(
    'refuses new operations at once, with 503 and Retry-After (fast path: %s)',
    async (fastPath) => {
      const gateway = await startFakeGateway({ options: { maxOperations: MOST, fastPath } });
      const { url, calls } = gateway;
      // From its second answer on the fast path is taken.
      for (let n = 0; n < 3; n++) expect((await post(url, read('ep-1'))).status).toBe(200);
      const { running, release } = await fill(gateway, MOST);
      const before = calls.calls.length;
      for (const query of [read('ep-9'), 'mutation { deleteVpcEndpoint(input: { id: "ep-1" }) { statusCursor } }']) {
        const { status, headers, errors } = await post(url, query);
        expect([status, headers.get('retry-after')]).toEqual([503, '1']);
        expect(errors).toMatchObject([{ extensions: REFUSED }]);
      }
      expect(calls.calls).toHaveLength(before);
      release();
      for (const { status } of await Promise.all(running)) expect(status).toBe(200);
      expect((await post(url, read('ep-9'))).status).toBe(200);
    },
  );

  it('refuses new subscriptions on every transport, and answers what their clients repeat', async () => {
    const gateway = await startFakeGateway({ options: { maxOperations: MOST } });
    const { release } = await fill(gateway, MOST);
    for (const ask of [overWebSocket, overSse]) {
      expect(await ask(gateway.url, { query: NEW })).toMatchObject({ errors: [{ extensions: REFUSED }] });
    }
    const refused = await multipart(gateway.url, NEW);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: REFUSED }] });
    release();
  });

  it('delivers to open subscriptions, and admits those that resume', async () => {
    const gateway = await startFakeGateway({ options: { maxOperations: MOST } });
    const { url, feed } = gateway;
    const client = new SocketClient(url);
    await client.init();
    const opened = feed.arrival();
    client.subscribe('open', NEW);
    const open = await opened;
    const { release } = await fill(gateway, MOST);
    open.push(statusEvent({ rawStatus: 'accepted' }));
    expect(await client.next()).toMatchObject({
      id: 'open',
      payload: { data: { endpointStatus: { status: 'ACCEPTED' } } },
    });
    const resumed = feed.arrival();
    client.send({ id: 'resumed', type: 'subscribe', payload: { query: RESUMED, variables: { after: CURSOR } } });
    (await resumed).push(statusEvent({ rawStatus: 'rejected' }));
    expect(await client.next()).toMatchObject({ id: 'resumed', type: 'next' });
    // Without a place in a log the same document is a new subscription, which can need calls to upstream.
    for (const after of [null, 'restart', 'no cursor']) {
      client.send({ id: 'new', type: 'subscribe', payload: { query: RESUMED, variables: { after } } });
      expect(await client.next()).toMatchObject({ id: 'new', type: 'error', payload: [{ extensions: REFUSED }] });
    }
    const headers = { accept: 'text/event-stream', 'last-event-id': CURSOR, 'apollo-require-preflight': 'true' };
    const reconnected = feed.arrival();
    const stream = await fetch(`${url}/graphql/stream?${new URLSearchParams({ query: NEW })}`, { headers });
    expect((await reconnected).request).toMatchObject({ after: CURSOR });
    await stream.body?.cancel();
    client.close();
    release();
  });

  it('fails readiness from the first refusal until a quarter is free again', async () => {
    const gateway = await startFakeGateway({ options: { maxOperations: MOST } });
    const { url, logs } = gateway;
    const { running, release } = await fill(gateway, MOST);
    expect(await readiness(url)).toEqual([200, { status: 'ok' }]);
    await post(url, read('ep-9'));
    const reasons = { overload: `${MOST} operations are under way, which is the most` };
    expect(await readiness(url)).toEqual([503, { status: 'unavailable', reasons }]);
    release();
    await Promise.all(running);
    expect(await readiness(url)).toEqual([200, { status: 'ok' }]);
    const told = logs.map(({ msg }) => msg).filter((msg) => /overload/.test(String(msg)));
    expect(told).toEqual(['overload: new operations are refused', 'the overload is over']);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain(
      'vpcep_gateway_rate_limited_total{what="overload"} 1',
    );
  });
});
