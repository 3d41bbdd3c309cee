import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import {
  UpdateVpcEndpointPolicyDocument,
  UpdateVpcEndpointRouteTablesDocument,
  UpdateVpcEndpointWhitelistDocument,
  UpgradeVpcEndpointDocument,
  VpcEndpointDocument,
} from '../../../src/client/generated/documents.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../../src/simulator/world/identity.ts';
import { NO_SUCH_ROUTE_TABLE_ID, SERVICE_IDS, STUCK_ROUTE_TABLE_ID } from '../../../src/simulator/world/services.ts';
import { overHttp } from '../../support/every-transport.ts';
import { ask, send } from '../../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

const ABSENT = '99999999-9999-4999-8999-999999999999';
const TABLE = '11111111-1111-4111-8111-111111111111';
const OTHER_TABLE = '22222222-2222-4222-8222-222222222222';
const STATEMENT = { effect: 'ALLOW', action: ['obs:*:*'], resource: ['obs:*:*:*:*/*'] } as const;

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

const seed = (serviceId: string, status = 'accepted'): string =>
  simulator.world.seed(1, { serviceId, status })[0] ?? '';
const bodies = (operation: string): unknown[] =>
  simulator.requests.filter((request) => request.operation === operation).map((request) => request.body);
const operations = (): (string | null)[] => simulator.requests.map(({ operation }) => operation);

describe('the whitelist', () => {
  const change = (input: { id: string; whitelist?: string[]; enableWhitelist?: boolean }) =>
    ask(gateway.url, UpdateVpcEndpointWhitelistDocument, { input });

  it('is replaced, and the endpoint comes back in full', async () => {
    const id = seed(SERVICE_IDS.plainInterface);
    const { updateVpcEndpointWhitelist: changed } = await change({
      id,
      whitelist: ['10.0.0.1', '10.1.0.0/16'],
      enableWhitelist: true,
    });
    expect(changed.endpoint).toMatchObject({ whitelist: ['10.0.0.1', '10.1.0.0/16'], enableWhitelist: true });
    // The answer of the write itself has none of these.
    expect(changed.endpoint).toMatchObject({ enableStatus: 'ENABLE', publicBorderGroup: 'center' });
    expect(changed.statusCursor).not.toBe('');
    const { vpcEndpoint } = await ask(gateway.url, VpcEndpointDocument, { id });
    expect(vpcEndpoint).toMatchObject({ ...changed.endpoint });
  });

  it('keeps what is not given, and always sends both', async () => {
    const id = seed(SERVICE_IDS.plainInterface);
    await change({ id, whitelist: ['10.0.0.1'], enableWhitelist: true });
    await change({ id, whitelist: ['10.0.0.2'] });
    const { updateVpcEndpointWhitelist: last } = await change({ id, enableWhitelist: false });
    expect(bodies('UpdateEndpointWhite')).toEqual([
      { whitelist: ['10.0.0.1'], enable_whitelist: true },
      { whitelist: ['10.0.0.2'], enable_whitelist: true },
      { whitelist: ['10.0.0.2'], enable_whitelist: false },
    ]);
    expect(last.endpoint).toMatchObject({ whitelist: ['10.0.0.2'], enableWhitelist: false });
    const { updateVpcEndpointWhitelist: cleared } = await change({ id, whitelist: [] });
    expect(cleared.endpoint).toMatchObject({ whitelist: [], enableWhitelist: false });
  });

  it('sends nothing when what was not given cannot be read', async () => {
    const id = seed(SERVICE_IDS.plainInterface);
    const fault = { operation: 'ListEndpointInfoDetails', times: 9 } as const;
    simulator.faults.add({ ...fault, kind: 'nullFields', fields: ['enable_whitelist'] });
    const untold = await send(gateway.url, UpdateVpcEndpointWhitelistDocument, {
      input: { id, whitelist: ['10.0.0.1'] },
    });
    expect(untold.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: 'input.enableWhitelist', rule: 'required' }],
    });
    const gone = await send(gateway.url, UpdateVpcEndpointWhitelistDocument, {
      input: { id: ABSENT, enableWhitelist: true },
    });
    expect(gone.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect(bodies('UpdateEndpointWhite')).toEqual([]);
  });

  it('is refused for a gateway endpoint before it is sent', async () => {
    const id = seed(SERVICE_IDS.obsGateway);
    const { errors } = await send(gateway.url, UpdateVpcEndpointWhitelistDocument, {
      input: { id, whitelist: ['10.0.0.1'], enableWhitelist: true },
    });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: 'input.whitelist', rule: 'service-kind' }],
    });
    expect(operations()).not.toContain('UpdateEndpointWhite');
  });

  it('is written although the check before it fails, and answered although the read after it fails', async () => {
    const id = seed(SERVICE_IDS.plainInterface);
    simulator.faults.add({ operation: 'ListEndpointInfoDetails', kind: 'status', status: 403, code: 'EndPoint.0004' });
    const { updateVpcEndpointWhitelist: changed } = await change({
      id,
      whitelist: ['10.0.0.1'],
      enableWhitelist: true,
    });
    expect(changed.endpoint).toMatchObject({ id, status: 'ACCEPTED', whitelist: ['10.0.0.1'], enableWhitelist: true });
    expect(changed.endpoint.projectId).toBe(SIMULATOR_PROJECT_ID);
  });

  it('reports every broken rule at once', async () => {
    const { errors } = await send(gateway.url, UpdateVpcEndpointWhitelistDocument, {
      input: { id: 'no id', whitelist: ['10.0.0.256', '10.0.0.0/33', '10.0.0.1', '10.0.0.1'] },
    });
    expect(errors?.[0]?.extensions.issues?.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
      'input.id id',
      'input.whitelist.0 ipv4-or-cidr',
      'input.whitelist.1 ipv4-or-cidr',
      'input.whitelist.3 duplicate',
    ]);
    const nothing = await send(gateway.url, UpdateVpcEndpointWhitelistDocument, { input: { id: ABSENT } });
    expect(nothing.errors?.[0]?.extensions.issues?.[0]).toMatchObject({ path: 'input', rule: 'required' });
    expect(simulator.requests).toEqual([]);
  });

  it('reports an unknown outcome', async () => {
    const id = seed(SERVICE_IDS.plainInterface);
    simulator.faults.add({ operation: 'UpdateEndpointWhite', kind: 'reset', stage: 'after', times: 1 });
    const { errors } = await send(gateway.url, UpdateVpcEndpointWhitelistDocument, {
      input: { id, whitelist: [], enableWhitelist: false },
    });
    expect(errors?.[0]?.extensions.code).toBe('UPSTREAM_OUTCOME_UNKNOWN');
    expect(bodies('UpdateEndpointWhite')).toHaveLength(1);
  });
});

