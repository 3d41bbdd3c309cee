import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { post, startFakeGateway, stopFakeGateways } from '../support/fake-gateway.ts';
import { statusEvent } from '../support/fake-status-feed.ts';
import { FakeTime } from '../support/fake-time.ts';
import { SocketClient } from '../support/socket-client.ts';

afterEach(stopFakeGateways);

const HANDSHAKE =
  'connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n' +
  `sec-websocket-key: ${Buffer.alloc(16).toString('base64')}\r\n`;
const READ = '{ vpcEndpoint(id: "ep-1") { id } }';

describe('shutdown', () => {
  it('finishes a running request and accepts no new one', async () => {
    const { url, http, calls } = await startFakeGateway();
    calls.add('ep-1');
    const release = calls.hold();
    const arrival = calls.arrival();
    const running = post(url, READ);
    await arrival;
    const closed = http.close();
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
    release();
    expect((await running).data).toEqual({ vpcEndpoint: { id: 'ep-1' } });
    expect((await running).headers.get('connection')).toBe('close');
    await closed;
  });

  it('fails readiness at once, and answers requests on connections of their own until the shutdown delay ends', async () => {
    const time = new FakeTime();
    const { url, http, calls } = await startFakeGateway({ options: { shutdownDelayMs: 5_000 }, sleep: time.sleep });
    calls.add('ep-1');
    const readiness = async () => {
      const response = await fetch(`${url}/readyz`);
      return [response.status, await response.json()];
    };
    expect(await readiness()).toEqual([200, { status: 'ok' }]);
    const closed = http.close();
    expect(await readiness()).toEqual([503, { status: 'unavailable', reasons: { shutdown: 'shutting down' } }]);
    await time.pass(4_999);
    expect((await readiness())[0]).toBe(503);
    const answer = await post(url, READ);
    expect([answer.data, answer.headers.get('connection')]).toEqual([{ vpcEndpoint: { id: 'ep-1' } }, 'close']);
    const client = new SocketClient(url);
    await client.init();
    await time.pass(1);
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
    expect(await client.closed).toEqual({ code: 1012, reason: 'Service restart' });
    await closed;
  });

  it('ends a request that takes longer than the limit', async () => {
    const { url, http, calls } = await startFakeGateway({ options: { drainMs: 50 } });
    const release = calls.hold();
    const arrival = calls.arrival();
    const running = post(url, READ);
    const failed = expect(running).rejects.toThrow();
    await arrival;
    await http.close();
    await failed;
    release();
  });

  it('closes sockets so that clients reconnect, and releases their feeds', async () => {
    const { url, http, feed } = await startFakeGateway();
    const client = new SocketClient(url);
    await client.init();
    const arrival = feed.arrival();
    client.subscribe('1', 'subscription { endpointStatus(id: "ep-1") { status } }');
    const follower = await arrival;
    follower.push(statusEvent());
    await client.next();
    await http.close();
    expect(await client.closed).toEqual({ code: 1012, reason: 'Service restart' });
    expect(follower.ended).toBe(true);
  });

  it('logs at its end what it has ended, because nothing scrapes the metrics any more', async () => {
    const { url, http, calls, feed, logs } = await startFakeGateway({ options: { drainMs: 50 } });
    const client = new SocketClient(url);
    await client.init();
    const followed = feed.arrival();
    client.subscribe('1', 'subscription { endpointStatus(id: "ep-1") { status } }');
    await followed;
    const release = calls.hold();
    const arrival = calls.arrival();
    const failed = expect(post(url, READ)).rejects.toThrow();
    await arrival;
    await http.close();
    await failed;
    release();
    const line = logs.find(({ msg }) => msg === 'drained');
    expect(line).toMatchObject({ subscriptionsEnded: 1, requestsCut: 1 });
  });

  it.each([
    [404, 'GET /elsewhere', 'host: 127.0.0.1'],
    [403, 'GET /graphql', 'host: 127.0.0.1\r\norigin: https://evil.example'],
    [421, 'GET /graphql', 'host: evil.example'],
  ])(
    'does not wait for a client that keeps its side open after a refused upgrade (%i)',
    async (status, start, head) => {
      const { url, http } = await startFakeGateway();
      const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
      socket.write(`${start} HTTP/1.1\r\n${head}\r\n${HANDSHAKE}\r\n`);
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      await once(socket, 'end');
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} .*"errors":.*}\n$`, 's'));
      await http.close();
      socket.destroy();
    },
  );

  it('does not wait for a client that offers an upgrade and does not read its earlier answer', async () => {
    const { url, http, calls } = await startFakeGateway();
    calls.add('ep-1', 'accepted', { description: 'x'.repeat(20_000_000) });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const body = JSON.stringify({ query: '{ vpcEndpoint(id: "ep-1") { description } }' });
    const head = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
    socket.write(`POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\n${head}\r\n${body}`);
    await once(socket, 'data');
    socket.pause();
    socket.write(`GET /elsewhere HTTP/1.1\r\nhost: 127.0.0.1\r\n${HANDSHAKE}\r\n`);
    // Behind the upgrade.
    await fetch(`${url}/livez`);
    await http.close();
    socket.destroy();
  });

  it('closes many sockets one after the other, and serves the others meanwhile', async () => {
    const { url, http } = await startFakeGateway();
    const open = async () => {
      const client = new SocketClient(url);
      await client.init();
      return client;
    };
    const clients = await Promise.all(Array.from({ length: 300 }, open));
    const last = await open();
    const closing = http.close();
    await Promise.race(clients.map((client) => client.closed));
    last.send({ type: 'ping' });
    expect(await Promise.race([last.next(), last.closed])).toEqual({ type: 'pong' });
    await closing;
    for (const client of [...clients, last]) {
      expect(await client.closed).toEqual({ code: 1012, reason: 'Service restart' });
    }
  });

  it('fails readiness on an open connection', async () => {
    const { url, http, calls } = await startFakeGateway();
    const release = calls.hold();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (path: string, method: string, body?: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = body === undefined ? {} : { 'content-type': 'application/json' };
        const request = httpRequest(url + path, { agent, method, headers }, (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode));
        });
        request.on('error', reject);
        request.end(body);
      });
    expect(await send('/readyz', 'GET')).toBe(200);
    const arrival = calls.arrival();
    const running = send('/graphql', 'POST', JSON.stringify({ query: READ }));
    await arrival;
    const closed = http.close();
    release();
    expect(await running).toBe(200);
    await closed;
    agent.destroy();
  });
});
