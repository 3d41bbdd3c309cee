import { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { recordingLogger, startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { startRedis } from '../support/start-redis.ts';
import { until } from '../support/until.ts';

it('a REDIS_URL that leads to a replica is an error in the log and keeps the gateway unready until a promotion', async () => {
  const simulator = await startTestSimulator();
  onTestFinished(() => simulator.close());
  const primary = await startRedis();
  onTestFinished(() => primary.stop());
  const replica = await startRedis([
    '--replicaof',
    '127.0.0.1',
    String(primary.port),
    '--repl-diskless-sync-delay',
    '0',
  ]);
  onTestFinished(() => replica.stop());
  const operator = new Redis(replica.url);
  onTestFinished(() => operator.disconnect());
  const isLinked = async () => (await operator.info('replication')).includes('master_link_status:up');
  await until(isLinked, 'the replica has what its primary has');

  const log = recordingLogger();
  const gateway = await startTestGateway(simulator, { env: { REDIS_URL: replica.url }, logger: log.logger });
  onTestFinished(() => gateway.close());
  const errors = log
    .text()
    .split('\n')
    .filter((line) => line.includes('"level":50'));
  expect(errors).toEqual([expect.stringMatching(/REDIS_URL leads to a replica.*Name the primary/)]);
  const ready = async () => {
    const response = await fetch(`${gateway.url}/readyz`);
    return { code: response.status, body: await response.json() };
  };
  // Asked again: probes come regularly, and each of them looks anew.
  for (let i = 0; i < 3; i++)
    expect(await ready()).toMatchObject({
      code: 503,
      body: { status: 'unavailable', reasons: { redis: expect.stringMatching(/^REDIS_URL leads to a replica/) } },
    });

  await operator.replicaof('NO', 'ONE');
  await until(async () => (await ready()).code === 200, 'the gateway is ready');
  expect(log.text()).toContain('Redis takes writes now');
  // A failover later on degrades the gateway, and takes no traffic from it.
  await operator.replicaof('127.0.0.1', String(primary.port));
  expect((await ready()).code).toBe(200);
});
