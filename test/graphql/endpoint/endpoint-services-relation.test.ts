import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Gateway } from '../../../src/app/gateway.ts';
import {
  ProjectEndpointServicesDocument,
  type ProjectEndpointServicesSubscription,
  VpcEndpointServicesDocument,
} from '../../../src/client/generated/documents.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../../src/simulator/world/identity.ts';
import { PLATFORM_PROJECT_ID, SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { overHttp } from '../../support/every-transport.ts';
import { ask, send } from '../../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

describe('the service of an endpoint', () => {
  let simulator: Simulator;
  let gateway: Gateway;

  beforeEach(async () => {
    simulator = await startTestSimulator();
    gateway = await startTestGateway(simulator);
  });
  afterEach(async () => {
    simulator.faults.clear();
    await gateway.close();
    await simulator.close();
  });

  const seed = (count: number, serviceId: string) => simulator.world.seed(count, { serviceId, status: 'accepted' });
  /** Private services of another tenant that let this project in, each with an endpoint. */
  const seedForeign = (count: number) =>
    Array.from({ length: count }, (_, number) => {
      const id = `51a0f000-0000-4000-8000-${String(number).padStart(12, '0')}`;
      const name = `foreign-${number}`;
      simulator.world.addService({ id, name, ownerProjectId: PLATFORM_PROJECT_ID, openTo: [SIMULATOR_PROJECT_ID] });
      seed(1, id);
      return id;
    });
  const page = async (first = 100) =>
    (await ask(gateway.url, VpcEndpointServicesDocument, { first })).vpcEndpoints.nodes;
  /** What was asked of upstream since the last time, by operation. */
  const counts = () => {
    const byOperation: Record<string, number> = {};
    for (const { operation } of simulator.requests) {
      byOperation[operation ?? ''] = (byOperation[operation ?? ''] ?? 0) + 1;
    }
    simulator.clearRequests();
    return byOperation;
  };

  it('costs two calls for a page of 100, whatever own and public services it has', async () => {
    const ids = [
      SERVICE_IDS.plainInterface,
      SERVICE_IDS.obsGateway,
      SERVICE_IDS.privateInterface,
      SERVICE_IDS.privateApproval,
      SERVICE_IDS.approvalInterface,
    ];
    for (const id of ids) seed(20, id);
    const nodes = await page();
    expect(nodes).toHaveLength(100);
    for (const node of nodes) expect(node.service?.id).toBe(node.endpointServiceId);
    expect(counts()).toEqual({ ListEndpoints: 1, ListEndpointService: 1, ListServicePublicDetails: 1 });

    const of = (id: string) => nodes.find((node) => node.endpointServiceId === id)?.service;
    expect(of(SERVICE_IDS.privateInterface)).toMatchObject({
      __typename: 'EndpointService',
      connectionCount: 20,
      approvalEnabled: false,
      projectId: SIMULATOR_PROJECT_ID,
      tags: [],
    });
    expect(of(SERVICE_IDS.obsGateway)).toEqual({
      __typename: 'PublicEndpointService',
      id: SERVICE_IDS.obsGateway,
      serviceName: expect.stringContaining('obs'),
      serviceType: 'GATEWAY',
      rawServiceType: 'gateway',
      createdAt: expect.any(String),
      isBilled: false,
      enablePolicy: true,
      owner: 'simulator-platform',
    });
    // An own service that is public as well is shown as an own one.
    expect(of(SERVICE_IDS.approvalInterface)).toMatchObject({
      __typename: 'EndpointService',
      approvalEnabled: true,
      status: 'AVAILABLE',
      isBilled: null,
    });
  });

  it('shows the connections of an own one, and costs what was estimated', async () => {
    for (const id of [SERVICE_IDS.privateInterface, SERVICE_IDS.obsGateway]) seed(1, id);
    seedForeign(1);
    const query = `{ vpcEndpoints { nodes { service {
      __typename ...F ... on EndpointServiceDescription { shown: publicBorderGroup } ... on PublicEndpointService { shown: owner } } } } }
      fragment F on EndpointService { shown: publicBorderGroup connections { totalCount } }`;
    const { data, errors, extensions } = await overHttp(gateway.url, { query, extensions: { cost: true } });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      vpcEndpoints: {
        nodes: expect.arrayContaining([
          { service: { __typename: 'EndpointService', shown: 'center', connections: { totalCount: 1 } } },
          { service: { __typename: 'PublicEndpointService', shown: 'simulator-platform' } },
          { service: { __typename: 'EndpointServiceDescription', shown: 'center' } },
        ]),
      },
    });
    // A page, two lists, and for each of 20 rows a description or connections.
    expect(extensions?.cost).toEqual({ estimated: 1 + 2 + 20 + 20, actual: 1 + 2 + 1 + 1 });
  });

  it('costs one description for each service of another tenant, kept from one request to the next, 8 at once', async () => {
    const foreign = seedForeign(20);
    for (const id of foreign) seed(4, id);
    simulator.faults.add({ kind: 'slow', operation: 'ListServiceDescribeDetails', delayMs: 300 });
    simulator.inFlight.reset();
    // Not the same page twice: equal reads in flight would be one.
    const [nodes] = await Promise.all([page(), page(99)]);
    expect(nodes).toHaveLength(100);
    for (const node of nodes) {
      expect(node.service).toEqual({
        __typename: 'EndpointServiceDescription',
        id: node.endpointServiceId,
        serviceName: expect.stringContaining('foreign-'),
        serviceType: 'INTERFACE',
        rawServiceType: 'interface',
        createdAt: expect.any(String),
        isBilled: true,
        enablePolicy: false,
        publicBorderGroup: 'center',
      });
    }
    // The lists of the two requests are one call each when they meet in flight.
    const { ListEndpointService: own, ListServicePublicDetails: open, ...others } = counts();
    expect(others).toEqual({ ListEndpoints: 2, ListServiceDescribeDetails: 20 });
    expect([own, open].every((count) => count === 1 || count === 2)).toBe(true);
    expect(simulator.inFlight.peak('ListServiceDescribeDetails')).toBe(8);
    await page();
    expect(counts()).toEqual({ ListEndpoints: 1, ListEndpointService: 1, ListServicePublicDetails: 1 });
  });

  it('is null where it may not be read, and a failure is reported and not kept', async () => {
    seed(1, SERVICE_IDS.foreignPrivate);
    expect((await page())[0]).toMatchObject({ endpointServiceId: SERVICE_IDS.foreignPrivate, service: null });
    const [, id] = seedForeign(2);
    simulator.faults.add({
      kind: 'status',
      operation: 'ListServiceDescribeDetails',
      path: 'describe',
      status: 500,
      code: 'EndPoint.0001',
      times: 20,
    });
    const answer = await send(gateway.url, VpcEndpointServicesDocument, { first: 100 });
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_ERROR', 'UPSTREAM_ERROR']);
    expect(answer.data?.vpcEndpoints?.nodes).toHaveLength(3);
    simulator.faults.clear();
    expect((await page()).find((node) => node.endpointServiceId === id)?.service?.id).toBe(id);
  });

  it('is there without the right to list', async () => {
    const [id] = seedForeign(1);
    const status = { kind: 'status', status: 403, code: 'EndPoint.0004' } as const;
    simulator.faults.add({ ...status, operation: 'ListEndpointService' });
    simulator.faults.add({ ...status, operation: 'ListServicePublicDetails' });
    expect((await page())[0]?.service?.id).toBe(id);
  });

  it('is there in a feed, and a burst of events does not list the services for each', async () => {
    const [foreign] = seedForeign(1);
    seed(30, SERVICE_IDS.privateInterface);
    const client = createClient({ url: `${gateway.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const events = client.iterate<ProjectEndpointServicesSubscription>({
      query: ProjectEndpointServicesDocument,
    });
    const services: (string | undefined)[] = [];
    for await (const { data, errors } of events) {
      expect(errors).toBeUndefined();
      services.push(data?.projectEndpointStatus?.endpoint?.service?.id);
      if (data?.projectEndpointStatus?.more === false) break;
    }
    await client.dispose();
    expect(services).toHaveLength(31);
    expect(new Set(services)).toEqual(new Set([foreign, SERVICE_IDS.privateInterface]));
    expect(counts()).toMatchObject({
      ListEndpointService: 1,
      ListServicePublicDetails: 1,
      ListServiceDescribeDetails: 1,
    });
  });
});
