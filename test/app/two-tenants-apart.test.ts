/** Two tenants of one gateway: what one of them has open, has used up or has left behind there is nothing to the other. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SocketClient } from '../support/socket-client.ts';
import { see, startTenants, type Tenant, type Tenants, without } from './tenants.ts';

const METRICS_TOKEN = 'token-of-the-metrics';
const LIMIT = 60;
const SOCKETS = 2;
const WATCH = 'subscription { projectEndpointStatus { endpointId projectId kind cursor } }';
const LIST = '{ vpcEndpoints { totalCount } }';

let folder: string;
let tenants: Tenants;
let ann: Tenant;
let bob: Tenant;
let annsEndpoint: string;
let bobsEndpoint: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenants-'));
  tenants = await startTenants('jwt', {
    METRICS_TOKEN,
    AUDIT_LOG: join(folder, 'audit.log'),
    MAX_COST: '50',
    RATE_LIMIT_COST_PER_MINUTE: String(LIMIT),
    MAX_SOCKETS_PER_CALLER: String(SOCKETS),
  });
  ({ ann, bob } = tenants);
  const { world } = tenants.simulator;
  [annsEndpoint = ''] = world.seed(1, { projectId: ann.projectId });
  [bobsEndpoint = ''] = world.seed(1, { projectId: bob.projectId });
});
afterAll(async () => {
  await tenants.close();
  await rm(folder, { recursive: true });
});

const EVENTS = { accept: 'text/event-stream' };
const stream = (search: string, init: RequestInit) => fetch(`${tenants.gateway.url}/graphql/stream${search}`, init);

/** The first event of a stream of its own. */
async function firstEvent(tenant: Tenant, more: Record<string, string> = {}) {
  const headers = { ...EVENTS, ...tenant.headers, ...more };
  const { body } = await stream(`?query=${encodeURIComponent(WATCH)}`, { headers });
  let text = '';
  for await (const part of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += part;
    const [, data] = /event: next\n(?:id: .*\n)?data: (.*)\n/.exec(text) ?? [];
    if (data !== undefined) return JSON.parse(data).data.projectEndpointStatus as Record<string, string>;
  }
  throw new Error(`no event in ${text}`);
}

it('a stream resumes from cursors of its own project only', async () => {
  const { cursor = '', ...snapshot } = await firstEvent(ann);
  expect(snapshot).toEqual({ endpointId: annsEndpoint, projectId: ann.projectId, kind: 'SNAPSHOT' });
  const { cursor: _, ...other } = await firstEvent(bob, { 'last-event-id': cursor });
  expect(other).toEqual({ endpointId: bobsEndpoint, projectId: bob.projectId, kind: 'RESYNC' });
});

it('sockets of one tenant do not count for the other', async () => {
  const sockets: SocketClient[] = [];
  /** 0: it is open. */
  const open = async (tenant: Tenant) => {
    const socket = new SocketClient(tenants.gateway.url);
    sockets.push(socket);
    return await Promise.race([socket.init(tenant.headers).then(() => 0), socket.closed.then(({ code }) => code)]);
  };
  for (const tenant of [ann, bob]) {
    // The streams of before are given back when their ends have been noticed.
    await expect.poll(() => open(tenant)).toBe(0);
    for (let i = 1; i < SOCKETS; i++) expect(await open(tenant)).toBe(0);
    expect(await open(tenant)).toBe(4290);
  }
  for (const socket of sockets) socket.close();
});

it('the metrics, which cover all projects, are closed to callers', async () => {
  const metrics = async (headers: Record<string, string>) => {
    const answer = await fetch(`${tenants.gateway.url}/metrics`, { headers });
    return [answer.status, (await answer.text()).includes(ann.projectId)];
  };
  expect(await metrics({ authorization: `Bearer ${METRICS_TOKEN}` })).toEqual([200, true]);
  for (const headers of [bob.headers, ann.headers, {}]) expect(await metrics(headers)).toEqual([401, false]);
  for (const path of ['/livez', '/readyz']) {
    expect(await (await fetch(`${tenants.gateway.url}${path}`)).json()).toEqual({ status: 'ok' });
  }
});

it('each has audit lines of its own operations only, even under the other’s request id', async () => {
  const remove = (tenant: Tenant, id: string) =>
    see(
      tenants,
      { ...tenant, headers: { ...tenant.headers, 'x-request-id': 'one-id-of-both' } },
      `mutation { deleteVpcEndpoint(input: { id: "${id}" }) { endpoint { status } } }`,
    );
  const never = randomUUID();
  expect((await remove(ann, annsEndpoint)).body).toContain('DELETING');
  expect(without(await remove(bob, annsEndpoint), annsEndpoint)).toEqual(without(await remove(bob, never), never));
  const lines = (await readFile(join(folder, 'audit.log'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const of = (subject: string) => lines.filter((line) => line.who === subject);
  expect([...of(ann.subject), ...of(bob.subject)]).toHaveLength(lines.length);
  expect(new Set(of(ann.subject).map(({ project }) => project))).toEqual(new Set([ann.projectId]));
  expect(new Set(of(bob.subject).map(({ project }) => project))).toEqual(new Set([bob.projectId]));
  expect(of(bob.subject).slice(-2)).toMatchObject([{ outcome: 'NOT_FOUND' }, { outcome: 'NOT_FOUND' }]);
  expect(JSON.stringify(of(bob.subject))).not.toContain(ann.projectId);
});

it('a rate that the one has used up neither limits the other nor shows in its answers', async () => {
  const list = async (tenant: Tenant) => {
    const { headers, status } = await fetch(`${tenants.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...tenant.headers },
      body: JSON.stringify({ query: LIST }),
    });
    return { status, left: Number(headers.get('ratelimit-remaining')) };
  };
  const { left } = await list(bob);
  for (let i = 0; i < LIMIT; i++) await list(ann);
  expect(await list(ann)).toEqual({ status: 429, left: 0 });
  expect(await list(bob)).toEqual({ status: 200, left: left - 1 });
});
