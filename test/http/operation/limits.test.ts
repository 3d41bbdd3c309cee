/** What a production server refuses, the same over every transport. */
import { gzipSync } from 'node:zlib';
import { getIntrospectionQuery } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { overGet, overHttp, type RawRequest, searchOf, TRANSPORTS } from '../../support/every-transport.ts';
import { useGateway } from '../../support/use-gateway.ts';

const { gateway, simulator } = useGateway(beforeAll, { env: { NODE_ENV: 'production' } });

const repeat = (count: number, text: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');
const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

const CREATE = `mutation($input: CreateVpcEndpointInput!) { createVpcEndpoint(input: $input) { endpoint { id } } }`;
const TAGS = `mutation($tags: [TagInput!]!) {
  addResourceTags(input: { resourceType: ENDPOINT, resourceId: "e", tags: $tags }) { tags { key } } }`;

const COMPLEX: readonly (readonly [what: string, limit: string, query: string])[] = [
  ['aliases', 'aliases', `{ viewer { ${repeat(31, (n) => `a${n}: subject`)} } }`],
  [
    'aliases in fragments',
    'aliases',
    `{ viewer { ${repeat(16, () => '...F')} } } fragment F on Viewer { a: subject b: subject }`,
  ],
  ['aliases in inline fragments', 'aliases', `{ viewer { ${repeat(31, (n) => `... { a${n}: subject }`)} } }`],
  ['aliased root fields', 'rootFields', `{ ${repeat(21, (n) => `a${n}: viewer { subject }`)} }`],
  ['one field again and again', 'repeats', `{ viewer { ${repeat(31, () => 'subject')} } }`],
  ['__typename again and again', 'repeats', `{ viewer { ${repeat(31, () => '__typename')} } }`],
  ['__typename at the root', 'rootFields', `{ ${repeat(21, () => '__typename')} }`],
  ['directives', 'directives', `{ viewer { subject ${repeat(21, () => '@include(if: true)')} } }`],
  ['unknown directives', 'directives', `{ viewer { subject ${repeat(500, () => '@a')} } }`],
  ['directives on many fields', 'directives', `{ viewer { ${repeat(21, () => 'subject @skip(if: false)')} } }`],
  [
    'depth',
    'depth',
    `{ vpcEndpoints ${'{ nodes { service { connections '.repeat(4)} { totalCount } ${'} } }'.repeat(4)} }`,
  ],
  [
    'depth in fragments on the types of an interface',
    'depth',
    `{ vpcEndpoint(id: "e") ${'{ service { ... on EndpointService { connections { nodes { endpoint '.repeat(3)} { id } ${'} } } } }'.repeat(3)} }`,
  ],
  ['depth in fragments', 'depth', `{ ...F } fragment F on Query ${'{ a '.repeat(13)} ${'}'.repeat(13)}`],
  ['levels that end the stack', 'nesting', '{a'.repeat(5_000)],
  ['lists in lists', 'nesting', `{ vpcEndpoint(id: ${'['.repeat(900)}${']'.repeat(900)}) { id } }`],
  ['tokens', 'tokens', `{ viewer { subject } } ${repeat(400, (n) => `fragment F${n} on Viewer { subject }`)}`],
  ['commas', 'length', `{ viewer { subject${','.repeat(50_000)} } }`],
  ['comments', 'length', `{ viewer { subject } } ${'#'.repeat(50_000)}`],
  ['a string', 'length', `{ vpcEndpoint(id: "${'x'.repeat(50_000)}") { id } }`],
  ['a block string', 'length', `{ vpcEndpoint(id: """${'x '.repeat(25_000)}""") { id } }`],
  ['operations', 'tokens', repeat(300, (n) => `query Q${n} { viewer { subject } }`)],
  [
    'fragments that double',
    'repeats',
    `{ viewer { ...F0 } } ${repeat(40, (n) => `fragment F${n} on Viewer { ...F${n + 1} ...F${n + 1} }`)} fragment F40 on Viewer { subject }`,
  ],
  [
    'histories in histories',
    'history',
    `{ vpcEndpoint(id: "e") { ${repeat(3, () => 'statusHistory(last: 100) { endpoint {')} id ${'} }'.repeat(3)} } }`,
  ],
  [
    'cost',
    'cost',
    `{ ${repeat(3, (n) => `a${n}: endpointServices(first: 100) { nodes { connections { totalCount } } }`)} }`,
  ],
];

const INTROSPECTION: readonly (readonly [what: string, query: string])[] = [
  ['the introspection query', getIntrospectionQuery()],
  ['__schema', '{ __schema { queryType { name } } }'],
  ['__type', '{ __type(name: "Query") { name } }'],
  ['an alias', '{ schema: __schema { types { name } } }'],
  ['a fragment', '{ ...F } fragment F on Query { t: __type(name: "Query") { name } }'],
  ['an inline fragment', '{ ... on Query { __schema { types { name } } } }'],
];

it.each(TRANSPORTS.filter(([name]) => name !== 'HTTP'))(
  '%s: an event may show less of histories than an answer',
  async (_name, ask) => {
    const inner = 'statusHistory(last: 2) { endpoint { statusHistory(last: 100) { rawStatus } } }';
    const { errors } = await ask(gateway.url, {
      query: `subscription { projectEndpointStatus { endpoint { ${inner} } } }`,
    });
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX', limit: 'history' } }]);
  },
);

describe.each(TRANSPORTS)('over %s', (_transport, ask) => {
  it.each(COMPLEX)('refuses too much of: %s', async (_what, limit, query) => {
    const operationName = query.startsWith('query Q') ? 'Q0' : undefined;
    const { errors, data } = await ask(gateway.url, { query, ...(operationName && { operationName }) });
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX', retryable: false, limit } }]);
    expect(errors?.[0]?.message).toMatch(/\d+.*: \w+/);
  });

  it.each(INTROSPECTION)('answers no introspection: %s', async (_what, query) => {
    const { errors } = await ask(gateway.url, { query });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
    expect(errors?.length).toBeLessThanOrEqual(5);
  });

  it('suggests nothing', async () => {
    const document = await ask(gateway.url, {
      query: '{ vpcEndpoin(id: "e", projektId: "p") { idd } viewer { subjekt } }',
    });
    const value = await ask(gateway.url, { query: CREATE, variables: { input: { vpcIdd: 'v' } } });
    expect(document.errors).toHaveLength(2);
    expect(JSON.stringify([document, value])).not.toMatch(/did you mean/i);
  });

  it('answers a refused operation with 5 errors at most', async () => {
    const fields = repeat(20, (n) => `wrong${n}`);
    const { errors } = await ask(gateway.url, { query: `{ viewer { ${fields} } }` });
    expect(errors).toHaveLength(5);
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
    const bad = await ask(gateway.url, { query: TAGS, variables: { tags: Array.from({ length: 20 }, () => 7) } });
    expect(bad.data ?? null).toBeNull();
    expect(bad.errors).toHaveLength(5);
    expect(new Set(bad.errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']));
    expect(bad.errors?.[1]?.extensions.issues).toMatchObject([{ path: 'tags.1', rule: 'type' }]);
  });

  it('names the faulty variable and its path', async () => {
    const variables = { tags: [{ key: 'k', value: { deep: 1 } }] };
    const { errors } = await ask(gateway.url, { query: TAGS, variables });
    expect(errors?.[0]?.extensions.issues).toMatchObject([{ path: 'tags.0.value', rule: 'type' }]);
    const none = await ask(gateway.url, { query: TAGS });
    expect(none.errors?.[0]?.extensions.issues).toMatchObject([{ path: 'tags', rule: 'required' }]);
  });

  it.each([
    ['lists', { input: nested(2_000) }],
    ['members that nothing asks for', { unused: { a: nested(33) } }],
  ])('refuses variables that are too deep: %s', async (_what, variables) => {
    const { errors } = await ask(gateway.url, { query: CREATE, variables });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'variables', rule: 'depth' }] } },
    ]);
  });

  it('refuses __proto__ as the name of a member', async () => {
    const variables: unknown = JSON.parse('{"tags": [{"key": "k", "__proto__": {"polluted": 1}}]}');
    const { errors } = await ask(gateway.url, { query: TAGS, variables });
    expect(errors).toMatchObject([{ extensions: { issues: [{ path: 'variables', rule: 'name' }] } }]);
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  it('leaves circles of fragments to validation', async () => {
    const query = '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A viewer { subject } }';
    const { errors } = await ask(gateway.url, { query });
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });

  it('answers the estimated and the actual cost on request', async () => {
    const query = '{ vpcEndpoints(first: 5) { nodes { service { id } } } quotas { used } viewer { subject } }';
    const before = simulator.requests.length;
    const { extensions, errors } = await ask(gateway.url, { query, extensions: { cost: true } });
    expect(errors).toBeUndefined();
    expect(extensions).toEqual({ cost: { estimated: 1 + 2 + 5 + 1, actual: simulator.requests.length - before } });
    const quiet = await ask(gateway.url, { query: '{ viewer { subject } }' });
    expect(quiet.extensions).toBeUndefined();
  });

  it('still answers', async () => {
    const query = '{ viewer { subject } vpcEndpoints(first: 3) { nodes { id service { id } } } __typename }';
    expect((await ask(gateway.url, { query })).data).toMatchObject({ viewer: { subject: 'anonymous' } });
    for (const first of [0, 101]) {
      const { errors } = await ask(gateway.url, { query: `{ vpcEndpoints(first: ${first}) { totalCount } }` });
      expect(errors?.[0]?.extensions.issues).toMatchObject([{ path: 'first', rule: 'range' }]);
    }
  });
});

