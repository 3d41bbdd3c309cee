import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/shared/secret.ts';
import { post, startFakeGateway, stopFakeGateways } from '../support/fake-gateway.ts';

afterEach(stopFakeGateways);

describe('probes', () => {
  it('is alive independent of its dependencies', async () => {
    const { url } = await startFakeGateway({ readiness: [{ name: 'redis', check: () => 'no connection' }] });
    expect(await (await fetch(`${url}/livez`)).json()).toEqual({ status: 'ok' });
  });

  it('names the reasons when it is not ready', async () => {
    const { url } = await startFakeGateway({
      readiness: [
        { name: 'redis', check: () => 'no connection' },
        { name: 'credentials', check: async () => null },
        {
          name: 'iam',
          check: () => {
            throw new Error('https://secret.example');
          },
        },
      ],
    });
    const response = await fetch(`${url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: 'unavailable',
      reasons: { redis: 'no connection', iam: 'the check itself failed; see the log' },
    });
  });

  it('answers 200 with `degraded` and the reasons while it is usable', async () => {
    const events = { name: 'events', degrades: true, check: () => 'Redis cannot be used' };
    const { url } = await startFakeGateway({ readiness: [events, { name: 'upstream', check: () => null }] });
    const response = await fetch(`${url}/readyz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'degraded', reasons: { events: 'Redis cannot be used' } });
    const both = await startFakeGateway({ readiness: [events, { name: 'upstream', check: () => 'key refused' }] });
    const unavailable = await fetch(`${both.url}/readyz`);
    expect(unavailable.status).toBe(503);
    expect(await unavailable.json()).toEqual({
      status: 'unavailable',
      reasons: { events: 'Redis cannot be used', upstream: 'key refused' },
    });
  });

  it('is ready when all checks pass', async () => {
    const { url } = await startFakeGateway({ readiness: [{ name: 'redis', check: () => null }] });
    const response = await fetch(`${url}/readyz`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });
});

describe('metrics', () => {
  it('counts requests and operations', async () => {
    const { url } = await startFakeGateway();
    await post(url, '{ __typename }');
    await fetch(`${url}/not-a-route`);
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain('vpcep_gateway_http_requests_total{route="/graphql",status="200"} 1');
    expect(text).toContain('vpcep_gateway_http_requests_total{route="other",status="404"} 1');
    expect(text).toContain('vpcep_gateway_graphql_operations_total{type="query",outcome="ok"} 1');
  });

  it('needs the token when one is set', async () => {
    const { url } = await startFakeGateway({ options: { metricsToken: () => new Secret('m-secret') } });
    const status = async (authorization?: string) =>
      (await fetch(`${url}/metrics`, authorization === undefined ? {} : { headers: { authorization } })).status;
    expect(await status()).toBe(401);
    expect(await status('Bearer m-secre')).toBe(401);
    expect(await status('Bearer m-secret')).toBe(200);
  });

  it('is closed without a metrics token where callers are authenticated', async () => {
    const { url } = await startFakeGateway({ options: { checkHost: false } });
    const answer = await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer of-a-caller' } });
    expect(answer.status).toBe(401);
    expect(await answer.text()).toMatch(/Set METRICS_TOKEN at the gateway/);
  });
});
