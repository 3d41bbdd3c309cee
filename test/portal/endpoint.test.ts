/** The page of one endpoint in a real browser, over a real gateway and the simulator. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { VpcEndpointDocument } from '../../src/client/generated/documents.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { NO_SUCH_ROUTE_TABLE_ID, SERVICE_IDS, STUCK_ROUTE_TABLE_ID } from '../../src/simulator/world/services.ts';
import type { SeedOptions } from '../../src/simulator/world/world.ts';
import { type OpenOptions, screenshot, useBrowser } from '../support/browser.ts';
import { build } from '../support/build.ts';
import { deferred } from '../support/deferred.ts';
import { ask } from '../support/graphql-client.ts';
import { TestIssuer } from '../support/issuer.ts';
import { createElsewhere, expectAccessible, goOnline } from '../support/portal-page.ts';
import { startTestGateway } from '../support/start-gateway.ts';
import { useGateway } from '../support/use-gateway.ts';

beforeAll(build, 300_000);
const { gateway, simulator } = useGateway(beforeAll);
const browser = useBrowser();
const run = promisify(execFile);

function standing(service: keyof typeof SERVICE_IDS = 'plainInterface', options: SeedOptions = {}): string {
  const [id = ''] = simulator.world.seed(1, { serviceId: SERVICE_IDS[service], ...options });
  return id;
}

async function open(id: string, options: OpenOptions = {}): Promise<Page> {
  const page = await browser.open(options);
  await page.goto(`${gateway.url}/endpoints/${id}`);
  await part(page, 'Details').waitFor();
  return page;
}

const part = (page: Page, name: string) => page.getByRole('region', { name });
const dialog = (page: Page) => page.getByRole('dialog');
const steps = (page: Page) =>
  page.getByRole('list', { name: 'Status' }).getByRole('listitem').locator('.status').allInnerTexts();

async function edit(page: Page, name: string): Promise<void> {
  await part(page, name)
    .getByRole('button', { name: `Edit: ${name}` })
    .click();
  await page.getByRole('dialog', { name }).waitFor();
}

async function save(page: Page): Promise<void> {
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).waitFor({ state: 'detached' });
}

describe('the page', () => {
  it('shows every field', async () => {
    const id = standing('professionalInterface', { tags: [{ key: 'Name', value: 'orders' }] });
    simulator.world.edit(id, {
      description: 'for the shop',
      enableDns: true,
      enableWhitelist: true,
      whitelist: ['192.168.0.0/24'],
      ipVersion: 'dualstack',
    });
    const page = await open(id);
    await page.getByRole('heading', { level: 1, name: 'orders' }).waitFor();
    const { vpcEndpoint } = await ask(gateway.url, VpcEndpointDocument, { id });
    const shown = await page.getByRole('main').textContent();
    // These have words of upstream beside them, or are times.
    const elsewhere = ['status', 'serviceType', 'ipVersion', 'enableStatus', 'statusHistory', 'createdAt', 'updatedAt'];
    const texts = Object.entries(vpcEndpoint ?? {}).flatMap(([name, value]) =>
      elsewhere.includes(name) ? [] : textsOf(value),
    );
    expect(texts).toContain('for the shop');
    for (const text of texts) expect(shown).toContain(text);
    for (const at of [vpcEndpoint?.createdAt, vpcEndpoint?.updatedAt]) {
      const moment = new Date(at ?? '').toISOString();
      expect(await part(page, 'Details').locator(`time[datetime="${moment}"]`).count()).toBeGreaterThan(0);
    }
    await part(page, 'Edition').getByText('up to 1,000,000 connections').waitFor();
    await screenshot(page, 'portal-endpoint');
  });

  it('follows what happens elsewhere', async () => {
    const id = await createElsewhere(gateway.url, 'privateApproval');
    const page = await open(id);
    await expect.poll(() => steps(page)).toEqual(['Creating', 'Pending acceptance']);
    await page.getByText('waits until the owner of the endpoint service accepts').waitFor();
    const service = part(page, 'Details').getByRole('link', { name: SERVICE_IDS.privateApproval });
    expect(await service.getAttribute('href')).toBe(
      `/services/${SERVICE_IDS.privateApproval}?project=${SIMULATOR_PROJECT_ID}`,
    );
    simulator.world.accept(id);
    await expect.poll(() => steps(page)).toEqual(['Creating', 'Pending acceptance', 'Accepted']);
    await page.getByRole('heading', { level: 1 }).locator('..').getByText('Accepted').waitFor();
    simulator.world.reject(id);
    await expect.poll(() => steps(page)).toEqual(['Creating', 'Pending acceptance', 'Accepted', 'Rejected']);
  });

  it('goes on, and says so, when the gateway is started anew and has forgotten its history', async () => {
    const first = await startTestGateway(simulator);
    const id = standing();
    const page = await browser.open({ expects: /ERR_CONNECTION|WebSocket|Failed to load/ });
    await page.goto(`${first.url}/endpoints/${id}`);
    await part(page, 'Edition').getByText('default').waitFor();
    await expect.poll(() => steps(page)).toEqual(['Accepted']);
    await page.getByText('Live', { exact: true }).waitFor();
    await first.close();
    await page.getByText('Reconnecting').waitFor();
    simulator.world.reject(id);
    const second = await startTestGateway(simulator, { env: { PORT: new URL(first.url).port } });
    onTestFinished(() => second.close());
    await goOnline(page);
    await expect.poll(() => steps(page)).toEqual(['Accepted', 'Rejected']);
    await page.getByText('Changes before this one may be missing.').waitFor();
    await expect.poll(() => part(page, 'Edition').textContent()).toContain('default');
  });

  it('says why an endpoint failed, and that another one is frozen', async () => {
    const failed = standing('failingInterface', { status: 'failed' });
    await (await open(failed)).getByRole('alert').filter({ hasText: 'EndPoint.2022' }).waitFor();
    const frozen = standing();
    simulator.world.freeze(frozen);
    await (await open(frozen)).getByRole('alert').filter({ hasText: 'The account is frozen' }).waitFor();
  });

  it('says that there is no such endpoint, and shows what the cloud refuses', async () => {
    const page = await browser.open();
    await page.goto(`${gateway.url}/endpoints/51a00000-0000-4000-8000-00000000dead`);
    await page.getByText('There is no endpoint 51a00000-0000-4000-8000-00000000dead').waitFor();
    await expectAccessible(page);
    const fault = simulator.faults.add({ kind: 'status', status: 403, operation: 'ListEndpointInfoDetails' });
    await page.goto(`${gateway.url}/endpoints/${standing()}`);
    await page.getByRole('alert').filter({ hasText: 'FORBIDDEN' }).waitFor();
    fault.remove();
    await page.getByRole('button', { name: 'Try again' }).click();
    await part(page, 'Details').waitFor();
  });

  it.each([
    ['light, English', {}],
    ['dark, 360 px wide, in Chinese', { colorScheme: 'dark', viewport: { width: 360, height: 740 }, locale: 'zh-CN' }],
  ] as const)('has no fault that axe finds, also in a dialog: %s', async (_name, options) => {
    const page = await browser.open(options);
    await page.goto(`${gateway.url}/endpoints/${standing('obsGateway')}`);
    await page.getByRole('button', { name: /^(Edit: Policy|编辑: 策略)$/ }).waitFor();
    for (const summary of await page.locator('summary').all()) await summary.click();
    await expectAccessible(page);
    // Nothing lies beyond the edge of the screen.
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    for (const button of await page.getByRole('button', { name: /^(Edit|编辑): |^(Delete|删除)$/ }).all()) {
      await button.click();
      await dialog(page).waitFor();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await dialog(page).waitFor({ state: 'detached' });
    }
  });

  it('speaks Chinese', async () => {
    const page = await browser.open({ locale: 'zh-CN' });
    await page.goto(`${gateway.url}/endpoints/${standing()}`);
    await page.getByRole('button', { name: '编辑: 访问控制' }).click();
    await page.getByRole('textbox', { name: '允许的地址' }).fill('here');
    await page.keyboard.press('Tab');
    await page.getByText('允许的地址 第 1 项 必须是 IPv4 地址或网段').waitFor();
    await page.getByRole('button', { name: '取消' }).click();
    await dialog(page).waitFor({ state: 'detached' });
  });
});

describe('the edits', () => {
  it('changes the access control by the rules of the gateway, and shows what the cloud refuses', async () => {
    const id = standing();
    const page = await open(id);
    await edit(page, 'Access control');
    await page.getByRole('checkbox', { name: 'Only the allowed addresses' }).check();
    const addresses = page.getByRole('textbox', { name: 'Allowed addresses' });
    await addresses.fill('192.168.0.0/24\nnowhere');
    await page.keyboard.press('Tab');
    await page.getByText('Allowed addresses, no. 2 must be an IPv4 address or CIDR block').waitFor();
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).waitFor();
    await addresses.fill('192.168.0.0/24\n10.0.0.1');
    simulator.faults.add({ kind: 'status', status: 403, operation: 'UpdateEndpointWhite', times: 1 });
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).getByRole('alert').filter({ hasText: 'FORBIDDEN' }).waitFor();
    await save(page);
    await part(page, 'Access control').getByText('On: only the allowed addresses').waitFor();
    await part(page, 'Access control').getByText('10.0.0.1').waitFor();
    expect(simulator.world.endpoint(id)).toMatchObject({
      enableWhitelist: true,
      whitelist: ['192.168.0.0/24', '10.0.0.1'],
    });
  });

  it('shows what was changed elsewhere meanwhile before it replaces it', async () => {
    const id = standing();
    const page = await open(id);
    await edit(page, 'Access control');
    await page.getByRole('textbox', { name: 'Allowed addresses' }).fill('10.0.0.1');
    simulator.world.edit(id, { enableWhitelist: true, whitelist: ['192.168.0.0/24'] });
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    const alert = dialog(page).getByRole('alert').filter({ hasText: 'changed elsewhere' });
    await alert.getByText('192.168.0.0/24').waitFor();
    await alert.getByText('On: only the allowed addresses').waitFor();
    expect(simulator.world.endpoint(id)?.whitelist).toEqual(['192.168.0.0/24']);
    await expectAccessible(page);
    await page.getByRole('checkbox', { name: 'Only the allowed addresses' }).check();
    await save(page);
    expect(simulator.world.endpoint(id)).toMatchObject({ enableWhitelist: true, whitelist: ['10.0.0.1'] });
  });

  it('adds, changes and removes tags in one go', async () => {
    const tags = [
      { key: 'Name', value: 'before' },
      { key: 'env', value: 'test' },
      { key: 'stays', value: '' },
    ];
    const id = standing('plainInterface', { tags });
    const page = await open(id);
    await edit(page, 'Tags');
    await dialog(page).getByLabel('Value').first().fill('after');
    await dialog(page).getByRole('button', { name: 'Remove the tag env' }).click();
    await dialog(page).getByRole('button', { name: 'Add a tag' }).click();
    await dialog(page).getByLabel('Key').last().fill('Name');
    await page.keyboard.press('Tab');
    await dialog(page).getByText('Key is there twice').waitFor();
    await dialog(page).getByLabel('Key').last().fill('team');
    await save(page);
    await page.getByRole('heading', { level: 1, name: 'after' }).waitFor();
    expect(simulator.world.endpoint(id)?.tags).toEqual([
      { key: 'stays', value: '' },
      { key: 'Name', value: 'after' },
      { key: 'team', value: '' },
    ]);
  });

  it('leaves tags that were added elsewhere meanwhile, also when saving takes two attempts', async () => {
    const id = standing('plainInterface', { tags: [{ key: 'env', value: 'test' }] });
    const page = await open(id);
    await edit(page, 'Tags');
    await dialog(page).getByRole('button', { name: 'Remove the tag env' }).click();
    await dialog(page).getByRole('button', { name: 'Add a tag' }).click();
    await dialog(page).getByLabel('Key').fill('team');
    simulator.world.edit(id, {
      tags: [
        { key: 'env', value: 'test' },
        { key: 'elsewhere', value: '' },
      ],
    });
    // The first of the two calls goes through.
    const path = '/tags/action';
    simulator.faults.add({ kind: 'status', status: 403, path, times: 1, skip: 1, stage: 'before' });
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).getByRole('alert').filter({ hasText: 'FORBIDDEN' }).waitFor();
    await page.getByText('elsewhere=').waitFor();
    await save(page);
    expect(simulator.world.endpoint(id)?.tags.map(({ key }) => key)).toEqual(['elsewhere', 'team']);
  });

  it('says that there are more tags than a resource can have', async () => {
    const tags = Array.from({ length: 20 }, (_, index) => ({ key: `key-${index}`, value: '' }));
    const page = await open(standing('plainInterface', { tags }));
    await edit(page, 'Tags');
    await dialog(page).getByRole('button', { name: 'Add a tag' }).click();
    await dialog(page).getByLabel('Key').last().fill('one-more');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).getByText('Tags may hold at most 20 tags: it holds 21').waitFor();
  });

  it('changes the route tables, and says which of them were left as they were', async () => {
    const id = standing('dnsGateway');
    simulator.world.edit(id, { routeTables: [STUCK_ROUTE_TABLE_ID] });
    const page = await open(id);
    expect(await part(page, 'Access control').count()).toBe(0);
    const bound = '33333333-3333-4333-8333-333333333333';
    await edit(page, 'Route tables');
    await page.getByLabel('Route table IDs').fill(`${bound}\n${NO_SUCH_ROUTE_TABLE_ID}`);
    await save(page);
    const alert = part(page, 'Route tables').getByRole('alert');
    await alert.getByText(`${NO_SUCH_ROUTE_TABLE_ID} could not be added: The route table does not exist.`).waitFor();
    await alert.getByText(`${STUCK_ROUTE_TABLE_ID} could not be removed: The route table is locked.`).waitFor();
    await part(page, 'Route tables').getByText(bound, { exact: true }).waitFor();
    expect(simulator.world.endpoint(id)?.routeTables).toEqual([bound, STUCK_ROUTE_TABLE_ID]);
  });

  it('changes the statements of a policy', async () => {
    const id = standing('obsGateway');
    const page = await open(id);
    const text = page.getByLabel('Statements (JSON)');
    await edit(page, 'Policy');
    await text.fill('[{]');
    await page.keyboard.press('Tab');
    await dialog(page).getByText('Statements (JSON) is not JSON').waitFor();
    const statement = '{"effect": "ALLOW", "action": ["*"], "resource": ["*"]}';
    await text.fill(`[${statement}, ${statement.replace('"*"', '')}]`);
    await dialog(page).getByText('Statements (JSON), no. 2 must not be empty').waitFor();
    await text.fill(
      '[{"effect": "DENY", "action": ["obs:*:*"], "resource": ["*"], "condition": {"Bool": {"x": ["y"]}}}]',
    );
    await save(page);
    await part(page, 'Policy').getByText('"obs:*:*"').waitFor();
    expect(simulator.world.endpoint(id)?.policyStatement).toEqual([
      { Effect: 'Deny', Action: ['obs:*:*'], Resource: ['*'], Condition: { Bool: { x: ['y'] } } },
    ]);
    await edit(page, 'Policy');
    expect(JSON.parse(await text.inputValue())).toEqual([
      { effect: 'DENY', action: ['obs:*:*'], resource: ['*'], condition: { Bool: { x: ['y'] } } },
    ]);
    await dialog(page).getByRole('button', { name: 'Full access' }).click();
    await save(page);
    await part(page, 'Policy').getByText('"ALLOW"').waitFor();
  });

  it('changes the document of a policy', async () => {
    const id = standing('professionalInterface');
    const page = await open(id);
    await edit(page, 'Policy');
    await page.getByLabel('Document (JSON)').fill('["no object"]');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).getByText('Document (JSON) must be a JSON object').waitFor();
    await page.getByLabel('Document (JSON)').fill('{"Statement": []}');
    await save(page);
    await part(page, 'Policy').getByText('"Statement": []').waitFor();
    expect(simulator.world.endpoint(id)?.policyDocument).toEqual({ Statement: [] });
  });

  it.each([
    ['Edit: Access control', 'Save', 'UpdateEndpointWhite'],
    ['Upgrade', 'Upgrade', 'UpgradeEndpoint'],
  ])('stays in its dialog until the answer is there: %s', async (button, action, operation) => {
    const page = await open(standing());
    simulator.faults.add({ kind: 'status', status: 403, operation, times: 1 });
    const request = deferred();
    await page.getByRole('button', { name: button }).click();
    await page.route('**/graphql', async (route) => {
      await request.promise;
      await route.continue();
    });
    await dialog(page).getByRole('button', { name: action }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await dialog(page).getByRole('button', { name: 'Cancel' }).isDisabled()).toBe(true);
    request.resolve();
    await dialog(page).getByRole('alert').filter({ hasText: 'FORBIDDEN' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    // The focus is back on the button that has opened it.
    await page.keyboard.press('Enter');
    await dialog(page).waitFor();
  });

  it('upgrades to the professional edition', async () => {
    const page = await open(standing());
    await page.getByRole('button', { name: 'Upgrade' }).click();
    await dialog(page).getByText('up to 3,000 connections').waitFor();
    await dialog(page).getByRole('button', { name: 'Upgrade' }).click();
    await part(page, 'Edition').getByText('Professional').waitFor();
    expect(await page.getByRole('button', { name: 'Upgrade' }).count()).toBe(0);
  });

  it('deletes once the end of the ID is typed, and follows until it is gone', async () => {
    const id = standing();
    const page = await open(id);
    await expect.poll(() => steps(page)).toEqual(['Accepted']);
    await page.getByRole('button', { name: 'Delete' }).click();
    const confirm = dialog(page).getByRole('button', { name: 'Delete' });
    const word = id.slice(-6);
    await dialog(page).getByLabel(`Type ${word} to confirm`).fill(word.slice(1));
    expect(await confirm.isDisabled()).toBe(true);
    await dialog(page).getByLabel(`Type ${word} to confirm`).fill(word);
    await page.keyboard.press('Enter');
    await expect.poll(() => steps(page)).toEqual(['Accepted', 'Deleting', 'Deleted']);
    await page.getByText('It was deleted.').first().waitFor();
    expect(await page.getByRole('button', { name: /^(Edit|Delete)/ }).count()).toBe(0);
    await page.getByRole('link', { name: 'All endpoints' }).click();
    await page.getByRole('heading', { level: 1, name: 'VPC endpoints' }).waitFor();
    expect(await page.getByRole('link', { name: id }).count()).toBe(0);
  });
});

