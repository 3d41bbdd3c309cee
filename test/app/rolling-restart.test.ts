/** Three replicas behind nginx, configured by docker/nginx.conf, are restarted one after the other under load. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connect, watch, watchEndpoint } from '../../src/client/client.ts';
import { CreateVpcEndpointDocument } from '../../src/client/generated/documents.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { endpointFeed } from '../chaos/feeds.ts';
import { HistoryReader } from '../chaos/history-reader.ts';
import { completeHistory, isBehind, judge } from '../chaos/oracle.ts';
import type { SeenEvent, Step, Trace } from '../chaos/trace.ts';
import { ask, brief } from '../support/graphql-client.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { environmentFor, startTestSimulator } from '../support/start-gateway.ts';
import { entry, type GatewayProcess, startGatewayProcess } from '../support/start-process.ts';
import { freePort, type RedisServer, startRedis } from '../support/start-redis.ts';
import { until } from '../support/until.ts';

const REPLICAS = 3;
const SOCKETS = 10;
const SUBSCRIPTIONS_PER_SOCKET = 50;
const CREATORS = 6;
const READERS = 2;
/** Longer than nginx keeps an idle connection to a gateway: docs/operations/deployment.md. */
const SHUTDOWN_DELAY_SECONDS = '3';
const INPUT = {
  endpointServiceId: SERVICE_IDS.plainInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};
const FEED = endpointFeed(SIMULATOR_PROJECT_ID);
const PATIENCE_MS = 60_000;

interface SeenTrace extends Trace {
  readonly steps: Step[];
}

let simulator: Simulator;
let redis: RedisServer;
let ports: number[];
let replicas: GatewayProcess[];
let nginx: Nginx;
let closers: (() => unknown)[];

/** The program is chosen once: it must not change between two starts. */
const program = entry();
const start = (port: number): Promise<GatewayProcess> =>
  startGatewayProcess(
    environmentFor(simulator, { REDIS_URL: redis.url, PORT: String(port), SHUTDOWN_DELAY_SECONDS }),
    program,
  );

beforeEach(async () => {
  [simulator, redis] = await Promise.all([startTestSimulator({ quota: 10_000 }), startRedis()]);
  ports = [];
  for (let n = 0; n < REPLICAS; n++) ports.push(await freePort());
  replicas = await Promise.all(ports.map(start));
  nginx = await startNginx(ports);
  closers = [];
}, PATIENCE_MS);
afterEach(async () => {
  for (const close of closers) await close();
  await nginx.stop();
  await Promise.all(replicas.map((one) => one.stop()));
  await redis.stop();
  await simulator.close();
}, PATIENCE_MS);

function newClient(url: string) {
  const client = connect({ url: `${url}/graphql`, webSocketImpl: WebSocket });
  closers.push(() => client.dispose());
  return client;
}

/** Follows the whole project, over as many connections as it takes. */
function follow(client: ReturnType<typeof connect>, name: string, failures: unknown[]): SeenTrace {
  const trace: SeenTrace = {
    name,
    log: FEED.set.log,
    ids: null,
    steps: [{ step: 'begin', after: null, replica: 0 }],
  };
  const feed = watch<{ readonly event: SeenEvent | null }, Record<string, unknown>>(client, {
    query: FEED.many,
    variables: { project: SIMULATOR_PROJECT_ID },
  });
  closers.push(() => feed.return?.());
  void (async () => {
    for await (const event of feed) trace.steps.push(event === null ? { step: 'empty' } : { step: 'event', event });
  })().catch((error: unknown) => failures.push(error));
  return trace;
}

it('restarts replicas one by one: no transition is lost or repeated, and no request fails', {
  timeout: 180_000,
}, async () => {
  const failures: unknown[] = [];
  const history = await HistoryReader.start(redis.url);
  closers.push(() => history.stop());
  history.copy(FEED.set.log);
  const clients = Array.from({ length: SOCKETS }, () => newClient(nginx.url));
  const traces = clients.flatMap((client, socket) =>
    Array.from({ length: SUBSCRIPTIONS_PER_SOCKET }, (_, n) => follow(client, `${socket}.${n}`, failures)),
  );
  const isReady = (): boolean => traces.every(({ steps }) => steps.length > 1);
  await until(async () => isReady(), 'every subscriber has its first set', PATIENCE_MS);

  let isRunning = true;
  let answers = 0;
  const settled: string[][] = [];
  const repeat = async (act: () => Promise<void>): Promise<void> => {
    while (isRunning) await act().catch((error: unknown) => failures.push(error));
  };
  const creator = newClient(nginx.url);
  const create = async (): Promise<void> => {
    const { createVpcEndpoint } = await ask(nginx.url, CreateVpcEndpointDocument, { input: INPUT });
    const { endpoint, statusCursor } = createVpcEndpoint;
    const events = [];
    for await (const event of watchEndpoint(creator, { id: endpoint.id, after: statusCursor, until: 'SETTLED' })) {
      events.push(event);
    }
    settled.push(brief(events));
  };
  const read = async (): Promise<void> => {
    const response = await fetch(`${nginx.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${response.status} ${text}`);
    answers++;
  };
  const load = [
    ...Array.from({ length: CREATORS }, () => repeat(create)),
    ...Array.from({ length: READERS }, () => repeat(read)),
  ];

  for (const [n, port] of ports.entries()) {
    const before = settled.length;
    replicas[n]?.signal('SIGTERM');
    expect(await replicas[n]?.ended).toBe(0);
    replicas[n] = await start(port);
    await until(async () => settled.length >= before + CREATORS, 'creations settle again', PATIENCE_MS);
  }
  isRunning = false;
  await Promise.all(load);

  expect(failures, nginx.log()).toEqual([]);
  expect(answers).toBeGreaterThan(100);
  expect(new Set(settled.map(String))).toEqual(new Set([String(['TRANSITION CREATING', 'TRANSITION ACCEPTED'])]));
  const log = history.histories.get(FEED.set.log) ?? new Map();
  const observed = (): number => [...log.values()].reduce((sum, epoch) => sum + epoch.size, 0);
  await until(
    async () => observed() === 2 * settled.length && traces.every((trace) => !isBehind(trace, log)),
    'every transition has arrived',
    PATIENCE_MS,
  );
  expect(completeHistory(log, traces)).toEqual([]);
  for (const trace of traces) {
    const { transitions, ...verdict } = judge(trace, log);
    expect(verdict).toMatchObject({ resyncs: 0, lost: 0, duplicated: 0, reordered: 0, wrong: 0, first: undefined });
    expect(transitions).toBe(2 * settled.length);
  }
});
