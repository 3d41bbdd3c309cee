/** Own endpoint services from their creation to their deletion, as their feeds show them. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  CreateEndpointServiceDocument,
  type CreateEndpointServiceInput,
  DeleteEndpointServiceDocument,
  EndpointServiceStatusDocument,
  type EndpointServiceStatusSubscriptionVariables,
  ProjectEndpointServiceStatusDocument,
  type ProjectEndpointServiceStatusSubscriptionVariables,
} from '../../../src/client/generated/documents.ts';
import { SIMULATOR_PROJECT_ID } from '../../../src/simulator/world/identity.ts';
import { GONE } from '../../../src/simulator/world/life.ts';
import { FAILING_PORT_ID, SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { ask, brief, Subscription } from '../../support/graphql-client.ts';
import { useGateway } from '../../support/use-gateway.ts';

const INPUT: CreateEndpointServiceInput = {
  portId: '4189d3c2-8882-4871-a3c2-d380272eed88',
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  serverType: 'LB',
  ports: [{ clientPort: 80, serverPort: 8080 }],
  serviceName: 'shop',
  tags: [{ key: 'team', value: 'net' }],
};
const BUILT = ['TRANSITION CREATING', 'TRANSITION AVAILABLE'];

const { gateway, simulator } = useGateway(beforeEach);
let open: { close(): Promise<void> }[];
beforeEach(() => {
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((subscription) => subscription.close()));
});

const create = async (over: Partial<CreateEndpointServiceInput> = {}) =>
  (await ask(gateway.url, CreateEndpointServiceDocument, { input: { ...INPUT, ...over } })).createEndpointService;
const watch = (variables: EndpointServiceStatusSubscriptionVariables) => {
  const feed = Subscription.of(gateway.url, EndpointServiceStatusDocument, variables);
  open.push(feed);
  return feed;
};
const watchAll = (variables: ProjectEndpointServiceStatusSubscriptionVariables = {}) => {
  const feed = Subscription.of(gateway.url, ProjectEndpointServiceStatusDocument, variables);
  open.push(feed);
  return feed;
};
const sent = (operation: string) => simulator.requests.filter((request) => request.operation === operation);

it('a creation is followed from its first status, however late the subscriber comes', async () => {
  const { service, statusCursor } = await create();
  const events = await watch({ id: service.id, after: statusCursor, until: 'SETTLED' }).rest();
  expect(brief(events)).toEqual(BUILT);
  const [first, last] = events;
  expect(first).toMatchObject({
    endpointServiceId: service.id,
    projectId: SIMULATOR_PROJECT_ID,
    previousStatus: null,
    settled: false,
    service: { id: service.id, status: 'CREATING', portId: INPUT.portId, tags: INPUT.tags },
  });
  expect(last).toMatchObject({
    previousStatus: 'CREATING',
    settled: true,
    faults: [],
    service: { id: service.id, status: 'AVAILABLE', portId: INPUT.portId, tags: INPUT.tags, approvalEnabled: true },
  });
  expect(brief(await watch({ id: service.id, after: statusCursor, until: 'SETTLED' }).rest())).toEqual(BUILT);
});

it('a creation without a subscriber is polled until it settles, so that a later one misses no step', async () => {
  const { service, statusCursor } = await create();
  await simulator.until(() => simulator.world.service(service.id)?.status === 'available');
  await expect.poll(() => gateway.held().creations).toBe(0);
  simulator.world.register.setStatus(service.id, 'failed');
  const events = await watch({ id: service.id, after: statusCursor }).until(({ status }) => status === 'FAILED');
  expect(brief(events)).toEqual([...BUILT, 'TRANSITION FAILED']);
});

it('a creation that is replayed has the cursor of the first one, and sends nothing', async () => {
  const first = await create({ idempotencyKey: 'one-shop' });
  await watch({ id: first.service.id, until: 'SETTLED' }).rest();
  const { service, statusCursor, replayed } = await create({ idempotencyKey: 'one-shop' });
  expect({ id: service.id, statusCursor, replayed }).toEqual({
    id: first.service.id,
    statusCursor: first.statusCursor,
    replayed: true,
  });
  expect(sent('CreateEndpointService')).toHaveLength(1);
  expect(brief(await watch({ id: service.id, after: statusCursor, until: 'SETTLED' }).rest())).toEqual(BUILT);
});

it('a creation whose answer was lost has the cursor before its first sight', async () => {
  simulator.faults.add({ kind: 'reset', operation: 'CreateEndpointService', stage: 'after', times: 1 });
  const { service, statusCursor } = await create({ idempotencyKey: 'lost-shop' });
  expect(brief(await watch({ id: service.id, after: statusCursor, until: 'SETTLED' }).rest())).toEqual(BUILT);
});

it.each([
  ['its own feed', (id: string, after: string) => watch({ id, after, until: 'SETTLED' })],
  ['the feed of the project', (id: string) => watchAll({ ids: [id] })],
])('a creation that fails says why on %s', async (_which, follow) => {
  const { service, statusCursor } = await create({ portId: FAILING_PORT_ID });
  const events = await follow(service.id, statusCursor).until(({ status }) => status === 'FAILED');
  expect(events.at(-1)).toMatchObject({ previousStatus: 'CREATING', settled: true });
  expect(events.at(-1)?.faults[0]?.code).toMatch(/^EndPoint\./i);
  expect(events.at(-1)?.service?.faults).toEqual(events.at(-1)?.faults);
});

it('a deletion is followed to its end, also from its cursor and later', async () => {
  const { service } = await create();
  const feed = watch({ id: service.id });
  await feed.until(({ status }) => status === 'AVAILABLE');
  const { deleteEndpointService } = await ask(gateway.url, DeleteEndpointServiceDocument, {
    input: { id: service.id },
  });
  const { statusCursor } = deleteEndpointService;
  expect(deleteEndpointService.service).toMatchObject({ id: service.id, status: 'DELETING', portId: INPUT.portId });
  const gone = ['TRANSITION DELETING', 'TRANSITION DELETED'];
  const events = await feed.rest();
  expect(brief(events)).toEqual(gone);
  expect(events[0]).toMatchObject({ settled: false, service: { id: service.id, portId: INPUT.portId } });
  expect(events.at(-1)).toMatchObject({ endpointServiceId: service.id, settled: true, service: null });
  expect(sent('ListServiceDetails').filter(({ status }) => status === 404).length).toBeGreaterThanOrEqual(2);

  expect(brief(await watch({ id: service.id, after: statusCursor }).rest())).toEqual(gone);
  const late = await watch({ id: service.id }).rest();
  expect(late).toMatchObject([{ kind: 'SNAPSHOT', status: 'DELETED', service: null }]);
});

it('a deletion that is refused leaves no trace', async () => {
  const id = SERVICE_IDS.privateInterface;
  simulator.world.seed(1, { serviceId: id, status: 'accepted' });
  const feed = watch({ id });
  await feed.next();
  await expect(ask(gateway.url, DeleteEndpointServiceDocument, { input: { id } })).rejects.toThrow(/CONFLICT/);
  simulator.world.register.setStatus(id, 'failed');
  expect(await feed.next()).toMatchObject({ kind: 'TRANSITION', status: 'FAILED', previousStatus: 'AVAILABLE' });
});

it('a project is followed with all that it has, and with all that comes, from here and from elsewhere', async () => {
  const feed = watchAll();
  const set = await feed.until(({ more }) => !more);
  const own = simulator.world.services().filter(({ ownerProjectId }) => ownerProjectId === SIMULATOR_PROJECT_ID);
  expect(set.map(({ endpointServiceId }) => endpointServiceId).toSorted()).toEqual(own.map(({ id }) => id).toSorted());
  expect(set.every(({ kind, service }) => kind === 'SNAPSHOT' && service !== null)).toBe(true);

  const { service } = await create();
  const elsewhere = randomUUID();
  simulator.world.addService({ id: elsewhere, name: 'elsewhere' });
  const gone = SERVICE_IDS.privateInterface;
  simulator.world.register.setStatus(gone, 'deleting');
  const seen = new Map<string, string[]>();
  const ended = () =>
    [service.id, elsewhere, gone].every((id) => / (AVAILABLE|DELETED)$/.test(seen.get(id)?.at(-1) ?? ''));
  await feed.until(({ endpointServiceId: id, status, previousStatus }) => {
    seen.set(id, [...(seen.get(id) ?? []), `${previousStatus} ${status}`]);
    if (id === gone && status === 'DELETING') simulator.world.register.setStatus(gone, GONE);
    return ended();
  });
  expect(seen.get(service.id)).toEqual(['null CREATING', 'CREATING AVAILABLE']);
  expect(seen.get(elsewhere)).toEqual(['null AVAILABLE']);
  expect(seen.get(gone)?.at(-1)).toBe('DELETING DELETED');
});

it('some of a project are followed, also one that does not exist yet', async () => {
  const later = randomUUID();
  const feed = watchAll({ ids: [SERVICE_IDS.privateInterface, later] });
  expect(await feed.next()).toMatchObject({ kind: 'SNAPSHOT', endpointServiceId: SERVICE_IDS.privateInterface });
  await create();
  simulator.world.addService({ id: later, name: 'later', status: 'creating' });
  expect(await feed.next()).toMatchObject({
    kind: 'TRANSITION',
    endpointServiceId: later,
    status: 'CREATING',
    previousStatus: null,
    service: { id: later },
  });
});
