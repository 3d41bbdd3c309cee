/** Requests that no client library would send: what a smuggler or a slow one writes to the socket. */
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { startFakeGateway, stopFakeGateways } from '../support/fake-gateway.ts';

afterEach(stopFakeGateways);

/** Everything that comes back until the server ends the connection. */
async function exchange(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString();
  });
  socket.on('error', () => {});
  socket.write(text);
  // Not `once`, which ends with the reset that an unread rest of the request brings.
  await new Promise((resolve) => socket.on('close', resolve));
  return answer;
}

const INNER = 'GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';
const HEAD = 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

it.each([
  ['two lengths in two ways', `${HEAD}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${INNER}`],
  ['two lengths', `${HEAD}content-length: 4\r\ncontent-length: 0\r\n\r\n${INNER}`],
  ['a length that is no number', `${HEAD}content-length: +4\r\n\r\n${INNER}`],
  ['an encoding that hides chunked', `${HEAD}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${INNER}`],
  ['a chunk whose size is no number', `${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n\r\n${INNER}`],
  ['a space before the colon', `${HEAD}content-length : 4\r\n\r\n${INNER}`],
  ['a header over two lines', `${HEAD}x-a: 1\r\n content-length: 4\r\n\r\n${INNER}`],
  ['headers that never end', `${HEAD}x-long: ${'x'.repeat(64 * 1024)}\r\n\r\n${INNER}`],
  ['no Host', `GET /livez HTTP/1.1\r\n\r\n${INNER}`],
])('%s: refused, and the bytes behind it are not read as a request', async (_, text) => {
  const { url } = await startFakeGateway();
  const answer = await exchange(url, text);
  expect(answer).toMatch(/^HTTP\/1\.1 4(?:00|13|31) /);
  expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
});
