/**
 * Two tenants of one gateway: what one of them may try with all that it could have learned of the other. A thing of the
 * other's is answered to the byte, and costs upstream exactly, what a thing costs that never was.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { post } from '../support/fake-gateway.ts';
import { rootFields } from '../support/root-fields.ts';
import { SocketClient, type SocketMessage } from '../support/socket-client.ts';
import { see, startTenants, type Tenant, type Tenants, type TokenMode, without } from './tenants.ts';

const VPC = '4e65f8b1-306d-4522-8ecd-aa374000e2a4';
/** The id in the operations of root-fields.ts. */
const SOME = '00000000-0000-4000-8000-000000000001';
const BOBS_SERVICE = '51a00000-0000-4000-8000-0000000000bb';
const TAGS = [{ key: 'team', value: 'of-ann' }];

/** They take an id of what is asked for or changed; those that create take ids of networks, and of services to join. */
const BY_ID = [...rootFields('query'), ...rootFields('mutation')]
  .filter((field) => field.in().includes(SOME) && !field.name.startsWith('create'))
  .map((field) => [field.name, field.in()] as const);

const inside = (input: string) => `(input: { endpointServiceId: "${BOBS_SERVICE}", ${input} })`;
/** Where an id is a condition or one of several, or what is asked lies behind it. */
const DEEPER: readonly (readonly [string, string])[] = [
  ['endpoint, nested', `{ vpcEndpoint(id: "${SOME}") { status statusHistory { status } service { id } } }`],
  [
    'service, nested',
    `{ endpointService(id: "${SOME}") { connectionCount permissions { totalCount } connections { totalCount } } }`,
  ],
  ['filter of endpoints', `{ vpcEndpoints(filter: { id: "${SOME}" }) { totalCount nodes { id } } }`],
  ['filter of services', `{ endpointServices(filter: { id: "${SOME}" }) { totalCount nodes { id } } }`],
  [
    'filter of connections',
    `{ endpointService(id: "${BOBS_SERVICE}") { connections(filter: { endpointId: "${SOME}" }) { totalCount } } }`,
  ],
  ...['acceptServiceConnection', 'rejectServiceConnection'].map((name): [string, string] => [
    `${name} of the own service`,
    `mutation { ${name}${inside(`endpointIds: ["${SOME}"]`)} { results { endpointId error { message } connection { status } } } }`,
  ]),
  [
    'text of a connection of the own service',
    `mutation { updateServiceConnectionDescription${inside(`endpointId: "${SOME}", description: "b"`)} { connection { status } } }`,
  ],
  [
    'text of a permission of the own service',
    `mutation { updateServicePermissionDescription${inside(`permissionId: "${SOME}", description: "b"`)} { permission { id } } }`,
  ],
  [
    'tags of services',
    `mutation { addResourceTags(input: { resourceId: "${SOME}", resourceType: ENDPOINT_SERVICE, tags: [{ key: "b" }] }) { __typename } }`,
  ],
];

/** All that one tenant can list and count. */
const EVERYTHING = `{
  viewer { subject projects { id name region rights isDefault
    endpoints { totalCount nodes { id } } services { totalCount nodes { id } } publicServices { totalCount }
    quotas { type used limit } tags(resourceType: ENDPOINT) { key values } } }
  vpcEndpoints { totalCount nodes {
    id status description updatedAt whitelist tags { key value }
    statusHistory { status } service { id serviceName ... on EndpointService { connectionCount } } } }
  endpointServices { totalCount nodes {
    id serviceName description connectionCount tags { key value }
    permissions { totalCount nodes { permission description } }
    connections { totalCount nodes { endpointId status description } } } }
  quotas { type used limit }
  ours: projectTags(resourceType: ENDPOINT) { key values }
  theirs: projectTags(resourceType: ENDPOINT_SERVICE) { key values }
  resourcesByTags(resourceType: ENDPOINT, filter: {}) { totalCount nodes { resourceId tags { key value } } }
  publicEndpointServices { totalCount }
}`;

