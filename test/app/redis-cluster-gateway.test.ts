import { expect, it, onTestFinished } from 'vitest';
import { CreateVpcEndpointDocument } from '../../src/client/generated/documents.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { ACL_LOGIN, applyDocumentedAcl } from '../support/documented-acl.ts';
import { ask, Subscription } from '../support/graphql-client.ts';
import { type RedisClusterServers, startRedisCluster } from '../support/redis-cluster.ts';
import { startTestGateway, startTestSimulator } from '../support/start-gateway.ts';

const INPUT = {
  endpointServiceId: SERVICE_IDS.plainInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
  idempotencyKey: 'once',
};
const DAY_MS = 86_400_000;

it('two gateways share a Cluster as a user with few rights, and every key there is ours and expires', async () => {
  const cluster = await startRedisCluster();
  onTestFinished(() => cluster.stop());
  for (const { operator } of cluster.nodes) await applyDocumentedAcl(operator, 'cluster');
  const simulator = await startTestSimulator();
  onTestFinished(() => simulator.close());
  const env = { REDIS_URL: cluster.url.replace('://', `://${ACL_LOGIN}@`) };
  const [here, there] = await Promise.all([startTestGateway(simulator, { env }), startTestGateway(simulator, { env })]);
  onTestFinished(async () => {
    await Promise.all([here.close(), there.close()]);
  });

  const { createVpcEndpoint } = await ask(here.url, CreateVpcEndpointDocument, { input: INPUT });
  const { endpoint, statusCursor } = createVpcEndpoint;
  const feed = Subscription.endpoint(there.url, { id: endpoint.id, after: statusCursor, until: 'SETTLED' });
  const events = await feed.rest();
  expect(events.map(({ kind, status }) => `${kind} ${status}`)).toEqual(['TRANSITION CREATING', 'TRANSITION ACCEPTED']);
  expect((await ask(there.url, CreateVpcEndpointDocument, { input: INPUT })).createVpcEndpoint.replayed).toBe(true);

  const keys = await allKeys(cluster);
  expect(keys.size).toBeGreaterThanOrEqual(5);
  for (const [key, ttlMs] of keys) {
    expect(key).toMatch(new RegExp(`^vpcep-gateway:[a-z:]*\\{${SIMULATOR_PROJECT_ID}(/endpoints)?\\}:`));
    expect(ttlMs, key).toBeGreaterThan(0);
    expect(ttlMs, key).toBeLessThanOrEqual(DAY_MS);
  }
});

async function allKeys(cluster: RedisClusterServers): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const { operator } of cluster.nodes) {
    const [, keys] = await operator.scan(0, 'COUNT', 10_000);
    for (const key of keys) {
      const ttlMs = await operator.pttl(key);
      // Tokens of a second may be gone by now.
      if (ttlMs !== -2) found.set(key, ttlMs);
    }
  }
  return found;
}
