/** What the portal shows while answers are slow, late or missing, over a real gateway and the simulator. */
import { randomUUID } from 'node:crypto';
import type { Page, Route } from 'playwright-core';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { DeleteVpcEndpointDocument } from '../../src/client/generated/documents.ts';
import { type OpenOptions, useBrowser } from '../support/browser.ts';
import { build } from '../support/build.ts';
import { deferred } from '../support/deferred.ts';
import { ask } from '../support/graphql-client.ts';
import { createElsewhere, goOnline } from '../support/portal-page.ts';
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

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
const connection = (page: Page) => page.locator('.connection');

function statusOf(id: string): string | undefined {
  const endpoint = simulator.world.endpoint(id);
  return endpoint && simulator.world.status(endpoint);
}

/** Answers to `VpcEndpoints` go through `change`, with the number of the request, from 1. */
async function changeLists(page: Page, change: (route: Route, count: number) => Promise<void>): Promise<() => number> {
  let count = 0;
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('query VpcEndpoints(')) await route.continue();
    else await change(route, ++count);
  });
  return () => count;
}

describe('the list', () => {
  it('does not let a slow answer undo newer events', async () => {
    await createElsewhere(gateway.url);
    const page = await open('/endpoints');
    await page.getByRole('row').nth(1).waitFor();
    const held = deferred();
    const fetched = deferred();
    await changeLists(page, async (route) => {
      const response = await route.fetch();
      fetched.resolve();
      await held.promise;
      await route.fulfill({ response });
    });
    const id = await createElsewhere(gateway.url);
    await fetched.promise;
    const other = await open(`/endpoints?q=${id}`);
    await row(other, id).getByText('Accepted', { exact: true }).waitFor();
    held.resolve();
    await row(page, id).getByText('Accepted', { exact: true }).waitFor();
    await row(page, id)
      .getByText(/^[0-9]+(\.[0-9]+){3}$/)
      .waitFor();
  });

  it('asks again until it has a new endpoint, and once for many', async () => {
    const page = await open('/endpoints', { expects: /ERR_FAILED/ });
    await connection(page).getByText('Live', { exact: true }).waitFor();
    const count = await changeLists(page, async (route, number) => {
      if (number === 1) return await route.abort();
      const response = await route.fetch();
      const answer = await response.json();
      if (number === 2) answer.data.vpcEndpoints.edges = [];
      await route.fulfill({ response, json: answer });
    });
    await row(page, await createElsewhere(gateway.url)).waitFor();
    expect(count()).toBe(3);
    const ids = await Promise.all(Array.from({ length: 8 }, () => createElsewhere(gateway.url)));
    for (const id of ids) await row(page, id).waitFor();
    expect(count()).toBeLessThan(8);
  });

  it('keeps the error of one page when another page changes', async () => {
    const id = await createElsewhere(gateway.url);
    await expect.poll(() => statusOf(id)).toBe('accepted');
    const page = await browser.open();
    await changeLists(page, async (route) => {
      const { variables } = route.request().postDataJSON();
      if (variables.after === 'next') {
        const errors = [{ message: 'The cloud did not answer.', extensions: { code: 'UPSTREAM_TIMEOUT' } }];
        return await route.fulfill({ json: { data: { vpcEndpoints: null }, errors } });
      }
      const response = await route.fetch();
      const answer = await response.json();
      Object.assign(answer.data.vpcEndpoints.pageInfo, { hasNextPage: true, endCursor: 'next' });
      await route.fulfill({ response, json: answer });
    });
    await page.goto(`${gateway.url}/endpoints?q=${id}`);
    const alert = page.getByRole('alert').filter({ hasText: 'UPSTREAM_TIMEOUT' });
    await alert.waitFor();
    simulator.world.reject(id);
    await row(page, id).getByText('Rejected', { exact: true }).waitFor();
    expect(await alert.count()).toBe(1);
  });
});

describe('the connection', () => {
  it('is not called live for the feed of another page', async () => {
    const page = await browser.open();
    let stop = (): void => {};
    await page.routeWebSocket('**/graphql', (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((text) => {
        const { id, type, payload } = JSON.parse(String(text));
        if (type === 'subscribe' && /subscription ProjectEndpointStatus\b/.test(payload.query)) {
          const errors = [{ message: 'You may not read endpoints.', extensions: { code: 'FORBIDDEN' } }];
          stop = () => {
            server.send(JSON.stringify({ id, type: 'complete' }));
            socket.send(JSON.stringify({ id, type: 'error', payload: errors }));
          };
        }
        server.send(text);
      });
      server.onMessage((text) => socket.send(text));
    });
    await page.goto(`${gateway.url}/endpoints`);
    await connection(page).getByText('Live', { exact: true }).waitFor();
    stop();
    await connection(page).getByText('Not live').waitFor();
    await page.getByRole('link', { name: 'Endpoint services' }).click();
    await page.getByRole('row').nth(1).waitFor();
    // Told by the feed of this page.
    simulator.world.addService({ id: randomUUID(), name: 'told-by-the-feed' });
    await row(page, 'told-by-the-feed').waitFor();
    expect(await connection(page).getByText('Not live').count()).toBe(1);
  });

  it('reads again when it is back, and says what it knows', async () => {
    const port = Number(new URL(gateway.url).port);
    const proxy = await startTcpProxy(port);
    const page = await browser.open({ expects: /ERR_CONNECTION|WebSocket/ });
    await page.goto(`http://127.0.0.1:${proxy.port}/endpoints`);
    await connection(page).getByText('Live', { exact: true }).waitFor();
    await proxy.close();
    await page.getByText('Reconnecting').waitFor();
    await page.getByRole('link', { name: 'Quotas' }).click();
    await page.getByRole('alert').waitFor();
    const again = await startTcpProxy(port, proxy.port);
    onTestFinished(() => again.close());
    await goOnline(page);
    await page.getByText(/reconnected at [\d:]+ · /).waitFor();
    await page.getByRole('meter', { name: 'VPC endpoints' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await createElsewhere(gateway.url);
    await page.getByText(/resumed at .*, nothing was missed/).waitFor();
  });
});

describe('the quotas', () => {
  it('follow what is created and deleted', async () => {
    const page = await open('/quotas');
    const meter = page.getByRole('meter', { name: 'VPC endpoints' });
    await meter.waitFor();
    const used = async () => Number(await meter.getAttribute('value'));
    const before = await used();
    const id = await createElsewhere(gateway.url);
    await expect.poll(used).toBe(before + 1);
    await expect.poll(() => statusOf(id)).toBe('accepted');
    await ask(gateway.url, DeleteVpcEndpointDocument, { input: { id } });
    await expect.poll(used).toBe(before);
  });
});
