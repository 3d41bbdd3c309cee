/** Every mutation that there is, with the upstream requests that the audit stream names for it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { rootFields } from '../../support/root-fields.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

const VPC = '4e65f8b1-306d-4522-8ecd-aa374000e2a4';
const PORT = '4189d3c2-8882-4871-a3c2-d380272eed88';
const TAG = { key: 'team', value: 'payments' };
const PERMISSION = 'iam:domain::6e9dfd51d1124e8d8498dce894923a0d';
const SERVICE = SERVICE_IDS.privateApproval;
const STATEMENT = { effect: 'ALLOW', action: ['obs:*:*'], resource: ['obs:*:*:*:*/*'] };

let folder: string;
let simulator: Simulator;
let gateway: Gateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
  simulator = await startTestSimulator();
  gateway = await startTestGateway(simulator, { env: { AUDIT_LOG: join(folder, 'audit.log') } });
});
afterAll(async () => {
  await gateway.close();
  await simulator.close();
  await rm(folder, { recursive: true });
});

const endpoint = (status = 'accepted', serviceId: string = SERVICE) =>
  simulator.world.seed(1, { serviceId, status })[0] ?? '';
const obs = () => endpoint('accepted', SERVICE_IDS.obsGateway);
const own = (input: object) => ({ endpointServiceId: SERVICE, ...input });
const port = { clientPort: 80, serverPort: 80 };

const INPUTS: Readonly<Record<string, () => object>> = {
  acceptServiceConnection: () => own({ endpointIds: [endpoint('pendingAcceptance'), endpoint('pendingAcceptance')] }),
  addEndpointServiceServerResources: () => ({ id: SERVICE, serverResources: [{ resourceId: PORT }] }),
  addResourceTags: () => ({ resourceId: endpoint(), resourceType: 'ENDPOINT', tags: [TAG] }),
  addServicePermissions: () => own({ permissions: [{ permission: PERMISSION }] }),
  createEndpointService: () => ({ portId: PORT, vpcId: VPC, serverType: 'LB', ports: [port] }),
  createVpcEndpoint: () => ({ endpointServiceId: SERVICE_IDS.plainInterface, vpcId: VPC, subnetId: PORT }),
  deleteEndpointService: () => ({ id: SERVICE_IDS.privateInterface }),
  deleteVpcEndpoint: () => ({ id: endpoint() }),
  deleteVpcEndpointPolicy: () => ({ id: obs() }),
  rejectServiceConnection: () => own({ endpointIds: [endpoint(), endpoint()] }),
  removeResourceTags: () => ({ resourceId: endpoint(), resourceType: 'ENDPOINT', tags: [{ key: TAG.key }] }),
  removeServicePermissions: () => own({ by: { permissions: [PERMISSION] } }),
  renameEndpointService: () => ({ id: SERVICE, serviceName: 'another' }),
  updateEndpointService: () => ({ id: SERVICE, description: 'another' }),
  updateServiceConnectionDescription: () => own({ endpointId: endpoint(), description: 'another' }),
  // Upstream says that it is not there: that is an answer, too.
  updateServicePermissionDescription: () => own({ permissionId: PORT, description: 'another' }),
  updateVpcEndpointPolicy: () => ({ id: obs(), policy: { statements: [STATEMENT] } }),
  updateVpcEndpointRouteTables: () => ({ id: obs(), routeTables: [PORT] }),
  updateVpcEndpointWhitelist: () => ({ id: endpoint(), whitelist: ['10.0.0.1'], enableWhitelist: true }),
  upgradeEndpointService: () => ({ id: SERVICE }),
  upgradeVpcEndpoint: () => ({ id: endpoint('accepted', SERVICE_IDS.professionalInterface) }),
};

const mutations = rootFields('mutation').map(({ name }) => name);

it.each(mutations)('names the upstream requests of %s', async (field) => {
  const input = INPUTS[field]?.();
  expect(input, `INPUTS has nothing for ${field}`).toBeDefined();
  const before = simulator.requests.length;
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const answer = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`,
      variables: { input },
    }),
  });
  await answer.text();
  const writes = simulator.requests
    .slice(before)
    .filter(({ method }) => method !== 'GET')
    .map(({ id }) => id);
  const line = JSON.parse((await readFile(join(folder, 'audit.log'), 'utf8')).trim().split('\n').at(-1) ?? '{}');
  expect(line).toMatchObject({ field, upstreamRequestIds: writes });
  expect(writes.length, JSON.stringify(line)).toBeGreaterThan(0);
});
