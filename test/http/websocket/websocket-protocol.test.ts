import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { UnauthenticatedError } from '../../../src/auth/authenticator.ts';
import { ANONYMOUS } from '../../../src/auth/identity.ts';
import { startFakeGateway, stopFakeGateways } from '../../support/fake-gateway.ts';
import { SocketClient } from '../../support/socket-client.ts';

afterEach(stopFakeGateways);

describe('opening a socket', () => {
  it('accepts its own and listed origins', async () => {
    const { url } = await startFakeGateway();
    for (const origin of [url, 'https://console.example']) {
      const client = new SocketClient(url, { origin });
      await client.init();
      expect(client.extensions).toBe('');
      client.close();
    }
  });

  it.each([
    ['a foreign origin', { origin: 'https://evil.example' }, '403'],
    ['a sandboxed page', { origin: 'null' }, '403'],
    ['a longer name', { origin: 'https://console.example.evil.example' }, '403'],
    ['a name before it', { origin: 'https://evil-console.example' }, '403'],
    ['another scheme', { origin: 'http://console.example' }, '403'],
    ['another port', { origin: 'https://console.example:8443' }, '403'],
    ['other letters', { origin: 'https://Console.example' }, '403'],
    ['a path', { origin: 'https://console.example/' }, '403'],
    ['a rebound name', { host: 'rebound.example', origin: 'http://rebound.example' }, '421'],
  ])('refuses %s', async (_name, headers, status) => {
    const { url, metrics } = await startFakeGateway();
    await expect(new SocketClient(url, headers).opened()).rejects.toThrow(status);
    expect(await metrics.registry.getSingleMetricAsString('vpcep_gateway_websockets_open')).toMatch(/open 0$/);
  });

  it('answers at /graphql only', async () => {
    const { url } = await startFakeGateway();
    await expect(new SocketClient(`${url}/other`).opened()).rejects.toThrow('404');
  });

  it('speaks graphql-transport-ws only', async () => {
    const { url } = await startFakeGateway();
    const client = new SocketClient(url, {}, 'graphql-ws');
    await expect(client.opened()).rejects.toThrow();
  });

  it.each([
    ['the legacy subprotocol', 'graphql-ws'],
    ['no subprotocol', undefined],
  ])('closes %s with 4406', async (_name, protocol) => {
    const { url } = await startFakeGateway();
    const key = Buffer.alloc(16).toString('base64');
    const head = [
      'GET /graphql HTTP/1.1',
      `host: ${new URL(url).host}`,
      'connection: Upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      `sec-websocket-key: ${key}`,
      ...(protocol === undefined ? [] : [`sec-websocket-protocol: ${protocol}`]),
    ];
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
    });
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    // Client libraries give up before they read the close frame: no subprotocol was chosen.
    const frame = () => received.subarray(received.indexOf('\r\n\r\n') + 4);
    await expect.poll(() => frame().length).toBeGreaterThanOrEqual(4);
    expect(received.toString('latin1')).not.toMatch(/sec-websocket-protocol/i);
    expect([frame()[0], frame().readUInt16BE(2)]).toEqual([0x88, 4406]);
    socket.destroy();
  });

  it('waits 3 s for connection_init', async () => {
    const { url } = await startFakeGateway();
    const client = new SocketClient(url);
    expect(await client.closed).toMatchObject({ code: 4408 });
  });

  it('authenticates by connection_init', async () => {
    const { url } = await startFakeGateway({
      authenticate: async ({ connectionParams }) => {
        if (connectionParams?.authorization === 'Bearer good') {
          return { ...ANONYMOUS, subject: 'ada' };
        }
        throw new UnauthenticatedError('no token');
      },
    });
    const client = new SocketClient(url);
    await client.init({ authorization: 'Bearer good' });
    client.close();
    const other = new SocketClient(url);
    await other.opened();
    other.send({ type: 'connection_init', payload: { authorization: 'Bearer bad' } });
    expect(await other.closed).toMatchObject({ code: 4403 });
  });
});