describe('requests over HTTP', () => {
  const post = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body,
    });
  const QUESTION = { query: '{ __typename }' };

  it.each(['/graphql', '/graphql/stream'])('refuses a batch and a compressed body at %s', async (path) => {
    expect((await post(path, JSON.stringify([QUESTION, QUESTION]))).status).toBe(400);
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(1024 * 1024, ' ')));
    for (const encoding of ['gzip', 'br', 'deflate', 'gzip, br']) {
      expect((await post(path, bomb, { 'content-encoding': encoding })).status).toBe(415);
    }
    expect((await post(path, JSON.stringify(QUESTION), { 'content-encoding': 'identity' })).status).toBe(200);
  });

  it.each(['/graphql', '/graphql/stream'])('survives bodies that are deep or large at %s', async (path) => {
    for (const text of [
      '['.repeat(500_000),
      `${'['.repeat(500_000)}${']'.repeat(500_000)}`,
      '{"query":'.repeat(90_000),
    ]) {
      expect((await post(path, text)).status).toBe(400);
    }
    expect((await post(path, `{"query": "${'x'.repeat(1024 * 1024)}"}`)).status).toBe(413);
    const twice = await post('/graphql', '{"query": "{ wrong }", "query": "{ __typename }"}');
    expect(await twice.json()).toEqual({ data: { __typename: 'Query' } });
  });

  it('runs no mutation on GET, and refuses a long address', async () => {
    const query = 'mutation { deleteVpcEndpoint(input: { id: "e" }) { statusCursor } }';
    const headers = { 'apollo-require-preflight': 'true' };
    expect((await fetch(`${gateway.url}/graphql${searchOf({ query })}`, { headers })).status).toBe(405);
    const stream = { accept: 'text/event-stream' };
    expect((await fetch(`${gateway.url}/graphql/stream${searchOf({ query })}`, { headers: stream })).status).toBe(405);
    const long = searchOf({ query: `{ __typename } #${'x'.repeat(20_000)}` });
    expect((await fetch(`${gateway.url}/graphql${long}`, { headers })).status).toBe(431);
  });

  it('reads extensions that are deeper than the stack', async () => {
    const headers = { 'apollo-require-preflight': 'true', accept: 'text/event-stream, application/json' };
    const deep = `?documentId=d&extensions={%22a%22:${'['.repeat(7_000)}${']'.repeat(7_000)}}`;
    expect((await fetch(`${gateway.url}/graphql${deep}`, { headers })).status).toBe(400);
    const stream = await fetch(`${gateway.url}/graphql/stream${deep}`, { headers });
    expect(stream.status).toBe(400);
  });

  it('answers no GET that needs no preflight, and has no console', async () => {
    expect((await fetch(`${gateway.url}/graphql${searchOf(QUESTION)}`)).status).toBe(400);
    expect((await overGet(gateway.url, QUESTION)).data).toEqual({ __typename: 'Query' });
    expect((await fetch(`${gateway.url}/graphiql`)).status).toBe(404);
    expect((await fetch(`${gateway.url}/`)).status).toBe(200);
  });

  it('stores no document under a hash that a client sends', async () => {
    const sha256Hash = 'ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38';
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const register: RawRequest = { query: '{__typename}', extensions };
    expect((await overHttp(gateway.url, register)).data).toEqual({ __typename: 'Query' });
    expect((await overHttp(gateway.url, { extensions })).errors).toMatchObject([
      { extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } },
    ]);
  });
});
