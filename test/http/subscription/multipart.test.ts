/** Subscriptions as multipart answers to POST /graphql, part by part. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UnauthenticatedError } from '../../../src/auth/authenticator.ts';
import { EventLogUnavailableError } from '../../../src/events/event-log.ts';
import { CursorError } from '../../../src/watch/watch.ts';
import { type FakeGateway, startFakeGateway, stopFakeGateways } from '../../support/fake-gateway.ts';
import { statusEvent } from '../../support/fake-status-feed.ts';

let gateway: FakeGateway;

beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(stopFakeGateways);

const WATCH = 'subscription Watch($id: ID!, $after: String) { endpointStatus(id: $id, after: $after) { status } }';
/** As Apollo's server documents it, and as Apollo Client sends it. */
const ACCEPT = 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0",application/json';
const APOLLO_ACCEPT = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json;q=0.9';

function post(body: unknown, accept = ACCEPT): Promise<Response> {
  return fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(body),
  });
}

/** The parts of an answer; each comes as soon as it has been sent, and the last one is followed by an end. */
async function* partsOf(response: Response): AsyncGenerator<unknown> {
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    const pieces = text.split('\r\n--graphql');
    text = pieces.pop() ?? '';
    for (const piece of pieces) {
      if (piece === '') continue;
      const [head, json = ''] = piece.split('\r\n\r\n');
      expect(head).toBe('\r\ncontent-type: application/json');
      yield JSON.parse(json);
    }
  }
  expect(text).toBe('--\r\n');
}

async function rest(response: Response): Promise<unknown[]> {
  const parts: unknown[] = [];
  for await (const part of partsOf(response)) parts.push(part);
  return parts;
}

const metric = (name: string) => gateway.metrics.registry.getSingleMetricAsString(name);
const idle = async () => {
  await expect.poll(() => metric('vpcep_gateway_subscriptions_active')).toMatch(/active 0$/);
  await expect.poll(() => metric('vpcep_gateway_event_streams_open')).toMatch(/open 0$/);
};

it.each([ACCEPT, APOLLO_ACCEPT])('sends every event in a part of its own, and an end (%s)', async (accept) => {
  const arrival = gateway.feed.arrival();
  const asking = post({ query: WATCH, variables: { id: 'ep-1', after: 'c-0' } }, accept);
  const follower = await arrival;
  expect(follower.request).toMatchObject({ after: 'c-0', scope: { kind: 'one', id: 'ep-1' } });
  const response = await asking;
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  const parts = partsOf(response);
  follower.push(statusEvent());
  expect((await parts.next()).value).toEqual({ payload: { data: { endpointStatus: { status: 'CREATING' } } } });
  follower.push(statusEvent({ rawStatus: 'accepted' }));
  expect((await parts.next()).value).toEqual({ payload: { data: { endpointStatus: { status: 'ACCEPTED' } } } });
  expect(await metric('vpcep_gateway_subscriptions_active')).toMatch(/active 1$/);
  await follower.return();
  expect(await parts.next()).toEqual({ done: true, value: undefined });
  await idle();
  expect(gateway.logs).toContainEqual(
    expect.objectContaining({ operation: 'Watch', type: 'subscription', events: 2, msg: 'operation' }),
  );
});

it('reports a refused feed in the payload, and a broken one as an error of the stream', async () => {
  gateway.feed.failNext(new CursorError('after: not a cursor'));
  expect(await rest(await post({ query: WATCH, variables: { id: 'ep-1' } }))).toMatchObject([
    { payload: { errors: [{ message: 'after: not a cursor', extensions: { code: 'BAD_USER_INPUT' } }] } },
  ]);
  expect(await rest(await post({ query: WATCH }))).toMatchObject([
    { payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] } },
  ]);
  const arrival = gateway.feed.arrival();
  const asking = post({ query: WATCH, variables: { id: 'ep-1' } });
  (await arrival).fail(new EventLogUnavailableError('away'));
  expect(await rest(await asking)).toMatchObject([
    { payload: null, errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }] },
  ]);
  await idle();
});

it('ends streams with a retryable error when the gateway stops', async () => {
  await stopFakeGateways();
  // Longer than this test may take: nothing waits for connections to be given up.
  gateway = await startFakeGateway({ options: { drainMs: 120_000 } });
  const arrival = gateway.feed.arrival();
  const asking = post({ query: WATCH, variables: { id: 'ep-1' } });
  const follower = await arrival;
  const response = await asking;
  await gateway.http.close();
  expect(await rest(response)).toMatchObject([
    { payload: null, errors: [{ message: expect.stringContaining('last cursor'), extensions: { retryable: true } }] },
  ]);
  expect(follower.ended).toBe(true);
});

it('sends a heartbeat while there are no events', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const arrival = gateway.feed.arrival();
    const asking = post({ query: WATCH, variables: { id: 'ep-1' } });
    const follower = await arrival;
    const parts = partsOf(await asking);
    vi.advanceTimersByTime(12_000);
    expect((await parts.next()).value).toEqual({});
    await follower.return();
    expect((await parts.next()).done).toBe(true);
    await idle();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it('releases the feed at once when the client leaves', async () => {
  const arrival = gateway.feed.arrival();
  const asking = post({ query: WATCH, variables: { id: 'ep-1' } });
  await arrival;
  const departure = gateway.feed.departure();
  await (await asking).body?.cancel();
  await departure;
  await idle();
  const requests = await metric('vpcep_gateway_http_requests_total');
  expect(requests).toContain('{route="/graphql",status="200"} 1');
  expect(requests).not.toContain('aborted');
  // Its lifetime is not the duration of a request.
  expect(await metric('vpcep_gateway_http_request_duration_seconds')).not.toContain('route="/graphql"');
});

it('answers all but subscriptions as JSON, and names the ways to subscribe', async () => {
  gateway.calls.add('ep-1');
  const query = await post({ query: '{ vpcEndpoint(id: "ep-1") { id } }' });
  expect(query.headers.get('content-type')).toContain('json');
  expect(await query.json()).toEqual({ data: { vpcEndpoint: { id: 'ep-1' } } });
  for (const body of [
    { query: 'subscription { no }' },
    { query: '{' },
    { query: 7 },
    [],
    { query: WATCH, variables: [] },
  ]) {
    const answer = (await (await post(body)).json()) as { errors: unknown[] };
    expect(answer.errors).toHaveLength(1);
  }
  for (const accept of ['application/json', 'multipart/mixed;deferSpec=20220824,application/json']) {
    const plain = await post({ query: WATCH, variables: { id: 'ep-1' } }, accept);
    expect(plain.status).toBe(400);
    const { errors } = (await plain.json()) as { errors: { message: string }[] };
    expect(errors[0]?.message).toMatch(
      /WebSocket.*Server-Sent Events at \/graphql\/stream.*multipart\/mixed;subscriptionSpec=1.0/,
    );
  }
  expect(gateway.feed.followers).toEqual([]);
});

it('authenticates before it parses the document', async () => {
  await stopFakeGateways();
  gateway = await startFakeGateway({
    trusted: { mode: 'log', documents: new Map() },
    authenticate: async () => {
      throw new UnauthenticatedError('Who is it?');
    },
  });
  const answer = await post({ query: WATCH, variables: { id: 'ep-1' } });
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  expect((await post({ query: '{' })).status).toBe(401);
  // No document was parsed before.
  expect(gateway.logs.filter(({ sha256 }) => sha256 !== undefined)).toEqual([]);
});
