/** AUTH_MODE=iam-token: projects are polled with the tokens of current subscribers only. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import type { Logger } from '../../../src/observability/logger.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { SIMULATOR_AK, SIMULATOR_PROJECT_ID, SIMULATOR_SK } from '../../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../../src/simulator/world/services.ts';
import { EVERY_FEED } from '../../support/every-feed.ts';
import {
  as,
  callsOf,
  carriesToken,
  isSigned,
  issue,
  postAs,
  socketAs,
  startIamGateway,
} from '../../support/iam-gateway.ts';
import type { SocketClient } from '../../support/socket-client.ts';
import { recordingLogger, startTestSimulator } from '../../support/start-gateway.ts';
import { startRedis } from '../../support/start-redis.ts';
import { until } from '../../support/until.ts';
import { dumpRedis } from './redis-dump.ts';

const WATCH = 'subscription ($id: ID!) { endpointStatus(id: $id) { kind status } }';
const WATCH_ALL = 'subscription { projectEndpointStatus { kind endpointId status } }';
const VPC = '4e65f8b1-306d-4522-8ecd-aa374000e2a4';
const SUBNET = '5d1c1d71-2613-4274-b34e-d82af550f967';
const LONG = 60_000;

let simulator: Simulator;
let gateway: Gateway;
let ids: readonly string[];
let id: string;

beforeEach(async () => {
  simulator = await startTestSimulator();
  ids = simulator.world.seed(2, { projectId: SIMULATOR_PROJECT_ID, status: 'pendingAcceptance' });
  [id = ''] = ids;
});
afterEach(async () => {
  await gateway.close();
  await simulator.close();
});

async function start(env: Record<string, string> = {}, logger?: Logger): Promise<void> {
  // Long: polling must end because no token is lent, and not because the project stops lingering.
  gateway = await startIamGateway(simulator, { env, lingerMs: LONG, ...(logger === undefined ? {} : { logger }) });
}

interface Next {
  readonly payload: {
    readonly data?: Record<string, { kind: string; status: string }>;
    readonly errors?: readonly { extensions: { code: string } }[];
  };
}

async function nextOf(socket: SocketClient): Promise<string> {
  const message = await socket.next();
  if (message.type === 'error') {
    return (message.payload as { extensions: { code: string } }[]).map(({ extensions }) => extensions.code).join();
  }
  const { data, errors } = (message as unknown as Next).payload ?? {};
  if (errors !== undefined) return errors.map(({ extensions }) => extensions.code).join();
  const [event] = Object.values(data ?? {});
  return event === undefined ? message.type : `${event.kind} ${event.status}`;
}

async function follow(token: string, query = WATCH): Promise<SocketClient> {
  const socket = await socketAs(gateway.url, token);
  socket.subscribe('s', query, query === WATCH ? { id } : {});
  return socket;
}

const polls = () => callsOf(simulator).filter(({ method }) => method === 'GET');
const refused = () => callsOf(simulator).filter(({ status }) => status === 401);
const polling = () => gateway.held()['watch.polling'];

describe('without keys of its own', () => {
  it('a project is watched with a subscriber’s token, until the last one leaves', async () => {
    await start();
    const one = await follow(issue(simulator));
    const other = await follow(issue(simulator), WATCH_ALL);
    expect(await nextOf(one)).toBe('SNAPSHOT PENDING_ACCEPTANCE');
    expect([await nextOf(other), await nextOf(other)]).toEqual([
      'SNAPSHOT PENDING_ACCEPTANCE',
      'SNAPSHOT PENDING_ACCEPTANCE',
    ]);
    one.close();
    await one.closed;
    simulator.world.accept(id);
    expect(await nextOf(other)).toBe('TRANSITION ACCEPTED');
    expect(polling()).toBe(1);
    other.close();
    await until(async () => polling() === 0, 'polling has ended');
    expect(gateway.held()).toMatchObject({ 'tokens.lent': 0, 'watch.lingering': 1 });
    expect(polls().filter((call) => !carriesToken(call))).toEqual([]);
  });

  it('is followed over SSE in the same way', async () => {
    await start();
    const headers = { ...as(issue(simulator)), 'content-type': 'application/json', accept: 'text/event-stream' };
    const body = JSON.stringify({ query: WATCH, variables: { id } });
    const leave = new AbortController();
    const options = { method: 'POST', headers, body, signal: leave.signal };
    const response = await fetch(`${gateway.url}/graphql/stream`, options);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const read = async (what: string) => {
      while (!text.includes(what)) text += (await reader?.read())?.value ?? '';
    };
    await read('PENDING_ACCEPTANCE');
    simulator.world.accept(id);
    await read('ACCEPTED"');
    await read('TRANSITION');
    leave.abort();
    await until(async () => polling() === 0, 'polling has ended');
    expect(polls().every(carriesToken)).toBe(true);
  });

  it('a refused token is tried once more and never again; another takes over, or polling ends', async () => {
    await start();
    const token = issue(simulator);
    const first = await follow(token);
    expect(await nextOf(first)).toBe('SNAPSHOT PENDING_ACCEPTANCE');
    await until(async () => polls().length > 2, 'polls');
    simulator.revokeToken(token);
    simulator.world.accept(id);
    await simulator.until(() => refused().length === 1);
    await until(async () => polling() === 0, 'polling has ended');

    const second = await follow(issue(simulator));
    expect([await nextOf(second), await nextOf(second)]).toEqual([
      'SNAPSHOT PENDING_ACCEPTANCE',
      'TRANSITION ACCEPTED',
    ]);
    expect(await nextOf(first)).toBe('TRANSITION ACCEPTED');
    const seen = polls().length;
    simulator.world.reject(id);
    expect(await nextOf(second)).toBe('TRANSITION REJECTED');
    expect(polls().length).toBeGreaterThan(seen);
    expect(refused()).toHaveLength(1);
    first.close();
    second.close();
  });

  it('a token that is refreshed over its socket is the one that is borrowed from then on', async () => {
    await start();
    const expiresAt = Date.now() + 2_500;
    const socket = await follow(issue(simulator, { userId: 'amy', expiresAt }));
    expect(await nextOf(socket)).toBe('SNAPSHOT PENDING_ACCEPTANCE');
    socket.send({ type: 'ping', payload: { 'x-auth-token': issue(simulator, { userId: 'amy' }) } });
    await until(async () => Date.now() > expiresAt, 'the first token has run out');
    expect(polling()).toBe(1);
    simulator.world.accept(id);
    const seen: string[] = [];
    while (seen.at(-1) !== 'TRANSITION ACCEPTED') seen.push(await nextOf(socket));
    expect(seen).toContain('pong');
    expect(refused()).toEqual([]);
    socket.close();
  });

  it('a token that expires ends the polling, although its subscriber stays', async () => {
    await start();
    const socket = await follow(issue(simulator, { expiresAt: Date.now() + 1_500 }));
    expect(await nextOf(socket)).toBe('SNAPSHOT PENDING_ACCEPTANCE');
    await until(async () => polling() === 1, 'a poller');
    await until(async () => polling() === 0, 'polling has ended');
    expect(refused()).toEqual([]);
    socket.close();
  });

  it('a creation is followed once there is a subscriber, and not before', async () => {
    await start();
    const token = issue(simulator);
    const { data } = await postAs(
      gateway.url,
      token,
      `mutation { createVpcEndpoint(input: { endpointServiceId: "${SERVICE_IDS.plainInterface}", vpcId: "${VPC}", subnetId: "${SUBNET}" }) { statusCursor endpoint { id } } }`,
    );
    expect(gateway.held()).toMatchObject({ creations: 0, 'tokens.lent': 0, 'watch.sets': 0 });
    const created = data?.createVpcEndpoint as { statusCursor: string; endpoint: { id: string } } | undefined;
    const socket = await socketAs(gateway.url, token);
    const query = 'subscription ($id: ID!, $after: String) { endpointStatus(id: $id, after: $after) { kind status } }';
    socket.subscribe('s', query, { id: created?.endpoint.id, after: created?.statusCursor });
    expect([await nextOf(socket), await nextOf(socket)]).toEqual(['TRANSITION CREATING', 'TRANSITION ACCEPTED']);
    socket.close();
  });
});

describe('who may follow', () => {
  it('is asked of upstream with the follower’s own token, also where others are already followed', async () => {
    await start();
    const allowed = await follow(issue(simulator));
    expect(await nextOf(allowed)).toBe('SNAPSHOT PENDING_ACCEPTANCE');
    const denied = await follow(issue(simulator, { denies: ['ListEndpointInfoDetails'] }));
    expect(await nextOf(denied)).toBe('NOT_FOUND');
    const deniedAll = await follow(issue(simulator, { denies: ['ListEndpoints'] }), WATCH_ALL);
    expect(await nextOf(deniedAll)).toBe('NOT_FOUND');
    const stranger = issue(simulator, { projectId: '51a051a051a051a051a051a051a051b0' });
    const elsewhere = await follow(stranger);
    expect(await nextOf(elsewhere)).toBe('NOT_FOUND');
    for (const socket of [allowed, denied, deniedAll, elsewhere]) socket.close();
  });
});

/** The read that a subscriber of each must be allowed, which is that of its polls. */
const READS: Readonly<Record<string, string>> = {
  endpointStatus: 'ListEndpointInfoDetails',
  projectEndpointStatus: 'ListEndpoints',
  endpointServiceStatus: 'ListServiceDetails',
  projectEndpointServiceStatus: 'ListEndpointService',
  serviceConnectionStatus: 'ListServiceConnections',
};