describe('route tables', () => {
  const change = async (id: string, routeTables: string[]) =>
    (await ask(gateway.url, UpdateVpcEndpointRouteTablesDocument, { input: { id, routeTables } }))
      .updateVpcEndpointRouteTables;

  it('are replaced', async () => {
    const id = seed(SERVICE_IDS.dnsGateway);
    const changed = await change(id, [TABLE, OTHER_TABLE]);
    expect(changed.failures).toEqual([]);
    expect(changed.endpoint.routeTables).toEqual([TABLE, OTHER_TABLE]);
  });

  it('that fail inside an answer of success are reported one by one', async () => {
    const id = seed(SERVICE_IDS.dnsGateway);
    await change(id, [STUCK_ROUTE_TABLE_ID]);
    const changed = await change(id, [TABLE, NO_SUCH_ROUTE_TABLE_ID]);
    expect(changed.failures).toEqual([
      { routeTableId: NO_SUCH_ROUTE_TABLE_ID, action: 'BIND', message: 'The route table does not exist.' },
      { routeTableId: STUCK_ROUTE_TABLE_ID, action: 'UNBIND', message: 'The route table is locked.' },
    ]);
    expect(changed.endpoint.routeTables).toEqual([TABLE, STUCK_ROUTE_TABLE_ID]);
  });

  it('are refused for an interface endpoint before they are sent', async () => {
    const id = seed(SERVICE_IDS.plainInterface);
    const { errors } = await send(gateway.url, UpdateVpcEndpointRouteTablesDocument, {
      input: { id, routeTables: [TABLE] },
    });
    expect(errors?.[0]?.extensions.issues).toMatchObject([{ path: 'input.routeTables', rule: 'service-kind' }]);
    expect(operations()).not.toContain('UpdateEndpointRoutetable');
  });
});

