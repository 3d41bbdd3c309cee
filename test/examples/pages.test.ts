/** Builds the pages of examples/ and uses them in Chromium, with connections that break. */

import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import { DeleteVpcEndpointDocument } from '../../src/client/generated/documents.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { ROOT } from '../documents/document-blocks.ts';
import { exampleCode } from '../documents/document-examples.ts';
import { ask, Subscription } from '../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };
let simulator: Simulator;
let gateway: Gateway;
let proxy: TcpProxy;
let pages: Server;
let browser: Browser;
let dir: string;
/** What the server of the pages has: the gateway's address in them leads to the proxy. */
const files = new Map<string, string>();

beforeAll(async () => {
  mkdirSync(join(ROOT, '.tmp'), { recursive: true });
  dir = mkdtempSync(join(ROOT, '.tmp/pages-'));
  files.set('/event-source.html', exampleCode('event-source.html'));
  for (const name of ['react-apollo', 'react-urql']) {
    await build({
      root: join(ROOT, 'examples', name),
      base: `/${name}/`,
      configFile: join(ROOT, 'examples/vite.config.ts'),
      logLevel: 'error',
      // Not minified, and React in its development build, whose StrictMode subscribes twice.
      build: { outDir: join(dir, name), minify: false },
    });
    for (const file of readdirSync(join(dir, name), { recursive: true, encoding: 'utf8' })) {
      if (extname(file) in TYPES) files.set(`/${name}/${file}`, readFileSync(join(dir, name, file), 'utf8'));
    }
  }
  pages = createServer(({ url = '' }, response) => {
    response.setHeader('content-type', TYPES[extname(url)] ?? 'text/plain');
    response.end(files.get(url)?.replaceAll('127.0.0.1:4000', `127.0.0.1:${proxy.port}`));
  }).listen(0, '127.0.0.1');
  await once(pages, 'listening');
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking'],
  });
}, 120_000);
beforeEach(async () => {
  simulator = await startTestSimulator();
  gateway = await startTestGateway(simulator, { env: { ALLOWED_ORIGINS: origin() } });
  proxy = await startTcpProxy(gatewayPort());
});
afterEach(async () => {
  await proxy.close();
  await gateway.close();
  await simulator.close();
});
afterAll(async () => {
  await browser?.close();
  pages?.close();
  rmSync(dir, { recursive: true });
});

const gatewayPort = () => Number(new URL(gateway.url).port);
const origin = () => `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;

/** An open page, and what it has reported as errors of its own scripts. */
async function open(path: string): Promise<{ readonly page: Page; readonly faults: readonly string[] }> {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // Chromium reports every refused connection.
    if (message.type() === 'error' && !/net::ERR_|WebSocket connection/.test(message.text()))
      faults.push(message.text());
  });
  await page.goto(`${origin()}/${path}`);
  return { page, faults };
}

const title = (page: Page) => page.getByRole('heading').textContent();
const badge = (page: Page) => page.getByRole('status').textContent();
/** What the badge of a React page has shown. */
const steps = (page: Page) => page.locator('p', { has: page.getByRole('status') }).textContent();
const rows = (page: Page) => page.getByRole('listitem').allTextContents();
/** The only endpoint. */
const idOf = ({ world }: Simulator) => world.endpoints()[0]?.id ?? '';

/** Cuts the page off while the endpoint is deleted. */
async function deleteUnseen(page: Page): Promise<void> {
  const { port } = proxy;
  await proxy.close();
  const id = idOf(simulator);
  const feed = Subscription.endpoint(gateway.url, { id });
  await ask(gateway.url, DeleteVpcEndpointDocument, { input: { id } });
  expect((await feed.rest()).at(-1)?.status).toBe('DELETED');
  await feed.close();
  proxy = await startTcpProxy(gatewayPort(), port);
  // As a browser does whose network is back; otherwise the page waits a little for its next attempt.
  await page.evaluate("dispatchEvent(new Event('online'))");
}

describe.each(['react-apollo', 'react-urql'])('%s', (name) => {
  it('creates, follows, and misses nothing while it is cut off', async () => {
    const { page, faults } = await open(`${name}/index.html`);
    await expect.poll(() => title(page)).toBe('VPC endpoints (live)');
    await page.getByRole('button', { name: 'Create' }).click();
    await expect.poll(() => steps(page)).toBe('ACCEPTED CREATING → ACCEPTED');
    await expect.poll(() => rows(page)).toEqual([`${idOf(simulator)} ACCEPTED`]);

    await deleteUnseen(page);
    await expect.poll(() => steps(page)).toBe('DELETED CREATING → ACCEPTED → DELETING → DELETED');
    await expect.poll(() => rows(page)).toEqual([]);
    expect(await title(page)).toBe('VPC endpoints (live)');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('shows a refused value at its field, and creates once for two clicks', async () => {
    const { page } = await open(`${name}/index.html`);
    const vpc = page.getByLabel('vpcId');
    const good = await vpc.inputValue();
    await vpc.fill('x');
    await page.getByRole('button', { name: 'Create' }).click();
    await expect.poll(() => page.locator('p', { has: vpc }).textContent()).toMatch(/VPC ID rejected/);
    expect(simulator.world.endpoints()).toEqual([]);

    await vpc.fill(good);
    // Both before React can disable the button.
    await page.evaluate("for (const click of [1, 2]) document.querySelector('button').click()");
    await expect.poll(() => rows(page)).toEqual([expect.stringMatching(/ ACCEPTED$/)]);
    expect(simulator.world.endpoints()).toHaveLength(1);
    await page.close();
  });
});

it('event-source.html creates, follows, and misses nothing while it is cut off', async () => {
  const { page, faults } = await open('event-source.html');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect.poll(() => badge(page)).toBe('ACCEPTED');
  await deleteUnseen(page);
  await expect.poll(() => badge(page)).toBe('DELETED');
  expect(await rows(page)).toEqual(['CREATING', 'ACCEPTED', 'DELETING', 'DELETED']);
  expect(faults).toEqual([]);
  await page.close();
});
