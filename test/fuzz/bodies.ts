/** Whole HTTP requests, byte by byte over a plain socket: nearly right, wrong, and not HTTP at all. */
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { faultInAnswer } from './answers.ts';
import { anyJson, hostileText } from './hostile.ts';
import type { Attack } from './run.ts';

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
  /** Content-Length that is said; null: the true one. */
  readonly length: number | null;
}

/** Milliseconds; a case without an answer within this time is a finding. */
const PATIENCE_MS = 10_000;
const VALID = JSON.stringify({ query: 'query Q($id: ID!) { vpcEndpoint(id: $id) { id } }', variables: { id: 'ep-1' } });

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

const damaged = fc
  .tuple(fc.nat({ max: VALID.length - 1 }), fc.uint8Array({ minLength: 0, maxLength: 6 }), fc.nat({ max: 6 }))
  .map(([at, put, cut]) => Buffer.concat([bytes(VALID.slice(0, at)), put, bytes(VALID.slice(at + cut))]));

const graphql = fc
  .record(
    {
      query: fc.oneof(
        fc.constantFrom('{ __typename }', 'mutation { nothing }', '{', '#', '{ a { a { a } } }'),
        anyJson,
      ),
      operationName: anyJson,
      variables: anyJson,
      extensions: anyJson,
      documentId: anyJson,
      id: anyJson,
    },
    { requiredKeys: [] },
  )
  .map((payload) => bytes(JSON.stringify(payload)));

const body = fc.oneof(
  damaged,
  graphql,
  anyJson.map((value) => bytes(JSON.stringify(value) ?? '')),
  fc.array(graphql, { maxLength: 3 }).map((all) => bytes(`[${all.map((one) => Buffer.from(one)).join(',')}]`)),
  fc.nat({ max: 20_000 }).map((depth) => bytes('['.repeat(depth))),
  fc.nat({ max: 5_000 }).map((depth) => bytes(JSON.stringify({ query: '{ a '.repeat(depth) }))),
  fc.uint8Array({ maxLength: 300 }),
);

const headerValue = hostileText.map((text) => text.replaceAll(/[^\t\x20-\x7e]/g, '?').slice(0, 500));
const header = fc.oneof(
  fc.tuple(
    fc.constant('content-type'),
    fc.oneof(fc.constantFrom('text/plain', 'application/json; charset=utf-16'), headerValue),
  ),
  fc.tuple(
    fc.constant('accept'),
    fc.oneof(fc.constantFrom('text/event-stream', 'multipart/mixed;subscriptionSpec=1.0', '*/*'), headerValue),
  ),
  fc.tuple(fc.constant('origin'), fc.oneof(fc.constantFrom('null', 'http://evil.example'), headerValue)),
  fc.tuple(fc.constant('content-encoding'), fc.constantFrom('gzip', 'br', 'identity', 'deflate, gzip')),
  fc.tuple(fc.constant('transfer-encoding'), fc.constantFrom('chunked', 'identity', 'chunked, chunked', 'gzip')),
  fc.tuple(fc.constant('expect'), fc.constantFrom('100-continue', 'something')),
  fc.tuple(fc.constant('upgrade'), fc.constantFrom('websocket', 'h2c')),
  fc.tuple(fc.constant('last-event-id'), headerValue),
  fc.tuple(fc.constant('x-forwarded-for'), headerValue),
  fc.tuple(fc.constantFrom('authorization', 'x-auth-token', 'x-request-id', 'cookie', 'host'), headerValue),
);

const path = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('/graphql', '/graphql/stream') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '/',
      '/livez',
      '/metrics',
      '/graphiql',
      '/graphql/',
      '//graphql',
      '*',
      'http://evil.example/graphql',
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom('/graphql', '/graphql/stream'),
        fc.dictionary(fc.constantFrom('query', 'variables', 'token', 'extensions', 'operationName'), hostileText),
      )
      .map(([to, query]) => `${to}?${new URLSearchParams(query)}`),
  },
);

const request: fc.Arbitrary<Request> = fc.record({
  method: fc.oneof(
    { weight: 8, arbitrary: fc.constant('POST') },
    { weight: 2, arbitrary: fc.constant('GET') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE', 'CONNECT', 'post', 'NOTHING'),
    },
  ),
  path,
  headers: fc.oneof(
    { weight: 2, arbitrary: fc.constant([['content-type', 'application/json'] as const]) },
    { weight: 3, arbitrary: fc.array(header, { maxLength: 5 }) },
  ),
  body,
  length: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, fc.constantFrom(0, 1, 5_000_000, -1)),
});

/** All bytes until the connection ends; null when it does not. */
async function exchange(url: string, sent: Uint8Array): Promise<string | null> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  // A reset counts as an end: the gateway does not read a refused body.
  socket.on('error', () => {});
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer in time')));
  let late = false;
  socket.on('timeout', () => {
    late = true;
  });
  // No half-close: the gateway does not answer a closed connection.
  socket.write(sent);
  await once(socket, 'close').catch(() => {});
  return late ? null : Buffer.concat(chunks).toString('utf8');
}

function written({ method, path: to, headers, body: content, length }: Request): Uint8Array {
  const given = new Set(headers.map(([name]) => name));
  const head = [
    `${method} ${to.replaceAll(/[^\x21-\x7e]/g, '')} HTTP/1.1`,
    ...(given.has('host') ? [] : ['host: 127.0.0.1']),
    'connection: close',
    ...(given.has('transfer-encoding') ? [] : [`content-length: ${length ?? content.length}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([bytes(`${head.join('\r\n')}\r\n\r\n`), content]);
}

function faultIn({ path: to }: Request, answer: string): string | null {
  if (answer === '') return null;
  const [, status = '', rest = ''] = /^HTTP\/1\.1 (\d{3}) [\s\S]*?\r\n\r\n([\s\S]*)$/.exec(answer) ?? [];
  if (status === '') return `not HTTP: ${answer.slice(0, 300)}`;
  if (status === '500') return `status 500: ${answer.slice(0, 500)}`;
  const isJson =
    /\r\ncontent-type: application\/[a-z-]*\+?json/i.test(answer) && !/\r\ntransfer-encoding: chunked/i.test(answer);
  return isJson && rest !== '' && (to.startsWith('/graphql') || status >= '400') ? faultInAnswer(rest) : null;
}

/** The gateway rightly waits for a body that is shorter than its Content-Length: those connections are cut. */
function keepsWaiting({ length, headers, body: content }: Request): boolean {
  return (
    headers.some(([name]) => name === 'transfer-encoding' || name === 'expect' || name === 'upgrade') ||
    (length ?? 0) > content.length
  );
}

export const bodies: Attack<Request> = {
  env: { SIMULATOR_PORT: '0' },
  cases: request,
  send: async ({ url }, one) => {
    const sent = written(one);
    if (keepsWaiting(one)) {
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      socket.end(sent);
      socket.resume();
      await once(socket, 'close').catch(() => {});
      return null;
    }
    const answer = await exchange(url, sent);
    return answer === null ? 'no answer in time' : faultIn(one, answer);
  },
};
