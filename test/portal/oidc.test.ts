/** Sign-in in a real browser, at a real provider, for a real gateway. */
import { createServer, type Server } from 'node:http';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Session, SessionState } from '../../portal/src/session/session.ts';
import type { OidcSettings, PortalSettings } from '../../portal/src/session/settings.ts';
import type { Gateway } from '../../src/app/gateway.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { CLIENT_ID } from '../support/code-flow.ts';
import { TestIssuer } from '../support/issuer.ts';
import { type LoopbackServer, listenOnLoopback } from '../support/loopback-server.ts';
import { startTestGateway, startTestSimulator } from '../support/start-gateway.ts';

/** What the page of the test puts on `globalThis`. */
interface OnPage {
  settings: PortalSettings;
  session: Session;
  /** The end of the sign-in, on its way back from the provider. */
  finished: Promise<{ returnTo: string } | { failure: string; reason: unknown }> | null;
  start(changed?: Partial<OidcSettings>): Promise<string>;
}

/** Signs in as the portal does. */
const PAGE = `
  import { finishSignIn, startSignIn } from './oidc.ts';
  import { createSession } from './session.ts';
  import { readSettings } from './settings.ts';
  const settings = await readSettings();
  const session = createSession(settings);
  const failed = (error) => ({ failure: error.message, reason: error.reason });
  const finish = async () => {
    const { grant, returnTo } = await finishSignIn(settings.oidc, window);
    session.signIn(grant);
    return { returnTo };
  };
  const start = (changed) => startSignIn({ ...settings.oidc, ...changed }, '/endpoints?search=x', window).then(() => '', (e) => e.message);
  const finished = location.pathname === '/sign-in' ? finish().catch(failed) : null;
  Object.assign(globalThis, { settings, session, finished, start });
  document.title = 'ready';
`;

const VIEWER = '{ viewer { projects { id } } }';

async function pageScript(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: PAGE, resolveDir: 'portal/src/session', loader: 'ts' },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** @param policy a content security policy */
function pageServer(script: string, settings: PortalSettings, policy: () => string): Server {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [type, body] =
      pathname === '/portal.json'
        ? ['application/json', JSON.stringify(settings)]
        : pathname === '/page.js'
          ? ['text/javascript', script]
          : ['text/html', '<!doctype html><script type="module" src="/page.js"></script>'];
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy() }).end(body);
  });
}

