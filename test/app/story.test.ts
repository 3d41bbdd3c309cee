/** The provider's and the consumer's story from the first call to the last, through one gateway with two projects. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import {
  AcceptServiceConnectionDocument,
  AddResourceTagsDocument,
  AddServicePermissionsDocument,
  CreateEndpointServiceDocument,
  CreateVpcEndpointDocument,
  DeleteEndpointServiceDocument,
  DeleteVpcEndpointDocument,
  EndpointServiceStatusDocument,
  RejectServiceConnectionDocument,
  ServiceConnectionStatusDocument,
  UpdateVpcEndpointWhitelistDocument,
  VpcEndpointDocument,
} from '../../src/client/generated/documents.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { domainIdOf, SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { ask, brief, Subscription, send } from '../support/graphql-client.ts';
import { environmentFor, startTestGateway, startTestSimulator } from '../support/start-gateway.ts';

const PROVIDER = SIMULATOR_PROJECT_ID;
const CONSUMER = '51a051a051a051a051a051a051a051a1';
const VPC = '4e65f8b1-306d-4522-8ecd-aa374000e2a4';
const SUBNET = '5d1c1d71-2613-4274-b34e-d82af550f967';

let dir: string;
let simulator: Simulator;
let gateway: Gateway;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'vpcep-story-'));
  simulator = await startTestSimulator({
    credentials: [
      { ak: 'PROVIDER-AK', sk: 'provider-sk-not-a-secret', projectIds: [PROVIDER] },
      { ak: 'CONSUMER-AK', sk: 'consumer-sk-not-a-secret', projectIds: [CONSUMER] },
    ],
  });
  const project = (id: string, name: string) => {
    const file = join(dir, name);
    const word = name.toUpperCase();
    writeFileSync(file, `[basic]\nak = ${word}-AK\nsk = ${name}-sk-not-a-secret\n`);
    return { id, name, url: simulator.url, credentials: { file } };
  };
  const projects = [project(PROVIDER, 'provider'), project(CONSUMER, 'consumer')];
  writeFileSync(join(dir, 'projects.json'), JSON.stringify({ projects }));
  const unset = Object.fromEntries(Object.keys(environmentFor(simulator)).map((name) => [name, '']));
  gateway = await startTestGateway(simulator, {
    env: { ...unset, PORT: '0', PROJECTS_FILE: join(dir, 'projects.json') },
  });
});
afterEach(async () => {
  await gateway.close();
  await simulator.close();
  rmSync(dir, { recursive: true });
});

const asProvider = { projectId: PROVIDER };
const asConsumer = { projectId: CONSUMER };

/** The service once it takes endpoints, and the feed of its status. */
async function publish() {
  const { createEndpointService } = await ask(gateway.url, CreateEndpointServiceDocument, {
    ...asProvider,
    input: {
      vpcId: VPC,
      portId: '6a1c1d71-2613-4274-b34e-d82af550f967',
      serverType: 'LB',
      serviceName: 'shop',
      approvalEnabled: true,
      ports: [{ clientPort: 8080, serverPort: 80 }],
    },
  });
  const { service, statusCursor } = createEndpointService;
  const after = { id: service.id, ...asProvider, after: statusCursor };
  const status = Subscription.of(gateway.url, EndpointServiceStatusDocument, after);
  const steps = brief(await status.until((event) => event.status === 'AVAILABLE'));
  expect(steps).toEqual(['TRANSITION CREATING', 'TRANSITION AVAILABLE']);
  return { service: service.id, status };
}

// Whatever happens is seen on a feed: neither side asks again and again.
it('publish, permit, connect, accept, watch, tag, restrict, reject, delete', async () => {
  const { url } = gateway;
  const { service, status } = await publish();
  const input = { endpointServiceId: service, vpcId: VPC, subnetId: SUBNET, idempotencyKey: 'the-story' };
  expect((await send(url, CreateVpcEndpointDocument, { ...asConsumer, input })).errors?.[0]?.extensions.code).toBe(
    'FORBIDDEN',
  );

  const permission = `iam:domain::${domainIdOf(CONSUMER)}`;
  const added = await ask(url, AddServicePermissionsDocument, {
    ...asProvider,
    input: { endpointServiceId: service, permissions: [{ permission, description: 'the consumer' }] },
  });
  expect(added.addServicePermissions).toMatchObject({ failures: [], permissions: [{ permission }] });

  const requests = Subscription.of(url, ServiceConnectionStatusDocument, { endpointServiceId: service, ...asProvider });
  const { createVpcEndpoint } = await ask(url, CreateVpcEndpointDocument, { ...asConsumer, input });
  const { id } = createVpcEndpoint.endpoint;
  const feed = Subscription.endpoint(url, { id, ...asConsumer, after: createVpcEndpoint.statusCursor });
  expect(brief(await feed.until((event) => event.status === 'PENDING_ACCEPTANCE'))).toEqual([
    'TRANSITION CREATING',
    'TRANSITION PENDING_ACCEPTANCE',
  ]);
  const [request] = (await requests.until((event) => event.status === 'PENDING_ACCEPTANCE')).slice(-1);
  expect(request).toMatchObject({
    endpointId: id,
    connection: { endpointServiceId: service, status: 'PENDING_ACCEPTANCE' },
  });

  const decision = { ...asProvider, input: { endpointServiceId: service, endpointIds: [id] } };
  const { acceptServiceConnection } = await ask(url, AcceptServiceConnectionDocument, decision);
  expect(acceptServiceConnection.results).toMatchObject([{ endpointId: id, error: null }]);
  expect((await feed.until((event) => event.status === 'ACCEPTED')).every((event) => event.kind === 'TRANSITION')).toBe(
    true,
  );
  await requests.until((event) => event.status === 'ACCEPTED');

  const tags = [{ key: 'team', value: 'net' }];
  await ask(url, AddResourceTagsDocument, { ...asConsumer, input: { resourceId: id, resourceType: 'ENDPOINT', tags } });
  const whitelist = ['192.168.0.0/24'];
  const restricted = await ask(url, UpdateVpcEndpointWhitelistDocument, {
    ...asConsumer,
    input: { id, whitelist, enableWhitelist: true },
  });
  expect(restricted.updateVpcEndpointWhitelist.endpoint).toMatchObject({ id, whitelist, enableWhitelist: true, tags });

  await ask(url, RejectServiceConnectionDocument, decision);
  expect(brief(await feed.until((event) => event.status === 'REJECTED'))).toEqual(['TRANSITION REJECTED']);
  await requests.until((event) => event.status === 'REJECTED');
  const { vpcEndpoint } = await ask(url, VpcEndpointDocument, { id, ...asConsumer });
  expect(vpcEndpoint).toMatchObject({ status: 'REJECTED', tags, whitelist });

  await ask(url, DeleteVpcEndpointDocument, { ...asConsumer, input: { id } });
  expect(brief(await feed.rest())).toEqual(['TRANSITION DELETING', 'TRANSITION DELETED']);
  expect((await requests.until((event) => event.status === 'DELETED')).at(-1)).toMatchObject({ connection: null });
  await ask(url, DeleteEndpointServiceDocument, { ...asProvider, input: { id: service } });
  expect(brief(await status.rest())).toEqual(['TRANSITION DELETING', 'TRANSITION DELETED']);
  const late = Subscription.of(url, ServiceConnectionStatusDocument, { endpointServiceId: service, ...asProvider });
  await expect(late.next()).rejects.toThrow('NOT_FOUND');
  await Promise.all([feed, requests, status, late].map((one) => one.close()));
});
