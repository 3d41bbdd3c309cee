/** The pages of the owner of endpoint services, in a real browser, over a real gateway and the simulator. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  CreateVpcEndpointDocument,
  DeleteEndpointServiceDocument,
  VpcEndpointDocument,
} from '../../src/client/generated/documents.ts';
import { type OpenOptions, screenshot, useBrowser } from '../support/browser.ts';
import { build } from '../support/build.ts';
import { ask } from '../support/graphql-client.ts';
import { expectAccessible, SUBNET_ID, VPC_ID } from '../support/portal-page.ts';
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

/** A service of its own, which accepts by hand. @returns its id */
function serviceElsewhere(name = 'shop'): string {
  return simulator.world.addService({ id: randomUUID(), name, approval: true }).id;
}

/** Made elsewhere: not in the browser. @returns the id of the endpoint */
async function requestElsewhere(endpointServiceId: string): Promise<string> {
  const input = { endpointServiceId, vpcId: VPC_ID, subnetId: SUBNET_ID };
  const { createVpcEndpoint } = await ask(gateway.url, CreateVpcEndpointDocument, { input });
  return createVpcEndpoint.endpoint.id;
}

const consumerStatus = async (id: string) => (await ask(gateway.url, VpcEndpointDocument, { id })).vpcEndpoint?.status;

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
const requests = (page: Page) => page.getByRole('list', { name: /^Pending requests/ }).getByRole('listitem');
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

async function fillIn(page: Page): Promise<void> {
  await page.getByLabel('Port ID').fill(randomUUID());
  await page.getByLabel('VPC ID').fill(VPC_ID);
  await page.getByLabel('Port of the endpoint').fill('443');
  await page.getByLabel('Port of the backend').fill('8443');
}

