/** After a whole run in each mode, over a Redis with a password: no secret in Redis, logs, metrics or answers. */
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SIMULATOR_AK, SIMULATOR_PROJECT_ID, SIMULATOR_SK } from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { post } from '../support/fake-gateway.ts';
import { issue } from '../support/iam-gateway.ts';
import { TestIssuer } from '../support/issuer.ts';
import { SocketClient } from '../support/socket-client.ts';
import { recordingLogger, startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';

const PASSWORD = 'a-redis-password-that-must-not-leak';
const SECURITY_TOKEN = 'a-security-token-that-must-not-leak';
const METRICS_TOKEN = 'a-metrics-token-that-must-not-leak';
const IDEMPOTENCY_KEY = 'an-idempotency-key-that-must-not-leak';

const CREATE = `mutation ($input: CreateVpcEndpointInput!) { createVpcEndpoint(input: $input) { endpoint { id } } }`;
const WATCH = 'subscription ($id: ID!) { endpointStatus(id: $id) { kind status } }';
const LIST = '{ vpcEndpoints(first: 5) { totalCount } }';

let redis: RedisServer;
let issuer: TestIssuer;
let simulator: Simulator;
let gateways: Gateway[];

beforeAll(async () => {
  [redis, issuer] = await Promise.all([startRedis(['--requirepass', PASSWORD]), TestIssuer.start()]);
});
afterAll(async () => {
  await issuer.close();
  await redis.stop();
});
beforeEach(async () => {
  gateways = [];
  simulator = await startTestSimulator({
    credentials: [{ ak: SIMULATOR_AK, sk: SIMULATOR_SK, securityToken: SECURITY_TOKEN }],
  });
});
afterEach(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close()));
  await simulator.close();
});

/** Every key with all that it holds. */
async function everything(): Promise<string[]> {
  const client = new Redis({ port: redis.port, password: PASSWORD });
  try {
    const readers: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
      string: (key) => client.get(key),
      hash: (key) => client.hgetall(key),
      list: (key) => client.lrange(key, 0, -1),
      set: (key) => client.smembers(key),
      zset: (key) => client.call('ZRANGE', key, '0', '-1', 'WITHSCORES'),
      stream: (key) => client.xrange(key, '-', '+'),
    };
    const keys = await client.keys('*');
    return await Promise.all(
      keys.map(async (key) => {
        const type = await client.type(key);
        const read = readers[type];
        if (type !== 'none' && read === undefined) throw new Error(`no reader for the type ${type}`);
        return `${key} ${JSON.stringify(await read?.(key))}`;
      }),
    );
  } finally {
    client.disconnect();
  }
}

const modes: readonly (readonly [
  string,
  () => Promise<{ readonly token: string | null; readonly env: Record<string, string> }>,
])[] = [
  ['none', async () => ({ token: null, env: {} })],
  ['iam-token', async () => ({ token: issue(simulator), env: { AUTH_MODE: 'iam-token', IAM_URL: simulator.url } })],
  [
    'jwt',
    async () => ({
      token: await issuer.token({ projects: { [SIMULATOR_PROJECT_ID]: ['read', 'write'] } }),
      env: issuer.env,
    }),
  ],
];

it.each(modes)('AUTH_MODE=%s leaves no secret anywhere', async (mode, prepare) => {
  const { token, env: own } = await prepare();
  const { logger, text } = recordingLogger();
  const env = {
    ...own,
    REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:${redis.port}`,
    HUAWEICLOUD_SDK_SECURITY_TOKEN: SECURITY_TOKEN,
    METRICS_TOKEN,
  };
  const good = await startTestGateway(simulator, { logger, env });
  const bad = await startTestGateway(simulator, {
    logger,
    env: { ...env, HUAWEICLOUD_SDK_SK: `${SIMULATOR_SK}-wrong` },
  });
  gateways.push(good, bad);
  const headers: Record<string, string> =
    token === null ? {} : mode === 'jwt' ? { authorization: `Bearer ${token}` } : { 'x-auth-token': token };
  const answers: unknown[] = [];
  const say = async (url: string, query: string, variables: object = {}, more = headers) => {
    const answer = await post(url, query, variables, more);
    answers.push(answer, [...answer.headers]);
    return answer;
  };
  const input = {
    endpointServiceId: SERVICE_IDS.plainInterface,
    vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
    subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
    idempotencyKey: IDEMPOTENCY_KEY,
  };

  const created = await say(good.url, CREATE, { input });
  expect(created.errors).toBeUndefined();
  const { id } = (created.data as { createVpcEndpoint: { endpoint: { id: string } } }).createVpcEndpoint.endpoint;
  const socket = new SocketClient(good.url);
  await socket.init(headers);
  socket.subscribe('one', WATCH, { id });
  answers.push(await socket.next());
  for (const kind of ['reset', 'throttled', 'malformedJson'] as const) {
    simulator.faults.add({ kind, times: 2 });
    await say(good.url, LIST);
  }
  simulator.faults.clear();
  await say(bad.url, LIST);
  await say(
    good.url,
    LIST,
    {},
    { authorization: `Bearer ${token ?? 'a'}.wrong`, 'x-auth-token': `${token ?? 'a'}.wrong` },
  );
  await say(good.url, `{ nonsense(token: "${token}") }`);
  for (const { url } of [good, bad]) {
    answers.push(
      await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } })).text(),
    );
    answers.push(await (await fetch(`${url}/readyz`)).text());
  }
  const stored = await everything();
  socket.close();

  const secrets = [
    SIMULATOR_SK,
    SIMULATOR_AK,
    SECURITY_TOKEN,
    PASSWORD,
    METRICS_TOKEN,
    ...(token === null ? [] : [token]),
  ];
  expect(stored.length).toBeGreaterThan(3);
  for (const secret of [...secrets, IDEMPOTENCY_KEY]) expect(stored.join('\n'), 'Redis').not.toContain(secret);
  for (const secret of secrets) {
    expect(text(), 'logs').not.toContain(secret);
    expect(JSON.stringify(answers), 'answers').not.toContain(secret);
  }
});
