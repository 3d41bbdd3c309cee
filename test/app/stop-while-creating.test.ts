import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CreateVpcEndpointDocument } from '../../src/client/generated/documents.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { ask, Subscription } from '../support/graphql-client.ts';
import { recordingLogger, startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { startRedis } from '../support/start-redis.ts';
import { until } from '../support/until.ts';

const INPUT = {
  endpointServiceId: SERVICE_IDS.plainInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
  idempotencyKey: 'key-1',
};

it('records a creation whose client has left and whose answer comes while the gateway closes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpcep-stop-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const simulator = await startTestSimulator();
  onTestFinished(() => simulator.close());
  const { logger, text } = recordingLogger();
  const auditLog = join(folder, 'audit.log');
  const env = { AUDIT_LOG: auditLog, REDIS_URL: redis.url };
  const gateway = await startTestGateway(simulator, { env, logger });

  const hang = simulator.faults.add({ kind: 'hang', operation: 'CreateEndpoint', stage: 'after' });
  const leave = new AbortController();
  const body = JSON.stringify({ query: CreateVpcEndpointDocument, variables: { input: INPUT } });
  const headers = { 'content-type': 'application/json' };
  const sent = fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body, signal: leave.signal });
  const left = expect(sent).rejects.toThrow();
  await until(async () => hang.waiting > 0, 'the creation is upstream');
  leave.abort();
  await left;
  const closed = gateway.close();
  await until(async () => text().includes('"drained"'), 'the port is closed');
  hang.release();
  await closed;

  expect(JSON.parse(readFileSync(auditLog, 'utf8'))).toMatchObject({ field: 'createVpcEndpoint', outcome: 'ok' });
  const other = await startTestGateway(simulator, { env });
  onTestFinished(() => other.close());
  const { createVpcEndpoint } = await ask(other.url, CreateVpcEndpointDocument, { input: INPUT });
  const [made] = simulator.world.endpoints();
  expect(createVpcEndpoint).toMatchObject({ replayed: true, endpoint: { id: made?.id } });
  expect(simulator.requests.filter(({ operation }) => operation === 'CreateEndpoint')).toHaveLength(1);
  const feed = Subscription.endpoint(other.url, { id: made?.id ?? '', after: createVpcEndpoint.statusCursor });
  expect(await feed.next()).toMatchObject({ kind: 'TRANSITION', status: 'CREATING' });
  await feed.close();
});
