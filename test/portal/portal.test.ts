/** The portal in a real browser, over a real gateway and the simulator. */
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { DeleteVpcEndpointDocument } from '../../src/client/generated/documents.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { type OpenOptions, screenshot, useBrowser } from '../support/browser.ts';
import { build } from '../support/build.ts';
import { CLIENT_ID } from '../support/code-flow.ts';
import { ask } from '../support/graphql-client.ts';
import { TestIssuer } from '../support/issuer.ts';
import { createElsewhere, expectAccessible, goOnline, SUBNET_ID, VPC_ID } from '../support/portal-page.ts';
import { startTestGateway } from '../support/start-gateway.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { useGateway } from '../support/use-gateway.ts';

beforeAll(build, 300_000);
const { gateway, simulator } = useGateway(beforeAll);
const browser = useBrowser();

async function open(path: string, options: OpenOptions = {}): Promise<Page> {
  const page = await browser.open(options);
  await page.goto(new URL(path, gateway.url).href);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

async function fillIn(page: Page, service: string): Promise<void> {
  const services = page.getByRole('combobox', { name: 'Endpoint service' });
  await services.fill(service);
  await page.getByRole('listbox').getByRole('option').first().waitFor();
  await services.press('ArrowDown');
  await services.press('Enter');
  await page.getByLabel('VPC ID').fill(VPC_ID);
  await page.getByLabel('Subnet (network ID)').fill(SUBNET_ID);
}

function statusOf(id: string): string | undefined {
  const endpoint = simulator.world.endpoint(id);
  return endpoint && simulator.world.status(endpoint);
}

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
const steps = (page: Page) =>
  page.getByRole('list', { name: 'Status' }).getByRole('listitem').locator('.status').allInnerTexts();

async function focusedHeading(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe(name);
  expect(await page.title()).toBe(`${name} – VPCEP`);
}

describe('the list', () => {
  it('shows what is created, changed and deleted elsewhere, without a reload', async () => {
    const page = await open('/');
    const id = await createElsewhere(gateway.url, 'privateApproval', 'orders');
    await row(page, id).getByText('Pending acceptance', { exact: true }).waitFor();
    simulator.world.accept(id);
    await row(page, id).getByText('Accepted', { exact: true }).waitFor();
    await ask(gateway.url, DeleteVpcEndpointDocument, { input: { id } });
    await row(page, id).getByText('Deleting', { exact: true }).waitFor();
    await row(page, id).waitFor({ state: 'detached' });
  });

  it('finds by id, service name and tag, filters, sorts, and says it all in its address', async () => {
    const [first, second] = [
      await createElsewhere(gateway.url, 'plainInterface', 'first-one'),
      await createElsewhere(gateway.url, 'failingInterface', 'second-one'),
    ];
    const page = await open('/endpoints');
    await row(page, first).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('FAILING second');
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await row(page, second).getByText('Failed', { exact: true }).waitFor();
    await page.getByRole('searchbox').fill(first.slice(0, 8));
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.getByRole('searchbox').fill('-one');
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    const names = () => page.getByRole('cell').filter({ hasText: /-one$/ }).allInnerTexts();
    await expect.poll(names).toEqual(['first-one', 'second-one']);
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await expect.poll(names).toEqual(['second-one', 'first-one']);
    expect(await page.getByRole('columnheader', { name: 'Name', exact: true }).getAttribute('aria-sort')).toBe(
      'descending',
    );
    const other = await open(page.url());
    await expect
      .poll(() => other.getByRole('cell').filter({ hasText: /-one$/ }).allInnerTexts())
      .toEqual(['second-one', 'first-one']);
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Failed');
    await expect.poll(names).toEqual(['second-one']);
    const all = await open('/endpoints');
    await row(all, second).waitFor();
    await screenshot(all, 'portal-endpoints');
  });

  it('keeps the chosen columns, and writes them as CSV', async () => {
    const id = await createElsewhere(gateway.url, 'plainInterface', '=HYPERLINK("x")'.replace(/[^a-z]/gi, '-'));
    const page = await open(`/endpoints?q=${id}`);
    await row(page, id).waitFor();
    await page.getByText('Columns').click();
    await page.getByRole('checkbox', { name: 'Packet ID' }).check();
    await page.getByRole('checkbox', { name: 'VPC' }).uncheck();
    await page.reload();
    await page.getByRole('columnheader', { name: 'Packet ID' }).waitFor();
    expect(await page.getByRole('columnheader', { name: 'VPC', exact: true }).count()).toBe(0);
    await row(page, id).waitFor();
    const downloaded = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    const file = await (await downloaded).path();
    const [titles, line] = (await readFile(file, 'utf8')).split('\r\n');
    expect(titles).toBe('\uFEFF"ID","Name","Status","Type","Service name","IP address","Created","Packet ID"');
    expect(line).toContain(`"${id}","'-HYPERLINK--x--"`);
  });

  it('says that there is nothing, and that nothing fits', async () => {
    const page = await open('/endpoints?q=no-such-thing');
    await page.getByText(/Nothing matches|There is no endpoint/).waitFor();
    await page.getByRole('button', { name: 'Show everything' }).click();
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
  });

  it('shows an error of the cloud, and goes on when told to', async () => {
    const id = await createElsewhere(gateway.url);
    const fault = simulator.faults.add({ kind: 'status', status: 400, path: '/vpc-endpoints', stage: 'before' });
    // One that has read nothing yet.
    const other = await startTestGateway(simulator);
    onTestFinished(async () => {
      fault.remove();
      await other.close();
    });
    const page = await open(other.url);
    await page.getByText('Not live').waitFor();
    await expect.poll(() => page.getByRole('alert').count()).toBe(2);
    fault.remove();
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await row(page, id).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  });
});

describe('a new endpoint', () => {
  it('is created from the keyboard alone, and followed until it is accepted', async () => {
    const page = await open('/');
    await page.getByRole('link', { name: 'Create endpoint' }).focus();
    await page.keyboard.press('Enter');
    await focusedHeading(page, 'Create a VPC endpoint');
    await page.getByRole('combobox', { name: 'Endpoint service' }).focus();
    await page.keyboard.type('.api.');
    await page.getByRole('listbox').getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type(VPC_ID);
    await page.keyboard.press('Tab');
    await page.keyboard.type(SUBNET_ID);
    await page.keyboard.press('Enter');
    await focusedHeading(page, 'New VPC endpoint');
    // The seconds that pass are not read aloud.
    await page.getByRole('status').getByText('Creating: It is being built').waitFor();
    expect(await page.getByRole('status').filter({ hasText: 'so far' }).count()).toBe(0);
    await expect.poll(() => steps(page)).toEqual(['Creating', 'Accepted']);
    await page.getByText(/took \d+ s/).waitFor();
    await screenshot(page, 'portal-created');
  });

  it('shows each step once when it is deleted', async () => {
    const page = await browser.open();
    const completed = page
      .waitForEvent('websocket')
      .then((socket) => socket.waitForEvent('framereceived', ({ payload }) => payload.includes('"type":"complete"')));
    await page.goto(`${gateway.url}/endpoints/new`);
    await fillIn(page, '.api.');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await expect.poll(() => steps(page)).toEqual(['Creating', 'Accepted']);
    const id = (await page.locator('main .id').textContent())?.trim() ?? '';
    await ask(gateway.url, DeleteVpcEndpointDocument, { input: { id } });
    await page.getByText(/^\d+ s so far$/).waitFor();
    await completed;
    await page.getByRole('status').getByText('Deleted: It was deleted.').waitFor();
    expect(await steps(page)).toEqual(['Creating', 'Accepted', 'Deleting', 'Deleted']);
  });

  it('is created once by a double click', async () => {
    const page = await open('/endpoints/new');
    await fillIn(page, '.api.');
    const before = simulator.world.endpoints().length;
    await page.getByRole('button', { name: 'Create', exact: true }).dblclick();
    await expect.poll(() => steps(page)).toContain('Creating');
    expect(simulator.world.endpoints().length).toBe(before + 1);
  });

  it('is checked by the rules of the gateway while typing, and says what the cloud refuses', async () => {
    const page = await open('/endpoints/new');
    await fillIn(page, '.api.');
    await page.getByLabel('Subnet (network ID)').fill('subnet-1');
    await page.keyboard.press('Tab');
    await page.getByText('Subnet (network ID) must be a UUID').waitFor();
    expect(await page.getByLabel('Subnet (network ID)').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Subnet (network ID)').fill(SUBNET_ID);
    await page.getByText('Subnet (network ID) must be a UUID').waitFor({ state: 'detached' });
    // The simulator knows no such VPC.
    await page.getByLabel('VPC ID').fill('ffffffff-ffff-4fff-8fff-ffffffffffff');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('VPC ID: upstream says: No such VPC for this user').waitFor();
    await page.getByRole('alert').filter({ hasText: 'NOT_FOUND' }).waitFor();
  });

  it('is created after all when the answer was lost and the fields were changed since', async () => {
    const page = await open('/endpoints/new', { expects: /ERR_FAILED/ });
    await fillIn(page, '.api.');
    await page.route('**/graphql', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('press Create again: nothing is created twice').waitFor();
    await page.unroute('**/graphql');
    await page.getByLabel('Description').fill('changed');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'IDEMPOTENCY_KEY_REUSED' }).waitFor();
    expect(await page.getByRole('link', { name: 'To the list' }).getAttribute('href')).toBe(
      `/endpoints?project=${SIMULATOR_PROJECT_ID}`,
    );
    await page.getByRole('button', { name: 'Use these fields for another one' }).click();
    await page.keyboard.press('Enter');
    await expect.poll(() => steps(page)).toContain('Creating');
    expect(simulator.world.endpoints(({ description }) => description === 'changed').length).toBe(1);
  });

  it('can be made with a new key while it stays unknown whether it was', async () => {
    const page = await open('/endpoints/new');
    await fillIn(page, '.api.');
    const error = { message: 'no answer', extensions: { code: 'UPSTREAM_OUTCOME_UNKNOWN', retryable: false } };
    await page.route('**/graphql', (route) => route.fulfill({ json: { data: null, errors: [error] } }));
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('it was most likely not created').waitFor();
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Use these fields for another one' }).click();
    await page.keyboard.press('Enter');
    await expect.poll(() => steps(page)).toContain('Creating');
  });

  it('says what is missing, and goes there', async () => {
    const page = await open('/endpoints/new');
    await fillIn(page, '.api.');
    await page.getByLabel('VPC ID').fill('');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'Some fields are not right yet' }).waitFor();
    await page.getByText('VPC ID is required').waitFor();
    await page.keyboard.type(VPC_ID);
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await page.getByLabel('VPC ID').inputValue()).toBe(VPC_ID);
  });

  it('shows why it failed', async () => {
    const page = await open('/endpoints/new');
    await fillIn(page, '.failing.');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await expect.poll(() => steps(page)).toEqual(['Creating', 'Failed']);
    await page.getByRole('alert').filter({ hasText: 'EndPoint.2022' }).waitFor();
  });

  it('says that it waits for the owner of the service', async () => {
    const page = await open('/endpoints/new');
    await fillIn(page, '.approval.');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await expect.poll(() => steps(page)).toEqual(['Creating', 'Pending acceptance']);
    await page.getByText('waits until the owner of the endpoint service accepts').waitFor();
  });

  it('offers services in a list with the name of the field, each once', async () => {
    const page = await open('/endpoints/new');
    const services = page.getByRole('combobox', { name: 'Endpoint service' });
    await services.fill(SERVICE_IDS.approvalInterface);
    const list = page.getByRole('listbox', { name: 'Endpoint service' });
    await list.getByRole('option').filter({ hasText: 'own' }).waitFor();
    expect(await list.getByRole('option').count()).toBe(1);
    expect(await services.getAttribute('aria-expanded')).toBe('true');
    await services.fill('no such service');
    await list.waitFor({ state: 'hidden' });
    expect(await services.getAttribute('aria-expanded')).toBe('false');
  });

  it('asks for route tables, and not for a subnet, when the service is a gateway one', async () => {
    const page = await open('/endpoints/new');
    await page.getByRole('combobox', { name: 'Endpoint service' }).fill('dns');
    await page.getByRole('listbox').getByRole('option').first().click();
    await page.getByLabel('Route tables').waitFor();
    expect(await page.getByLabel('Subnet (network ID)').count()).toBe(0);
  });
});

