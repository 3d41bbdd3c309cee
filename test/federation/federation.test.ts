/** The gateway as a subgraph: two composers, and Hive Gateway between it, a second subgraph and clients. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient as createSseClient } from 'graphql-sse';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Gateway } from '../../src/app/gateway.ts';
import { connect, watch } from '../../src/client/client.ts';
import type { Subscriber } from '../../src/client/resume.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { deferred } from '../support/deferred.ts';
import { endWithUs } from '../support/end-with-us.ts';
import { post } from '../support/fake-gateway.ts';
import { TestIssuer } from '../support/issuer.ts';
import { startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const run = promisify(execFile);

interface Router {
  /** Of its GraphQL endpoint, without the path. */
  readonly url: string;
  readonly guild: { readonly errors: readonly string[] };
  readonly apollo: { readonly errors: readonly string[]; readonly hints: readonly string[] };
  readonly supergraph: string;
  stop(): void;
}

async function install(): Promise<void> {
  await run(process.execPath, ['../../script/installed.mjs'], { cwd: HERE }).catch(() =>
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: HERE }),
  );
}

async function startRouter(...args: readonly string[]): Promise<Router> {
  const child = endWithUs(
    spawn(process.execPath, ['--import', 'tsx', `${HERE}router.ts`, ...args], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the router ended with ${code}`)));
  ended.catch(() => undefined);
  while (!text.includes('\n')) await Promise.race([once(child.stdout, 'data'), ended]);
  const told = JSON.parse(text) as Router;
  return { ...told, stop: () => void child.kill('SIGKILL') };
}

let simulator: Simulator;
let issuer: TestIssuer;
let gateway: Gateway;
let proxy: TcpProxy;
let router: Router;
let auth: { authorization: string };

beforeAll(async () => {
  const installed = install();
  simulator = await startTestSimulator();
  issuer = await TestIssuer.start();
  gateway = await startTestGateway(simulator, { env: { ...issuer.env, FEDERATION: 'true' } });
  auth = { authorization: `Bearer ${await issuer.token({ sub: 'a', projects: { [SIMULATOR_PROJECT_ID]: 'write' } })}` };
  await installed;
  proxy = await startTcpProxy(Number(new URL(gateway.url).port));
  router = await startRouter(`http://127.0.0.1:${proxy.port}/graphql`, auth.authorization);
}, 180_000);
afterAll(async () => {
  router?.stop();
  await proxy?.close();
  await gateway?.close();
  await issuer?.close();
  await simulator?.close();
});

const VPC = '4e65f8b1-306d-4522-8ecd-aa374000e2a4';
const CREATE = `mutation ($input: CreateVpcEndpointInput!) {
  createVpcEndpoint(input: $input) { statusCursor endpoint { id status costCenter } } }`;
const WATCH = `subscription ($id: ID!, $after: String, $until: StatusUntil) {
  endpointStatus(id: $id, after: $after, until: $until) { kind status cursor version endpoint { costCenter } } }`;

interface Created {
  readonly statusCursor: string;
  readonly endpoint: { readonly id: string };
}

interface Watched {
  readonly endpointStatus: {
    readonly kind: string;
    readonly status: string;
    readonly cursor: string;
    readonly endpoint: { readonly costCenter: string } | null;
  };
}

async function create(): Promise<Created> {
  const input = { endpointServiceId: SERVICE_IDS.plainInterface, vpcId: VPC, subnetId: VPC };
  const { data } = await post(router.url, CREATE, { input }, auth);
  return data?.createVpcEndpoint as Created;
}

const brief = ({ kind, status }: Watched['endpointStatus']) => `${kind} ${status}`;

const overWebSocket = (url: string) =>
  connect({ url: `${url}/graphql`, webSocketImpl: WebSocket, connectionParams: auth });
const overSse = (url: string) => createSseClient({ url: `${url}/graphql`, headers: auth, retryAttempts: 0 });
const TRANSPORTS = [
  ['WebSocket', overWebSocket],
  ['Server-Sent Events', overSse],
] as const;

it('both composers compose it with a second subgraph', () => {
  expect(router.guild.errors).toEqual([]);
  expect(router.apollo).toEqual({ errors: [], hints: [] });
  expect(router.supergraph).toMatch(/^input PolicyInput .*@oneOf/m);
});

describe('Hive Gateway', () => {
  it('joins entities of the second subgraph in one call to each', async () => {
    const ids = simulator.world.seed(5, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
    const query = `query ($projectId: ID!, $ids: [ID!]!, $services: [ID!]!) {
      vpcEndpoints(first: 5) { nodes { id costCenter } }
      bill(projectId: $projectId, endpointIds: $ids, serviceIds: $services) {
        endpoints { costCenter status } services { id serviceName } } }`;
    simulator.clearRequests();
    const services = [SERVICE_IDS.privateInterface];
    const variables = { projectId: SIMULATOR_PROJECT_ID, ids, services };
    const { data, errors } = await post(router.url, query, variables, auth);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      vpcEndpoints: { nodes: ids.toReversed().map((id) => ({ id, costCenter: `center of ${id}` })) },
      bill: {
        endpoints: ids.map((id) => ({ costCenter: `center of ${id}`, status: 'ACCEPTED' })),
        services: [{ id: services[0], serviceName: expect.any(String) }],
      },
    });
    expect(simulator.requests.map(({ operation }) => operation).toSorted()).toEqual([
      'ListEndpoints',
      'ListEndpoints',
      'ListServiceDetails',
    ]);
  });

  it('passes on the token, the errors and their extensions', async () => {
    const input = { endpointServiceId: SERVICE_IDS.plainInterface, vpcId: 'no id!' };
    const { data, errors } = await post(router.url, CREATE, { input }, auth);
    expect(data).toEqual({ createVpcEndpoint: null });
    expect(errors).toMatchObject([
      {
        path: ['createVpcEndpoint'],
        extensions: {
          code: 'BAD_USER_INPUT',
          retryable: false,
          issues: [{ path: 'input.vpcId' }],
        },
      },
    ]);
    const reader = `Bearer ${await issuer.token({ sub: 'r', projects: { [SIMULATOR_PROJECT_ID]: 'read' } })}`;
    const refused = await post(router.url, CREATE, { input: { ...input, vpcId: VPC } }, { authorization: reader });
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const bill = `{ bill(projectId: "${'f'.repeat(32)}", endpointIds: ["${VPC}"], serviceIds: []) {
      endpoints { costCenter status } } }`;
    const joined = await post(router.url, bill, {}, auth);
    expect(joined.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  it.each(TRANSPORTS)('follows an endpoint over %s, with a field of the second subgraph', async (_name, connectTo) => {
    const { statusCursor: after, endpoint } = await create();
    const client = connectTo(router.url);
    const events = watch<Watched, object>(client, {
      query: WATCH,
      variables: { id: endpoint.id, after, until: 'SETTLED' },
    });
    const seen: Watched['endpointStatus'][] = [];
    for await (const event of events) seen.push(event);
    expect(seen.map(brief)).toEqual(['TRANSITION CREATING', 'TRANSITION ACCEPTED']);
    for (const event of seen) expect(event.endpoint).toEqual({ costCenter: `center of ${endpoint.id}` });
    await client.dispose();
  });
});

describe('resuming behind Hive Gateway', () => {
  const troubles: unknown[] = [];
  let away = deferred<unknown>();

  function follow(client: Subscriber, variables: object) {
    const onTrouble = (cause: unknown) => {
      troubles.push(cause);
      away.resolve(cause);
    };
    const events = watch<Watched, object>(client, { query: WATCH, variables }, { retryUncoded: true, onTrouble });
    return async () => {
      const { value } = await events.next();
      return value === undefined ? 'complete' : brief(value);
    };
  }

  const remove = (id: string) =>
    post(gateway.url, `mutation { deleteVpcEndpoint(input: { id: "${id}" }) { statusCursor } }`, {}, auth);

  beforeEach(() => {
    troubles.length = 0;
    away = deferred();
  });

  it.each(TRANSPORTS)('misses nothing over %s when the subgraph goes and comes back', async (_name, connectTo) => {
    const [id = ''] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
    const client = connectTo(router.url);
    const next = follow(client, { id });
    expect(await next()).toBe('SNAPSHOT ACCEPTED');
    const { port } = proxy;
    await proxy.close();
    await remove(id);
    // Without a code, so only `retryUncoded` makes the client resume.
    expect(await away.promise).toEqual([expect.not.objectContaining({ extensions: expect.anything() })]);
    proxy = await startTcpProxy(Number(new URL(gateway.url).port), port);
    expect(await next()).toBe('TRANSITION DELETING');
    expect(await next()).toBe('TRANSITION DELETED');
    expect(await next()).toBe('complete');
    await client.dispose();
  });

  it('gets again what follows its first `after` when the subgraph is lost for a moment', async () => {
    const { statusCursor, endpoint } = await create();
    const client = overWebSocket(router.url);
    const [from, without] = [
      follow(client, { id: endpoint.id, after: statusCursor }),
      follow(client, { id: endpoint.id }),
    ];
    expect([await from(), await from()]).toEqual(['TRANSITION CREATING', 'TRANSITION ACCEPTED']);
    const seen: string[] = [];
    while (seen.at(-1) !== 'SNAPSHOT ACCEPTED' && seen.at(-1) !== 'TRANSITION ACCEPTED') seen.push(await without());
    proxy.cut();
    expect([await from(), await from()]).toEqual(['TRANSITION CREATING', 'TRANSITION ACCEPTED']);
    expect(await without()).toBe('SNAPSHOT ACCEPTED');
    expect(troubles).toEqual([]);
    await client.dispose();
  });

  it('goes on behind the last event when the connection to Hive Gateway is lost', async () => {
    const [id = ''] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
    const front = await startTcpProxy(Number(new URL(router.url).port));
    const client = overWebSocket(`http://127.0.0.1:${front.port}`);
    const next = follow(client, { id });
    expect(await next()).toBe('SNAPSHOT ACCEPTED');
    front.cut();
    await away.promise;
    await remove(id);
    expect([await next(), await next(), await next()]).toEqual([
      'TRANSITION DELETING',
      'TRANSITION DELETED',
      'complete',
    ]);
    await client.dispose();
    await front.close();
  });
});
