/** GraphQL over Server-Sent Events at /graphql/stream, message by message. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Authenticator, OPEN_DOOR, UnauthenticatedError } from '../../../src/auth/authenticator.ts';
import { EventLogUnavailableError } from '../../../src/events/event-log.ts';
import { RateLimits } from '../../../src/http/limits/caller-rates.ts';
import { UpstreamError } from '../../../src/vpcep/errors/upstream-error.ts';
import type { FeedRequest } from '../../../src/watch/watch.ts';
import { deferred } from '../../support/deferred.ts';
import { type FakeGateway, SOCKETS, startFakeGateway, stopFakeGateways } from '../../support/fake-gateway.ts';
import { FakeStatusFeed, statusEvent } from '../../support/fake-status-feed.ts';

let gateway: FakeGateway;

beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(stopFakeGateways);

const WATCH = 'subscription Watch($id: ID!) { endpointStatus(id: $id, after: "c-0") { status } }';
const VARIABLES = { id: 'ep-1' };
const UUID = '00000000-0000-4000-8000-000000000001';

const address = (path = '') => `${gateway.url}/graphql/stream${path}`;
const question = (query: string, variables?: unknown) =>
  `?${new URLSearchParams({ query, ...(variables === undefined ? {} : { variables: JSON.stringify(variables) }) })}`;
const events = { accept: 'text/event-stream' };
const json = { 'content-type': 'application/json' };

interface Message {
  readonly event?: string;
  readonly id?: string;
  readonly data?: string;
}

/** The messages of an event stream; what has neither event nor data is left out. */
class Reader {
  readonly response: Response;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #text = '';
  /** Everything read so far. */
  raw = '';

  constructor(response: Response) {
    this.response = response;
    this.#chunks = (response.body as unknown as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  }

  /** Null at the end of the stream. */
  async next(): Promise<Message | null> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end === -1) {
        const { done, value } = await this.#chunks.next();
        if (done === true) return null;
        const text = Buffer.from(value).toString();
        this.raw += text;
        this.#text += text;
        continue;
      }
      const lines = this.#text.slice(0, end).split('\n');
      this.#text = this.#text.slice(end + 2);
      const message = Object.fromEntries(
        lines.map((line) => [line.split(':')[0], line.slice(line.indexOf(':') + 1).trim()]),
      );
      if (message.event !== undefined) return message;
    }
  }

  async leave(): Promise<void> {
    await this.#chunks.return?.();
  }
}

async function open(path: string, headers: Record<string, string> = {}): Promise<Reader> {
  return new Reader(await fetch(address(path), { headers: { ...events, ...headers } }));
}

const metric = (name: string) => gateway.metrics.registry.getSingleMetricAsString(name);
const active = async (count: number) => {
  await expect.poll(() => metric('vpcep_gateway_subscriptions_active')).toMatch(new RegExp(`active ${count}$`));
  await expect.poll(() => metric('vpcep_gateway_event_streams_open')).toMatch(new RegExp(`open ${count}$`));
};

/** Asks for a stream, and breaks the connection before the answer, once `asked`. */
async function leaveOnce(asked: Promise<void>): Promise<void> {
  const leave = new AbortController();
  const answer = fetch(address(question(WATCH, VARIABLES)), { headers: events, signal: leave.signal });
  await asked;
  leave.abort();
  await expect(answer).rejects.toThrow();
  await expect.poll(() => gateway.metrics.text()).toContain('vpcep_gateway_http_requests_in_flight 0');
}