describe('sign-in at an OpenID provider', () => {
  let issuer: TestIssuer;
  let site: LoopbackServer;
  let origin: string;
  let simulator: Simulator;
  let gateway: Gateway;
  let browser: Browser;
  let page: Page;
  /** All that the page wrote on its console, and all addresses that it went to. */
  let written: string[];

  beforeAll(async () => {
    issuer = await TestIssuer.start();
    const oidc = { issuer: issuer.url, clientId: CLIENT_ID, scope: 'openid offline_access' };
    const settings = { version: '1', authMode: 'jwt', oidc, graphiql: false } as const;
    const server = pageServer(
      await pageScript(),
      settings,
      () =>
        `default-src 'none'; script-src 'self'; connect-src 'self' ${issuer.url} ${gateway.url}; ` +
        "require-trusted-types-for 'script'; trusted-types 'none'",
    );
    site = await listenOnLoopback(server, new Set());
    origin = `http://127.0.0.1:${site.port}`;
    simulator = await startTestSimulator();
    gateway = await startTestGateway(simulator, { env: { ...issuer.env, ALLOWED_ORIGINS: origin } });
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-background-networking'],
    });
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await gateway.close();
    await simulator.close();
    await site.close();
    await issuer.close();
  });

  beforeEach(async () => {
    Object.assign(issuer.flow, { tokenSeconds: 300, denial: null, claims: { projects: [SIMULATOR_PROJECT_ID] } });
    const context = await browser.newContext();
    page = await context.newPage();
    written = [];
    page.on('console', (message) => written.push(message.text()));
    page.on('framenavigated', (frame) => written.push(frame.url()));
    await page.goto(`${origin}/`);
    await ready();
    return () => context.close();
  });

  const ready = () => expect.poll(() => page.title()).toBe('ready');
  const start = (changed: Partial<OidcSettings> = {}) =>
    page.evaluate((to) => (globalThis as unknown as OnPage).start(to), changed);
  const finished = () => page.evaluate(() => (globalThis as unknown as OnPage).finished);
  const state = (): Promise<SessionState> => page.evaluate(() => (globalThis as unknown as OnPage).session.snapshot());
  const stored = () => page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');

  /** The whole way to the provider and back. */
  async function signIn(): Promise<unknown> {
    // Not awaited in the page: it leaves the page.
    await Promise.all([page.waitForURL(`${origin}/sign-in**`), page.evaluate('void start()')]);
    await ready();
    return await finished();
  }

  const ask = () =>
    page.evaluate(
      async ([url, query]) => {
        const { session } = globalThis as unknown as OnPage;
        const headers = { 'content-type': 'application/json', ...session.headers() };
        const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
        return (await response.json()) as unknown;
      },
      [gateway.url, VIEWER] as const,
    );

  it('gives a token that the gateway accepts, and leaves no trace of it', async () => {
    expect(await signIn()).toEqual({ returnTo: '/endpoints?search=x' });
    expect(await state()).toEqual({ kind: 'signed-in', by: 'oidc', expiresAt: expect.any(Number) });
    expect(await ask()).toEqual({ data: { viewer: { projects: [{ id: SIMULATOR_PROJECT_ID }] } } });

    const token = issuer.flow.issued.at(-1) ?? '';
    expect(await page.evaluate(() => (globalThis as unknown as OnPage).session.headers())).toEqual({
      authorization: `Bearer ${token}`,
    });
    expect(await stored()).toBe('[{},{},""]');
    expect(page.url()).toBe(`${origin}/sign-in`);
    expect(written.filter((text) => text.includes(token))).toEqual([]);
    expect(await page.evaluate('JSON.stringify(history.state)')).toBe('null');
  });

  it('refreshes the token before it ends, and the gateway accepts the next one', async () => {
    issuer.flow.tokenSeconds = 2;
    const before = issuer.flow.issued.length;
    await signIn();
    await expect.poll(() => issuer.flow.issued.length).toBeGreaterThanOrEqual(before + 3);
    issuer.flow.tokenSeconds = 300;
    const long = Date.now() + 60_000;
    await expect.poll(async () => Object(await state()).expiresAt).toBeGreaterThan(long);
    expect(await ask()).toMatchObject({ data: { viewer: { projects: [{ id: SIMULATOR_PROJECT_ID }] } } });
    expect(await stored()).toBe('[{},{},""]');
  });

  it('ends when the provider has ended the session', async () => {
    issuer.flow.tokenSeconds = 2;
    await signIn();
    await expect
      .poll(async () => {
        issuer.flow.endSessions();
        return await state();
      })
      .toEqual({ kind: 'signed-out', reason: 'expired' });
    expect(await ask()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('refuses an answer with another state, and asks for no token', async () => {
    const { length } = issuer.flow.issued;
    await page.route(`${issuer.url}/authorize**`, (route) =>
      route.fulfill({ status: 302, headers: { location: `${origin}/sign-in?code=stolen&state=another` } }),
    );
    expect(await signIn()).toMatchObject({ reason: 'stale' });
    expect(issuer.flow.issued).toHaveLength(length);
    expect(await state()).toEqual({ kind: 'signed-out', reason: null });
    expect(await stored()).toBe('[{},{},""]');
  });

  it('refuses an answer that it did not ask for', async () => {
    await page.goto(`${origin}/sign-in?code=stolen&state=null`);
    await ready();
    expect(await finished()).toMatchObject({ reason: 'stale' });
    expect(page.url()).toBe(`${origin}/sign-in`);
  });

  it("shows the provider's error in its words", async () => {
    issuer.flow.denial = 'Alice may not use the portal';
    expect(await signIn()).toEqual({ failure: 'Alice may not use the portal', reason: 'refused' });
    expect(page.url()).toBe(`${origin}/sign-in`);
  });

  it('proves that it began the flow: another verifier gets no token', async () => {
    await page.route(`${issuer.url}/token`, (route) => {
      const form = new URLSearchParams(route.request().postData() ?? '');
      form.set('code_verifier', 'of-another-page');
      return route.continue({ postData: form.toString() });
    });
    expect(await signIn()).toEqual({ failure: 'The grant is not valid', reason: 'refused' });
  });

  it('goes to no provider of another name, and to none without https', async () => {
    expect(await start({ issuer: `${issuer.url}/` })).toBe(
      `The provider calls itself ${issuer.url}, and not ${issuer.url}/`,
    );
    expect(await start({ issuer: 'http://login.example' })).toContain('Sign-in needs https');
    issuer.answerInstead('/other/.well-known/openid-configuration', {
      status: 200,
      body: JSON.stringify({ issuer: `${issuer.url}/other`, authorization_endpoint: 'javascript:alert(1)' }),
    });
    expect(await start({ issuer: `${issuer.url}/other` })).toContain('Sign-in needs https, and javascript:alert(1)');
    expect(page.url()).toBe(`${origin}/`);
    expect(await stored()).toBe('[{},{},""]');
  });

  it('says when the provider does not allow the page', async () => {
    issuer.answerInstead('/closed/.well-known/openid-configuration', {
      status: 200,
      headers: { 'access-control-allow-origin': 'https://another.example' },
      body: JSON.stringify({ issuer: `${issuer.url}/closed` }),
    });
    expect(await start({ issuer: `${issuer.url}/closed` })).toContain('forbids this page (CORS)');
  });
});