describe('the connection', () => {
  it('misses no transition while the network is cut', async () => {
    const port = Number(new URL(gateway.url).port);
    const proxy = await startTcpProxy(port);
    const page = await browser.open({ expects: /ERR_CONNECTION|WebSocket/ });
    await page.goto(`http://127.0.0.1:${proxy.port}/endpoints/new`);
    await fillIn(page, '.api.');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await expect.poll(() => steps(page)).toEqual(['Creating']);
    await page.getByText('Live', { exact: true }).waitFor();
    await proxy.close();
    await page.getByText('Reconnecting').waitFor();
    const id = (await page.locator('main .id').textContent())?.trim() ?? '';
    await expect.poll(() => statusOf(id)).toBe('accepted');
    const again = await startTcpProxy(port, proxy.port);
    onTestFinished(() => again.close());
    await goOnline(page);
    await expect.poll(() => steps(page)).toEqual(['Creating', 'Accepted']);
    await page.getByText(/resumed at .*, nothing was missed/).waitFor();
  });
});

describe('a signed-in user', () => {
  it('signs in again when the token has expired, and goes on where it was', async () => {
    const { url, issuer } = await guardedGateway();
    const id = await createElsewhere(gateway.url);
    const page = await browser.open({ expects: /401 \(Unauthorized\)/ });
    await page.goto(`${url}/endpoints?q=${id}`);
    const claims = { projects: [SIMULATOR_PROJECT_ID] };
    const signIn = async (token: string) => {
      await page.getByLabel('Token').fill(token);
      await page.getByRole('button', { name: 'Use this token' }).click();
    };
    await signIn('no-token');
    await page.getByText('does not accept this token').waitFor();
    // The gateway accepts tokens for 30 s more: clocks differ.
    await signIn(await issuer.token({ ...claims, exp: Math.floor(Date.now() / 1000) - 26 }));
    await row(page, id).waitFor();
    await page.getByText('Your session has ended').waitFor();
    await expectAccessible(page);
    await signIn(await issuer.token(claims));
    await row(page, id).waitFor();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).not.toMatch(/eyJ/);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('signs in at the provider, and comes back to the page that it asked for', async () => {
    const { url, issuer } = await guardedGateway();
    issuer.flow.claims = { projects: { [SIMULATOR_PROJECT_ID]: ['read'] } };
    const id = await createElsewhere(gateway.url);
    const page = await browser.open();
    await page.goto(`${url}/endpoints?q=${id}`);
    await page.getByRole('button', { name: 'Sign in with your account' }).click();
    await row(page, id).waitFor();
    expect(new URL(page.url()).search).toBe(`?q=${id}`);
    // The token may only read.
    expect(await page.getByRole('link', { name: 'Create endpoint' }).count()).toBe(0);
  });

  async function guardedGateway(): Promise<{ url: string; issuer: TestIssuer }> {
    const issuer = await TestIssuer.start();
    const guarded = await startTestGateway(simulator, { env: { ...issuer.env, OIDC_CLIENT_ID: CLIENT_ID } });
    onTestFinished(async () => {
      await guarded.close();
      await issuer.close();
    });
    return { url: guarded.url, issuer };
  }
});

describe('for everyone', () => {
  it.each([
    ['light, English', {}],
    ['dark', { colorScheme: 'dark' as const }],
    ['360 px wide, in Chinese', { viewport: { width: 360, height: 740 }, locale: 'zh-CN' }],
  ])('has no fault that axe finds: %s', async (name, options) => {
    const id = await createElsewhere(gateway.url);
    for (const path of [`/endpoints?q=${id}`, '/endpoints/new', '/quotas', '/endpoints/no/such/page']) {
      const page = await browser.open(options);
      await page.goto(`${gateway.url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      if (path.startsWith('/endpoints?')) await page.getByRole('link', { name: id }).waitFor();
      await expectAccessible(page);
      // Nothing lies beyond the edge of the screen.
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      if (path.startsWith('/endpoints?')) await screenshot(page, `portal-${name.replace(/\W+/g, '-')}`);
    }
  });

  it('speaks Chinese, and remembers the language and the colours', async () => {
    const page = await open('/endpoints/new');
    await page.getByLabel('Language').selectOption('zh');
    await page.getByRole('heading', { name: '创建终端节点' }).waitFor();
    await page.getByLabel('虚拟私有云 ID').fill('not allowed');
    await page.keyboard.press('Tab');
    await page.getByText('虚拟私有云 ID 必须是 1 到 64 个字符的 ID').waitFor();
    await page.getByLabel('颜色').selectOption('dark');
    await page.reload();
    await page.getByRole('heading', { name: '创建终端节点' }).waitFor();
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(22, 24, 29)');
    expect(await page.evaluate('document.documentElement.lang')).toBe('zh-CN');
  });

  it('shows how much of the quotas is used', async () => {
    await createElsewhere(gateway.url);
    const fault = simulator.faults.add({ kind: 'status', status: 400, path: '/quotas', stage: 'before' });
    onTestFinished(() => fault.remove());
    const page = await open('/quotas');
    await page.getByRole('alert').waitFor();
    fault.remove();
    await page.getByRole('button', { name: 'Try again' }).click();
    const meter = page.getByRole('meter', { name: 'VPC endpoints' });
    expect(Number(await meter.getAttribute('value'))).toBeGreaterThan(0);
    await page.getByText(/\d+ of 50 used/).waitFor();
  });

  it('opens the query of the page in GraphiQL', async () => {
    const page = await open('/quotas');
    const link = await page.getByRole('link', { name: 'Open in GraphiQL' }).getAttribute('href');
    const hash = new URLSearchParams(link?.split('#')[1]);
    expect(hash.get('query')).toMatch(/^query Quotas/);
    expect(JSON.parse(hash.get('variables') ?? '')).toEqual({ projectId: SIMULATOR_PROJECT_ID });
  });

  it('is smaller than 90 kB of script, compressed', async () => {
    const folder = new URL('../../dist/portal/assets/', import.meta.url);
    const scripts = (await readdir(folder)).filter((name) => name.endsWith('.js'));
    const sizes = await Promise.all(
      scripts.map(async (name) => gzipSync(await readFile(new URL(name, folder))).byteLength),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(90_000);
  });
});
