import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import {
  AddServicePermissionsDocument,
  RemoveServicePermissionsDocument,
  ServicePermissionsDocument,
  type ServicePermissionsQueryVariables,
  UpdateServicePermissionDescriptionDocument,
} from '../../../src/client/generated/documents.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { ask, send } from '../../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

const SERVICE = SERVICE_IDS.privateInterface;
const PATH = 'organizations:orgPath::o-1/r-1/*';

describe('the permissions of a service', () => {
  let simulator: Simulator;
  let gateway: Gateway;

  beforeEach(async () => {
    simulator = await startTestSimulator();
    gateway = await startTestGateway(simulator);
  });
  afterEach(async () => {
    await gateway.close();
    await simulator.close();
  });

  const add = async (permissions: readonly { permission: string; description?: string }[]) => {
    const input = { endpointServiceId: SERVICE, permissions: [...permissions] };
    return (await ask(gateway.url, AddServicePermissionsDocument, { input })).addServicePermissions;
  };
  const remove = async (by: { permissionIds: string[] } | { permissions: string[] }) => {
    const input = { endpointServiceId: SERVICE, by };
    return (await ask(gateway.url, RemoveServicePermissionsDocument, { input })).removeServicePermissions;
  };
  const list = async (first = 100, after: string | null = null) => {
    const { endpointService } = await ask(gateway.url, ServicePermissionsDocument, { id: SERVICE, first, after });
    if (endpointService?.permissions == null) throw new Error('no such service');
    return endpointService.permissions;
  };
  const strings = async () => (await list()).edges.map(({ node }) => node.permission);
  const bodies = (operation: string) =>
    simulator.requests.filter((request) => request.operation === operation).map(({ body }) => body);

  it('are added in all their forms, accounts and paths in a call each', async () => {
    const { permissions, failures } = await add([
      { permission: PATH, description: 'a department' },
      { permission: '*' },
      { permission: 'iam:domain::*' },
      { permission: 'iam:domain::abc123', description: '' },
    ]);
    expect(failures).toEqual([]);
    expect(
      permissions.map(({ permission, rawPermissionType, description }) => [permission, rawPermissionType, description]),
    ).toEqual([
      [PATH, 'orgPath', 'a department'],
      ['*', 'domainId', ''],
      ['iam:domain::*', 'domainId', ''],
      ['iam:domain::abc123', 'domainId', ''],
    ]);
    expect(permissions[0]?.createdAt).toMatch(/Z$/);
    expect(bodies('BatchAddEndpointServicePermissions')).toMatchObject([
      { permission_type: 'domainId', permissions: [{ description: '' }, { description: '' }, { description: '' }] },
      { permission_type: 'orgPath', permissions: [{ permission: PATH, description: 'a department' }] },
    ]);
    expect(await strings()).toHaveLength(4);
  });

  it('come page by page', async () => {
    await add(Array.from({ length: 5 }, (_, number) => ({ permission: `iam:domain::a${number}` })));
    const first = await list(3);
    expect(first).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } });
    const second = await list(3, first.pageInfo.endCursor ?? null);
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect([...first.edges, ...second.edges].map(({ node }) => node.permission)).toEqual(
      [4, 3, 2, 1, 0].map((number) => `iam:domain::a${number}`),
    );
    const beyond = await send(gateway.url, ServicePermissionsDocument, { id: SERVICE, first: 101 });
    expect(beyond.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', issues: [{ path: 'first' }] });
  });

  it('are filtered by a part of the permission, and sorted', async () => {
    await add([{ permission: 'iam:domain::aa1' }, { permission: PATH }, { permission: 'iam:domain::ab2' }]);
    simulator.clearRequests();
    const show = async (variables: Omit<ServicePermissionsQueryVariables, 'id'>) => {
      const { endpointService } = await ask(gateway.url, ServicePermissionsDocument, { id: SERVICE, ...variables });
      const { totalCount, edges } = endpointService?.permissions ?? { totalCount: 0, edges: [] };
      return [totalCount, ...edges.map(({ node }) => node.permission)];
    };
    const oldest = { field: 'CREATED_AT', direction: 'ASC' } as const;
    expect(await show({ filter: { permission: 'iam:domain::a' }, orderBy: oldest })).toEqual([
      2,
      'iam:domain::aa1',
      'iam:domain::ab2',
    ]);
    expect(await show({ filter: { permission: 'orgPath' } })).toEqual([1, PATH]);
    const queries = simulator.requests.filter(({ operation }) => operation === 'ListServicePermissionsDetails');
    expect(queries.map(({ query }) => query)).toMatchObject([
      { permission: 'iam:domain::a', sort_key: 'create_at', sort_dir: 'asc' },
      { permission: 'orgPath', sort_key: 'create_at', sort_dir: 'desc' },
    ]);
    for (const permission of ['', 'x'.repeat(1001)]) {
      const refused = await send(gateway.url, ServicePermissionsDocument, { id: SERVICE, filter: { permission } });
      expect(refused.errors?.[0]?.extensions.issues).toMatchObject([{ path: 'filter.permission', rule: 'length' }]);
    }
  });

  it('are removed by id and by string, and shown as they were', async () => {
    const { permissions } = await add([{ permission: 'iam:domain::a' }, { permission: PATH }, { permission: '*' }]);
    const id = permissions[0]?.id ?? '';
    expect(await remove({ permissionIds: [id] })).toMatchObject({
      permissions: [{ id, permission: 'iam:domain::a', rawPermissionType: 'domainId' }],
      failures: [],
    });
    expect(bodies('BatchRemoveEndpointServicePermissions')).toEqual([{ permissions: [{ id }] }]);
    const byString = await remove({ permissions: [PATH, '*'] });
    expect(byString.permissions.map((one) => one.id)).toEqual([permissions[1]?.id, permissions[2]?.id]);
    expect(bodies('AddOrRemoveServicePermissions')).toEqual([
      { action: 'remove', permission_type: 'domainId', permissions: ['*'] },
      { action: 'remove', permission_type: 'orgPath', permissions: [PATH] },
    ]);
    expect(await strings()).toEqual([]);
  });

  it('get a new text', async () => {
    const { permissions } = await add([{ permission: '*', description: 'everyone' }]);
    const [before] = permissions;
    const { updateServicePermissionDescription } = await ask(gateway.url, UpdateServicePermissionDescriptionDocument, {
      input: { endpointServiceId: SERVICE, permissionId: before?.id ?? '', description: 'for a week' },
    });
    expect(updateServicePermissionDescription.permission).toEqual({ ...before, description: 'for a week' });
  });

  it('are looked for when the answer to a write leaves them out', async () => {
    const missing = { kind: 'missingFields', fields: ['permissions'], times: 1 } as const;
    simulator.faults.add({ ...missing, operation: 'BatchAddEndpointServicePermissions' });
    const { permissions } = await add([{ permission: '*', description: 'everyone' }]);
    expect(permissions).toMatchObject([{ permission: '*', rawPermissionType: 'domainId' }]);
    simulator.faults.add({ ...missing, operation: 'UpdateEndpointServicePermissionDesc' });
    const id = permissions[0]?.id ?? '';
    const { updateServicePermissionDescription } = await ask(gateway.url, UpdateServicePermissionDescriptionDocument, {
      input: { endpointServiceId: SERVICE, permissionId: id, description: 'x' },
    });
    expect(updateServicePermissionDescription.permission).toMatchObject({ id, permission: '*' });
  });

  it('behave as upstream says when they are there already, or are not', async () => {
    const [first] = (await add([{ permission: '*' }])).permissions;
    expect((await add([{ permission: '*' }])).permissions).toEqual([first]);
    const input = { endpointServiceId: SERVICE, by: { permissions: ['iam:domain::absent'] } };
    const byString = await send(gateway.url, RemoveServicePermissionsDocument, { input });
    expect(byString.errors?.[0]?.extensions).toMatchObject({ upstream: { code: 'EndPoint.3002' } });
    const unknown = { endpointServiceId: SERVICE, by: { permissionIds: ['11111111-2222-4333-8444-555555555555'] } };
    const byId = await send(gateway.url, RemoveServicePermissionsDocument, { input: unknown });
    expect(byId.errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are reported one kind at a time when only the second call fails', async () => {
    simulator.faults.add({
      kind: 'status',
      status: 400,
      code: 'EndPoint.3049',
      operation: 'BatchAddEndpointServicePermissions',
      skip: 1,
      times: 1,
    });
    const both = [{ permission: PATH }, { permission: '*' }];
    const { permissions, failures } = await add(both);
    expect(permissions).toMatchObject([{ permission: '*' }]);
    expect(failures).toMatchObject([{ permission: PATH, error: { code: 'BAD_USER_INPUT', retryable: false } }]);
    expect(await strings()).toEqual(['*']);
  });

  it('fail as a whole when the first call fails', async () => {
    simulator.faults.add({
      kind: 'status',
      status: 400,
      code: 'EndPoint.3049',
      operation: 'BatchAddEndpointServicePermissions',
      times: 1,
    });
    const input = { endpointServiceId: SERVICE, permissions: [{ permission: '*' }, { permission: PATH }] };
    const answer = await send(gateway.url, AddServicePermissionsDocument, { input });
    expect(answer.errors?.[0]?.extensions).toMatchObject({ upstream: { code: 'EndPoint.3049' } });
    expect(await strings()).toEqual([]);
  });

  it('refuse a wrong input before anything is sent', async () => {
    const permissions = [{ permission: 'iam:domain:x' }, { permission: '*', description: 'x'.repeat(257) }];
    const input = { endpointServiceId: SERVICE, permissions };
    const answer = await send(gateway.url, AddServicePermissionsDocument, { input });
    expect(answer.errors?.[0]?.extensions.issues?.map(({ path, rule }) => [path, rule])).toEqual([
      ['input.permissions.0.permission', 'permission'],
      ['input.permissions.1.description', 'length'],
    ]);
    expect(simulator.requests).toEqual([]);
  });
});
