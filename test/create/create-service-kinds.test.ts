import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import { CreateVpcEndpointDocument } from '../../src/client/generated/documents.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { send } from '../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../support/start-gateway.ts';

const VPC = '4e65f8b1-306d-4522-8ecd-aa374000e2a4';
const SUBNET = '5d1c1d71-2613-4274-b34e-d82af550f967';
const TABLE = '11111111-1111-4111-8111-111111111111';
const STATEMENT = { effect: 'ALLOW', action: ['obs:*:*'], resource: ['obs:*:*:*:*/*'] };

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

const create = (endpointServiceId: string, input: object) =>
  send(gateway.url, CreateVpcEndpointDocument, { input: { endpointServiceId, vpcId: VPC, ...input } });
/** Without the polls that follow a creation. */
const asked = (): (string | null)[] =>
  simulator.requests
    .map(({ operation }) => operation)
    .filter((operation) => operation === 'CreateEndpoint' || operation === 'ListServiceDescribeDetails');

it.each([
  ['a subnet is missing', SERVICE_IDS.plainInterface, {}, ['input.subnetId required']],
  [
    'all that only interface services have',
    SERVICE_IDS.dnsGateway,
    { whitelist: ['10.0.0.1'], enableWhitelist: true },
    ['input.whitelist service-kind', 'input.enableWhitelist service-kind'],
  ],
  [
    'route tables for an interface service, statements as well',
    SERVICE_IDS.professionalInterface,
    { subnetId: SUBNET, routeTables: [TABLE], policy: { statements: [STATEMENT] } },
    ['input.routeTables service-kind', 'input.policy.statements service-kind'],
  ],
  [
    'a policy that the service does not take',
    SERVICE_IDS.plainInterface,
    { subnetId: SUBNET, policy: { document: { Version: '1' } } },
    ['input.policy.document service-kind'],
  ],
])('refuses before anything is sent: %s', async (_, serviceId, input, expected) => {
  const { errors } = await create(serviceId, input);
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  expect(errors?.[0]?.extensions.issues?.map(({ path, rule }) => `${path} ${rule}`)).toEqual(expected);
  expect(asked()).toEqual(['ListServiceDescribeDetails']);
});

it('asks for a service once, and not at all where its kind does not matter', async () => {
  const first = await create(SERVICE_IDS.obsGateway, { policy: { statements: [STATEMENT] } });
  const second = await create(SERVICE_IDS.obsGateway.toUpperCase(), { routeTables: [TABLE] });
  const third = await create(SERVICE_IDS.plainInterface, { subnetId: SUBNET, whitelist: [], enableWhitelist: false });
  expect([first, second, third].map(({ errors }) => errors)).toEqual([undefined, undefined, undefined]);
  expect(asked()).toEqual(['ListServiceDescribeDetails', 'CreateEndpoint', 'CreateEndpoint', 'CreateEndpoint']);
});

it.each([
  ['an OBS gateway service', SERVICE_IDS.obsGateway],
  ['a gateway service without policies', SERVICE_IDS.dnsGateway],
  ['an interface service without policies', SERVICE_IDS.plainInterface],
  ['an interface service with policies', SERVICE_IDS.professionalInterface],
])('sends no empty list or object for %s', async (_, serviceId) => {
  const empty = { tags: [], routeTables: [], whitelist: [], policy: { statements: [] } };
  const { errors, data } = await create(serviceId, { subnetId: SUBNET, ...empty });
  expect(errors).toBeUndefined();
  const [sent] = simulator.requests.filter(({ operation }) => operation === 'CreateEndpoint');
  expect(Object.keys(Object(sent?.body)).sort()).toEqual(['enable_dns', 'endpoint_service_id', 'subnet_id', 'vpc_id']);
  const { policyStatements = [] } = data?.createVpcEndpoint?.endpoint ?? {};
  const isObs = serviceId === SERVICE_IDS.obsGateway;
  expect(policyStatements).toMatchObject(isObs ? [{ effect: 'ALLOW', action: ['*'], resource: ['*'] }] : []);
});

it.each([
  ['fails', { kind: 'status', status: 500, code: 'EndPoint.0001' }],
  ['is refused', { kind: 'status', status: 403, code: 'EndPoint.0004' }],
  ['takes too long', { kind: 'slow', delayMs: 3_000 }],
] as const)('creates although the check before it %s', async (_, fault) => {
  simulator.faults.add({ operation: 'ListServiceDescribeDetails', ...fault });
  const created = await create(SERVICE_IDS.dnsGateway, { routeTables: [TABLE] });
  expect(created.errors).toBeUndefined();
  const refused = await create(SERVICE_IDS.plainInterface, {});
  expect(refused.errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    upstream: { code: 'EndPoint.2010' },
    issues: [{ path: 'input.subnetId' }],
  });
});
