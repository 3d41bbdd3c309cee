import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import {
  AddEndpointServiceServerResourcesDocument,
  CreateEndpointServiceDocument,
  type CreateEndpointServiceInput,
  DeleteEndpointServiceDocument,
  DescribeEndpointServiceDocument,
  EndpointServiceDocument,
  type EndpointServiceQuery,
  EndpointServicesDocument,
  PublicEndpointServicesDocument,
  RenameEndpointServiceDocument,
  type TypedDocument,
  UpdateEndpointServiceDocument,
  type UpdateEndpointServiceInput,
  UpgradeEndpointServiceDocument,
} from '../../../src/client/generated/documents.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../../src/simulator/world/identity.ts';
import { FAILING_PORT_ID, SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { ask, send } from '../../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

const INPUT: CreateEndpointServiceInput = {
  portId: '4189d3c2-8882-4871-a3c2-d380272eed88',
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  serverType: 'LB',
  ports: [
    { clientPort: 80, serverPort: 8080 },
    { clientPort: 443, serverPort: 8443 },
  ],
  serviceName: 'shop',
  tags: [{ key: 'team', value: 'net' }],
  description: 'a shop',
};
const NOBODYS = '11111111-2222-4333-8444-555555555555';
const BALANCER = '5d1c1d71-2613-4274-b34e-d82af550f967';

describe('endpoint services', () => {
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

  const create = async (over: Partial<CreateEndpointServiceInput> = {}) =>
    (await ask(gateway.url, CreateEndpointServiceDocument, { input: { ...INPUT, ...over } })).createEndpointService;
  const read = async (id: string) => (await ask(gateway.url, EndpointServiceDocument, { id })).endpointService;
  const settled = async (over: Partial<CreateEndpointServiceInput> = {}) => {
    const { service } = await create(over);
    await expect.poll(async () => (await read(service.id))?.status, { timeout: 5_000 }).not.toBe('CREATING');
    return service.id;
  };
  const sent = (operation: string) => simulator.requests.filter((request) => request.operation === operation);

  it('are published, become available, and are shown in full', async () => {
    const { service, replayed } = await create();
    expect(replayed).toBe(false);
    expect(service).toMatchObject({
      status: 'CREATING',
      rawStatus: 'creating',
      approvalEnabled: true,
      serverType: 'LB',
    });
    expect(service.serviceName).toBe(`simulator-1.shop.${service.id}`);
    await expect.poll(async () => (await read(service.id))?.status, { timeout: 5_000 }).toBe('AVAILABLE');
    expect(await read(service.id)).toEqual({
      ...service,
      status: 'AVAILABLE',
      rawStatus: 'available',
      cidrType: 'INTERNAL',
      rawCidrType: 'internal',
      supportedEditions: ['basic'],
      ports: [
        { clientPort: 80, serverPort: 8080, protocol: 'TCP' },
        { clientPort: 443, serverPort: 8443, protocol: 'TCP' },
      ],
      tags: [{ key: 'team', value: 'net' }],
      projectId: SIMULATOR_PROJECT_ID,
    });
    expect(sent('CreateEndpointService')[0]?.body).toMatchObject({ approval_enabled: true, server_type: 'LB' });
  });

  it('say why they failed', async () => {
    const id = await settled({ portId: FAILING_PORT_ID });
    expect(await read(id)).toMatchObject({ status: 'FAILED', faults: [{ code: 'EndPoint.3001' }] });
  });

  it('are null when they do not exist, and an unknown word is passed on', async () => {
    expect(await read(NOBODYS)).toBeNull();
    expect(await read(SERVICE_IDS.obsGateway)).toBeNull();
    simulator.faults.add({ kind: 'statusWord', operation: 'ListServiceDetails', word: 'paused' });
    expect(await read(SERVICE_IDS.privateInterface)).toMatchObject({ status: 'UNKNOWN', rawStatus: 'paused' });
  });

  it('stay readable whatever is null or missing, and whatever comes as text', async () => {
    const fields = ['service_type', 'ports', 'tags', 'created_at', 'status', 'error', 'approval_enabled', 'ip'];
    const nulls = simulator.faults.add({ kind: 'nullFields', operation: 'ListServiceDetails', fields });
    expect(await read(SERVICE_IDS.privateInterface)).toMatchObject({ ports: [], tags: [], status: 'UNKNOWN' });
    nulls.remove();
    simulator.faults.add({ kind: 'looseTypes', operation: 'ListServiceDetails' });
    expect(await read(SERVICE_IDS.privateInterface)).toMatchObject({
      approvalEnabled: false,
      ports: [{ clientPort: 443, serverPort: 8443 }],
    });
  });

  it('are listed as connections, filtered and page by page', async () => {
    const first = (await ask(gateway.url, EndpointServicesDocument, { first: 2 })).endpointServices;
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const after = first.pageInfo.endCursor ?? null;
    const second = (await ask(gateway.url, EndpointServicesDocument, { first: 2, after })).endpointServices;
    expect(new Set([...first.edges, ...second.edges].map(({ node }) => node.id)).size).toBe(3);
    const filters = [{ serviceName: 'ORDERS' }, { id: SERVICE_IDS.privateInterface, status: 'AVAILABLE' }] as const;
    for (const filter of filters) {
      const { edges } = (await ask(gateway.url, EndpointServicesDocument, { filter })).endpointServices;
      expect(edges.map(({ node }) => node.id)).toEqual([SERVICE_IDS.privateInterface]);
    }
    const failed = await ask(gateway.url, EndpointServicesDocument, { filter: { status: 'FAILED', netType: 'ALL' } });
    await ask(gateway.url, EndpointServicesDocument, { filter: { serverType: 'LB' } });
    expect(sent('ListEndpointService').at(-1)?.query).toMatchObject({ server_type: 'LB' });
    expect(failed.endpointServices.totalCount).toBe(0);
    const open = (await ask(gateway.url, PublicEndpointServicesDocument, { filter: { serviceName: 'obs' } }))
      .publicEndpointServices;
    expect(open.edges.map(({ node }) => node)).toEqual([
      expect.objectContaining({ id: SERVICE_IDS.obsGateway, serviceType: 'GATEWAY', owner: 'simulator-platform' }),
    ]);
    const refused = await send(gateway.url, EndpointServicesDocument, { filter: { status: 'UNKNOWN' as 'FAILED' } });
    expect(refused.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: 'filter.status', rule: 'type', message: expect.stringContaining('EndpointServiceStatusInput') }],
    });
  });

  it('are described by exactly one of id and name', async () => {
    const describeBy = async (by: { id?: string; serviceName?: string }) =>
      await send(gateway.url, DescribeEndpointServiceDocument, { by: by as { id: string } });
    const byId = (await describeBy({ id: SERVICE_IDS.plainInterface })).data?.describeEndpointService;
    expect(byId).toMatchObject({ serviceType: 'INTERFACE', isBilled: true, publicBorderGroup: 'center' });
    const serviceName = byId?.serviceName ?? '';
    expect((await describeBy({ serviceName })).data?.describeEndpointService).toEqual(byId);
    expect((await describeBy({ id: SERVICE_IDS.foreignPrivate })).data).toEqual({ describeEndpointService: null });
    simulator.clearRequests();
    for (const by of [{}, { id: SERVICE_IDS.plainInterface, serviceName }]) {
      expect((await describeBy(by)).errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        issues: [{ path: 'by', rule: 'one-of', message: expect.stringContaining('Exactly one key') }],
      });
    }
    expect(simulator.requests).toEqual([]);
  });

  it('keep their approval on every update that does not speak of it', async () => {
    const update = async (input: { id: string; approvalEnabled?: boolean; description?: string }) =>
      (await ask(gateway.url, UpdateEndpointServiceDocument, { input })).updateEndpointService.service;
    const id = SERVICE_IDS.privateInterface;
    expect(await update({ id, description: 'new' })).toMatchObject({ description: 'new', approvalEnabled: false });
    expect(await update({ id, approvalEnabled: true })).toMatchObject({ description: 'new', approvalEnabled: true });
    expect(await update({ id, description: '' })).toMatchObject({ approvalEnabled: true });
    expect(sent('UpdateEndpointService').map(({ body }) => body)).toEqual([
      { approval_enabled: false, description: 'new' },
      { approval_enabled: true },
      { approval_enabled: true, description: '' },
    ]);
    simulator.faults.add({ kind: 'missingFields', operation: 'ListServiceDetails', fields: ['approval_enabled'] });
    const unknown = await send(gateway.url, UpdateEndpointServiceDocument, { input: { id, description: 'x' } });
    expect(unknown.errors?.[0]?.extensions.issues).toMatchObject([{ path: 'input.approvalEnabled', rule: 'required' }]);
    expect(sent('UpdateEndpointService')).toHaveLength(3);
  });

  it('get another backend', async () => {
    const id = SERVICE_IDS.privateInterface;
    for (const backend of [{ portId: BALANCER }, { ip: '10.0.0.1' }]) {
      const input = { id, approvalEnabled: true, backend };
      const { service } = (await ask(gateway.url, UpdateEndpointServiceDocument, { input })).updateEndpointService;
      expect(service).toMatchObject(backend);
    }
    expect(sent('UpdateEndpointService').map(({ body }) => body)).toEqual([
      { approval_enabled: true, port_id: BALANCER },
      { approval_enabled: true, ip: '10.0.0.1' },
    ]);
  });

  it('answer a change in full, also when the read after it fails', async () => {
    const id = SERVICE_IDS.privateInterface;
    const ports = [{ clientPort: 1, serverPort: 65_535 }];
    const input = { id, ports, approvalEnabled: true, serviceName: 'renamed' };
    const { service } = (await ask(gateway.url, UpdateEndpointServiceDocument, { input })).updateEndpointService;
    expect(service).toMatchObject({
      ports: [{ ...ports[0], protocol: 'TCP' }],
      serviceName: `simulator-1.renamed.${id}`,
      supportedEditions: ['basic'],
    });
    simulator.faults.add({ kind: 'status', operation: 'ListServiceDetails', status: 404, code: 'EndPoint.0005' });
    const again = (await ask(gateway.url, UpdateEndpointServiceDocument, { input })).updateEndpointService.service;
    expect(again).toMatchObject({ serviceName: `simulator-1.renamed.${id}`, status: 'AVAILABLE' });
  });

  it('are renamed, upgraded, given more backends, and deleted', async () => {
    const id = SERVICE_IDS.privateInterface;
    const rename = { id, serviceName: 'short_name-16chr' };
    const { renameEndpointService } = await ask(gateway.url, RenameEndpointServiceDocument, { input: rename });
    expect(renameEndpointService.service?.serviceName).toBe(`simulator-1.short_name-16chr.${id}`);
    const resources = { id, serverResources: [{ resourceId: BALANCER, availabilityZoneId: 'az-1' }] };
    const tooEarly = await send(gateway.url, AddEndpointServiceServerResourcesDocument, { input: resources });
    expect(tooEarly.errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', upstream: { code: 'EndPoint.3045' } });
    const { upgradeEndpointService } = await ask(gateway.url, UpgradeEndpointServiceDocument, { input: { id } });
    expect(upgradeEndpointService.service?.supportedEditions).toEqual(['basic', 'profession']);
    expect(sent('UpgradeEndpointService')[0]).toMatchObject({
      body: undefined,
      path: expect.stringMatching(/^\/v2\//),
    });
    const added = await ask(gateway.url, AddEndpointServiceServerResourcesDocument, { input: resources });
    expect(added.addEndpointServiceServerResources.service?.id).toBe(id);
    expect(sent('AddEndpointServiceServerResource')[1]?.body).toEqual({
      server_resources: [{ resource_id: BALANCER, availability_zone_id: 'az-1' }],
    });
    const back = await ask(gateway.url, UpgradeEndpointServiceDocument, { input: { id, action: 'ROLLBACK' } });
    expect(back.upgradeEndpointService.service?.supportedEditions).toEqual(['basic']);

    simulator.faults.add({ kind: 'status', operation: 'ListServiceDetails', status: 403, times: 1 });
    const unread = await send(gateway.url, UpgradeEndpointServiceDocument, { input: { id } });
    expect(unread).toEqual({ data: { upgradeEndpointService: { service: null } } });

    const [endpoint] = simulator.world.seed(1, { serviceId: id, status: 'accepted' });
    const busy = await send(gateway.url, DeleteEndpointServiceDocument, { input: { id } });
    expect(busy.errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', upstream: { code: 'EndPoint.3006' } });
    simulator.world.remove(endpoint ?? '');
    const { service } = (await ask(gateway.url, DeleteEndpointServiceDocument, { input: { id } }))
      .deleteEndpointService;
    expect(service).toMatchObject({ id, status: 'DELETING', serverType: 'VM' });
    await expect.poll(() => read(id), { timeout: 5_000 }).toBeNull();
    const gone = await send(gateway.url, DeleteEndpointServiceDocument, { input: { id } });
    expect(gone.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect(sent('DeleteEndpointService')).toHaveLength(2);
  });

  it('cost no list call when one is shown, unless what the list alone tells is asked for', async () => {
    const { service } = await create({ tags: [] });
    expect(Object.keys(Object(sent('CreateEndpointService')[0]?.body))).not.toContain('tags');
    const { id } = service;
    await expect.poll(async () => (await read(id))?.status, { timeout: 5_000 }).toBe('AVAILABLE');
    // The creation is not polled any more.
    await expect.poll(() => gateway.held()['watch.sets']).toBe(0);
    const calls = async (operation: () => Promise<unknown>) => {
      simulator.clearRequests();
      await operation();
      return simulator.requests.map((request) => request.operation);
    };
    const { url } = gateway;
    const update = { input: { id, approvalEnabled: true, description: 'new' } };
    const rename = { input: { id, serviceName: 'renamed' } };
    const backends = { input: { id, serverResources: [{ resourceId: BALANCER }] } };
    const only = { input: { id } };
    expect(await calls(() => read(id))).toEqual(['ListServiceDetails']);
    const writes = [
      ['UpdateEndpointService', () => ask(url, UpdateEndpointServiceDocument, update)],
      ['UpdateEndpointServiceName', () => ask(url, RenameEndpointServiceDocument, rename)],
      ['UpgradeEndpointService', () => ask(url, UpgradeEndpointServiceDocument, only)],
      ['AddEndpointServiceServerResource', () => ask(url, AddEndpointServiceServerResourcesDocument, backends)],
    ] as const;
    for (const [operation, write] of writes) expect(await calls(write)).toEqual([operation, 'ListServiceDetails']);

    const query: TypedDocument<EndpointServiceQuery, { id: string }> =
      `query Whole($id: ID!) { endpointService(id: $id) { domainId connectionCount publicBorderGroup } }`;
    const whole = () => ask(url, query, { id });
    expect(await calls(whole)).toEqual(['ListServiceDetails', 'ListEndpointService']);
    expect((await whole()).endpointService).toEqual({
      domainId: expect.any(String),
      connectionCount: 0,
      publicBorderGroup: 'center',
    });
    expect(await calls(() => ask(url, DeleteEndpointServiceDocument, only))).toEqual([
      'ListServiceDetails',
      'DeleteEndpointService',
    ]);
  });

  it('meet their quota', async () => {
    for (let number = 3; number < 20; number += 1) await create({ ports: [{ clientPort: 80, serverPort: number }] });
    const more = await send(gateway.url, CreateEndpointServiceDocument, { input: INPUT });
    expect(more.errors?.[0]?.extensions.code).toBe('QUOTA_EXCEEDED');
  });

  it('report every broken rule at once, before anything goes upstream', async () => {
    const faulty = await send(gateway.url, CreateEndpointServiceDocument, {
      input: {
        ...INPUT,
        serviceName: 'seventeen-letters',
        ipVersion: 'IPV6',
        ports: [
          { clientPort: 0, serverPort: 80 },
          { clientPort: 1, serverPort: 2 },
          { clientPort: 1, serverPort: 2 },
        ],
        tags: Array.from({ length: 21 }, (_, number) => ({ key: `k${number}` })),
        description: '<b>',
      },
    });
    expect(faulty.errors?.[0]?.extensions.issues?.map(({ path }) => path).toSorted()).toEqual([
      'input.description',
      'input.ports.0.clientPort',
      'input.ports.2',
      'input.serviceName',
      'input.snatNetworkId',
      'input.tags',
    ]);
    const ports = Array.from({ length: 201 }, (_, number) => ({ clientPort: number + 1, serverPort: 1 }));
    const id = SERVICE_IDS.privateInterface;
    const updates: [UpdateEndpointServiceInput, string][] = [
      [{ id, ports }, 'input.ports'],
      [{ id, ports: [] }, 'input.ports'],
      [{ id }, 'input'],
      [{ id, backend: { portId: 'no id!' } }, 'input.backend.portId'],
      [{ id, backend: { ip: '' } }, 'input.backend.ip'],
      [{ id, backend: {} as never }, 'input.backend'],
    ];
    for (const [input, path] of updates) {
      const answer = await send(gateway.url, UpdateEndpointServiceDocument, { input });
      expect(answer.errors?.[0]?.extensions.issues?.map((issue) => issue.path)).toEqual([path]);
    }
    const input = { id, serviceName: 'region.name.id' };
    expect((await send(gateway.url, RenameEndpointServiceDocument, { input })).errors).toHaveLength(1);
    expect(simulator.requests).toEqual([]);
  });

  it('are created once per idempotency key, also when the answer is lost', async () => {
    const first = await create({ idempotencyKey: 'shop-1' });
    const again = await create({ idempotencyKey: 'shop-1' });
    expect(again).toMatchObject({ replayed: true, service: { id: first.service.id, tags: INPUT.tags } });
    const other = { ...INPUT, idempotencyKey: 'shop-1', description: 'other' };
    const reused = await send(gateway.url, CreateEndpointServiceDocument, { input: other });
    expect(reused.errors?.[0]?.extensions.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(sent('CreateEndpointService')).toHaveLength(1);

    const lost = { kind: 'reset', stage: 'after', operation: 'CreateEndpointService', times: 1 } as const;
    simulator.faults.add(lost);
    const adopted = await create({ idempotencyKey: 'shop-2', portId: BALANCER });
    simulator.faults.add(lost);
    const byStructure = await create({ serviceName: 'no-key', portId: NOBODYS, description: 'found again' });
    const own = simulator.world.services().filter(({ name }) => name === 'shop' || name === 'no-key');
    expect(own.map(({ id }) => id)).toEqual([first.service.id, adopted.service.id, byStructure.service.id]);
    expect(byStructure.service.tags).toEqual(INPUT.tags);
  });
});