describe('messages', () => {
  it.each([
    ['text that is no message', 'hello', 4400],
    ['a message that only a server sends', '{"type":"next","id":"1","payload":{}}', 4400],
    ['a second connection_init', '{"type":"connection_init"}', 4429],
    ['more than 64 KiB', JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(65 * 1024) } }), 1009],
  ])('closes on %s', async (_name, text, code) => {
    const { url } = await startFakeGateway();
    const client = new SocketClient(url);
    await client.init();
    client.sendText(text);
    expect(await client.closed).toMatchObject({ code });
  });

  it('closes on an id that is in use', async () => {
    const { url, feed } = await startFakeGateway();
    const client = new SocketClient(url);
    await client.init();
    const arrival = feed.arrival();
    client.subscribe('1', 'subscription { projectEndpointStatus { cursor } }');
    await arrival;
    client.subscribe('1', 'subscription { projectEndpointStatus { cursor } }');
    expect(await client.closed).toMatchObject({ code: 4409 });
  });

  it('answers a ping without a payload', async () => {
    const { url } = await startFakeGateway();
    const client = new SocketClient(url);
    await client.init();
    client.sendText('{"type":"ping","payload":null}');
    expect(await client.next()).toMatchObject({ type: 'pong' });
    client.close();
  });

  it('closes on an operation before connection_init', async () => {
    const { url, calls } = await startFakeGateway();
    const client = new SocketClient(url);
    await client.opened();
    client.subscribe('1', '{ vpcEndpoint(id: "a") { id } }');
    expect(await client.closed).toMatchObject({ code: 4401 });
    expect(calls.calls).toEqual([]);
  });

  it('answers queries and mutations', async () => {
    const { url, calls } = await startFakeGateway();
    calls.add('ep-1');
    const client = new SocketClient(url);
    await client.init();
    client.subscribe('q', '{ vpcEndpoint(id: "ep-1") { status } }');
    expect(await client.next()).toEqual({
      id: 'q',
      type: 'next',
      payload: { data: { vpcEndpoint: { status: 'ACCEPTED' } } },
    });
    expect(await client.next()).toEqual({ id: 'q', type: 'complete' });
    client.subscribe('m', 'mutation { deleteVpcEndpoint(input: {id: "ep-1"}) { endpoint { status } } }');
    expect(await client.next()).toMatchObject({
      payload: { data: { deleteVpcEndpoint: { endpoint: { status: 'DELETING' } } } },
    });
    client.close();
  });

  it('answers a faulty operation and keeps the socket', async () => {
    const { url } = await startFakeGateway({ options: { introspection: false } });
    const client = new SocketClient(url);
    await client.init();
    const faulty: [string, unknown, string][] = [
      ['{', undefined, 'GRAPHQL_PARSE_FAILED'],
      ['{ nothing }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
      ['{ __schema { description } }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
      ['query A { __typename } query B { __typename }', undefined, 'OPERATION_RESOLUTION_FAILURE'],
    ];
    for (const [query, variables, code] of faulty) {
      client.subscribe('1', query, variables);
      expect(await client.next()).toMatchObject({ id: '1', type: 'error', payload: [{ extensions: { code } }] });
    }
    client.subscribe('1', '{ vpcEndpont(id: "a") { id } }');
    expect(JSON.stringify(await client.next())).not.toContain('Did you mean');
    client.subscribe('1', 'query ($id: ID!) { vpcEndpoint(id: $id) { id } }', { id: {} });
    expect(await client.next()).toMatchObject({
      type: 'next',
      payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    });
    expect(await client.next()).toEqual({ id: '1', type: 'complete' });
    client.subscribe('2', 'query ($input: CreateVpcEndpointInput!) { __typename }', { input: 1 });
    expect(await client.next()).toMatchObject({ id: '2', type: 'error' });
    client.subscribe('3', '{ __typename }');
    expect(await client.next()).toMatchObject({ payload: { data: { __typename: 'Query' } } });
    client.close();
  });

  it('answers a ping', async () => {
    const { url } = await startFakeGateway();
    const client = new SocketClient(url);
    await client.init();
    client.send({ type: 'ping' });
    expect(await client.next()).toEqual({ type: 'pong' });
    client.close();
  });

  /** A query `1` that waits for upstream, and when its call is cancelled. */
  async function waitingQuery() {
    const { url, calls } = await startFakeGateway();
    const release = calls.hold();
    const client = new SocketClient(url);
    await client.init();
    const arrival = calls.arrival();
    client.subscribe('1', '{ vpcEndpoint(id: "ep-1") { id } }');
    await arrival;
    const { signal } = calls.calls[0] ?? {};
    const aborted = new Promise((resolve) => signal?.addEventListener('abort', () => resolve(undefined)));
    return { client, aborted, release };
  }

  it('ends upstream calls of a closed socket', async () => {
    const { client, aborted, release } = await waitingQuery();
    client.terminate();
    await aborted;
    release();
  });

  it('ends upstream calls of a query that its client completes, and frees its id', async () => {
    const { client, aborted, release } = await waitingQuery();
    client.send({ type: 'complete', id: '1' });
    await aborted;
    release();
    client.subscribe('1', '{ __typename }');
    expect(await client.next()).toEqual({ id: '1', type: 'next', payload: { data: { __typename: 'Query' } } });
    expect(await client.next()).toEqual({ id: '1', type: 'complete' });
    client.close();
  });
});
