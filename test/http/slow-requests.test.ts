import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeGateway, SOCKETS, startFakeGateway, stopFakeGateways } from '../support/fake-gateway.ts';

const clients: RawClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.destroy();
  await stopFakeGateways();
});

const QUERY = JSON.stringify({ query: '{ vpcEndpoint(id: "ep-1") { description } }' });
const POST = (length: number) =>
  `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

/** Sends bytes as it likes; knows nothing of HTTP. */
class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  text = '';

  constructor({ url }: Pick<FakeGateway, 'url'>) {
    this.socket = connect(Number(new URL(url).port), '127.0.0.1');
    this.socket.setEncoding('utf8').on('data', (chunk: string) => {
      this.text += chunk;
    });
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
    clients.push(this);
  }

  /** One character after the other, for as long as they are taken. */
  trickle(text: string): void {
    const rest = [...text];
    const timer = setInterval(() => {
      const next = rest.shift();
      if (next === undefined || this.socket.destroyed) clearInterval(timer);
      else this.socket.write(next);
    }, 20);
    this.socket.once('close', () => clearInterval(timer));
  }
}

function start(patience: Record<string, number>): Promise<FakeGateway> {
  return startFakeGateway({ options: { patience: { checkMs: 50, ...patience } } });
}

describe('a slow client', () => {
  it.each<[string, (client: RawClient) => void]>([
    ['with its first word', () => {}],
    ['in the middle of the head', ({ socket }) => socket.write('POST /graphql HTTP/1.1\r\nhost: 127')],
    ['with every character of the head', (client) => client.trickle(POST(QUERY.length))],
  ])('%s is disconnected', async (_name, act) => {
    const gateway = await start({ headMs: 300, requestMs: 10_000 });
    const client = new RawClient(gateway);
    act(client);
    await client.closed;
    expect(client.text).toMatch(/^HTTP\/1.1 408 /);
    expect(gateway.calls.calls).toEqual([]);
  });

  it.each<[string, (client: RawClient) => void]>([
    ['in the middle of the body', ({ socket }) => socket.write('{"query":')],
    ['with every character of the body', (client) => client.trickle(QUERY)],
  ])('%s is disconnected', async (_name, act) => {
    const gateway = await start({ headMs: 300, requestMs: 300 });
    const client = new RawClient(gateway);
    client.socket.write(POST(QUERY.length));
    act(client);
    await client.closed;
    expect(client.text).toMatch(/^HTTP\/1.1 408 /);
    expect(gateway.calls.calls).toEqual([]);
  });

  it('with its answer is disconnected', async () => {
    const gateway = await start({ stallMs: 300 });
    gateway.calls.add('ep-1', 'accepted', { description: 'x'.repeat(20_000_000) });
    const client = new RawClient(gateway);
    client.socket.pause();
    client.socket.write(POST(QUERY.length) + QUERY);
    // An answer counts when it is over, taken or not.
    const answers = () => gateway.metrics.registry.getSingleMetricAsString('vpcep_gateway_http_requests_total');
    await expect.poll(answers).toMatch(/ 1$/);
    client.socket.resume();
    await client.closed;
    expect(client.text.length).toBeLessThan(20_000_000);
  });

  it('with its next request is disconnected without an answer', async () => {
    const client = new RawClient(await start({ idleMs: 100 }));
    client.socket.write('GET /livez HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    await client.closed;
    expect(client.text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200']);
  });
});

describe('a client that sends too much', () => {
  it.each([
    ['a long header', `x-long: ${'x'.repeat(17_000)}`],
    ['many headers', Array.from({ length: 100 }, (_, n) => `x-${n}: y`).join('\r\n')],
  ])('%s is refused', async (_name, headers) => {
    const client = new RawClient(await startFakeGateway());
    client.socket.write(`GET /livez HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}\r\n\r\n`);
    await client.closed;
    expect(client.text).toMatch(/^HTTP\/1.1 431 /);
  });

  it('connections beyond the limit are closed, and accepted again after others have closed', async () => {
    const gateway = await startFakeGateway({ options: { sockets: { ...SOCKETS, maxConnections: 1 } } });
    const first = new RawClient(gateway);
    first.socket.write('GET /livez HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    await expect.poll(() => first.text).toMatch(/ 200 OK/);
    const second = new RawClient(gateway);
    await second.closed;
    expect(second.text).toBe('');
    first.socket.destroy();
    await expect.poll(async () => (await fetch(`${gateway.url}/livez`).catch(() => null))?.status).toBe(200);
  });
});
