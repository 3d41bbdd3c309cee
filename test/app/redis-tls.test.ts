import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectRedis } from '../../src/redis/connect.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { Subscription } from '../support/graphql-client.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { startRedisProcess } from '../support/redis-process.ts';
import { redisTarget } from '../support/redis-target.ts';
import { environmentFor, startTestSimulator } from '../support/start-gateway.ts';
import { startGatewayProcess } from '../support/start-process.ts';
import { freePort, startRedis } from '../support/start-redis.ts';
import { until } from '../support/until.ts';
import { makeCertificate, tlsArgs } from './certificate.ts';
import { startTlsFront } from './tls-front.ts';

it('reaches Redis over TLS with a certificate of a private CA, and not without that CA', async () => {
  const certificate = makeCertificate();
  const tlsPort = await freePort();
  const redis = await startRedis(tlsArgs(tlsPort, certificate));
  onTestFinished(() => redis.stop());
  const url = `rediss://localhost:${tlsPort}`;

  const options = { target: redisTarget(url), logger: pino({ level: 'silent' }), connectTimeoutMs: 3_000 };
  // Some of many attempts report two errors; the second must not end the process.
  const attempts = Array.from({ length: 20 }, () => connectRedis(options));
  for (const attempt of await Promise.allSettled(attempts))
    expect(attempt).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringMatching(/self.signed certificate/) },
    });

  const simulator = await startTestSimulator();
  onTestFinished(() => simulator.close());
  const env = environmentFor(simulator, { REDIS_URL: url, NODE_EXTRA_CA_CERTS: certificate.cert });
  const gateway = await startGatewayProcess(env);
  onTestFinished(() => gateway.stop());
  // Not before both connections are ready.
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
});

describe('servers that choose their certificate by SNI', () => {
  /** Each server gets its own. */
  const NAMES = ['localhost', 'one.redis.test', 'two.redis.test'] as const;
  const RESOLVE = `--require=${new URL('loopback-names.cjs', import.meta.url).pathname}`;
  const certificate = makeCertificate(NAMES);

  const front = async (targetPort: number, name: string | null) => {
    const tls = await startTlsFront(targetPort, name, certificate);
    onTestFinished(() => tls.close());
    return tls;
  };
  /** Starts a gateway. A subscriber's first event shows that pub/sub is connected as well. */
  const useRedis = async (url: string) => {
    const simulator = await startTestSimulator();
    onTestFinished(() => simulator.close());
    simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
    const settings = { REDIS_URL: url, NODE_EXTRA_CA_CERTS: certificate.cert, NODE_OPTIONS: RESOLVE };
    const gateway = await startGatewayProcess(environmentFor(simulator, settings));
    onTestFinished(() => gateway.stop());
    const feed = Subscription.project(gateway.url, {});
    expect(await feed.next()).toMatchObject({ kind: 'SNAPSHOT', status: 'ACCEPTED' });
    await feed.close();
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
  };

  it.each([
    ['localhost', 'localhost'],
    ['127.0.0.1', null],
  ])('one server at %s is asked for %s', async (host, name) => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const { port } = await front(redis.port, name);
    await useRedis(`rediss://${host}:${port}`);
  });

  it('Sentinels and the primary that they name are each asked for their own name', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const primary = await front(redis.port, NAMES[0]);
    const sentinel = await startRedisProcess({
      port: await freePort(),
      args: (dir) => {
        const file = join(dir, 'sentinel.conf');
        const hostnames = ['sentinel resolve-hostnames yes', 'sentinel announce-hostnames yes'];
        writeFileSync(file, [...hostnames, `sentinel monitor main ${NAMES[0]} ${primary.port} 2`, ''].join('\n'));
        return [file, '--sentinel'];
      },
    });
    onTestFinished(() => sentinel.stop());
    const fronts = [await front(sentinel.port, NAMES[1]), await front(sentinel.port, NAMES[2])];
    const [one, other] = fronts.map(({ port }, i) => `${NAMES[i + 1]}:${port}`);
    await useRedis(`rediss+sentinel://${one},${other}/main`);
    // The first one names the primary; both are listened to.
    expect(fronts.every(({ connections }) => connections > 0)).toBe(true);
  });

  it('each node of a Cluster is asked for its own name, also one that was learnt', async () => {
    const cluster = await startRedisCluster();
    onTestFinished(() => cluster.stop());
    const fronts = await Promise.all(cluster.nodes.map(({ port }, i) => front(port, NAMES[i] ?? null)));
    for (const [i, { operator }] of cluster.nodes.entries()) {
      await operator.config('SET', 'cluster-announce-hostname', NAMES[i] ?? '');
      await operator.config('SET', 'cluster-announce-port', String(fronts[i]?.port));
      await operator.config('SET', 'cluster-preferred-endpoint-type', 'hostname');
    }
    const announced = fronts.map(({ port }, i) => `"${NAMES[i]}",${port}`);
    const slots = async () => Promise.all(cluster.nodes.map(({ operator }) => operator.cluster('SLOTS')));
    const all = async () =>
      (await slots()).every((rows) => announced.every((node) => JSON.stringify(rows).includes(node)));
    await until(all, 'all nodes announce names and ports of their fronts');
    await useRedis(`rediss://${NAMES[0]}:${fronts[0]?.port},`);
    expect(fronts.every(({ connections }) => connections > 0)).toBe(true);
  });
});