describe('copy as', () => {
  it('gives a GraphQL query, its variables and an import block for Terraform', async () => {
    const id = standing('plainInterface', { tags: [{ key: 'Name', value: '1st orders' }] });
    const page = await open(id);
    const query = await copied(page, 'GraphQL');
    expect(query).toMatch(/^query VpcEndpoint\(\$id: ID!/);
    const variables = JSON.parse(await copied(page, 'Variables'));
    const { vpcEndpoint } = await ask(gateway.url, query as typeof VpcEndpointDocument, variables);
    expect(vpcEndpoint?.id).toBe(id);
    expect(await copied(page, 'Terraform import')).toBe(
      `import {\n  to = huaweicloud_vpcep_endpoint._1st_orders\n  id = "${id}"\n}`,
    );
  });

  it('gives a command for a shell, with the token in a variable', async () => {
    const id = standing();
    const { stdout } = await run('bash', ['-c', await copied(await open(id), 'curl')]);
    expect(JSON.parse(stdout)).toMatchObject({ data: { vpcEndpoint: { id } } });

    const issuer = await TestIssuer.start();
    const guarded = await startTestGateway(simulator, { env: issuer.env });
    onTestFinished(async () => {
      await guarded.close();
      await issuer.close();
    });
    const token = await issuer.token({ projects: { [SIMULATOR_PROJECT_ID]: ['read'] } });
    const page = await browser.open();
    await page.goto(`${guarded.url}/endpoints/${id}`);
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Use this token' }).click();
    const command = await copied(page, 'curl');
    expect(command).not.toContain(token);
    const answer = await run('bash', ['-c', command], { env: { ...process.env, GATEWAY_TOKEN: token } });
    expect(JSON.parse(answer.stdout)).toMatchObject({ data: { vpcEndpoint: { id } } });
    // The token may only read.
    expect(await page.getByRole('button', { name: /^(Edit|Delete|Upgrade)/ }).count()).toBe(0);
  });

  async function copied(page: Page, name: string): Promise<string> {
    const entry = part(page, 'Copy as').getByRole('group').filter({ hasText: name });
    await entry.getByText(name, { exact: true }).click();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: `Copy: ${name}` }).click();
    await page.getByRole('button', { name: `Copied: ${name}` }).waitFor();
    return (await page.evaluate('navigator.clipboard.readText()')) as string;
  }
});

/** Every text in it. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
