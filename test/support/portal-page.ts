/** The portal in a browser. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { CreateVpcEndpointDocument } from '../../src/client/generated/documents.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { ask } from './graphql-client.ts';

export const VPC_ID = '11111111-1111-4111-8111-111111111111';
export const SUBNET_ID = '22222222-2222-4222-8222-222222222222';

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** WCAG 2.2 A and AA, and axe's own good practice. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResult;
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
}

/** Ends the waits between attempts to reconnect: up to 30 s after failed ones, longer than a test waits. */
export async function goOnline(page: Page): Promise<void> {
  await expect
    .poll(async () => {
      await page.evaluate("dispatchEvent(new Event('online'))");
      return await page.getByText('Reconnecting').count();
    })
    .toBe(0);
}

/** Made elsewhere: not in the browser. @returns its id */
export async function createElsewhere(
  url: string,
  service: keyof typeof SERVICE_IDS = 'plainInterface',
  name = 'elsewhere',
): Promise<string> {
  const input = {
    endpointServiceId: SERVICE_IDS[service],
    vpcId: VPC_ID,
    subnetId: SUBNET_ID,
    tags: [{ key: 'Name', value: name }],
  };
  const { createVpcEndpoint } = await ask(url, CreateVpcEndpointDocument, { input });
  return createVpcEndpoint.endpoint.id;
}