describe('a new service', () => {
  it('is published, seen to become available, and in the list of another page without a reload', async () => {
    const other = await open('/services');
    const page = await open('/services');
    await page.getByRole('link', { name: 'Create endpoint service' }).click();
    await fillIn(page);
    await page.getByLabel('Name').fill('published');
    await press(page, 'Add a port');
    await page.getByLabel('Port of the endpoint').last().fill('80');
    await page.getByLabel('Port of the backend').last().fill('8080');
    await press(page, 'Create');
    await page.getByRole('heading', { level: 1, name: 'published' }).waitFor();
    const steps = page.getByRole('list', { name: 'Status' }).getByRole('listitem').locator('.status');
    await expect.poll(() => steps.allInnerTexts()).toEqual(['Creating', 'Available']);
    await page.getByText('80 → 8080').waitFor();
    await row(other, 'published').getByText('Available', { exact: true }).waitFor();
    await row(other, 'published').getByText('443 → 8443, 80 → 8080').waitFor();
    await screenshot(other, 'portal-services');
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    await ask(gateway.url, DeleteEndpointServiceDocument, { input: { id } });
    await page.getByText('It was deleted.').first().waitFor();
    await row(other, 'published').waitFor({ state: 'detached' });
  });

  it('is created once by a double click', async () => {
    const page = await open('/services/new');
    await fillIn(page);
    const before = simulator.world.services().length;
    await page.getByRole('button', { name: 'Create', exact: true }).dblclick();
    await page.getByRole('heading', { name: /^Pending requests/ }).waitFor();
    expect(simulator.world.services().length).toBe(before + 1);
  });

  it('is checked by the rules of the gateway while typing', async () => {
    const page = await open('/services/new');
    await fillIn(page);
    await page.getByLabel('Name').fill('two words');
    await page.keyboard.press('Tab');
    await page.getByText('Name must be a short name of 1 to 16 characters').waitFor();
    expect(await page.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Name').fill('one-word');
    await page.getByText('Name must be a short name').waitFor({ state: 'detached' });
    await page.getByLabel('Port of the backend').fill('70000');
    await page.keyboard.press('Tab');
    await page.getByText('Port of the backend must be a port, 1 to 65535').waitFor();
    const before = simulator.world.services().length;
    await press(page, 'Create');
    await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('Create an endpoint service');
    expect(simulator.world.services().length).toBe(before);
  });
});

describe('a connection', () => {
  it('that was requested elsewhere appears without a reload, and is accepted with one click', async () => {
    const id = serviceElsewhere();
    const page = await open(`/services/${id}`);
    await page.getByText('No endpoint waits for a decision.').waitFor();
    const endpoint = await requestElsewhere(id);
    await page.getByRole('heading', { name: 'Pending requests (1)' }).waitFor();
    await screenshot(page, 'portal-service');
    await press(page, `Accept: ${endpoint}`);
    await row(page, endpoint).getByText('Accepted', { exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Pending requests (0)' }).waitFor();
    expect(await consumerStatus(endpoint)).toBe('ACCEPTED');
  });

  it('is rejected with one click, accepted after all, and rejected again when that is confirmed', async () => {
    const id = serviceElsewhere();
    const endpoint = await requestElsewhere(id);
    const page = await open(`/services/${id}`);
    await press(page, `Reject: ${endpoint}`);
    await row(page, endpoint).getByText('Rejected', { exact: true }).waitFor();
    expect(await consumerStatus(endpoint)).toBe('REJECTED');
    await press(page, `Accept: ${endpoint}`);
    await row(page, endpoint).getByText('Accepted', { exact: true }).waitFor();
    await press(page, `Reject: ${endpoint}`);
    await page.getByRole('dialog').getByText('is disconnected at once').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
    await row(page, endpoint).getByText('Rejected', { exact: true }).waitFor();
    const downloaded = page.waitForEvent('download');
    await press(page, 'CSV');
    const [titles] = (await readFile(await (await downloaded).path(), 'utf8')).split('\r\n');
    expect(titles).toBe('\uFEFF"Endpoint","Status","Account","Note","Created"');
  });

  it('is accepted with all others; one that cannot be accepted says why beside it', async () => {
    const id = serviceElsewhere();
    const page = await open(`/services/${id}`);
    await requestElsewhere(id);
    await requestElsewhere(id);
    await page.getByRole('heading', { name: 'Pending requests (2)' }).waitFor();
    // The first of the two goes through.
    simulator.faults.add({
      kind: 'status',
      status: 400,
      path: '/connections/action',
      times: 1,
      skip: 1,
      stage: 'before',
    });
    await press(page, 'Accept all');
    await page
      .getByRole('dialog', { name: 'Accept these 2 requests?' })
      .getByRole('button', { name: 'Accept all' })
      .click();
    await requests(page).getByRole('alert').filter({ hasText: 'BAD_USER_INPUT' }).waitFor();
    await page.getByRole('heading', { name: 'Pending requests (1)' }).waitFor();
    expect(await page.getByRole('cell').getByText('Accepted', { exact: true }).count()).toBe(1);
    await requests(page)
      .getByRole('button', { name: /^Accept: / })
      .click();
    await page.getByRole('heading', { name: 'Pending requests (0)' }).waitFor();
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  });

  it('that is requested later comes below the others, and is not among those that are being accepted', async () => {
    const id = serviceElsewhere();
    const page = await open(`/services/${id}`);
    const shown = async () => (await requests(page).locator('.id').allInnerTexts()).map((text) => text.trim());
    const first = await requestElsewhere(id);
    await page.getByRole('heading', { name: 'Pending requests (1)' }).waitFor();
    const second = await requestElsewhere(id);
    await expect.poll(shown).toEqual([first, second]);
    await press(page, 'Accept all');
    const third = await requestElsewhere(id);
    await page.getByRole('heading', { name: 'Pending requests (3)', includeHidden: true }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Accept all' }).click();
    await page.getByRole('heading', { name: 'Pending requests (1)' }).waitFor();
    expect(await shown()).toEqual([third]);
    // The next key press starts at the first that is left.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Pending requests (0)' }).waitFor();
  });

  it('is accepted from the keyboard alone', async () => {
    const id = serviceElsewhere();
    const page = await open(`/services/${id}`);
    await requestElsewhere(id);
    await requestElsewhere(id);
    await page.getByRole('heading', { name: 'Pending requests (2)' }).waitFor();
    await requests(page)
      .first()
      .getByRole('button', { name: /^Accept: / })
      .focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Pending requests (1)' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Pending requests (0)' }).waitFor();
  });

  it('gets a note', async () => {
    const id = serviceElsewhere();
    const endpoint = await requestElsewhere(id);
    const page = await open(`/services/${id}`);
    await press(page, `Edit the note: ${endpoint}`);
    await page.getByRole('textbox', { name: 'Note' }).fill('<team>');
    await page.keyboard.press('Tab');
    await page.getByText('Note must not contain < or >').waitFor();
    await page.getByRole('textbox', { name: 'Note' }).fill('the billing team');
    await press(page, 'Save');
    await requests(page).getByText('the billing team').waitFor();
  });
});

describe('permissions', () => {
  it('are added, described and removed', async () => {
    const page = await open(`/services/${serviceElsewhere()}`);
    await page.getByText('No other account may connect.').waitFor();
    await press(page, 'Add permissions');
    await page.getByRole('textbox', { name: 'Permission' }).fill('iam:domain:');
    await page.keyboard.press('Tab');
    await page.getByText('Permission must be iam:domain::<account ID or *>').waitFor();
    await page.getByRole('textbox', { name: 'Permission' }).fill('iam:domain::account1');
    await press(page, 'Another one');
    await page.getByRole('textbox', { name: 'Permission' }).last().fill('iam:domain::account2');
    await press(page, 'Another one');
    await press(page, 'Leave out');
    await press(page, 'Save');
    await row(page, 'iam:domain::account1').waitFor();
    await row(page, 'iam:domain::account2').waitFor();
    await press(page, 'Edit: iam:domain::account1');
    await page.getByLabel('Description').fill('the shop');
    await press(page, 'Save');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await press(page, 'Remove: iam:domain::account2');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await row(page, 'iam:domain::account2').waitFor({ state: 'detached' });
    await row(page, 'iam:domain::account1').waitFor();
  });
});

describe('a service', () => {
  it('is changed: name, description, ports, tags and edition', async () => {
    const id = serviceElsewhere('before');
    const page = await open(`/services/${id}`);
    await press(page, 'Edit: Settings');
    await page.getByLabel('Name').fill('after');
    await page.getByLabel('Description').fill('for the shop');
    await page.getByLabel('Port of the endpoint').fill('8080');
    await press(page, 'Save');
    await page.getByRole('heading', { level: 1, name: 'after' }).waitFor();
    await page.getByText('8080 → 8443').waitFor();
    await page.getByText('for the shop').waitFor();
    // What was not touched stays.
    expect(simulator.world.service(id)?.approval).toBe(true);
    await press(page, 'Edit: Tags');
    await press(page, 'Add a tag');
    await page.getByLabel('Key').fill('team');
    await page.getByLabel('Value').fill('red');
    await press(page, 'Save');
    await page.getByText('team=red').waitFor();
    await press(page, 'Upgrade');
    await page.getByRole('dialog').getByRole('button', { name: 'Upgrade' }).click();
    await press(page, 'Add backends');
    await page.getByLabel('Load balancers').fill(randomUUID());
    await press(page, 'Save');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('cannot be deleted while an endpoint is connected', async () => {
    const id = serviceElsewhere();
    const endpoint = await requestElsewhere(id);
    const page = await open(`/services/${id}`);
    await press(page, `Accept: ${endpoint}`);
    await row(page, endpoint).getByText('Accepted', { exact: true }).waitFor();
    await press(page, 'Delete');
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Delete' }).isEnabled()).toBe(false);
    await dialog.getByLabel(`Type ${id.slice(-6)} to confirm`).fill(id.slice(-6));
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'CONFLICT' }).waitFor();
    await dialog.getByText('Endpoints are connected to it.').waitFor();
    expect(simulator.world.service(id)?.status).toBe('available');
  });

  it('is deleted, and seen to go', async () => {
    const id = serviceElsewhere();
    const page = await open(`/services/${id}`);
    await press(page, 'Delete');
    await page.getByLabel('to confirm').fill(id.slice(-6));
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('list', { name: 'Status' }).getByText('Deleted', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0);
  });

  it('that does not exist is said to be missing', async () => {
    const page = await open(`/services/${randomUUID()}`);
    await page.getByText('There is no endpoint service').waitFor();
  });
});

describe('for everyone', () => {
  it.each([
    ['light, English', {}],
    ['dark', { colorScheme: 'dark' as const }],
    ['360 px wide, in Chinese', { viewport: { width: 360, height: 740 }, locale: 'zh-CN' }],
  ])('has no fault that axe finds: %s', async (_name, options) => {
    const id = serviceElsewhere();
    const accepted = await requestElsewhere(id);
    const pending = await requestElsewhere(id);
    await expect.poll(() => consumerStatus(accepted)).toBe('PENDING_ACCEPTANCE');
    simulator.world.accept(accepted);
    for (const path of [`/services?q=${id}`, '/services/new', `/services/${id}`]) {
      const page = await open(path, options);
      if (path.startsWith('/services?')) await page.getByRole('link', { name: id }).waitFor();
      if (path.endsWith(id) && !path.includes('?')) {
        await row(page, accepted).waitFor();
        await page
          .getByRole('button', { name: new RegExp(`: ${pending}`) })
          .first()
          .waitFor();
      }
      await expectAccessible(page);
      // Nothing lies beyond the edge of the screen.
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    }
  });

  it('has dialogs without a fault that axe finds', async () => {
    const page = await open(`/services/${serviceElsewhere()}`);
    for (const name of ['Edit: Settings', 'Add permissions', 'Delete']) {
      await press(page, name);
      await page.getByRole('dialog').waitFor();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });

  it('speaks Chinese, also of broken rules', async () => {
    const page = await open('/services/new', { locale: 'zh-CN' });
    await page.getByRole('heading', { name: '创建终端节点服务' }).waitFor();
    await page.getByLabel('名称').fill('two words');
    await page.getByLabel('后端端口').fill('0');
    await page.keyboard.press('Tab');
    await page.getByText('名称 必须是 1 到 16 个字符的短名称').waitFor();
    await page.getByText('后端端口 必须是 1 到 65535 之间的端口').waitFor();
  });
});
