/**
 * What scanners of GraphQL servers try first (graphql-cop, the OWASP cheat sheet on GraphQL), against a gateway in
 * production mode. None may reach upstream, and none may learn anything.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { overSse } from '../support/every-transport.ts';
import { SocketClient } from '../support/socket-client.ts';
import { useGateway } from '../support/use-gateway.ts';

const { gateway, simulator } = useGateway(beforeAll, { env: { NODE_ENV: 'production' } });

const times = (count: number, make: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => make(n)).join(' ');
const READ = 'vpcEndpoints { totalCount }';
const TOO_COMPLEX = ['QUERY_TOO_COMPLEX'];
const INVALID = ['GRAPHQL_VALIDATION_FAILED'];
const UNREADABLE = ['GRAPHQL_PARSE_FAILED', 'QUERY_TOO_COMPLEX'];
const EITHER = [...TOO_COMPLEX, ...INVALID];
const DEEP_TYPE = `${times(8, () => 'ofType { name')}${'}'.repeat(8)}`;

/** Each is one text; which codes may be the answer. */
const DOCUMENTS: readonly (readonly [string, string, readonly string[]])[] = [
  ['aliases of a field', `{ ${times(101, (n) => `a${n}: ${READ}`)} }`, TOO_COMPLEX],
  ['aliases, spread over inline fragments', `{ ${times(40, (n) => `... { a${n}: ${READ} }`)} }`, TOO_COMPLEX],
  [
    'aliases, multiplied by fragments',
    `{ ${times(10, (n) => `a${n}: vpcEndpoints { ...F }`)} } fragment F on VpcEndpointConnection { ${times(10, (n) => `b${n}: totalCount`)} }`,
    TOO_COMPLEX,
  ],
  ['a field again and again', `{ ${times(500, () => '__typename')} }`, TOO_COMPLEX],
  ['a field again and again, in fragments', `{ ${times(50, () => '... { __typename }')} }`, TOO_COMPLEX],
  ['a nested field again and again', `{ vpcEndpoints { ${times(200, () => 'totalCount')} } }`, TOO_COMPLEX],
  ['unknown directives', `{ __typename ${times(60, () => '@aa')} }`, EITHER],
  ['known directives', `{ __typename ${times(60, () => '@include(if: true)')} }`, TOO_COMPLEX],
  [
    'directives on many fields',
    `{ vpcEndpoints { ${times(25, (n) => `a${n}: totalCount @skip(if: false)`)} } }`,
    TOO_COMPLEX,
  ],
  [
    'depth',
    `{ vpcEndpoints { nodes { ${times(11, () => 'service { ... on EndpointService { connections { nodes { endpoint {')} id ${'}'.repeat(55)} } } }`,
    TOO_COMPLEX,
  ],
  [
    'depth, through fragments',
    `{ vpcEndpoints { nodes { ...F0 } } } ${times(12, (n) => `fragment F${n} on VpcEndpoint { service { ... on EndpointService { connections { nodes { endpoint { ...F${n + 1} } } } } } }`)} fragment F12 on VpcEndpoint { id }`,
    TOO_COMPLEX,
  ],
  [
    'a circle of fragments',
    '{ vpcEndpoints { nodes { ...A } } } fragment A on VpcEndpoint { ...B } fragment B on VpcEndpoint { ...A }',
    EITHER,
  ],
  [
    'fragments that double',
    `{ vpcEndpoints { nodes { ...F0 } } } ${times(30, (n) => `fragment F${n} on VpcEndpoint { ...F${n + 1} ...F${n + 1} }`)} fragment F30 on VpcEndpoint { id }`,
    EITHER,
  ],
  ['many tokens', `{ ${'vpcEndpoints { totalCount } '.repeat(1_000)} }`, UNREADABLE],
  ['many root fields', `{ ${times(25, (n) => (n === 0 ? READ : `a${n}: __typename`))} }`, TOO_COMPLEX],
  [
    'many operations',
    `${times(700, (n) => `query Q${n} { __typename }`)}`,
    [...UNREADABLE, 'OPERATION_RESOLUTION_FAILURE'],
  ],
  [
    'a deep value',
    `{ vpcEndpoints(first: ${'['.repeat(900)}${']'.repeat(900)}) { totalCount } }`,
    [...UNREADABLE, ...EITHER],
  ],
  ['a nesting that overflows the stack', '{ a '.repeat(5_000), UNREADABLE],
  ['the schema', '{ __schema { types { name fields { name } } } }', EITHER],
  ['the schema, in a circle', `{ __schema { types { fields { type { ${DEEP_TYPE} } } } } }`, EITHER],
  [
    'a type, under an alias in a fragment',
    'query { ...F } fragment F on Query { x: __type(name: "Mutation") { name } }',
    INVALID,
  ],
  ['a name that is nearly right', '{ vpcEndpont { totalCount } }', INVALID],
  ['an argument that is nearly right', '{ vpcEndpoints(frist: 1) { totalCount } }', INVALID],
  ['a hundred faults', `{ ${times(20, (n) => `x${n} `)} y(${times(30, (n) => `a${n}: 1`)}) }`, EITHER],
];

