/** Connections and permissions: the client against the simulator, every exchange held against the contract. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../src/shared/secret.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import {
  DEFAULT_CREDENTIAL,
  domainIdOf,
  SIMULATOR_PROJECT_ID as PROJECT,
  SIMULATOR_AK,
  SIMULATOR_SK,
} from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { VpcepClient } from '../../src/vpcep/client.ts';
import { fixedCredential } from '../../src/vpcep/signing/credentials.ts';
import { Transport } from '../../src/vpcep/transport/transport.ts';
import { startCheckedSimulator } from '../support/contract/checked-simulator.ts';

const SERVICE = SERVICE_IDS.privateApproval;
const OTHER = 'another-project';
const DOMAIN = domainIdOf(OTHER);
const NO_ID = '11111111-2222-4333-8444-555555555555';

let simulator: Simulator;
let transport: Transport;
let client: VpcepClient;

beforeEach(async () => {
  const credentials = [{ ...DEFAULT_CREDENTIAL, projectIds: [PROJECT, OTHER] }];
  simulator = await startCheckedSimulator({ credentials });
  const credential = fixedCredential({ kind: 'aksk', ak: SIMULATOR_AK, sk: new Secret(SIMULATOR_SK) });
  transport = new Transport({ target: () => ({ baseUrl: simulator.url, credential }) });
  client = new VpcepClient({ transport });
});
afterEach(async () => {
  await transport.close();
  await simulator.close();
});

const seed = (status: string, projectId = OTHER): string =>
  simulator.world.seed(1, { serviceId: SERVICE, status, projectId })[0] ?? '';
const code = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'done',
    (error: { readonly code?: unknown }) => error.code,
  );

describe('connections', () => {
  test('are those of every tenant, filtered, sorted and by page', async () => {
    const pending = seed('pendingAcceptance');
    const accepted = seed('accepted', PROJECT);
    const all = await client.connections.listConnections(PROJECT, SERVICE, { sortDir: 'asc' }, {});
    expect(all.connections.map(({ endpointId, domainId }) => [endpointId, domainId])).toEqual([
      [pending, DOMAIN],
      [accepted, domainIdOf(PROJECT)],
    ]);
    const byStatus = await client.connections.listConnections(PROJECT, SERVICE, { status: 'PENDING_ACCEPTANCE' }, {});
    expect(byStatus).toMatchObject({
      connections: [{ endpointId: pending, status: 'PENDING_ACCEPTANCE' }],
      totalCount: 1,
    });
    const markerId = all.connections[1]?.markerId ?? '';
    const byMarker = await client.connections.listConnections(PROJECT, SERVICE, { markerId }, {});
    expect(byMarker.connections).toMatchObject([{ endpointId: accepted }]);
    const page = await client.connections.listConnections(
      PROJECT,
      SERVICE,
      {
        limit: 1,
        offset: 1,
        sortKey: 'update_at',
      },
      {},
    );
    expect(page).toMatchObject({ connections: [{ endpointId: pending }], totalCount: 2 });
    expect(await code(client.connections.listConnections(OTHER, SERVICE, {}, {}))).toBe('EndPoint.0005');
  });

  test('are accepted, rejected and described', async () => {
    const id = seed('pendingAcceptance');
    const decide = (decision: 'accept' | 'reject', endpointId = id) =>
      client.connections.decideConnection(PROJECT, SERVICE, endpointId, decision, {});
    expect(await decide('accept')).toMatchObject([{ endpointId: id, rawStatus: 'accepted' }]);
    expect(await decide('reject')).toMatchObject([{ endpointId: id, rawStatus: 'rejected' }]);
    expect(await code(decide('accept', seed('failed')))).toBe('EndPoint.2047');
    expect(await code(decide('accept', NO_ID))).toBe('EndPoint.0005');
    const text = { endpointId: id, description: 'the shop' };
    const described = await client.connections.describeConnections(PROJECT, SERVICE, [text], {});
    expect(described).toMatchObject([{ endpointId: id, description: 'the shop', rawStatus: 'rejected' }]);
    const listed = await client.connections.listConnections(PROJECT, SERVICE, { endpointId: id }, {});
    expect(listed.connections).toMatchObject([{ description: 'the shop' }]);
    // The endpoint's own description is the consumer's.
    expect(await client.endpoints.getEndpoint(OTHER, id, {})).toMatchObject({ fields: { description: null } });
  });
});

describe('permissions', () => {
  const add = (permission: string, kind: 'domainId' | 'orgPath' = 'domainId') =>
    client.permissions.addPermissions(PROJECT, SERVICE, [{ permission, description: 'a' }], kind, {});
  const list = async () => (await client.permissions.listPermissions(PROJECT, SERVICE, { limit: 500 }, {})).permissions;
  const connect = (projectId: string) =>
    client.endpoints.createEndpoint(projectId, { endpointServiceId: SERVICE, vpcId: NO_ID, subnetId: NO_ID }, {});

  test.each<[string, 'domainId' | 'orgPath']>([
    ['*', 'domainId'],
    ['iam:domain::*', 'domainId'],
    [`iam:domain::${DOMAIN}`, 'domainId'],
    [`organizations:orgPath::o-simulator/r-simulator/${DOMAIN}`, 'orgPath'],
    ['organizations:orgPath::o-simulator/*', 'orgPath'],
  ])('%s lets another account connect, until it is taken back', async (permission, kind) => {
    expect(await code(connect(OTHER))).toBe('EndPoint.2012');
    await add(permission, kind);
    expect(await code(connect(OTHER))).toBe('done');
    await client.permissions.changePermissions(PROJECT, SERVICE, 'remove', [permission], kind, {});
    expect(await code(connect(OTHER))).toBe('EndPoint.2012');
    expect(await list()).toEqual([]);
  });

  test.each<[string, 'domainId' | 'orgPath']>([
    ['iam:domain::somebodyelse', 'domainId'],
    ['organizations:orgPath::o-other/*', 'orgPath'],
  ])('%s lets no other tenant connect', async (permission, kind) => {
    await add(permission, kind);
    expect(await code(connect(OTHER))).toBe('EndPoint.2012');
    // The owner's account needs none.
    expect(await code(connect(PROJECT))).toBe('done');
  });

  test('are added, listed, described and removed', async () => {
    const [added] = await add('iam:domain::a');
    expect(added).toMatchObject({ permission: 'iam:domain::a', rawPermissionType: 'domainId', description: 'a' });
    const id = added?.id ?? '';
    // Once more: it stays the one that it is.
    expect(await add('iam:domain::a')).toEqual([added]);
    await client.permissions.changePermissions(PROJECT, SERVICE, 'add', ['iam:domain::b'], 'domainId', {});
    expect((await list()).map(({ permission, description }) => [permission, description])).toEqual([
      ['iam:domain::b', null],
      ['iam:domain::a', null],
    ]);
    const part = await client.permissions.listPermissions(PROJECT, SERVICE, { permission: 'n::a' }, {});
    expect(part).toMatchObject({ permissions: [{ id }], totalCount: 1 });
    expect(await client.permissions.describePermission(PROJECT, SERVICE, id, 'b', {})).toEqual([
      { ...added, description: 'b' },
    ]);
    await client.permissions.removePermissions(PROJECT, SERVICE, [id], {});
    expect((await list()).map(({ permission }) => permission)).toEqual(['iam:domain::b']);
  });

  test('that are not there, or are of another kind, are refused', async () => {
    const { permissions } = client;
    expect(await code(permissions.removePermissions(PROJECT, SERVICE, [NO_ID], {}))).toBe('EndPoint.0005');
    expect(await code(permissions.describePermission(PROJECT, SERVICE, NO_ID, '', {}))).toBe('EndPoint.0005');
    expect(await code(permissions.changePermissions(PROJECT, SERVICE, 'remove', ['*'], 'domainId', {}))).toBe(
      'EndPoint.3002',
    );
    expect(await code(add('organizations:orgPath::o-1', 'domainId'))).toBe('EndPoint.3002');
    expect(await code(permissions.listPermissions(OTHER, SERVICE, {}, {}))).toBe('EndPoint.0005');
  });
});
