import { request as httpRequest } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../support/build.ts';
import { startFakeGateway, stopFakeGateways } from '../support/fake-gateway.ts';

beforeAll(build, 300_000);
afterEach(stopFakeGateways);

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** As it is on the wire: `fetch` resolves `..` and decompresses. */
function ask(url: string, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

/** The addresses of a page's scripts and styles. */
async function assetsOf(url: string, page: string): Promise<string[]> {
  const html = (await ask(url, page)).body.toString();
  const found = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] ?? '');
  expect(found).not.toEqual([]);
  return found;
}

const policyOf = ({ headers }: Answer): string[] => String(headers['content-security-policy']).split('; ').sort();

describe('a page', () => {
  it.each(['/', '/graphiql'])('%s is asked for again each time, and sent when it has changed', async (path) => {
    const { url } = await startFakeGateway();
    const page = await ask(url, path);
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers).toMatchObject({ 'cache-control': 'no-cache', vary: 'Origin, Accept-Encoding' });
    const etag = String(page.headers.etag);
    for (const given of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const same = await ask(url, path, { 'if-none-match': given });
      expect([given, same.status, same.body.length, same.headers.etag]).toEqual([given, 304, 0, etag]);
      expect(same.headers).toMatchObject({ 'cache-control': 'no-cache', vary: 'Origin, Accept-Encoding' });
    }
    expect((await ask(url, path, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it.each([
    '/endpoints',
    '/endpoints/new',
    '/endpoints/db18af8e-6a18-44e5-9c02-838174a4d93f',
    '/services',
    '/services/new',
    '/services/51a00000-0000-4000-8000-000000000003/connections',
    '/quotas',
    '/sign-in?code=a&state=b',
  ])('of the portal is %s', async (path) => {
    const { url } = await startFakeGateway();
    expect((await ask(url, path)).body).toEqual((await ask(url, '/')).body);
  });

  it('answers HEAD without a body', async () => {
    const { url } = await startFakeGateway();
    const [whole, head] = [await ask(url, '/'), await ask(url, '/', {}, 'HEAD')];
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(head.headers['content-length']).toBe(String(whole.body.length));
  });

  it('of the portal runs own scripts only, by Trusted Types, and calls the gateway only', async () => {
    const { url } = await startFakeGateway();
    const page = await ask(url, '/');
    expect(policyOf(page)).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "font-src 'self'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self' data:",
      "require-trusted-types-for 'script'",
      "script-src 'self'",
      "style-src 'self'",
      "trusted-types 'none'",
    ]);
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
  });

  it('of the portal may also call the issuer where users sign in', async () => {
    const oidc = { issuer: 'https://login.example.com/realms/one', clientId: 'portal', scope: 'openid' };
    const { url } = await startFakeGateway({ options: { authMode: 'jwt', oidc } });
    expect(policyOf(await ask(url, '/'))).toContain("connect-src 'self' https://login.example.com");
    const settings = await ask(url, '/portal.json');
    expect(settings.headers['cache-control']).toBe('no-store');
    expect(JSON.parse(settings.body.toString())).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      authMode: 'jwt',
      oidc,
      graphiql: true,
    });
    expect(policyOf(await ask(url, '/graphiql'))).toContain("connect-src 'self'");
  });

  it('of GraphiQL may set styles and start its workers', async () => {
    const { url } = await startFakeGateway();
    expect(policyOf(await ask(url, '/graphiql'))).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "font-src 'self' data:",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self' data:",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "worker-src 'self'",
    ]);
  });
});

describe('a file of a page', () => {
  it.each(['/', '/graphiql'])('of %s is kept for ever, and sent in the form that the client takes', async (path) => {
    const { url } = await startFakeGateway();
    for (const asset of await assetsOf(url, path)) {
      const plain = await ask(url, asset);
      expect(plain.headers['content-type']).toBe(
        asset.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
      );
      expect(plain.headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'Origin, Accept-Encoding',
        'x-content-type-options': 'nosniff',
        'content-length': String(plain.body.length),
      });
      const brotli = await ask(url, asset, { 'accept-encoding': 'gzip, deflate, br' });
      expect(brotli.headers['content-encoding']).toBe('br');
      expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
      const gzip = await ask(url, asset, { 'accept-encoding': 'br;q=0, GZIP;q=0.5' });
      expect(gzip.headers['content-encoding']).toBe('gzip');
      expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
      expect(new Set([plain, brotli, gzip].map(({ headers }) => headers.etag)).size).toBe(3);
      expect((await ask(url, asset, { 'accept-encoding': 'zstd' })).headers['content-encoding']).toBeUndefined();
    }
  });

  it.each([
    '/assets/index-00000000.js',
    '/assets/',
    '/assets/../manifest.json',
    '/assets/..%2fmanifest.json',
    '/graphiql/../../package.json',
    '/manifest.json',
    '/index.html.br',
    '/__proto__',
    '//etc/passwd',
  ])('is not %s', async (path) => {
    const { url } = await startFakeGateway();
    expect((await ask(url, path)).status).toBe(404);
  });

  it('is served while the client leaves, without an error in the log', async () => {
    const { url, logs, metrics } = await startFakeGateway();
    const [script = ''] = await assetsOf(url, '/graphiql');
    const { hostname, port } = new URL(url);
    const request = httpRequest({ hostname, port, path: script }, (response) => response.destroy());
    request.end();
    const aborted = 'vpcep_gateway_http_requests_total{route="/assets",status="aborted"} 1';
    await expect.poll(() => metrics.registry.metrics()).toContain(aborted);
    expect(logs.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});

it('metrics count pages by a few labels, whatever the address is', async () => {
  const { url, metrics } = await startFakeGateway();
  const [script = ''] = await assetsOf(url, '/graphiql');
  for (const path of ['/endpoints/a', '/services/b', script, '/assets/unknown.js']) await ask(url, path);
  const text = await metrics.registry.metrics();
  const routes = [...text.matchAll(/^vpcep_gateway_http_requests_total\{route="(.*?)",status="\d+"\} ([1-9])/gm)];
  expect(routes.map(([, route, count]) => `${route} ${count}`).sort()).toEqual([
    '/ 2',
    '/assets 1',
    '/graphiql 1',
    'other 1',
  ]);
});

it('without GraphiQL neither its page nor its files are there', async () => {
  const [script = ''] = await assetsOf((await startFakeGateway()).url, '/graphiql');
  const { url } = await startFakeGateway({ options: { graphiql: false } });
  for (const path of ['/graphiql', '/graphiql/index.html', script]) expect((await ask(url, path)).status).toBe(404);
  expect((await ask(url, '/')).status).toBe(200);
});
