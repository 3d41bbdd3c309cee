/** GraphiQL in a real browser, over a real gateway. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { type OpenOptions, screenshot, useBrowser } from '../support/browser.ts';
import { build } from '../support/build.ts';
import { TestIssuer } from '../support/issuer.ts';
import { startTestGateway } from '../support/start-gateway.ts';
import { useGateway } from '../support/use-gateway.ts';

beforeAll(build, 300_000);
const { gateway, simulator } = useGateway(beforeAll);
const browser = useBrowser();

/** With the schema, which completion needs. */
async function openGraphiql(url: string, options: OpenOptions = {}): Promise<Page> {
  const page = await browser.open(options);
  const schema = page.waitForResponse((response) => new URL(response.url()).pathname === '/graphql');
  await page.goto(url);
  await schema;
  for (const name of ['Operation Editor', 'Variables', 'Result Window']) {
    await page.getByRole('region', { name }).locator('.view-lines:visible').waitFor();
  }
  return page;
}

async function write(page: Page, editor: string, text: string): Promise<void> {
  await page.getByRole('region', { name: editor }).locator('.view-lines:visible').click();
  await page.keyboard.press('ControlOrMeta+A');
  // Text over a selection would be put between quotes.
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

interface Line {
  readonly style: { readonly top: string };
  readonly textContent: string;
}

/** The lines that are in sight: the editor keeps them in no order, and shows spaces as another character. */
async function textOf(page: Page, editor: string): Promise<string> {
  const lines = await page
    .getByRole('region', { name: editor })
    .locator('.view-line:visible')
    .evaluateAll((all: readonly Line[]) =>
      [...all]
        .sort((one, other) => Number.parseInt(one.style.top, 10) - Number.parseInt(other.style.top, 10))
        .map((line) => line.textContent),
    );
  return lines.join('\n').replaceAll('\u00a0', ' ');
}

const run = (page: Page): Promise<void> => page.getByRole('button', { name: /^Execute query/ }).click();
const answer = (page: Page): Promise<string> => textOf(page, 'Result Window');

describe('GraphiQL', { timeout: 120_000 }, () => {
  it('completes fields, and sends requests to the gateway only', async () => {
    const page = await browser.open();
    const origins = new Set<string>();
    page.context().on('request', (request) => origins.add(new URL(request.url()).origin));
    await page.goto(`${gateway.url}/graphiql`);
    await page.getByRole('button', { name: /^Execute query/ }).waitFor();
    await write(page, 'Operation Editor', '{ }');
    await page.keyboard.press('ArrowLeft');
    // The worker knows the schema a moment after the page does.
    await expect
      .poll(async () => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+Space');
        return await page.getByRole('option').allInnerTexts();
      })
      .toContainEqual(expect.stringMatching(/^vpcEndpoints/));
    expect([...origins]).toEqual([gateway.url]);
  });

  it('creates an endpoint and follows it over the WebSocket until it is accepted', async () => {
    const page = await openGraphiql(`${gateway.url}/graphiql`);
    // The result window shows the last event only.
    const changes: string[] = [];
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        const event = JSON.parse(String(payload)).payload?.data?.endpointStatus;
        if (event) changes.push(`${event.kind} ${event.previousStatus} ${event.status}`);
      }),
    );
    await run(page);
    await expect.poll(() => answer(page)).toMatch(/"id": ".+"/);
    const created = await answer(page);
    const [, after] = /"statusCursor": "(.*?)"/.exec(created) ?? [];
    const [, id] = /"id": "(.*?)"/.exec(created) ?? [];
    await page.getByRole('tab', { name: 'Watch' }).getByRole('button', { name: 'Watch' }).click();
    await write(page, 'Variables', JSON.stringify({ id, after }));
    await run(page);
    await expect
      .poll(() => answer(page))
      .toMatch(/"kind": "TRANSITION",\s+"previousStatus": "CREATING",\s+"status": "ACCEPTED"/);
    expect(changes).toEqual(['TRANSITION null CREATING', 'TRANSITION CREATING ACCEPTED']);
    await screenshot(page, 'graphiql');
  });

  it('opens the operation of a link in front of the examples, and takes it out of the address', async () => {
    const [id = ''] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
    const link = new URLSearchParams({
      query: 'query One($id: ID!) { vpcEndpoint(id: $id) { id status } }',
      variables: JSON.stringify({ id }),
    });
    const page = await openGraphiql(`${gateway.url}/graphiql#${link}`);
    expect(page.url()).toBe(`${gateway.url}/graphiql`);
    await run(page);
    await expect.poll(() => answer(page)).toContain(`"id": "${id}"`);
    const tabs = page.getByRole('tab');
    expect(await tabs.allInnerTexts()).toEqual(['One', 'Create', 'Watch', 'List', 'Accept']);
    // A second visit: the tabs are remembered, and the link gets one more.
    const other = new URLSearchParams({ query: 'query Other { viewer { subject } }' });
    await page.goto(`${gateway.url}/graphiql#${other}`);
    await expect.poll(() => tabs.allInnerTexts()).toEqual(['One', 'Create', 'Watch', 'List', 'Accept', 'Other']);
    await expect.poll(() => textOf(page, 'Operation Editor')).toContain('query Other');
  });

  it('sends the headers of its editor, also in the parameters of the WebSocket, and does not keep them', async () => {
    const issuer = await TestIssuer.start();
    const protectedGateway = await startTestGateway(simulator, { env: issuer.env });
    onTestFinished(async () => {
      await protectedGateway.close();
      await issuer.close();
    });
    const token = await issuer.token({ projects: [SIMULATOR_PROJECT_ID] });
    const [id = ''] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
    const query = 'subscription ($id: ID!) { endpointStatus(id: $id) { kind status } }';
    const link = new URLSearchParams({ query, variables: JSON.stringify({ id }) });
    // The schema is asked for before there is a token.
    const page = await openGraphiql(`${protectedGateway.url}/graphiql#${link}`, { expects: /401 \(Unauthorized\)/ });
    await run(page);
    await expect.poll(() => answer(page)).toContain('"code": "4403"');
    await page.getByRole('button', { name: 'Headers' }).click();
    await write(page, 'Headers', JSON.stringify({ Authorization: `Bearer ${token}` }));
    await run(page);
    await expect.poll(() => answer(page)).toMatch(/"kind": "SNAPSHOT",\s+"status": "ACCEPTED"/);
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(token);
  });
});