describe.each<TokenMode>(['jwt', 'iam-token'])('two tenants with AUTH_MODE=%s', (mode) => {
  let tenants: Tenants;
  let ann: Tenant;
  let bob: Tenant;
  let anns: { endpoint: string; service: string; permission: string; all: string };
  let bobsEndpoint: string;

  beforeAll(async () => {
    tenants = await startTenants(mode);
    ({ ann, bob } = tenants);
    const { world } = tenants.simulator;
    world.addService({ id: BOBS_SERVICE, name: 'shop', ownerProjectId: bob.projectId });
    const service = SERVICE_IDS.privateApproval;
    const [endpoint = ''] = world.seed(1, { projectId: ann.projectId, serviceId: service, tags: TAGS });
    [bobsEndpoint = ''] = world.seed(1, { projectId: bob.projectId });
    const permission = world.permissions.add(service, `iam:domain::${'a'.repeat(32)}`, 'of-ann', Date.now()).id;
    anns = { endpoint, service, permission, all: (await see(tenants, ann, EVERYTHING)).body };
    await see(tenants, bob, EVERYTHING);
  });
  afterAll(async () => {
    await tenants.close();
  });

  const about = async (operation: string, id: string) =>
    without(await see(tenants, bob, operation.replaceAll(SOME, id)), id);

  it.each([...BY_ID, ...DEEPER])(
    'an id of the other is answered like one that never existed: %s',
    async (_name, operation) => {
      for (const id of [anns.endpoint, anns.service, anns.permission]) {
        const theirs = await about(operation, id);
        expect(theirs).toEqual(await about(operation, randomUUID()));
        for (const call of theirs.calls) expect(call).toContain(bob.projectId);
        expect(JSON.stringify(theirs)).not.toContain(ann.projectId);
        expect(JSON.stringify(theirs)).not.toContain('of-ann');
      }
      expect((await see(tenants, ann, EVERYTHING)).body, 'nothing has changed for the other').toBe(anns.all);
    },
  );

  it('resources of one are neither listed nor counted for the other', async () => {
    const before = await see(tenants, bob, EVERYTHING);
    expect(before.body).not.toContain('"errors"');
    for (const text of [ann.projectId, ann.subject, anns.endpoint, anns.service, 'of-ann']) {
      expect(before.body).not.toContain(text);
    }
    const { world } = tenants.simulator;
    world.seed(3, { projectId: ann.projectId, tags: [{ key: 'more', value: 'of-ann' }] });
    world.addService({ id: randomUUID(), name: 'more', ownerProjectId: ann.projectId });
    expect(await see(tenants, bob, EVERYTHING)).toEqual(before);
    anns = { ...anns, all: (await see(tenants, ann, EVERYTHING)).body };
    expect(anns.all).toContain('"more"');
  });

  it('a consumer of a service sees nothing of its owner’s side', async () => {
    const { world } = tenants.simulator;
    world.permissions.add(anns.service, '*', 'everyone', Date.now());
    const [joined = ''] = world.seed(1, { projectId: bob.projectId, serviceId: anns.service });
    const query = `{ vpcEndpoint(id: "${joined}") { service { __typename id ... on EndpointService {
      projectId domainId connectionCount connections { totalCount } permissions { totalCount } } } } }`;
    const { data, errors } = await post(tenants.gateway.url, query, {}, bob.headers);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ vpcEndpoint: { service: { __typename: 'EndpointServiceDescription', id: anns.service } } });
    world.remove(joined);
    anns = { ...anns, all: (await see(tenants, ann, EVERYTHING)).body };
  });

  it('idempotency keys of the one mean nothing to the other', async () => {
    const create = async (tenant: Tenant, description: string) => {
      const input = `{ vpcId: "${VPC}", subnetId: "${VPC}", endpointServiceId: "${SERVICE_IDS.plainInterface}", description: "${description}", idempotencyKey: "same" }`;
      const fields = 'replayed endpoint { id description }';
      const operation = `mutation { createVpcEndpoint(input: ${input}) { ${fields} } }`;
      const { data } = await post(tenants.gateway.url, operation, {}, tenant.headers);
      return data?.createVpcEndpoint as { replayed: boolean; endpoint: { id: string; description: string } };
    };
    const first = await create(ann, 'of-ann');
    const other = await create(bob, 'of-bob');
    expect(other).toEqual({ replayed: false, endpoint: { id: expect.any(String), description: 'of-bob' } });
    expect(other.endpoint.id).not.toBe(first.endpoint.id);
    expect(await create(ann, 'of-ann')).toEqual({ ...first, replayed: true });
  });

  describe('a subscriber', () => {
    const STATUS = '{ endpointId projectId kind status cursor more }';
    let open: SocketClient[];
    const socketOf = async (tenant: Tenant) => {
      const socket = new SocketClient(tenants.gateway.url);
      open.push(socket);
      await socket.init(tenant.headers);
      return socket;
    };
    const eventOf = ({ payload }: SocketMessage) => {
      const { data } = payload as { data?: Record<string, Record<string, unknown>> };
      return Object.values(data ?? {})[0];
    };
    /** To the end of the set. */
    const setOf = async (socket: SocketClient) => {
      const events: (Record<string, unknown> | undefined)[] = [];
      do events.push(eventOf(await socket.next()));
      while (events.at(-1)?.more === true);
      return events;
    };

    /** How the one is refused, and what that costs upstream. */
    const refused = async (socket: SocketClient, id: string, field: string) => {
      tenants.simulator.clearRequests();
      socket.subscribe('1', `subscription { ${field} { kind cursor more } }`);
      const messages: SocketMessage[] = [];
      do messages.push(await socket.next());
      while (messages.at(-1)?.type === 'next');
      const answer = JSON.stringify(messages).replaceAll(/"requestId":"[^"]*"/g, '');
      expect(answer).toContain('NOT_FOUND');
      const calls = tenants.simulator.requests.filter(({ path }) => path.includes(bob.projectId));
      return without({ answer, calls: calls.map(({ method, path }) => [method, path]) }, id);
    };

    beforeAll(() => {
      open = [];
    });
    afterAll(() => {
      for (const socket of open) socket.close();
    });

    it('gets no event of the other’s endpoints, by any id or cursor', async () => {
      const annsSocket = await socketOf(ann);
      annsSocket.subscribe('a', `subscription { endpointStatus(id: "${anns.endpoint}") ${STATUS} }`);
      const [snapshot] = await setOf(annsSocket);
      expect(snapshot).toMatchObject({ kind: 'SNAPSHOT', projectId: ann.projectId });
      const cursor = String(snapshot?.cursor);
      const made = cursor.replace(/^[0-9a-f]{12}/, '0123456789ab');
      expect(made).not.toBe(cursor);

      const socket = await socketOf(bob);
      const never = randomUUID();
      for (const after of ['', `, after: "${cursor}"`]) {
        const attempt = (id: string) => refused(socket, id, `endpointStatus(id: "${id}"${after})`);
        expect(await attempt(anns.endpoint)).toEqual(await attempt(never));
      }

      const resumed = async (id: string, args: string) => {
        socket.subscribe(id, `subscription { projectEndpointStatus${args} ${STATUS} }`);
        const set = await setOf(socket);
        socket.send({ type: 'complete', id });
        return set.map((event): Record<string, unknown> => ({ ...event, cursor: '' }));
      };
      const own = await resumed('2', `(after: "${cursor}")`);
      expect(own.map((event) => event.kind)).toEqual(own.map(() => 'RESYNC'));
      expect(new Set(own.map((event) => event.projectId))).toEqual(new Set([bob.projectId]));
      expect(own).toEqual(await resumed('3', `(after: "${made}")`));

      // All of its own, and the other's too: only the own is heard of, now and when both change.
      const named = `(ids: ["${anns.endpoint}", "${bobsEndpoint}"])`;
      expect(await resumed('4', named)).toEqual(await resumed('5', `(ids: ["${never}", "${bobsEndpoint}"])`));
      socket.subscribe('6', `subscription { projectEndpointStatus${named} ${STATUS} }`);
      await setOf(socket);
      tenants.simulator.world.reject(anns.endpoint);
      expect(eventOf(await annsSocket.next())).toMatchObject({ endpointId: anns.endpoint, status: 'REJECTED' });
      tenants.simulator.world.reject(bobsEndpoint);
      expect(eventOf(await socket.next())).toMatchObject({ endpointId: bobsEndpoint, status: 'REJECTED' });
    });

    it.each([
      ['endpointServiceStatus', 'id'],
      ['serviceConnectionStatus', 'endpointServiceId'],
    ])('gets nothing of the other’s services by %s, by any cursor', async (field, argument) => {
      const annsSocket = await socketOf(ann);
      annsSocket.subscribe(
        'a',
        `subscription { ${field}(${argument}: "${anns.service}") { projectId kind cursor more } }`,
      );
      const [snapshot] = await setOf(annsSocket);
      expect(snapshot).toMatchObject({ kind: 'SNAPSHOT', projectId: ann.projectId });
      const socket = await socketOf(bob);
      const never = randomUUID();
      for (const after of ['', `, after: "${snapshot?.cursor}"`, ', after: "restart"']) {
        const attempt = (id: string) => refused(socket, id, `${field}(${argument}: "${id}"${after})`);
        expect(await attempt(anns.service)).toEqual(await attempt(never));
      }
    });

    it('gets no event of the other’s services in the feed of its project', async () => {
      const socket = await socketOf(bob);
      const services = `projectEndpointServiceStatus(ids: ["${anns.service}", "${BOBS_SERVICE}"])`;
      socket.subscribe('1', `subscription { ${services} { projectId kind endpointServiceId rawStatus more } }`);
      const own = { projectId: bob.projectId, endpointServiceId: BOBS_SERVICE };
      expect(await setOf(socket)).toMatchObject([{ ...own, kind: 'SNAPSHOT' }]);
      const { register } = tenants.simulator.world;
      register.setStatus(anns.service, 'failed');
      register.setStatus(BOBS_SERVICE, 'failed');
      expect(eventOf(await socket.next())).toMatchObject({ ...own, kind: 'TRANSITION', rawStatus: 'failed' });
    });
  });
});
