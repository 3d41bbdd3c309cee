import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  CreateVpcEndpointDocument,
  VpcEndpointDocument,
  VpcEndpointsDocument,
} from '../../src/client/generated/documents.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { DEFAULT_CREDENTIAL, SIMULATOR_AK, SIMULATOR_SK } from '../../src/simulator/world/identity.ts';
import { ask, Subscription, send } from '../support/graphql-client.ts';
import { startTestSimulator } from '../support/start-gateway.ts';
import { type GatewayProcess, runGatewayProcess, startGatewayProcess } from '../support/start-process.ts';

const FIRST = '11110000111100001111000011110000';
const SECOND = '22220000222200002222000022220000';
const THIRD = '33330000333300003333000033330000';
const KEYS = { ONE_AK: SIMULATOR_AK, ONE_SK: SIMULATOR_SK };
const credentials = { environment: { ak: 'ONE_AK', sk: 'ONE_SK' } };

let simulator: Simulator;
let iam: Server;
let iamUrl: string;
let asked: { readonly url: string; readonly hasProject: boolean }[];
let dir: string;
let running: GatewayProcess | undefined;

beforeEach(async () => {
  asked = [];
  dir = mkdtempSync(join(tmpdir(), 'vpcep-projects-'));
  const both = { ...DEFAULT_CREDENTIAL, projectIds: [FIRST, SECOND] };
  simulator = await startTestSimulator({ credentials: [both] });
  iam = createServer((request, response) => {
    asked.push({ url: request.url ?? '', hasProject: 'x-project-id' in request.headers });
    const name = new URL(request.url ?? '', 'http://iam').searchParams.get('name');
    const projects = name === 'twice' ? [{ id: 'a' }, { id: 'b' }] : [{ id: SECOND, name }];
    response.setHeader('content-type', 'application/json');
    setTimeout(() => response.end(JSON.stringify({ projects })), name === 'slow' ? 3_000 : 0);
  });
  await new Promise<void>((resolve) => iam.listen(0, '127.0.0.1', resolve));
  iamUrl = `http://127.0.0.1:${(iam.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await simulator.close();
  iam.closeAllConnections();
  await new Promise((resolve) => iam.close(resolve));
  rmSync(dir, { recursive: true });
});

function file(projects: readonly object[], more: object = {}): string {
  const path = join(dir, 'projects.json');
  const complete = projects.map((project) => ({ url: simulator.url, iamUrl, credentials, ...project }));
  writeFileSync(path, JSON.stringify({ ...more, projects: complete }));
  return path;
}

const start = async (path: string): Promise<GatewayProcess> => {
  running = await startGatewayProcess({ PORT: '0', PROJECTS_FILE: path, ...KEYS });
  return running;
};
const ids = (url: string, projectId?: string) =>
  ask(url, VpcEndpointsDocument, projectId === undefined ? {} : { projectId }).then(({ vpcEndpoints }) =>
    vpcEndpoints.edges.map(({ node }) => node.id),
  );

it('serves several projects side by side, one of them by default, one found at IAM by its name', async () => {
  const { url } = await start(file([{ id: FIRST, name: 'payments' }, { name: 'cn-north-4' }], { default: 'payments' }));
  expect(asked).toEqual([{ url: '/v3/projects?name=cn-north-4', hasProject: false }]);
  const [one = ''] = simulator.world.seed(1, { projectId: FIRST, status: 'accepted' });
  const [two = ''] = simulator.world.seed(1, { projectId: SECOND, status: 'accepted' });
  expect(await ids(url)).toEqual([one]);
  expect(await ids(url, FIRST)).toEqual([one]);
  expect(await ids(url, SECOND)).toEqual([two]);
  expect((await ask(url, VpcEndpointDocument, { id: two, projectId: FIRST })).vpcEndpoint).toBeNull();
  expect((await send(url, VpcEndpointsDocument, { projectId: THIRD })).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
});

it('requires a project when there is no default', async () => {
  const { url } = await start(file([{ id: FIRST }, { id: SECOND, name: 'other' }]));
  const answer = await send(url, VpcEndpointsDocument, {});
  expect(answer.errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    issues: [{ path: 'projectId', rule: 'required' }],
  });
});

it('reads the projects again on SIGHUP without dropping a subscription, and refuses a file with faults', async () => {
  const gateway = await start(file([{ id: FIRST }]));
  const { url } = gateway;
  const [watched = ''] = simulator.world.seed(1, { projectId: FIRST, status: 'accepted' });
  const feed = Subscription.endpoint(url, { id: watched, projectId: FIRST });
  expect((await feed.next())?.status).toBe('ACCEPTED');

  const logged = async (text: string): Promise<void> => {
    await expect.poll(() => gateway.output()).toContain(text);
  };
  writeFileSync(join(dir, 'projects.json'), '{"projects": [');
  gateway.signal('SIGHUP');
  await logged('reload refused');
  expect(await ids(url)).toEqual([watched]);

  file([{ id: SECOND }]);
  gateway.signal('SIGHUP');
  await logged('read again');
  expect((await send(url, VpcEndpointsDocument, { projectId: FIRST })).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  const { createVpcEndpoint } = await ask(url, CreateVpcEndpointDocument, {
    input: {
      endpointServiceId: '51a00000-0000-4000-8000-000000000003',
      vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
      subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
    },
    projectId: SECOND,
  });
  expect(createVpcEndpoint.endpoint.projectId).toBe(SECOND);
  simulator.world.setStatus(watched, 'rejected');
  expect(await feed.next()).toMatchObject({ kind: 'TRANSITION', status: 'REJECTED' });
  await feed.close();
});

it('takes no file that is half-written when a slow reload ends', async () => {
  const gateway = await start(file([{ id: FIRST }]));
  const reloads = () => gateway.output().match(/read again/g)?.length;
  file([{ id: FIRST }, { name: 'slow' }]);
  gateway.signal('SIGHUP');
  await expect.poll(() => asked.length).toBe(1);
  writeFileSync(join(dir, 'projects.json'), '{"projects": [');
  await expect.poll(reloads, { timeout: 10_000, interval: 20 }).toBe(1);
  file([{ id: SECOND }]);
  await expect.poll(reloads, { timeout: 10_000 }).toBe(2);
  expect(gateway.output()).not.toContain('reload refused');
});

it('does not start when IAM knows several projects of that name', async () => {
  const { code, output } = await runGatewayProcess({ PORT: '0', PROJECTS_FILE: file([{ name: 'twice' }]), ...KEYS });
  expect(code).toBe(1);
  expect(output).toContain('IAM knows 2 projects named twice');
});

it('takes rotated keys from a profile file on SIGHUP', async () => {
  const keys = join(dir, 'keys');
  const write = (sk: string): void => writeFileSync(keys, `[basic]\nak = ${SIMULATOR_AK}\nsk = ${sk}\n`);
  write('the-secret-of-yesterday');
  const gateway = await start(file([{ id: FIRST, credentials: { file: keys } }]));
  const refused = await send(gateway.url, VpcEndpointsDocument, {});
  expect(refused.errors?.[0]?.extensions.upstream?.code).toBe('APIGW.0301');
  write(SIMULATOR_SK);
  gateway.signal('SIGHUP');
  await expect.poll(() => gateway.output()).toContain('read again');
  expect(await ids(gateway.url)).toEqual([]);
});
