/** The way into the portal, in a real browser, over a real gateway and the simulator. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { type OpenOptions, useBrowser } from '../support/browser.ts';
import { build } from '../support/build.ts';
import { CLIENT_ID } from '../support/code-flow.ts';
import { TestIssuer } from '../support/issuer.ts';
import { expectAccessible } from '../support/portal-page.ts';
import { startTestGateway } from '../support/start-gateway.ts';
import { useGateway } from '../support/use-gateway.ts';

beforeAll(build, 300_000);
const { gateway, simulator } = useGateway(beforeAll);
const browser = useBrowser();

async function guarded(options: OpenOptions = {}): Promise<{ page: Page; url: string; issuer: TestIssuer }> {
  const issuer = await TestIssuer.start();
  const { url, close } = await startTestGateway(simulator, { env: { ...issuer.env, OIDC_CLIENT_ID: CLIENT_ID } });
  onTestFinished(async () => {
    await close();
    await issuer.close();
  });
  return { page: await browser.open(options), url, issuer };
}

async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Use this token' }).click();
}

describe('the start', () => {
  it('says that the gateway cannot be reached, and tries again', async () => {
    const page = await browser.open({ expects: /503/ });
    await page.route('**/portal.json', (route) => route.fulfill({ status: 503 }));
    await page.goto(gateway.url);
    await page.getByRole('heading', { level: 1, name: 'The gateway cannot be reached' }).waitFor();
    await expectAccessible(page);
    await page.unroute('**/portal.json');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { level: 1, name: 'VPC endpoints' }).waitFor();
  });
});

describe('the sign-in', () => {
  it('has the language and the colours of the user', async () => {
    const { page, url } = await guarded();
    await page.goto(url);
    await page.getByLabel('Language').selectOption('zh');
    await page.getByLabel('颜色').selectOption('dark');
    await page.reload();
    await page.getByRole('heading', { name: '登录' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('zh-CN');
    await expect.poll(() => page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(22, 24, 29)');
    await expectAccessible(page);
  });

  it('shows what the provider said once', async () => {
    const { page, url, issuer } = await guarded();
    const said = 'This answer belongs to no sign-in that was started in this tab';
    await page.goto(`${url}/sign-in?code=a&state=b`);
    await page.getByText(said).waitFor();
    await signIn(page, await issuer.token({ projects: [SIMULATOR_PROJECT_ID] }));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.getByText(said).count()).toBe(0);
  });

  it.each(['endpoints', 'services'])('gives no form to those who may only read: %s', async (kind) => {
    const { page, url, issuer } = await guarded();
    await page.goto(`${url}/${kind}/new`);
    await signIn(page, await issuer.token({ projects: { [SIMULATOR_PROJECT_ID]: ['read'] } }));
    await page.getByRole('alert').filter({ hasText: 'You may read this project, but not change it' }).waitFor();
    expect(await page.getByRole('textbox').count()).toBe(0);
  });
});