describe('one stream for each operation', () => {
  it('sends every event with its cursor as id, and `complete` at the end', async () => {
    const arrival = gateway.feed.arrival();
    const opening = open(question(WATCH, VARIABLES), { 'x-request-id': 'mine' });
    const follower = await arrival;
    expect(follower.request).toMatchObject({ after: 'c-0', scope: { kind: 'one', id: 'ep-1' } });
    const reader = await opening;
    expect(Object.fromEntries(reader.response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      'x-request-id': 'mine',
    });
    expect(reader.response.headers.get('content-encoding')).toBeNull();
    follower.push(statusEvent({ cursor: 'c-1' }));
    const data = '{"data":{"endpointStatus":{"status":"CREATING"}}}';
    expect(await reader.next()).toEqual({ event: 'next', id: 'c-1', data });
    expect(reader.raw).toMatch(/^retry: \d{3,4}\n\n:\n\n/);
    await active(1);
    follower.push(statusEvent({ cursor: 'c-2', rawStatus: 'accepted' }));
    expect(await reader.next()).toMatchObject({ id: 'c-2' });
    await follower.return();
    expect(await reader.next()).toEqual({ event: 'complete', id: 'complete', data: '' });
    expect(await reader.next()).toBeNull();
    await active(0);
    expect(await metric('vpcep_gateway_graphql_operations_total')).toContain('type="subscription",outcome="ok"} 1');
    expect(await metric('vpcep_gateway_http_requests_total')).toContain('route="/graphql/stream",status="200"} 1');
    expect(gateway.logs).toContainEqual(
      expect.objectContaining({ requestId: 'mine', operation: 'Watch', type: 'subscription', events: 2 }),
    );
  });

  it('resumes behind Last-Event-ID rather than `after`, and answers 204 after "complete"', async () => {
    const arrival = gateway.feed.arrival();
    const opening = open(question(WATCH, VARIABLES), { 'last-event-id': 'c-7' });
    const follower = await arrival;
    expect(follower.request.after).toBe('c-7');
    const departure = gateway.feed.departure();
    await (await opening).leave();
    await departure;
    await active(0);
    const headers = { ...events, 'last-event-id': 'complete' };
    expect((await fetch(address(question(WATCH, VARIABLES)), { headers })).status).toBe(204);
  });

  it('releases a feed that opens after its client has left', async () => {
    await stopFakeGateways();
    const feed = new FakeStatusFeed();
    const found = deferred<void>();
    const asked = deferred<void>();
    const follow = async (request: FeedRequest) => {
      asked.resolve();
      await found.promise;
      return await feed.follow(request);
    };
    gateway = await startFakeGateway({ realFeed: { follow, history: feed.history.bind(feed) } });
    await leaveOnce(asked.promise);
    const departure = feed.departure();
    found.resolve();
    await departure;
    await active(0);
  });

  it('runs nothing for a caller with too many open streams', async () => {
    await stopFakeGateways();
    gateway = await startFakeGateway({ options: { checkHost: false, sockets: { ...SOCKETS, perAddress: 1 } } });
    const create = `mutation { createVpcEndpoint(input: {
      endpointServiceId: "${UUID}", vpcId: "${UUID}", subnetId: "${UUID}" }) { endpoint { id } } }`;
    const ask = () =>
      fetch(address(), { method: 'POST', headers: { ...events, ...json }, body: JSON.stringify({ query: create }) });
    const stream = await open(question(WATCH, VARIABLES));
    expect((await ask()).status).toBe(429);
    expect(gateway.calls.calls).toEqual([]);
    await stream.leave();
    await active(0);
    expect((await fetch(address('?query=%7B'), { headers: { ...events, ...json } })).status).toBe(200);
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('"endpoint":{"id":');
    expect(gateway.http.held()).toMatchObject({ places: 0 });
  });

  it('answers posted queries and mutations, and refuses both by GET', async () => {
    gateway.calls.add('ep-1');
    const post = async (query: string) =>
      new Reader(
        await fetch(address(), { method: 'POST', headers: { ...events, ...json }, body: JSON.stringify({ query }) }),
      );
    const reader = await post('{ vpcEndpoint(id: "ep-1") { id } }');
    expect(await reader.next()).toEqual({ event: 'next', data: '{"data":{"vpcEndpoint":{"id":"ep-1"}}}' });
    expect(await reader.next()).toMatchObject({ event: 'complete' });
    const removed = await (await post('mutation { deleteVpcEndpoint(input: { id: "ep-1" }) { statusCursor } }')).next();
    expect(removed?.data).toMatch(/^{"data":{"deleteVpcEndpoint":{"statusCursor":/);
    for (const query of [
      '{ viewer { projects { id } } }',
      'mutation { deleteVpcEndpoint(input: { id: "x" }) { statusCursor } }',
    ]) {
      const { status, headers } = (await open(question(query))).response;
      expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow: 'POST' });
    }
  });

  it('sends errors like the WebSocket, and lets a browser reconnect after retryable ones only', async () => {
    const errors = async (path: string): Promise<unknown[]> => {
      const reader = await open(path);
      const { data = '' } = (await reader.next()) ?? {};
      const last = await reader.next();
      await reader.leave();
      const [error] = JSON.parse(data).errors;
      return [error.extensions.code, error.extensions.retryable, last?.event ?? null];
    };
    expect(await errors(question('{'))).toEqual(['GRAPHQL_PARSE_FAILED', false, 'complete']);
    expect(await errors(question('subscription { no }'))).toEqual(['GRAPHQL_VALIDATION_FAILED', false, 'complete']);
    expect(await errors(question(WATCH))).toEqual(['BAD_USER_INPUT', false, 'complete']);
    gateway.feed.failNext(
      new UpstreamError({ kind: 'not_found', outcome: 'refused', message: 'gone', retryable: false, status: 404 }),
    );
    expect(await errors(question(WATCH, VARIABLES))).toEqual(['NOT_FOUND', false, 'complete']);
    gateway.feed.failNext(new EventLogUnavailableError('away'));
    expect(await errors(question(WATCH, VARIABLES))).toEqual(['UPSTREAM_UNAVAILABLE', true, null]);
    const arrival = gateway.feed.arrival();
    const running = errors(question(WATCH, VARIABLES));
    (await arrival).fail(new EventLogUnavailableError('away'));
    expect(await running).toEqual(['UPSTREAM_UNAVAILABLE', true, null]);
    await active(0);
  });

  it('waits for a client that reads slowly, and disconnects one that does not read', async () => {
    await stopFakeGateways();
    gateway = await startFakeGateway({ options: { stallMs: 300 } });
    const arrival = gateway.feed.arrival();
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    const path = question('subscription { projectEndpointStatus { cursor endpoint { description } } }');
    socket.write(`GET /graphql/stream${path} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n`);
    await once(socket, 'data');
    socket.pause();
    const follower = await arrival;
    const departure = gateway.feed.departure();
    const description = 'x'.repeat(100_000);
    const pushed = 400;
    for (let n = 0; n < pushed; n++) {
      follower.push(statusEvent({ kind: 'TRANSITION', cursor: `c-${n}`, fields: { description } }));
    }
    await departure;
    const sent = /total (\d+)/.exec((await metric('vpcep_gateway_events_sent_total')).replaceAll('_', ' '))?.[1];
    expect(Number(sent)).toBeLessThan(pushed);
    expect(await gateway.metrics.text()).toContain('vpcep_gateway_subscriptions_ended_total{reason="slow"} 1');
    socket.destroy();
    await active(0);
  });

  it('ends without a message when the gateway stops, so that the client resumes', async () => {
    await stopFakeGateways();
    // Longer than this test may take: nothing waits for connections to be given up.
    gateway = await startFakeGateway({ options: { drainMs: 120_000 } });
    const arrival = gateway.feed.arrival();
    const opening = open(question(WATCH, VARIABLES));
    const follower = await arrival;
    const reader = await opening;
    follower.push(statusEvent({ cursor: 'c-1' }));
    await reader.next();
    await gateway.http.close();
    expect(await reader.next()).toBeNull();
    expect(follower.ended).toBe(true);
    expect(await gateway.metrics.text()).toContain('vpcep_gateway_subscriptions_ended_total{reason="deploy"} 1');
  });

  it('ends at once when it opens while the gateway stops, and runs nothing', async () => {
    await stopFakeGateways();
    const asked = deferred<void>();
    const known = deferred<void>();
    const authenticate: Authenticator['authenticate'] = async (credentials) => {
      asked.resolve();
      await known.promise;
      return await OPEN_DOOR.authenticate(credentials);
    };
    gateway = await startFakeGateway({ authenticate, options: { drainMs: 120_000 } });
    const opening = open(question(WATCH, VARIABLES));
    await asked.promise;
    const closed = gateway.http.close();
    known.resolve();
    expect(await (await opening).next()).toBeNull();
    await closed;
    expect(gateway.feed.followers).toEqual([]);
  });
});

describe('refusals', () => {
  it('starts nothing for a client that has left during its admission', async () => {
    await stopFakeGateways();
    const asked = deferred<void>();
    const counted = deferred<void>();
    const consume = async () => {
      asked.resolve();
      await counted.promise;
      return { consumed: 1, window: { points: 10, seconds: 60 }, msLeft: 60_000, isShared: true };
    };
    const rateLimits = new RateLimits({ limiter: { consume, giveBack: async () => {} }, onRefused: () => {} });
    gateway = await startFakeGateway({ rateLimits });
    await leaveOnce(asked.promise);
    counted.resolve();
    await gateway.http.close();
    expect(gateway.feed.followers).toEqual([]);
  });

  it('have the shape of all errors', async () => {
    const post = (body: string) => fetch(address(), { method: 'POST', headers: { ...events, ...json }, body });
    const answers = [
      await fetch(address(question(WATCH, VARIABLES))),
      await fetch(address(), { method: 'POST', headers: events, body: '{}' }),
      await post('[]'),
      await post('{}'),
      await post(JSON.stringify({ query: WATCH, variables: [] })),
      await post(JSON.stringify({ query: WATCH, operationName: 1 })),
      await fetch(address(), { headers: events }),
      await fetch(address('?query=%7B__typename%7D&variables=%7B'), { headers: events }),
      await fetch(address(), { method: 'PUT' }),
      await fetch(address(), { method: 'PATCH' }),
    ];
    const codes = await Promise.all(
      answers.map(async (answer) => {
        const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] };
        return [answer.status, errors[0]?.extensions.code];
      }),
    );
    expect(codes).toEqual([406, 415, 400, 400, 400, 400, 400, 400, 405, 405].map((status) => [status, 'BAD_REQUEST']));
  });
});

describe('callers', () => {
  it('the origin rule holds for EventSource, and listed origins get the CORS headers', async () => {
    const path = question(WATCH, VARIABLES);
    expect((await fetch(address(path), { headers: { ...events, origin: 'https://evil.example' } })).status).toBe(403);
    const preflight = await fetch(address(), {
      method: 'OPTIONS',
      headers: {
        origin: 'https://console.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'last-event-id',
      },
    });
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST, OPTIONS');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('last-event-id');
    expect(gateway.feed.followers).toEqual([]);
  });

  it('an unknown caller gets 401', async () => {
    await stopFakeGateways();
    gateway = await startFakeGateway({
      authenticate: async () => {
        throw new UnauthenticatedError('Who is it?');
      },
    });
    const answer = await fetch(address(question(WATCH, VARIABLES)), { headers: events });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });
});
