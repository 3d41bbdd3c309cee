import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { connectRedis } from '../../src/redis.ts';
import { makeCertificate, tlsArgs } from '../support/certificate.ts';
import { redisTarget } from '../support/redis-target.ts';
import { environmentFor, startTestSimulator } from '../support/start-gateway.ts';
import { startGatewayProcess } from '../support/start-process.ts';
import { freePort, startRedis } from '../support/start-redis.ts';

it('reaches Redis over TLS with a certificate of a private CA, and not without that CA', async () => {
  const certificate = makeCertificate();
  const tlsPort = await freePort();
  const redis = await startRedis(tlsArgs(tlsPort, certificate));
  onTestFinished(() => redis.stop());
  const url = `rediss://localhost:${tlsPort}`;

  const options = { target: redisTarget(url), logger: pino({ level: 'silent' }), connectTimeoutMs: 500 };
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
