/** The tables of the portal in a real browser, over a real gateway and the simulator. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type OpenOptions, useBrowser } from '../support/browser.ts';
import { build } from '../support/build.ts';
import { expectAccessible } from '../support/portal-page.ts';
import { startTestSimulator } from '../support/start-gateway.ts';
import { HERE, startTwoProjects, THERE, TWO_PROJECTS } from '../support/two-projects.ts';
import { useGateway } from '../support/use-gateway.ts';

beforeAll(build, 300_000);
const { gateway, simulator } = useGateway(beforeAll);
const browser = useBrowser();

beforeAll(() => void simulator.world.seed(25));

async function open(path: string, options: OpenOptions = {}): Promise<Page> {
  const page = await browser.open(options);
  await page.goto(new URL(path, gateway.url).href);
  await page.getByRole('row').first().waitFor();
  return page;
}

describe('a table', () => {
  it('says that nothing matches a filter, and takes it back', async () => {
    const page = await open('/?status=FAILED');
    await page.getByText('Nothing matches.').waitFor();
    expect(await page.getByText('There is no endpoint').count()).toBe(0);
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page.getByText('1–20 of 25').waitFor();
    expect(await page.getByRole('combobox', { name: 'Status' }).inputValue()).toBe('');
  });

  it('comes back to the page that was left', async () => {
    const page = await open('/endpoints');
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('21–25 of 25').waitFor();
    await page.getByRole('row').nth(1).getByRole('link').click();
    await page.getByRole('region', { name: 'Details' }).waitFor();
    await page.goBack();
    await page.getByText('21–25 of 25').waitFor();
    await page.getByRole('button', { name: 'Previous page' }).click();
    await page.getByText('1–20 of 25').waitFor();
    expect(new URL(page.url()).searchParams.has('page')).toBe(false);
  });

  it('closes the choice of columns by Escape, and by a click elsewhere', async () => {
    const page = await open('/endpoints');
    const choice = page.getByRole('checkbox', { name: 'Packet ID' });
    for (const close of [() => page.keyboard.press('Escape'), () => page.getByRole('heading', { level: 1 }).click()]) {
      await page.getByRole('button', { name: 'Columns' }).click();
      await choice.waitFor();
      await expectAccessible(page);
      await close();
      await choice.waitFor({ state: 'hidden' });
    }
  });

  it('can be sorted where it shows no heads of columns', async () => {
    const page = await open('/endpoints', { viewport: { width: 360, height: 740 } });
    await page.getByRole('combobox', { name: 'Sort' }).selectOption('ID ↓');
    const first =
      simulator.world
        .endpoints()
        .map(({ id }) => id)
        .sort(new Intl.Collator('en', { numeric: true }).compare)
        .at(-1) ?? '';
    await expect.poll(() => page.getByRole('row').first().textContent()).toContain(first);
  });
});

describe('another project', () => {
  it('is shown as its list when one endpoint is on the page', async () => {
    const both = await startTestSimulator(TWO_PROJECTS);
    const served = await startTwoProjects(both);
    onTestFinished(async () => {
      await served.close();
      await both.close();
    });
    const [id = ''] = both.world.seed(1);
    const page = await browser.open();
    await page.goto(`${served.url}/endpoints/${id}?project=${HERE.id}`);
    await page.getByRole('region', { name: 'Details' }).waitFor();
    await page.getByLabel('Project').selectOption(THERE.id);
    await page.getByText('There is no endpoint in this project yet.').waitFor();
    expect(page.url()).toBe(`${served.url}/endpoints?project=${THERE.id}`);
  });
});
