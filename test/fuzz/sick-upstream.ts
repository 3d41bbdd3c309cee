/** An upstream with scripted answers for each project. */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { OPERATIONS } from '../support/contract/document.ts';
import { propertiesOf } from '../support/contract/properties.ts';
import { anyJson } from './hostile.ts';

export interface SickAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** What happens to the connection. */
  readonly end: 'well' | 'early' | 'atOnce';
}

const ENVELOPES = [
  'endpoints',
  'endpoint_services',
  'connections',
  'permissions',
  'resources',
  'versions',
  'tags',
  'quotas',
];
const WORDS = [
  ...new Set([
    ...OPERATIONS.flatMap(({ id, answers }) => (answers.has('200') ? safely(() => propertiesOf(id)) : [])),
    ...['error_code', 'error_msg', 'error', 'code', 'message', 'request_id', '__proto__', 'constructor'],
  ]),
];

function safely(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch {
    return [];
  }
}

/** Members of the right names with values of any kind. */
const { row } = fc.letrec<{ row: Record<string, unknown>; value: unknown }>((tie) => ({
  row: fc.dictionary(fc.constantFrom(...WORDS), tie('value'), { maxKeys: 12 }),
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 4, arbitrary: anyJson },
    { weight: 2, arbitrary: fc.constantFrom('accepted', 'creating', '2026-01-01T00:00:00Z', 'EndPoint.0011', '12') },
    { weight: 2, arbitrary: tie('row') },
    { weight: 1, arbitrary: fc.array(tie('row'), { maxLength: 3 }) },
  ),
}));
const page = fc
  .tuple(
    fc.constantFrom(...ENVELOPES),
    fc.array(fc.oneof({ weight: 8, arbitrary: row }, anyJson), { maxLength: 5 }),
    row,
  )
  .map(([envelope, rows, more]) => ({ total_count: rows.length, ...more, [envelope]: rows }));
const text = fc
  .oneof({ weight: 3, arbitrary: page }, { weight: 3, arbitrary: row }, anyJson)
  .map((value) => JSON.stringify(value) ?? '');

const body: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 8, arbitrary: text.map((json) => Buffer.from(json)) },
  {
    weight: 1,
    arbitrary: text.chain((json) => fc.nat({ max: json.length }).map((cut) => Buffer.from(json.slice(0, cut)))),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: fc.nat({ max: 50_000 }).map((depth) => Buffer.from('['.repeat(depth))) },
);

/**
 * 401, 429 and most 5xx stay rare or out: after them the gateway rightly does not ask again for a while, and the cases
 * behind would prove nothing (test/graphql/errors/upstream-failures.test.ts has them).
 */
export const sickAnswer: fc.Arbitrary<SickAnswer> = fc.record({
  status: fc.oneof(
    { weight: 12, arbitrary: fc.constant(200) },
    {
      weight: 6,
      arbitrary: fc.constantFrom(201, 202, 204, 206, 299, 301, 302, 307, 400, 403, 404, 405, 409, 412, 418, 451, 499),
    },
  ),
  headers: fc.dictionary(
    fc.constantFrom(
      'content-type',
      'location',
      'x-request-id',
      'date',
      'content-encoding',
      'content-length',
      'set-cookie',
    ),
    fc.constantFrom('', 'application/json', 'gzip', 'http://127.0.0.1:9/', 'not a date', '0', '7', 'x'.repeat(2_000)),
    { maxKeys: 3 },
  ),
  body,
  end: fc.oneof(
    { weight: 12, arbitrary: fc.constant('well' as const) },
    fc.constantFrom('early' as const, 'atOnce' as const),
  ),
});

export class SickUpstream {
  readonly #server: Server;
  readonly #answers = new Map<string, SickAnswer>();

  constructor() {
    this.#server = createServer((request, response) => {
      const [, project = ''] = /^\/v\d+\/([^/?]+)/.exec(request.url ?? '') ?? [];
      request.resume();
      request.on('end', () => give(response, this.#answers.get(project)));
    });
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  /** @returns its base URL. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Sets the answer to every call for the project. */
  set(project: string, answer: SickAnswer): void {
    this.#answers.set(project, answer);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function give(response: ServerResponse, answer: SickAnswer | undefined): void {
  if (answer === undefined || answer.end === 'atOnce') {
    response.destroy();
    return;
  }
  const { status, headers, body: content, end } = answer;
  // Raw bytes: Node.js refuses to send a wrong Content-Length.
  const given = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length =
    'content-length' in headers ? '' : `content-length: ${content.length + (end === 'early' ? 10 : 0)}\r\n`;
  response.socket?.end(
    Buffer.concat([
      Buffer.from(`HTTP/1.1 ${status} Fuzz\r\n${given.join('')}${length}connection: close\r\n\r\n`),
      content,
    ]),
  );
}
