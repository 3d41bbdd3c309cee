/** Two tenants on one upstream, each with a gateway, a key and a project of its own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import {
  AcceptServiceConnectionDocument,
  AddServicePermissionsDocument,
  ConnectedEndpointsDocument,
  CreateVpcEndpointDocument,
  RejectServiceConnectionDocument,
  ServiceConnectionStatusDocument,
  UpdateServiceConnectionDescriptionDocument,
  VpcEndpointDocument,
} from '../../src/client/generated/documents.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { domainIdOf, SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { ask, brief, Subscription, send } from '../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../support/start-gateway.ts';

const PROVIDER = SIMULATOR_PROJECT_ID;
const CONSUMER = '51a051a051a051a051a051a051a051a1';
const SERVICE = '51a00000-0000-4000-8000-0000000000aa';
const KEYS = {
  [PROVIDER]: { ak: 'PROVIDER-AK', sk: 'provider-sk-not-a-secret', projectIds: [PROVIDER] },
  [CONSUMER]: { ak: 'CONSUMER-AK', sk: 'consumer-sk-not-a-secret', projectIds: [CONSUMER] },
};

describe('a provider and a consumer', () => {
  let simulator: Simulator;
  let provider: Gateway;
  let consumer: Gateway;
  let open: { close(): Promise<void> }[];

  beforeEach(async () => {
    simulator = await startTestSimulator({ credentials: Object.values(KEYS) });
    simulator.world.addService({ id: SERVICE, name: 'shop', approval: true, ownerProjectId: PROVIDER });
    const gatewayOf = (projectId: keyof typeof KEYS) =>
      startTestGateway(simulator, {
        env: {
          HUAWEICLOUD_SDK_AK: KEYS[projectId]?.ak ?? '',
          HUAWEICLOUD_SDK_SK: KEYS[projectId]?.sk ?? '',
          HUAWEICLOUD_SDK_PROJECT_ID: projectId,
        },
      });
    provider = await gatewayOf(PROVIDER);
    consumer = await gatewayOf(CONSUMER);
    open = [];
  });
  afterEach(async () => {
    await Promise.all(open.map((subscription) => subscription.close()));
    await provider.close();
    await consumer.close();
    await simulator.close();
  });

  const CREATE = {
    input: {
      endpointServiceId: SERVICE,
      vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
      subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
      description: 'of the consumer',
    },
  };
  const connections = async () => {
    const { endpointService } = await ask(provider.url, ConnectedEndpointsDocument, { id: SERVICE });
    return endpointService?.connections?.edges.map(({ node }) => node) ?? [];
  };

  it('permit, connect, wait, are accepted and are rejected', async () => {
    const refused = await send(consumer.url, CreateVpcEndpointDocument, CREATE);
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', upstream: { code: 'EndPoint.2012' } });

    const permission = `iam:domain::${domainIdOf(CONSUMER)}`;
    const { addServicePermissions } = await ask(provider.url, AddServicePermissionsDocument, {
      input: { endpointServiceId: SERVICE, permissions: [{ permission, description: 'the consumer' }] },
    });
    expect(addServicePermissions).toMatchObject({
      permissions: [{ permission, rawPermissionType: 'domainId', description: 'the consumer' }],
      failures: [],
    });

    const requests = Subscription.of(provider.url, ServiceConnectionStatusDocument, { endpointServiceId: SERVICE });
    open.push(requests);
    const { endpoint, statusCursor } = (await ask(consumer.url, CreateVpcEndpointDocument, CREATE)).createVpcEndpoint;
    const feed = Subscription.endpoint(consumer.url, { id: endpoint.id, after: statusCursor });
    open.push(feed);
    expect(brief(await feed.until((event) => event.status === 'PENDING_ACCEPTANCE'))).toEqual([
      'TRANSITION CREATING',
      'TRANSITION PENDING_ACCEPTANCE',
    ]);
    const pending = (await requests.until((event) => event.status === 'PENDING_ACCEPTANCE')).at(-1)?.connection;
    expect(pending).toMatchObject({
      endpointId: endpoint.id,
      status: 'PENDING_ACCEPTANCE',
      rawStatus: 'pendingAcceptance',
      markerId: endpoint.markerId,
      domainId: domainIdOf(CONSUMER),
      description: '',
      faults: [],
    });

    const decision = { input: { endpointServiceId: SERVICE, endpointIds: [endpoint.id] } };
    const { acceptServiceConnection } = await ask(provider.url, AcceptServiceConnectionDocument, decision);
    expect(acceptServiceConnection.results).toMatchObject([
      { endpointId: endpoint.id, connection: { status: 'ACCEPTED', domainId: domainIdOf(CONSUMER) }, error: null },
    ]);
    expect(brief(await feed.until((event) => event.status === 'ACCEPTED'))).toEqual(['TRANSITION ACCEPTED']);

    const { updateServiceConnectionDescription } = await ask(provider.url, UpdateServiceConnectionDescriptionDocument, {
      input: { endpointServiceId: SERVICE, endpointId: endpoint.id, description: 'a good customer' },
    });
    expect(updateServiceConnectionDescription.connection).toMatchObject({
      endpointId: endpoint.id,
      description: 'a good customer',
      status: 'ACCEPTED',
    });
    expect((await ask(consumer.url, VpcEndpointDocument, { id: endpoint.id })).vpcEndpoint?.description).toBe(
      'of the consumer',
    );

    const { rejectServiceConnection } = await ask(provider.url, RejectServiceConnectionDocument, decision);
    expect(rejectServiceConnection.results).toMatchObject([{ connection: { status: 'REJECTED' }, error: null }]);
    expect(brief(await feed.until((event) => event.status === 'REJECTED'))).toEqual(['TRANSITION REJECTED']);
    expect((await requests.until((event) => event.status === 'REJECTED')).at(-1)?.connection).toMatchObject({
      rawStatus: 'rejected',
      description: 'a good customer',
    });
  });

  it('do not see each other’s side', async () => {
    const [id = ''] = simulator.world.seed(1, { projectId: CONSUMER, serviceId: SERVICE, status: 'pendingAcceptance' });
    expect((await ask(provider.url, VpcEndpointDocument, { id })).vpcEndpoint).toBeNull();
    const decision = { input: { endpointServiceId: SERVICE, endpointIds: [id] } };
    const { acceptServiceConnection } = await ask(consumer.url, AcceptServiceConnectionDocument, decision);
    expect(acceptServiceConnection.results).toMatchObject([
      { endpointId: id, connection: null, error: { code: 'NOT_FOUND', retryable: false } },
    ]);
    expect(await connections()).toMatchObject([{ endpointId: id, rawStatus: 'pendingAcceptance' }]);
  });
});
