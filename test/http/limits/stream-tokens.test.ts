import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connect, watch } from '../../../src/client/client.ts';
import { type FakeGateway, startFakeGateway, stopFakeGateways } from '../../support/fake-gateway.ts';
import { statusEvent } from '../../support/fake-status-feed.ts';
import { bearer, TokenDesk } from './token-desk.ts';

afterEach(stopFakeGateways);

const FIELD = 'projectEndpointStatus(projectId: $p, after: $after) { cursor }';
const WATCH = `subscription ($p: ID, $after: String) { ${FIELD} }`;
const EXPIRED = { message: 'The token has expired', extensions: { code: 'UNAUTHENTICATED', retryable: false } };

async function start(desk: TokenDesk, recheckMs = 50_000): Promise<FakeGateway> {
  const projectIds = ['project-1', 'project-2'];
  return await startFakeGateway({ authenticator: desk, projectIds, options: { checkHost: false, recheckMs } });
}

function eventStream({ url }: FakeGateway, projectId: string): Promise<Response> {
  const search = new URLSearchParams({ query: WATCH, variables: JSON.stringify({ p: projectId }) });
  return fetch(`${url}/graphql/stream?${search}`, { headers: { accept: 'text/event-stream', ...bearer('a') } });
}

function multipart({ url }: FakeGateway, projectId: string): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      accept: 'multipart/mixed;subscriptionSpec=1.0',
      'content-type': 'application/json',
      ...bearer('a'),
    },
    body: JSON.stringify({ query: WATCH, variables: { p: projectId } }),
  });
}

describe('a stream whose token ends', () => {
  it('ends without a message where the client reconnects by itself', async () => {
    const desk = new TokenDesk();
    const gateway = await start(desk);
    desk.issue('a', { expiresAt: Date.now() + 1_500 });
    const arrival = gateway.feed.arrival();
    const answer = await eventStream(gateway, 'project-1');
    (await arrival).push(statusEvent({ cursor: 'c1' }));
    const text = await answer.text();
    expect(text).toContain('"cursor":"c1"');
    expect(text).not.toMatch(/complete|errors/);
    await expect.poll(() => gateway.http.held()).toEqual({ groups: 0, tokens: 0, callers: 0, places: 0 });
    expect(await gateway.metrics.text()).toContain('vpcep_gateway_subscriptions_ended_total{reason="expired"} 1');
    expect((await eventStream(gateway, 'project-1')).status).toBe(401);
  });

  it('is an error in a multipart answer', async () => {
    const desk = new TokenDesk();
    const gateway = await start(desk);
    desk.issue('a', { expiresAt: Date.now() + 1_000 });
    const text = await (await multipart(gateway, 'project-1')).text();
    expect(text).toContain(JSON.stringify({ payload: null, errors: [EXPIRED] }));
    expect(text).toMatch(/--graphql--\r\n$/);
    await expect.poll(() => gateway.http.held()).toEqual({ groups: 0, tokens: 0, callers: 0, places: 0 });
    expect(await gateway.metrics.text()).toContain('vpcep_gateway_subscriptions_ended_total{reason="expired"} 1');
  });
});

describe('a stream whose caller loses a right', () => {
  it.each([
    ['event stream', eventStream, /event: next\ndata: \{"errors":\[.*"NOT_FOUND".*\n\n.*event: complete/s],
    ['multipart answer', multipart, /\{"payload":null,"errors":\[.*"NOT_FOUND".*--graphql--/s],
  ])('ends with NOT_FOUND: %s', async (_name, open, expected) => {
    const desk = new TokenDesk();
    desk.issue('a', { projects: ['project-1', 'project-2'] });
    const gateway = await start(desk, 100);
    const answer = await open(gateway, 'project-2');
    desk.issue('a', { projects: ['project-1'] });
    expect(await answer.text()).toMatch(expected);
    expect(gateway.feed.followers[0]?.ended).toBe(true);
  });
});

describe('vpcep-gateway/client', () => {
  it('resumes behind the last event with a fresh token after the old one expired', async () => {
    const desk = new TokenDesk();
    const { url, feed } = await start(desk);
    desk.issue('first', { expiresAt: Date.now() + 2_000 });
    desk.issue('second');
    const tokens = ['first', 'second'];
    const client = connect({
      url: `${url}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: () => bearer(tokens.shift() ?? ''),
    });
    const arrivals = [feed.arrival(), feed.arrival()];
    const events = watch<{ feed: { cursor: string } }, Record<string, unknown>>(client, {
      query: WATCH,
      variables: { p: 'project-1' },
    });
    const first = events.next();
    (await arrivals[0])?.push(statusEvent({ cursor: 'c1' }));
    expect(await first).toMatchObject({ value: { cursor: 'c1' } });
    const second = events.next();
    const follower = await arrivals[1];
    expect(follower?.request.after).toBe('c1');
    follower?.push(statusEvent({ kind: 'TRANSITION', cursor: 'c2' }));
    expect(await second).toMatchObject({ value: { cursor: 'c2' } });
    await events.return?.();
    await client.dispose();
  });
});
