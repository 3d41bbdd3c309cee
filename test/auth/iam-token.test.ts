/** AUTH_MODE=iam-token: who is let in, and whose token every call upstream carries. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import { VALIDATE_TOKEN } from '../../src/simulator/iam.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { post } from '../support/fake-gateway.ts';
import { as, callsOf, carriesToken, issue, postAs, startIamGateway } from '../support/iam-gateway.ts';
import { rootFields } from '../support/root-fields.ts';
import { SocketClient } from '../support/socket-client.ts';
import { recordingLogger, startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { freePort } from '../support/start-redis.ts';

const VIEWER = '{ viewer { subject projects { id rights isDefault } } }';
const LIST = '{ vpcEndpoints(first: 5) { totalCount } }';
const READ = 'query ($id: ID!) { vpcEndpoint(id: $id) { id } }';
const DELETE = 'mutation ($id: ID!) { deleteVpcEndpoint(input: { id: $id }) { endpoint { id } } }';
const OTHER_PROJECT = '51a051a051a051a051a051a051a051b0';

let simulator: Simulator;
let gateway: Gateway;
let id: string;

beforeEach(async () => {
  simulator = await startTestSimulator();
  gateway = await startIamGateway(simulator);
  [id = ''] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
});
afterEach(async () => {
  await gateway.close();
  await simulator.close();
});

const ask = (token: string, query: string, variables?: unknown) => postAs(gateway.url, token, query, variables);
const code = async (token: string, query: string, variables?: unknown) =>
  (await ask(token, query, variables)).errors?.[0]?.extensions.code;
const lookUps = () => simulator.requests.filter(({ operation }) => operation === VALIDATE_TOKEN).length;

async function refusal(headers: Record<string, string>) {
  const { status, errors } = await post(gateway.url, VIEWER, {}, headers);
  return { status, code: errors?.[0]?.extensions.code, message: errors?.[0]?.message };
}

describe('a caller', () => {
  it('has a token that IAM accepts, and its project and rights', async () => {
    const admin = issue(simulator, { userId: 'amy' });
    const guest = issue(simulator, { projectId: OTHER_PROJECT, userId: 'guy', roles: ['readonly', 'op_gated_x'] });
    const user = issue(simulator, { userId: 'uma', roles: ['vpcep_adm'] });
    const viewers = await Promise.all([admin, guest, user].map((token) => ask(token, VIEWER)));
    expect(viewers.map(({ data }) => data?.viewer)).toEqual([
      {
        subject: 'iam:amy',
        projects: [{ id: SIMULATOR_PROJECT_ID, rights: ['READ', 'WRITE', 'ADMIN'], isDefault: true }],
      },
      { subject: 'iam:guy', projects: [{ id: OTHER_PROJECT, rights: ['READ'], isDefault: true }] },
      { subject: 'iam:uma', projects: [{ id: SIMULATOR_PROJECT_ID, rights: ['READ', 'WRITE'], isDefault: true }] },
    ]);
    await ask(admin, VIEWER);
    expect(lookUps(), 'a token that is known').toBe(3);
  });

  it('is refused without a token, with a malformed one, or with one of an account', async () => {
    const domainScoped = issue(simulator, { domainScoped: true });
    const expired = issue(simulator, { expiresAt: Date.now() - 1_000 });
    expect(await refusal({})).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', message: /send an IAM token/ });
    expect(await refusal(as('two tokens'))).toMatchObject({ status: 401, message: /must be one IAM token/ });
    expect(lookUps()).toBe(0);
    expect(await refusal(as('unknown'))).toMatchObject({ status: 401, message: /IAM does not accept/ });
    expect(await refusal(as('unknown'))).toMatchObject({ status: 401, message: /IAM does not accept/ });
    expect(lookUps(), 'a refusal that is remembered').toBe(1);
    expect(await refusal(as(domainScoped))).toMatchObject({ status: 401, message: /account and not to a project/ });
    expect(await refusal(as(expired))).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });

    const socket = new SocketClient(gateway.url);
    await socket.opened();
    socket.send({ type: 'connection_init', payload: { 'x-auth-token': 'unknown' } });
    expect((await socket.closed).code).toBe(4403);
    expect(callsOf(simulator)).toEqual([]);
  });

  it('stays known until the token ends while IAM is unavailable; unknown callers get a retryable error', async () => {
    const known = issue(simulator, { expiresAt: Date.now() + 2_500 });
    expect((await ask(known, VIEWER)).status).toBe(200);
    simulator.faults.add({ kind: 'status', operation: VALIDATE_TOKEN, status: 500 });
    expect(await refusal(as(issue(simulator)))).toMatchObject({
      status: 503,
      code: 'UPSTREAM_UNAVAILABLE',
      message: /IAM is unavailable/,
    });
    const answering = await (await fetch(`${gateway.url}/readyz`)).text();
    expect(answering).toMatch(/IAM is unavailable/);
    expect(answering, 'an answer, if a bad one').not.toContain('unreachable');
    expect((await ask(known, VIEWER)).status).toBe(200);
    await expect.poll(async () => (await refusal(as(known))).message).toMatch(/expired/);
  });
});

it('an unreachable IAM is named in /readyz and the log, with the reason', async () => {
  const log = recordingLogger();
  const IAM_URL = `http://127.0.0.1:${await freePort()}`;
  const cut = await startIamGateway(simulator, { env: { IAM_URL }, logger: log.logger });
  expect((await postAs(cut.url, issue(simulator), VIEWER)).errors?.[0]?.extensions.code).toBe('UPSTREAM_UNAVAILABLE');
  const ready = await fetch(`${cut.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    200,
    {
      status: 'degraded',
      reasons: {
        iam: 'IAM is unavailable: new callers cannot be verified',
        hosts: `unreachable: ${new URL(IAM_URL).host} (refused)`,
      },
    },
  ]);
  await cut.close();

  // Where a project has to be looked up, there is no start without IAM, but there is the reason.
  const env = { AUTH_MODE: 'none', IAM_URL, HUAWEICLOUD_SDK_PROJECT_ID: '' };
  await expect(startTestGateway(simulator, { env, logger: log.logger })).rejects.toThrow('IAM could not be asked');
  expect(log.text().match(/"code":"ECONNREFUSED","attempt":1,"msg":"host is unreachable"/g)).toHaveLength(2);
});

describe('a call upstream', () => {
  it('carries the caller’s token for every operation, and is never signed', async () => {
    const token = issue(simulator);
    const vpcId = '4e65f8b1-306d-4522-8ecd-aa374000e2a4';
    const subnetId = '5d1c1d71-2613-4274-b34e-d82af550f967';
    const service = SERVICE_IDS.plainInterface;
    const operations: readonly string[] = [
      `{ vpcEndpoints { nodes { id service { id serviceName } statusHistory { status } } } }`,
      `{ vpcEndpoint(id: "${id}") { id service { id ... on EndpointService { connectionCount } } } }`,
      `{ endpointServices { nodes { id connectionCount permissions { totalCount } connections { totalCount } } } }`,
      `{ publicEndpointServices { nodes { id } } endpointService(id: "${service}") { id } }`,
      `{ describeEndpointService(by: { id: "${service}" }) { id } quotas { type used } apiVersions { id } }`,
      `{ projectTags(resourceType: ENDPOINT) { key } resourcesByTags(resourceType: ENDPOINT, filter: {}) { totalCount } }`,
      `mutation { createVpcEndpoint(input: { endpointServiceId: "${service}", vpcId: "${vpcId}", subnetId: "${subnetId}", whitelist: ["10.0.0.1"], enableWhitelist: true, idempotencyKey: "k" }) { statusCursor endpoint { id service { id } } } }`,
      `mutation { updateVpcEndpointWhitelist(input: { id: "${id}", whitelist: ["10.0.0.1"] }) { endpoint { id } } }`,
      `mutation { updateVpcEndpointRouteTables(input: { id: "${id}", routeTables: ["${vpcId}"] }) { endpoint { id } } }`,
      `mutation { updateVpcEndpointPolicy(input: { id: "${id}", policy: { document: { Statement: [] } } }) { endpoint { id } } }`,
      `mutation { deleteVpcEndpointPolicy(input: { id: "${id}" }) { endpoint { id } } }`,
      `mutation { upgradeVpcEndpoint(input: { id: "${id}" }) { endpoint { id } } }`,
      `mutation { createEndpointService(input: { vpcId: "${vpcId}", portId: "${subnetId}", serverType: VM, ports: [{ clientPort: 80, serverPort: 80 }], idempotencyKey: "k" }) { service { id } } }`,
      `mutation { updateEndpointService(input: { id: "${service}", description: "x" }) { service { id } } }`,
      `mutation { renameEndpointService(input: { id: "${service}", serviceName: "x" }) { service { id } } }`,
      `mutation { upgradeEndpointService(input: { id: "${service}", enableMultiServer: true }) { service { id } } }`,
      `mutation { addEndpointServiceServerResources(input: { id: "${service}", serverResources: [{ resourceId: "${vpcId}" }] }) { service { id } } }`,
      `mutation { acceptServiceConnection(input: { endpointServiceId: "${service}", endpointIds: ["${id}"] }) { results { endpointId error { code message } } } }`,
      `mutation { updateServiceConnectionDescription(input: { endpointServiceId: "${service}", endpointId: "${id}", description: "x" }) { connection { endpointId } } }`,
      `mutation { addServicePermissions(input: { endpointServiceId: "${service}", permissions: [{ permission: "iam:domain::*" }] }) { permissions { id } } }`,
      `mutation { removeServicePermissions(input: { endpointServiceId: "${service}", by: { permissionIds: ["${vpcId}"] } }) { permissions { id } } }`,
      `mutation { updateServicePermissionDescription(input: { endpointServiceId: "${service}", permissionId: "${vpcId}", description: "x" }) { permission { id } } }`,
      `mutation { addResourceTags(input: { resourceType: ENDPOINT, resourceId: "${id}", tags: [{ key: "k", value: "v" }] }) { tags { key } } }`,
      `mutation { removeResourceTags(input: { resourceType: ENDPOINT, resourceId: "${id}", tags: [{ key: "k" }] }) { tags { key } } }`,
      `mutation { deleteEndpointService(input: { id: "${service}" }) { service { id } } }`,
      `mutation { deleteVpcEndpoint(input: { id: "${id}" }) { endpoint { id } } }`,
    ];
    // The list above reaches nested fields; every root field must keep to it, also one that is added later.
    const roots = [...rootFields('query'), ...rootFields('mutation')].map((field) => field.in());
    for (const operation of [...operations, ...roots]) {
      const before = callsOf(simulator).length;
      const answer = JSON.stringify(await ask(token, operation));
      expect(answer, operation).not.toMatch(/VALIDATION_FAILED|No credentials|own credentials|INTERNAL/);
      const made = callsOf(simulator).slice(before);
      expect(made.length, operation).toBeGreaterThan(0);
      expect(
        made.filter((call) => !carriesToken(call)),
        operation,
      ).toEqual([]);
    }
  });

  it('is not shared with another token of the same user at the same moment', async () => {
    const tokens = [
      issue(simulator, { userId: 'amy' }),
      issue(simulator, { userId: 'amy', denies: ['ListEndpoints'] }),
    ];
    await Promise.all(tokens.map((token) => ask(token, VIEWER)));
    const held = simulator.faults.add({ kind: 'hang', operation: 'ListEndpoints', stage: 'after' });
    const both = tokens.map((token) => ask(token, LIST));
    await simulator.until(() => simulator.inFlight.now('ListEndpoints') === 1 && callsOf(simulator).length === 2);
    held.release();
    const [allowed, denied] = await Promise.all(both);
    expect(allowed?.data).toEqual({ vpcEndpoints: { totalCount: 1 } });
    expect(denied?.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });

  it('that IAM’s policies forbid is FORBIDDEN for writes, and finds nothing for reads', async () => {
    const guest = issue(simulator, { roles: ['readonly'] });
    expect(await code(guest, DELETE, { id })).toBe('FORBIDDEN');
    expect(callsOf(simulator), 'seen from the roles').toEqual([]);
    expect((await ask(guest, READ, { id })).data).toEqual({ vpcEndpoint: { id } });

    const denies = ['DeleteEndpoint', 'ListEndpointInfoDetails', 'ListEndpoints', 'ListServiceDetails'];
    const blind = issue(simulator, { denies });
    expect(await code(blind, DELETE, { id })).toBe('FORBIDDEN');
    expect((await ask(blind, READ, { id })).data).toEqual({ vpcEndpoint: null });
    const unread = '{ endpointService(id: "00000000-0000-4000-8000-000000000000") { id } }';
    expect((await ask(blind, unread)).data).toEqual({ endpointService: null });
    expect(await code(blind, LIST)).toBe('NOT_FOUND');
  });

  it('with a revoked token is UNAUTHENTICATED, and affects no other caller', async () => {
    const revoked = issue(simulator);
    const other = issue(simulator);
    expect((await ask(revoked, LIST)).errors).toBeUndefined();
    simulator.revokeToken(revoked);
    for (let i = 0; i < 8; i++) expect(await code(revoked, LIST)).toBe('UNAUTHENTICATED');
    const accept = `mutation { acceptServiceConnection(input: { endpointServiceId: "${SERVICE_IDS.plainInterface}", endpointIds: ["${id}"] }) { results { error { code } } } }`;
    expect((await ask(revoked, accept)).data).toEqual({
      acceptServiceConnection: { results: [{ error: { code: 'UNAUTHENTICATED' } }] },
    });
    expect((await ask(other, LIST)).errors).toBeUndefined();
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
  });

  it('is made for the project of the token and for no other', async () => {
    const token = issue(simulator);
    expect(await code(token, `{ vpcEndpoints(projectId: "${OTHER_PROJECT}") { totalCount } }`)).toBe('NOT_FOUND');
    expect(callsOf(simulator)).toEqual([]);
    await gateway.close();
    gateway = await startIamGateway(simulator, { env: { HUAWEICLOUD_SDK_PROJECT_ID: OTHER_PROJECT } });
    expect(await code(token, LIST), 'a project that this gateway does not serve').toBe('NOT_FOUND');
  });
});