interface Fault {
  readonly message: string;
  readonly extensions: { readonly code: string };
}

function expectTellsNothing(text: string): void {
  expect(text).not.toMatch(/did you mean|stack|node_modules|\.ts:|\.js:|tracing/i);
}

function expectRefused(errors: readonly Fault[], codes: readonly string[]): void {
  expect(errors.length).toBeGreaterThan(0);
  expect(errors.length).toBeLessThanOrEqual(5);
  for (const { extensions } of errors) expect(codes).toContain(extensions.code);
  expectTellsNothing(JSON.stringify(errors));
}

async function ask(init: RequestInit, search = ''): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${gateway.url}/graphql${search}`, init);
  return { status: response.status, text: await response.text() };
}

function post(body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  const type = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
  return ask({ method: 'POST', headers: { ...type, ...headers }, body: JSON.stringify(body) });
}

describe('a document that asks for too much, or for what is not shown', () => {
  it.each(DOCUMENTS)('%s: refused over HTTP', async (_name, query, codes) => {
    const before = simulator.requests.length;
    const { status, text } = await post({ query });
    expect(status).toBe(400);
    expectRefused(JSON.parse(text).errors, codes);
    expect(simulator.requests).toHaveLength(before);
  });

  it.each(DOCUMENTS)('%s: refused over WebSocket', async (_name, query, codes) => {
    const before = simulator.requests.length;
    const client = new SocketClient(gateway.url);
    await client.init();
    client.subscribe('1', query);
    const answer = await client.next();
    expect(answer).toMatchObject({ id: '1', type: 'error' });
    expectRefused(answer.payload as Fault[], codes);
    client.close();
    expect(simulator.requests).toHaveLength(before);
  });

  it.each(DOCUMENTS)('%s: refused over Server-Sent Events', async (_name, query, codes) => {
    const before = simulator.requests.length;
    const { errors } = await overSse(gateway.url, { query });
    expectRefused(errors ?? [], codes);
    expect(simulator.requests).toHaveLength(before);
  });
});

describe('a request that a web site can make a browser send', () => {
  it('a form is refused', async () => {
    const body = new URLSearchParams({ query: '{ vpcEndpoints { totalCount } }' });
    expect((await ask({ method: 'POST', body })).status).toBe(415);
    const form = new FormData();
    form.set('operations', '{"query":"{ __typename }"}');
    expect((await ask({ method: 'POST', body: form })).status).toBe(415);
    expect(
      (await ask({ method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"query":"{ __typename }"}' }))
        .status,
    ).toBe(415);
  });

  it('a GET without a header that needs a preflight is refused', async () => {
    const { status, text } = await ask({}, `?query=${encodeURIComponent('{ __typename }')}`);
    expect(status).toBe(400);
    expectTellsNothing(text);
  });

  it('a mutation over GET is refused, whatever its headers', async () => {
    const mutation = 'mutation { deleteVpcEndpoint(input: {id: "a"}) { statusCursor } }';
    const { status } = await ask(
      { headers: { 'apollo-require-preflight': '1' } },
      `?query=${encodeURIComponent(mutation)}`,
    );
    expect(status).toBe(405);
  });

  it('another origin is refused, and gets no CORS header', async () => {
    for (const origin of ['https://evil.example', 'null', `${gateway.url}.evil.example`]) {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin },
        body: '{"query":"{ __typename }"}',
      });
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
  });
});

describe('a request of an unusual form', () => {
  it('a batch is refused', async () => {
    const batch = Array.from({ length: 10 }, () => ({ query: '{ __typename }' }));
    const { status, text } = await post(batch);
    expect(status).toBe(400);
    expectTellsNothing(text);
  });

  it('a compressed body is refused before it is unpacked', async () => {
    const { status } = await ask({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: new Uint8Array([31, 139, 8, 0]),
    });
    expect(status).toBe(415);
  });

  it('a body beyond the limit is refused', async () => {
    const { status } = await post({ query: `{ __typename } #${'x'.repeat(1_100_000)}` });
    expect(status).toBe(413);
  });

  it('a client cannot store a persisted query', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
    const expectUnknown = async (): Promise<void> => {
      const { status, text } = await post({ extensions });
      expect(status).toBe(400);
      expect(JSON.parse(text).errors?.[0]?.extensions.code).toMatch(/^PERSISTED_QUERY_NOT_/);
    };
    await expectUnknown();
    await post({ query: '{ __typename }', extensions });
    await expectUnknown();
  });

  it('there is no tracing, no console, and no page for guessing', async () => {
    const { text } = await post({ query: '{ __typename }' }, { 'x-apollo-tracing': '1' });
    expect(JSON.parse(text)).toEqual({ data: { __typename: 'Query' } });
    for (const path of [
      '/graphiql',
      '/playground',
      '/console',
      '/altair',
      '/voyager',
      '/graphql/console',
      '/v1/graphql',
    ]) {
      expect((await fetch(`${gateway.url}${path}`)).status).toBe(404);
    }
    expect((await ask({ headers: { accept: 'text/html' } })).text).not.toContain('<html');
  });
});
