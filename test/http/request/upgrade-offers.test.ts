/** Offers of another protocol (RFC 9110 7.8): only a WebSocket handshake is taken, everything else is a plain request. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startFakeGateway, stopFakeGateways } from '../../support/fake-gateway.ts';
import { SocketClient } from '../../support/socket-client.ts';
import { closeRawConnections, RawConnection } from './raw-connection.ts';
import { HAS_NGINX, startNginx } from './start-nginx.ts';

afterEach(async () => {
  closeRawConnections();
  await stopFakeGateways();
});

const H2C = 'connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n';
const TLS = 'connection: Upgrade\r\nupgrade: TLS/1.2\r\n';
const WEBSOCKET = 'connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n';
const HANDSHAKE = `${WEBSOCKET}sec-websocket-key: ${Buffer.alloc(16).toString('base64')}\r\n`;

const QUERY = JSON.stringify({ query: '{ vpcEndpoint(id: "ep-1") { id } }' });
const FOUND = '{"data":{"vpcEndpoint":{"id":"ep-1"}}}';

function head(start: string, headers: string): string {
  return `${start} HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n`;
}

function withLength(headers: string, start = 'POST /graphql'): string {
  const more = `content-type: application/json\r\ncontent-length: ${QUERY.length}\r\n`;
  return head(start, headers + more) + QUERY;
}

function inChunks(headers: string): string {
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
  const body = chunk(QUERY.slice(0, 9)) + chunk(QUERY.slice(9)) + chunk('');
  return head('POST /graphql', `${headers}content-type: application/json\r\ntransfer-encoding: chunked\r\n`) + body;
}

async function start() {
  const gateway = await startFakeGateway();
  gateway.calls.add('ep-1');
  return { ...gateway, connection: new RawConnection(gateway.url) };
}

describe.each([
  ['h2c', H2C],
  ['TLS/1.2', TLS],
  ['websocket without a key', WEBSOCKET],
])('an offer of %s', (_name, offer) => {
  it.each([
    ['a length', withLength],
    ['chunks', inChunks],
  ])('leaves a POST with %s and its connection as they are', async (_kind, request) => {
    const { connection } = await start();
    for (const text of [request(offer), request(offer), request('')]) {
      const answer = await connection.ask(text);
      expect([answer.status, answer.body.trim()]).toEqual([200, FOUND]);
      expect(answer.head).toMatch(/connection: keep-alive/i);
    }
  });

  it.each([
    ['GET /livez', 200],
    ['HEAD /livez', 200],
    ['GET /readyz', 200],
    ['GET /metrics', 200],
    ['GET /', 200],
    ['HEAD /', 200],
    ['GET /graphiql', 200],
    ['PUT /graphql/stream', 405],
    ['OPTIONS /graphql', 204],
    ['PUT /graphql', 405],
    ['GET /nowhere', 404],
  ])('does not affect %s', async (request, status) => {
    const { url } = await start();
    expect((await new RawConnection(url).ask(head(request, offer))).status).toBe(status);
  });

  it('leaves an event stream as it is', async () => {
    const { connection, feed } = await start();
    const query = encodeURIComponent('subscription { projectEndpointStatus { kind } }');
    const arrival = feed.arrival();
    const answer = await connection.ask(
      head(`GET /graphql/stream?query=${query}`, `${offer}accept: text/event-stream\r\n`),
    );
    expect(answer.status).toBe(200);
    expect(answer.head).toMatch(/content-type: text\/event-stream/i);
    const follower = await arrival;
    connection.socket.destroy();
    await expect.poll(() => follower.ended).toBe(true);
  });
});

describe('pipelined requests', () => {
  it('are answered in order when an offer comes behind another request in one write', async () => {
    const { connection } = await start();
    const first = await connection.ask(withLength('') + withLength(H2C));
    expect([first.body.trim(), (await connection.next()).body.trim()]).toEqual([FOUND, FOUND]);
    expect((await connection.ask(head('GET /livez', H2C))).status).toBe(200);
  });

  it('are answered in order when one comes behind an offer that is still being answered', async () => {
    const { connection, calls } = await start();
    const release = calls.hold();
    const arrival = calls.arrival();
    connection.socket.write(withLength(H2C));
    await arrival;
    const second = calls.arrival();
    connection.socket.write(withLength(H2C));
    await second;
    connection.socket.write(head('GET /livez', ''));
    release();
    const answers = [await connection.next(), await connection.next(), await connection.next()];
    expect(answers.map(({ body }) => body.trim())).toEqual([FOUND, FOUND, '{"status":"ok"}']);
  });
});

it('answers 100 to a client that waits with its body and offers an upgrade', async () => {
  const { connection } = await start();
  const [before = '', body = ''] = withLength(`${H2C}expect: 100-continue\r\n`).split(/(?<=\r\n\r\n)/);
  expect((await connection.ask(before)).status).toBe(100);
  expect((await connection.ask(body)).body.trim()).toBe(FOUND);
});

describe('a WebSocket handshake', () => {
  it('is an upgrade, also on a connection that has had plain requests with offers', async () => {
    const { url, connection } = await start();
    expect((await connection.ask(withLength(H2C))).status).toBe(200);
    const protocol = 'sec-websocket-protocol: graphql-transport-ws\r\n';
    expect((await connection.ask(head('GET /graphql', HANDSHAKE + protocol))).status).toBe(101);
    const client = new SocketClient(url);
    await client.init();
  });

  it.each(['POST', 'PUT', 'DELETE', 'HEAD'])('with %s is a plain request', async (method) => {
    const { connection } = await start();
    const answer = await connection.ask(head(`${method} /graphql`, HANDSHAKE));
    expect(answer.status).toBe(method === 'POST' ? 415 : 405);
  });

  it.each([
    ['a body', withLength(HANDSHAKE, 'GET /graphql')],
    ['no "Connection: upgrade"', head('GET /graphql', HANDSHAKE.replace('connection: Upgrade\r\n', ''))],
    ['HTTP/1.0', head('GET /graphql', HANDSHAKE).replace('HTTP/1.1', 'HTTP/1.0')],
  ])('with %s is a plain request', async (_name, request) => {
    const { connection } = await start();
    const answer = await connection.ask(request);
    expect(answer.status).toBe(400);
    expect(answer.head).toMatch(/x-request-id: /);
  });

  it('of another version is refused with the versions that work', async () => {
    const { connection } = await start();
    const answer = await connection.ask(head('GET /graphql', HANDSHAKE.replace('version: 13', 'version: 99')));
    expect(answer.status).toBe(400);
    expect(answer.head).toMatch(/sec-websocket-version: 13/i);
  });

  it('at another address is refused', async () => {
    const { connection } = await start();
    expect((await connection.ask(head('GET /livez', HANDSHAKE))).status).toBe(404);
  });

  it('with CONNECT ends the connection', async () => {
    const { connection } = await start();
    connection.socket.write(head('CONNECT localhost:80', HANDSHAKE));
    await once(connection.socket, 'close');
  });
});

describe.skipIf(!HAS_NGINX)('through docker/nginx.conf', () => {
  it.each([
    ['h2c', H2C, undefined],
    ['TLS/1.2', TLS, undefined],
    ['WebSocket', HANDSHAKE.replace('websocket', 'WebSocket'), 'websocket'],
  ])('an offer of %s is forwarded only when it is WebSocket', async (_name, offer, forwarded) => {
    const echo = createServer(({ headers }, response) => {
      const body = JSON.stringify([headers.upgrade, headers.connection]);
      response.writeHead(200, { 'content-length': body.length }).end(body);
    });
    await once(echo.listen(0, '127.0.0.1'), 'listening');
    const nginx = await startNginx(`http://127.0.0.1:${(echo.address() as AddressInfo).port}`);
    try {
      const { body } = await new RawConnection(nginx.url).ask(head('GET /graphql', offer));
      expect(JSON.parse(body)).toEqual(forwarded === undefined ? [null, null] : [forwarded, 'upgrade']);
    } finally {
      await nginx.stop();
      echo.close();
    }
  });

  it('plain requests with offers are answered, and a WebSocket opens', async () => {
    const { url } = await start();
    const nginx = await startNginx(url);
    try {
      const connection = new RawConnection(nginx.url);
      for (const text of [withLength(H2C), inChunks(TLS), withLength(WEBSOCKET), withLength('')]) {
        const answer = await connection.ask(text);
        expect([answer.status, answer.body.trim()]).toEqual([200, FOUND]);
        expect(answer.head).toMatch(/connection: keep-alive/i);
      }
      const pipelined = await connection.ask(withLength(H2C) + head('GET /livez', H2C));
      expect([pipelined.body.trim(), (await connection.next()).status]).toEqual([FOUND, 200]);
      await new SocketClient(nginx.url).init();
    } finally {
      await nginx.stop();
    }
  });
});
