/** The caches of examples/clients/caches.ts, with answers of a gateway. */
import { ApolloClient, gql, HttpLink } from '@apollo/client/core';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { apolloCache, urqlCache } from '../../examples/clients/caches.ts';
import {
  ConnectedEndpointsDocument,
  EndpointServiceDocument,
  ProjectDocument,
  ProjectEndpointStatusDocument,
  ViewerDocument,
  VpcEndpointsDocument,
} from '../../src/client/generated/documents.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { send } from '../support/graphql-client.ts';
import { useGateway } from '../support/use-gateway.ts';

const { gateway, simulator } = useGateway(beforeEach);
const warnings: unknown[] = [];
const SERVICE = { id: SERVICE_IDS.approvalInterface };

beforeEach(() => {
  warnings.length = 0;
  for (const level of ['warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((...args: unknown[]) => void warnings.push(args));
  }
  const request = { projectId: SIMULATOR_PROJECT_ID, serviceId: SERVICE.id, tags: [{ key: 'a', value: 'b' }] };
  simulator.world.seed(1, { ...request, status: 'accepted' });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** The answer of the list with another status, as an event has it. */
async function changed() {
  const { data } = await send(gateway.url, VpcEndpointsDocument, {});
  const endpoint = { ...data?.vpcEndpoints?.edges[0]?.node, status: 'DELETING', __typename: 'VpcEndpoint' };
  return { __typename: 'EndpointStatusEvent', kind: 'TRANSITION', endpoint };
}

describe('Graphcache', () => {
  it('knows the key of every type, and an event changes the row of a list', async () => {
    const event = await changed();
    const client = new Client({
      url: `${gateway.url}/graphql`,
      preferGetMethod: false,
      exchanges: [
        urqlCache,
        fetchExchange,
        subscriptionExchange({
          forwardSubscription: () => ({
            subscribe(sink) {
              queueMicrotask(() => sink.next({ data: { projectEndpointStatus: event } }));
              return { unsubscribe: () => {} };
            },
          }),
        }),
      ],
    });
    const project = { resourceType: 'ENDPOINT' } as const;
    for (const { error } of [
      await client.query(ViewerDocument, {}),
      await client.query(ProjectDocument, project),
      await client.query(ConnectedEndpointsDocument, SERVICE),
      await client.query(EndpointServiceDocument, SERVICE),
    ]) {
      expect(error).toBeUndefined();
    }
    const seen: unknown[] = [];
    const list = client.query(VpcEndpointsDocument, {});
    const { unsubscribe } = list.subscribe(({ data }) => seen.push(data?.vpcEndpoints?.edges[0]?.node.status));
    await expect.poll(() => seen).toEqual(['ACCEPTED']);
    expect(warnings).toEqual([]);
    const feed = client.subscription(ProjectEndpointStatusDocument, {}).subscribe(() => {});
    await expect.poll(() => seen.at(-1)).toBe('DELETING');
    feed.unsubscribe();
    unsubscribe();
  });
});

describe('the cache of Apollo Client', () => {
  it('keeps a connection by its service and its endpoint', async () => {
    const client = new ApolloClient({ cache: apolloCache, link: new HttpLink({ uri: `${gateway.url}/graphql` }) });
    const { error } = await client.query({ query: gql(ConnectedEndpointsDocument), variables: SERVICE });
    expect(error).toBeUndefined();
    const endpointId = simulator.world.endpoints()[0]?.id;
    const key = `ConnectedEndpoint:${JSON.stringify({ endpointServiceId: SERVICE.id, endpointId })}`;
    expect(Object.keys(apolloCache.extract())).toContain(key);
    expect(warnings).toEqual([]);
    client.stop();
  });
});
