import { describe, expect, it } from 'vitest';
import { createEndpointLoader } from '../../../src/graphql/core/loaders.ts';
import { UpstreamError } from '../../../src/vpcep/errors/upstream-error.ts';
import { FakeEndpointCalls } from '../../support/fake-endpoint-calls.ts';

function prepared(count: number) {
  const calls = new FakeEndpointCalls();
  const ids = Array.from({ length: count }, (_, number) => `endpoint-${number}`);
  for (const id of ids) calls.add(id);
  const loader = createEndpointLoader(calls, {});
  return {
    calls,
    ids,
    load: (wanted: readonly string[], projectId = 'project-1') =>
      loader.loadMany(wanted.map((id) => ({ projectId, id }))),
    made: () => calls.calls.map(({ operation }) => operation),
  };
}

describe('the endpoint loader', () => {
  it('reads up to three singly, and knows what is not there', async () => {
    const { load, made } = prepared(5);
    const [first, none] = await load(['endpoint-4', 'elsewhere', 'endpoint-1']);
    expect(first).toMatchObject({ id: 'endpoint-4', projectId: 'project-1' });
    expect(none).toBeNull();
    expect(made()).toEqual(['read', 'read', 'read']);
  });

  it('lists for more, in one call', async () => {
    const { calls, load, made } = prepared(100);
    const found = await load(['endpoint-0', 'endpoint-50', 'elsewhere', 'endpoint-99', 'nowhere']);
    expect(found.map((one) => (one === null || one instanceof Error ? one : one.id))).toEqual([
      'endpoint-0',
      'endpoint-50',
      null,
      'endpoint-99',
      null,
    ]);
    expect(made()).toEqual(['list']);
    expect(calls.calls[0]?.argument).toMatchObject({ limit: 1000, offset: 0 });
  });

  it('goes on page by page while that costs less than reading what is missing', async () => {
    const { load, made } = prepared(2500);
    const wanted = ['endpoint-1', 'endpoint-1001', 'endpoint-2001', 'endpoint-2002'];
    const found = await load(wanted);
    expect(found.map((one) => one !== null && !(one instanceof Error))).toEqual([true, true, true, true]);
    // Two pages left for three, then one page left for two, then none.
    expect(made()).toEqual(['list', 'list', 'list']);
  });

  it('reads singly once that costs less than the remaining pages', async () => {
    const { load, made } = prepared(3500);
    await load(['endpoint-1', 'endpoint-2', 'endpoint-3', 'endpoint-3001']);
    expect(made()).toEqual(['list', 'read']);
  });

  it('reads each once in a batch, and again in a later one: a subscription has one loader for all its events', async () => {
    const { load, made } = prepared(1);
    await load(['endpoint-0', 'endpoint-0']);
    expect(made()).toEqual(['read']);
    await load(['endpoint-0']);
    expect(made()).toEqual(['read', 'read']);
  });

  it('keeps projects apart, also in their failures', async () => {
    const { calls, load } = prepared(2);
    calls.failNext(new UpstreamError({ kind: 'unavailable', outcome: 'refused', message: 'Away.', retryable: true }));
    const [mine, other] = await Promise.all([load(['endpoint-0'], 'project-1'), load(['endpoint-0'], 'project-2')]);
    expect(mine[0]).toBeInstanceOf(UpstreamError);
    expect(other[0]).toMatchObject({ projectId: 'project-2' });
  });
});
