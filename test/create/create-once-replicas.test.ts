import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import { CreateVpcEndpointDocument, type CreateVpcEndpointInput } from '../../src/client/generated/documents.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { MARK_TAG_KEY, type Tag } from '../../src/vpcep/core/model.ts';
import { Subscription, send } from '../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';

const INPUT = {
  endpointServiceId: SERVICE_IDS.plainInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};

describe('creating once, two gateways on one Redis', () => {
  let simulator: Simulator;
  let redis: RedisServer;
  let a: Gateway;
  let b: Gateway;

  const open = () => startTestGateway(simulator, { env: { REDIS_URL: redis.url, VPCEP_WRITES_PER_SECOND: '1000' } });
  beforeEach(async () => {
    [simulator, redis] = await Promise.all([startTestSimulator({ quota: 1000 }), startRedis()]);
    [a, b] = await Promise.all([open(), open()]);
  });
  afterEach(async () => {
    simulator.faults.clear();
    await Promise.all([a.close(), b.close()]);
    await redis.stop();
    await simulator.close();
  });

  const create = async (at: Gateway, over: Partial<CreateVpcEndpointInput> = {}) => {
    const { data, errors } = await send(at.url, CreateVpcEndpointDocument, { input: { ...INPUT, ...over } });
    return { ...data?.createVpcEndpoint, fault: errors?.[0]?.extensions };
  };
  const posts = () => simulator.requests.filter((request) => request.operation === 'CreateEndpoint');

  it('sends one of two twins, and answers both', async () => {
    const hang = simulator.faults.add({ kind: 'hang', operation: 'CreateEndpoint', times: 1 });
    const twins = [create(a, { idempotencyKey: 'k' }), create(b, { idempotencyKey: 'k' })];
    await vi.waitFor(() => expect(hang.waiting).toBe(1), { timeout: 8_000 });
    hang.release();
    const answers = await Promise.all(twins);
    expect(answers.map(({ replayed }) => replayed).sort()).toEqual([false, true]);
    expect(answers[0]?.endpoint).toEqual(answers[1]?.endpoint);
    expect(posts()).toHaveLength(1);
  });

  it('knows a key after a restart', async () => {
    const first = await create(a, { idempotencyKey: 'k' });
    await Promise.all([a.close(), b.close()]);
    [a, b] = await Promise.all([open(), open()]);
    expect(await create(b, { idempotencyKey: 'k' })).toEqual({ ...first, replayed: true });
    expect((await create(a, { idempotencyKey: 'k', enableDns: true })).fault?.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('does not give one replica what the other is about to answer', async () => {
    const hang = simulator.faults.add({ kind: 'hang', operation: 'CreateEndpoint', stage: 'after', times: 1 });
    const slow = create(a);
    await vi.waitFor(() => expect(hang.waiting).toBe(1), { timeout: 8_000 });
    simulator.faults.add({ kind: 'reset', operation: 'CreateEndpoint', stage: 'before', times: 1 });
    expect((await create(b)).fault?.code).toBe('UPSTREAM_OUTCOME_UNKNOWN');
    hang.release();
    expect((await slow).endpoint?.id).toBe(simulator.world.endpoints()[0]?.id);
  });

  it('without Redis: refuses a key before sending, and creates without one', async () => {
    await redis.kill();
    const refused = await create(a, { idempotencyKey: 'k' });
    expect(refused.fault).toEqual({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
    expect(posts()).toHaveLength(0);
    expect(await create(a)).toMatchObject({ replayed: false, endpoint: { status: 'CREATING' } });
    simulator.faults.add({ kind: 'reset', operation: 'CreateEndpoint', stage: 'after', times: 1 });
    // Whose it is cannot be known without the claims.
    const { fault } = await create(a, { description: 'lost' });
    expect(fault).toMatchObject({ code: 'UPSTREAM_OUTCOME_UNKNOWN', candidates: [simulator.world.endpoints()[1]?.id] });
  });

  it.each(['answered', 'lost'])(
    'Redis goes while it is on its way and the answer is %s: answered all the same',
    async (answer) => {
      const hang = simulator.faults.add({ kind: 'hang', operation: 'CreateEndpoint', stage: 'after', times: 1 });
      if (answer === 'lost')
        simulator.faults.add({ kind: 'reset', operation: 'CreateEndpoint', stage: 'after', times: 1 });
      const pending = create(a, { idempotencyKey: 'k' });
      await vi.waitFor(() => expect(hang.waiting).toBe(1), { timeout: 8_000 });
      await redis.kill();
      hang.release();
      const { endpoint, statusCursor, replayed } = await pending;
      expect(replayed).toBe(false);
      expect(endpoint?.id).toBe(simulator.world.endpoints()[0]?.id);
      await redis.restartEmpty();
      const ready = async () => expect(await (await fetch(`${a.url}/readyz`)).json()).toEqual({ status: 'ok' });
      await vi.waitFor(ready, { timeout: 10_000 });
      const feed = Subscription.endpoint(a.url, { id: endpoint?.id ?? '', after: statusCursor ?? '' });
      expect((await feed.next())?.kind).toBe('RESYNC');
      await feed.close();
    },
  );

  it('a storm of 200 creations over lost connections: every key ends with one endpoint, or with a clear word', async () => {
    simulator.faults.add({ kind: 'reset', operation: 'CreateEndpoint', stage: 'before', probability: 0.1 });
    // Not so many that the host would count as failing.
    simulator.faults.add({ kind: 'reset', operation: 'CreateEndpoint', stage: 'after', probability: 0.15 });
    const keyed = Array.from({ length: 180 }, async (_, i) => {
      const idempotencyKey = `key-${i >> 1}`;
      return {
        idempotencyKey,
        answer: await create(i % 2 === 0 ? a : b, { idempotencyKey, description: idempotencyKey }),
      };
    });
    const plain = Array.from({ length: 20 }, (_, i) => create(i % 2 === 0 ? a : b));
    const [answers, others] = await Promise.all([Promise.all(keyed), Promise.all(plain)]);

    const sent = posts().flatMap(
      ({ body }) => (body as { tags?: Tag[] }).tags?.filter(({ key }) => key === MARK_TAG_KEY) ?? [],
    );
    expect(new Set(sent.map(({ value }) => value)).size).toBe(90);
    expect(sent).toHaveLength(90);
    for (const { idempotencyKey, answer } of answers) {
      const made = simulator.world.endpoints(({ description }) => description === idempotencyKey).map(({ id }) => id);
      if (answer.endpoint === undefined) expect(answer.fault?.code).toBe('UPSTREAM_OUTCOME_UNKNOWN');
      expect(made).toEqual(answer.endpoint === undefined ? [] : [answer.endpoint.id]);
    }
    const given = others.flatMap(({ endpoint }) => endpoint?.id ?? []);
    expect(new Set(given).size).toBe(given.length);
    for (const { endpoint, fault } of others)
      if (endpoint === undefined) expect(fault?.code).toBe('UPSTREAM_OUTCOME_UNKNOWN');
    expect(posts()).toHaveLength(110);
    expect([...answers.map(({ answer }) => answer), ...others].some(({ fault }) => fault !== undefined)).toBe(true);
  });
});
