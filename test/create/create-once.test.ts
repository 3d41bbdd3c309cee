import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import {
  CreateVpcEndpointDocument,
  type CreateVpcEndpointInput,
  VpcEndpointDocument,
  VpcEndpointsDocument,
} from '../../src/client/generated/documents.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { MARK_TAG_KEY, type Tag } from '../../src/vpcep/core/model.ts';
import { ask, brief, Subscription, send } from '../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../support/start-gateway.ts';

const INPUT = {
  endpointServiceId: SERVICE_IDS.plainInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};
const TAGS = Array.from({ length: 20 }, (_, i) => ({ key: `k${i}`, value: `v${i}` }));

describe('creating once', () => {
  let simulator: Simulator;
  let gateway: Gateway;

  beforeEach(async () => {
    simulator = await startTestSimulator();
    gateway = await startTestGateway(simulator);
  });
  afterEach(async () => {
    simulator.faults.clear();
    await gateway.close();
    await simulator.close();
  });

  const create = async (over: Partial<CreateVpcEndpointInput> = {}) => {
    const { data, errors } = await send(gateway.url, CreateVpcEndpointDocument, { input: { ...INPUT, ...over } });
    return { ...data?.createVpcEndpoint, fault: errors?.[0]?.extensions };
  };
  const posts = () => simulator.requests.filter((request) => request.operation === 'CreateEndpoint');
  const upstreamIds = () => simulator.world.endpoints().map(({ id }) => id);

  describe('with a key', () => {
    it('answers the same key and input with the first result', async () => {
      const first = await create({ idempotencyKey: 'order-1', tags: [{ key: 'a', value: '1' }] });
      expect(first).toMatchObject({ replayed: false, endpoint: { status: 'CREATING' } });
      const again = await create({ tags: [{ value: '1', key: 'a' }], whitelist: [], idempotencyKey: 'order-1' });
      expect(again).toEqual({ ...first, replayed: true });
      expect(posts()).toHaveLength(1);
      expect((await create({ idempotencyKey: 'order-2' })).replayed).toBe(false);
      expect(upstreamIds()).toHaveLength(2);
    });

    it('refuses the same key with another input, and sends nothing', async () => {
      await create({ idempotencyKey: 'order-1' });
      const other = await create({ idempotencyKey: 'order-1', description: 'another' });
      expect(other.fault).toEqual({ code: 'IDEMPOTENCY_KEY_REUSED', retryable: false });
      expect(posts()).toHaveLength(1);
    });

    it('frees the key when upstream refused, and when the input was wrong', async () => {
      const wrong = { idempotencyKey: 'order-1', endpointServiceId: '99999999-0000-4000-8000-000000000000' };
      expect((await create(wrong)).fault).toMatchObject({ code: 'NOT_FOUND' });
      expect((await create({ idempotencyKey: 'order-1', vpcId: 'no id!' })).fault).toMatchObject({
        code: 'BAD_USER_INPUT',
      });
      expect(await create({ idempotencyKey: 'order-1' })).toMatchObject({ replayed: false });
    });

    it.each(['', 'x'.repeat(256)])('refuses a key of a wrong length (%#), and our own tag', async (idempotencyKey) => {
      const { fault } = await create({ idempotencyKey, tags: [{ key: MARK_TAG_KEY, value: 'x' }] });
      expect(fault?.issues?.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
        'input.tags.0.key reserved',
        'input.idempotencyKey length',
      ]);
      expect((await create({ idempotencyKey: '☁'.repeat(255) })).replayed).toBe(false);
    });

    it('shows its tag nowhere', async () => {
      const made = await create({ idempotencyKey: 'order-1', tags: [{ key: 'a', value: '1' }] });
      const id = made.endpoint?.id ?? '';
      expect(simulator.world.endpoint(id)?.tags).toEqual([
        { key: 'a', value: '1' },
        { key: MARK_TAG_KEY, value: expect.stringMatching(/^[0-9a-f]{32}$/) },
      ]);
      const feed = Subscription.endpoint(gateway.url, { id, after: made.statusCursor ?? '', until: 'SETTLED' });
      const project = Subscription.project(gateway.url, {});
      const shown = [
        made.endpoint,
        (await ask(gateway.url, VpcEndpointDocument, { id })).vpcEndpoint,
        (await ask(gateway.url, VpcEndpointsDocument, {})).vpcEndpoints.edges[0]?.node,
        (await create({ idempotencyKey: 'order-1', tags: [{ key: 'a', value: '1' }] })).endpoint,
        ...(await feed.rest()).map((event) => event.endpoint),
        (await project.next())?.endpoint,
      ];
      for (const endpoint of shown) expect(endpoint?.tags).toEqual([{ key: 'a', value: '1' }]);
      expect(JSON.stringify([shown, feed.seen, project.seen])).not.toContain(MARK_TAG_KEY);
      await Promise.all([feed.close(), project.close()]);
    });

    it.each([
      ['the connection was reset', { kind: 'reset', stage: 'after' } as const],
      ['the answer was a 500', { kind: 'status', status: 500, stage: 'after' } as const],
      ['the answer was broken', { kind: 'malformedJson' } as const],
    ])('finds what was made when %s', async (_, fault) => {
      simulator.faults.add({ ...fault, operation: 'CreateEndpoint', times: 1 });
      const first = await create({ idempotencyKey: 'order-1' });
      expect(first).toMatchObject({ replayed: false, endpoint: { id: upstreamIds()[0] } });
      expect(await create({ idempotencyKey: 'order-1' })).toEqual({ ...first, replayed: true });
      expect(posts()).toHaveLength(1);
      const feed = Subscription.endpoint(gateway.url, {
        id: first.endpoint?.id ?? '',
        after: first.statusCursor ?? '',
        until: 'SETTLED',
      });
      expect(brief(await feed.rest())).toEqual(['TRANSITION CREATING', 'TRANSITION ACCEPTED']);
      await feed.close();
    });

    it('never sends again when nothing was made, and finds it once it is there', async () => {
      simulator.faults.add({ kind: 'reset', operation: 'CreateEndpoint', stage: 'before', times: 1 });
      const unresolved = { code: 'UPSTREAM_OUTCOME_UNKNOWN', retryable: false, candidates: [] };
      expect((await create({ idempotencyKey: 'order-1' })).fault).toEqual(unresolved);
      expect((await create({ idempotencyKey: 'order-1' })).fault).toEqual(unresolved);
      expect(upstreamIds()).toEqual([]);
      // As if upstream had carried it out that late.
      const [tags = []] = posts().map(({ body }) => (body as { tags: Tag[] }).tags);
      await create();
      const [other] = simulator.world.endpoints();
      const late = other === undefined ? undefined : simulator.world.create({ ...other, tags });
      expect(await create({ idempotencyKey: 'order-1' })).toMatchObject({ replayed: true, endpoint: { id: late?.id } });
      expect(posts()).toHaveLength(2);
    });

    it('goes by the structure when there is no room for its tag', async () => {
      simulator.faults.add({ kind: 'reset', operation: 'CreateEndpoint', stage: 'after', times: 1 });
      const first = await create({ idempotencyKey: 'order-1', tags: TAGS });
      expect(first).toMatchObject({ replayed: false, endpoint: { id: upstreamIds()[0], tags: TAGS } });
      expect(await create({ idempotencyKey: 'order-1', tags: TAGS })).toEqual({ ...first, replayed: true });
      expect(posts()).toHaveLength(1);
    });
  });

  describe('without a key', () => {
    it('finds what was made when the connection was reset', async () => {
      simulator.world.seed(3);
      await create();
      simulator.faults.add({ kind: 'reset', operation: 'CreateEndpoint', stage: 'after', times: 1 });
      expect(await create()).toMatchObject({ replayed: false, endpoint: { id: upstreamIds()[4] } });
      expect(upstreamIds()).toHaveLength(5);
    });

    it('takes neither what was answered to another call nor what was made for a key', async () => {
      await create();
      await create({ idempotencyKey: 'order-1' });
      simulator.faults.add({ kind: 'reset', operation: 'CreateEndpoint', stage: 'before', times: 1 });
      expect((await create()).fault).toMatchObject({ code: 'UPSTREAM_OUTCOME_UNKNOWN', candidates: [] });
      expect(posts()).toHaveLength(3);
    });

    it('does not take what an equal call is about to be answered', async () => {
      const reset = simulator.faults.add({ kind: 'reset', operation: 'CreateEndpoint', stage: 'before', times: 1 });
      const lost = create();
      await simulator.until(() => reset.hits === 1);
      const hang = simulator.faults.add({ kind: 'hang', operation: 'CreateEndpoint', stage: 'after', times: 1 });
      const slow = create();
      await vi.waitFor(() => expect(hang.waiting).toBe(1));
      const [id] = upstreamIds();
      expect((await lost).fault).toEqual({ code: 'UPSTREAM_OUTCOME_UNKNOWN', retryable: false, candidates: [id] });
      hang.release();
      expect((await slow).endpoint?.id).toBe(id);
      expect(upstreamIds()).toHaveLength(1);
    });

    it('names the candidates when there is more than one', async () => {
      const hang = simulator.faults.add({ kind: 'hang', operation: 'CreateEndpoint', stage: 'after', times: 1 });
      simulator.faults.add({ kind: 'reset', operation: 'CreateEndpoint', stage: 'after', times: 1 });
      const answer = create({ description: 'twin' });
      await vi.waitFor(() => expect(hang.waiting).toBe(1));
      const [made] = simulator.world.endpoints();
      if (made !== undefined) simulator.world.create(made);
      hang.release();
      const { fault } = await answer;
      expect(fault).toEqual({ code: 'UPSTREAM_OUTCOME_UNKNOWN', retryable: false, candidates: expect.anything() });
      expect(new Set((fault as { candidates?: string[] }).candidates)).toEqual(new Set(upstreamIds()));
      expect(posts()).toHaveLength(1);
    });
  });
});