describe.each(EVERY_FEED)('$name without keys', ({ name, kind, words, in: make }) => {
  it('is polled with tokens of subscribers that may read it, and refused to others', async () => {
    await start();
    const followed = make(simulator.world);
    const query = `subscription { ${followed.field()} { kind status: rawStatus } }`;
    // Lent to feeds of the other kinds, which it may read.
    const denied = issue(simulator, { denies: [READS[name] ?? ''] });
    const others = EVERY_FEED.filter((one) => one.kind !== kind);
    const sockets: SocketClient[] = [];
    for (const other of others) {
      const socket = await follow(denied, `subscription { ${other.in(simulator.world).field()} { kind status } }`);
      expect(await nextOf(socket)).toMatch(/^SNAPSHOT/);
      sockets.push(socket);
    }
    expect(await nextOf(await follow(denied, query))).toBe('NOT_FOUND');
    const allowed = await follow(issue(simulator), query);
    expect(await nextOf(allowed)).toBe(`SNAPSHOT ${words[0]}`);
    followed.move(words[1]);
    expect(await nextOf(allowed)).toBe(`TRANSITION ${words[1]}`);
    expect(await nextOf(await follow(denied, query))).toBe('NOT_FOUND');
    expect(polls().every(carriesToken)).toBe(true);
    expect(refused()).toEqual([]);
    for (const socket of [...sockets, allowed]) socket.close();
  });
});