describe('the policy', () => {
  const change = (id: string, policy: { statements?: (typeof STATEMENT)[]; document?: object }) =>
    send(gateway.url, UpdateVpcEndpointPolicyDocument, { input: { id, policy: policy as never } });

  it('of statements is replaced and removed', async () => {
    const id = seed(SERVICE_IDS.obsGateway);
    const { data } = await change(id, { statements: [STATEMENT] });
    expect(data?.updateVpcEndpointPolicy?.endpoint.policyStatements).toMatchObject([STATEMENT]);
    expect(data?.updateVpcEndpointPolicy?.endpoint.enableStatus).toBe('ENABLE');
    const query = `mutation { deleteVpcEndpointPolicy(input: { id: "${id}" }) {
      statusCursor endpoint { policyStatements { effect action resource } } } }`;
    expect(await overHttp(gateway.url, { query })).toMatchObject({
      data: {
        deleteVpcEndpointPolicy: {
          statusCursor: expect.any(String),
          endpoint: { policyStatements: [{ effect: 'ALLOW', action: ['*'], resource: ['*'] }] },
        },
      },
    });
  });

  it('of a document is replaced', async () => {
    const id = seed(SERVICE_IDS.professionalInterface);
    const { data } = await change(id, { document: { Statement: [] } });
    expect(data?.updateVpcEndpointPolicy?.endpoint.policyDocument).toEqual({ Statement: [] });
  });

  it.each([
    ['a document for OBS', SERVICE_IDS.obsGateway, { document: { Statement: [] } }, 'input.policy.document'],
    [
      'statements for an interface service',
      SERVICE_IDS.professionalInterface,
      { statements: [STATEMENT] },
      'input.policy.statements',
    ],
    [
      'statements for a service without policies',
      SERVICE_IDS.dnsGateway,
      { statements: [STATEMENT] },
      'input.policy.statements',
    ],
    [
      'a document for a service without policies',
      SERVICE_IDS.plainInterface,
      { document: { Statement: [] } },
      'input.policy.document',
    ],
  ])('is refused before it is sent: %s', async (_, serviceId, policy, path) => {
    const { errors } = await change(seed(serviceId), policy);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', issues: [{ path, rule: 'service-kind' }] });
    expect(operations()).not.toContain('UpdateEndpointPolicy');
  });

  it('is left to upstream when the kind of the service cannot be found out', async () => {
    simulator.faults.add({
      operation: 'ListServiceDescribeDetails',
      kind: 'status',
      status: 400,
      code: 'EndPoint.0002',
    });
    const { errors } = await change(seed(SERVICE_IDS.plainInterface), { document: { Statement: [] } });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      upstream: { code: 'EndPoint.2048', status: 400 },
    });
  });

  it('is one of the two forms', async () => {
    for (const policy of [{ statements: [STATEMENT], document: { Statement: [] } }, {}]) {
      const { errors } = await change(ABSENT, policy);
      expect(errors?.[0]?.extensions.issues).toMatchObject([{ path: 'input.policy', rule: 'one-of' }]);
    }
    expect(simulator.requests).toEqual([]);
  });

  it.each([
    ['statements', []],
    ['document', {}],
  ])('is not removed by an empty %s: the error names the mutation for that', async (field, empty) => {
    const { errors } = await change(ABSENT, { [field]: empty });
    expect(errors?.[0]?.extensions.issues).toMatchObject([
      { path: `input.policy.${field}`, rule: 'empty', message: expect.stringContaining('deleteVpcEndpointPolicy') },
    ]);
    expect(simulator.requests).toEqual([]);
  });
});

describe('the upgrade', () => {
  it('is ordered, and the endpoint is read after it', async () => {
    const id = seed(SERVICE_IDS.plainInterface);
    const { upgradeVpcEndpoint } = await ask(gateway.url, UpgradeVpcEndpointDocument, { input: { id } });
    expect(upgradeVpcEndpoint.endpoint).toMatchObject({ id, status: 'ACCEPTED', enableStatus: 'ENABLE' });
    expect(bodies('UpgradeEndpoint')).toEqual([{ action: 'start' }]);
    expect(simulator.world.endpoint(id)?.upgraded).toBe(true);
  });

  it.each([
    ['creating', 'EndPoint.2019', true],
    ['failed', 'EndPoint.2047', false],
  ])('of an endpoint that is %s is refused', async (status, code, retryable) => {
    const id = seed(SERVICE_IDS.plainInterface, status);
    const { errors } = await send(gateway.url, UpgradeVpcEndpointDocument, { input: { id } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', retryable, upstream: { code } });
  });

  it('of an endpoint that is not there is NOT_FOUND', async () => {
    const { errors } = await send(gateway.url, UpgradeVpcEndpointDocument, { input: { id: ABSENT } });
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });
});
