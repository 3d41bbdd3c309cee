/** Ids are a client's text. Whatever stands in one, it is one segment of the path, of the project, or nothing is sent. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import { startTestGateway } from '../support/start-gateway.ts';

const PROJECT = '51a051a051a051a051a051a051a051a0';

let upstream: Server;
let gateway: Gateway;
let paths: string[];

beforeAll(async () => {
  paths = [];
  upstream = createServer((request, response) => {
    paths.push(request.url ?? '');
    request.resume();
    response
      .writeHead(404, { 'content-type': 'application/json' })
      .end('{"error_code":"EndPoint.0005","error_msg":"no"}');
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  gateway = await startTestGateway({ url: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}` });
});
afterAll(async () => {
  await gateway.close();
  upstream.closeAllConnections();
  upstream.close();
});

async function ask(
  query: string,
  variables: object,
): Promise<{ readonly errors?: readonly { readonly extensions: { readonly code: string } }[] }> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return JSON.parse(await response.text());
}

const OPERATIONS: readonly (readonly [string, string])[] = [
  ['vpc-endpoints', 'query ($id: ID!) { vpcEndpoint(id: $id) { id } }'],
  ['vpc-endpoint-services', 'query ($id: ID!) { endpointService(id: $id) { id } }'],
  ['vpc-endpoints', 'mutation ($id: ID!) { deleteVpcEndpoint(input: {id: $id}) { __typename } }'],
];
const NASTY = fc.oneof(
  fc.constantFrom(
    '.',
    '..',
    '/',
    '%2f',
    '%2e%2e',
    '?',
    '#',
    '\\',
    '../../v1/other/vpc-endpoints',
    'a/b',
    'a?limit=1',
    'a#b',
    'a%2f..',
    'a\r\nHost: x',
    'ü',
    '\ud800',
    '\u0000',
    ' ',
    ';',
    '//evil.example',
    '@',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const ID = fc.array(NASTY, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));

it.each(OPERATIONS)('a plain id is requested under %s', async (folder, query) => {
  paths.length = 0;
  await ask(query, { id: 'a-b' });
  expect(new Set(paths)).toEqual(new Set([`/v1/${PROJECT}/${folder}/a-b`]));
});

it('an id is one segment of the path, or nothing is sent', async () => {
  await fc.assert(
    fc.asyncProperty(ID, fc.constantFrom(...OPERATIONS), async (id, [folder, query]) => {
      paths.length = 0;
      await ask(query, { id });
      for (const path of paths) {
        const under = `/v1/${PROJECT}/${folder}/`;
        expect(path.startsWith(under)).toBe(true);
        const segment = path.slice(under.length);
        // Escaped but for letters, digits and - _ . ~: no slash, no query, no fragment, and nothing to be resolved.
        expect(segment).toMatch(/^(?:[\w.~-]|%[0-9A-F]{2})+$/);
        expect(['.', '..']).not.toContain(segment);
        expect(decodeURIComponent(segment)).toBe(Buffer.from(id).toString());
      }
    }),
    { numRuns: 120 },
  );
});

it('a project that is not served causes no call, whatever its name', async () => {
  paths.length = 0;
  await fc.assert(
    fc.asyncProperty(ID, async (projectId) => {
      const { errors } = await ask('query ($p: ID!) { vpcEndpoint(id: "a", projectId: $p) { id } }', { p: projectId });
      expect(errors?.[0]?.extensions.code).toMatch(/^(?:NOT_FOUND|BAD_USER_INPUT)$/);
      expect(paths).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