describe('with keys of its own', () => {
  it('a project is watched with these, and everything else is done with the caller’s token', async () => {
    const keys = { HUAWEICLOUD_SDK_AK: SIMULATOR_AK, HUAWEICLOUD_SDK_SK: SIMULATOR_SK };
    await start({ ...keys, HUAWEICLOUD_SDK_PROJECT_ID: SIMULATOR_PROJECT_ID });
    const token = issue(simulator);
    const socket = await follow(token);
    expect(await nextOf(socket)).toBe('SNAPSHOT PENDING_ACCEPTANCE');
    await until(async () => polls().some(isSigned), 'a poll with keys');
    const before = callsOf(simulator).filter(carriesToken).length;
    await postAs(gateway.url, token, '{ vpcEndpoints { totalCount } }');
    expect(callsOf(simulator).filter(carriesToken)).toHaveLength(before + 1);
    simulator.revokeToken(token);
    simulator.world.accept(id);
    expect(await nextOf(socket)).toBe('TRANSITION ACCEPTED');
    expect(refused()).toEqual([]);
    socket.close();
  });
});

it('no token reaches a log, Redis, a metric or an error', async () => {
  const redis = await startRedis();
  const { logger, text } = recordingLogger();
  try {
    const METRICS_TOKEN = 'token-of-the-metrics';
    await start({ REDIS_URL: redis.url, METRICS_TOKEN }, logger);
    const token = issue(simulator);
    const socket = await follow(token);
    const answers = [await nextOf(socket)];
    simulator.world.accept(id);
    answers.push(await nextOf(socket));
    const create = `mutation { createVpcEndpoint(input: { idempotencyKey: "k", endpointServiceId: "${SERVICE_IDS.plainInterface}", vpcId: "${VPC}", subnetId: "${SUBNET}" }) { statusCursor } }`;
    answers.push(JSON.stringify(await postAs(gateway.url, token, create)));
    simulator.revokeToken(token);
    answers.push(JSON.stringify(await postAs(gateway.url, token, '{ vpcEndpoints { totalCount } }')));
    await until(async () => polling() === 0, 'polling has ended');
    answers.push(JSON.stringify(await postAs(gateway.url, 'a-foreign-token-not-to-be-seen', '{ viewer { subject } }')));
    const metrics = await fetch(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
    expect(metrics.status).toBe(200);
    answers.push(await metrics.text());
    socket.close();
    const dump = await dumpRedis(redis.url);
    expect(answers.join()).toContain('UNAUTHENTICATED');
    expect(text().split('\n').length).toBeGreaterThan(10);
    expect(dump.length).toBeGreaterThan(3);
    for (const place of [text(), answers.join(), dump.join()]) expect(place).not.toContain('not-to-be-seen');
  } finally {
    await gateway.close();
    await redis.stop();
  }
});
