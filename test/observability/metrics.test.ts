import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createUpstream } from '../../src/app/upstream.ts';
import { CreateVpcEndpointDocument, DeleteVpcEndpointDocument } from '../../src/client/generated/documents.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import { UnreachableHosts } from '../../src/observability/unreachable-hosts.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { startFakeGateway, stopFakeGateways } from '../support/fake-gateway.ts';
import { ask, Subscription } from '../support/graphql-client.ts';
import { startOtlpReceiver } from '../support/otlp-receiver.ts';
import { SocketClient } from '../support/socket-client.ts';
import { startTestGateway } from '../support/start-gateway.ts';
import { startRedis } from '../support/start-redis.ts';
import { useGateway } from '../support/use-gateway.ts';

const INPUT = {
  endpointServiceId: SERVICE_IDS.plainInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};
const OPEN = 'application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5';

async function scrape(url: string, accept = 'text/plain'): Promise<{ type: string | null; text: string }> {
  const response = await fetch(`${url}/metrics`, { headers: { accept } });
  return { type: response.headers.get('content-type'), text: await response.text() };
}

/** The value of one series; NaN when it is not there. */
async function valueIn(url: string, series: string): Promise<number> {
  const { text } = await scrape(url);
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? Number.NaN);
}

describe('the formats', () => {
  const used = useGateway(beforeAll);

  it('are that of Prometheus, and OpenMetrics where it is accepted', async () => {
    const { url } = used.gateway;
    // So that the counter has a series.
    await scrape(url);
    const old = await scrape(url);
    expect(old.type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(old.text).toMatch(/^# TYPE vpcep_gateway_http_requests_total counter\nvpcep_gateway_http_requests_total\{/m);
    expect(old.text).not.toContain('# EOF');
    const open = await scrape(url, OPEN);
    expect(open.type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(open.text).toMatch(/^# TYPE vpcep_gateway_http_requests counter\nvpcep_gateway_http_requests_total\{/m);
    expect(open.text).toMatch(/# EOF\n$/);
    expect(await scrape(url, 'application/openmetrics-text;q=0, */*')).toMatchObject({ type: old.type });
  });

  it('name the trace of a request as an exemplar, in OpenMetrics only', async () => {
    const receiver = await startOtlpReceiver();
    const gateway = await startTestGateway(used.simulator, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await fetch(`${gateway.url}/graphql?query={viewer{subject}}`, {
      headers: { traceparent, 'apollo-require-preflight': '1' },
    });
    const exemplar = / # \{trace_id="0af7651916cd43dd8448eb211c80319c"\} /;
    const { text } = await scrape(gateway.url, OPEN);
    expect(
      text
        .split('\n')
        .filter((line) => exemplar.test(line))
        .map((line) => line.split('_bucket')[0]),
    ).toEqual(['vpcep_gateway_http_request_duration_seconds', 'vpcep_gateway_graphql_operation_duration_seconds']);
    expect((await scrape(gateway.url)).text).not.toContain('trace_id');
    await gateway.close();
    await receiver.close();
  });

  it('all stand in the document, with every label', async () => {
    const document = readFileSync(new URL('../../docs/reference/metrics.md', import.meta.url), 'utf8');
    const names = [...(await createMetrics().text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !document.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('a real gateway', () => {
  const used = useGateway(beforeAll);

  it('measures the feed from VPCEP to its subscribers', async () => {
    const { url } = used.gateway;
    const { createVpcEndpoint } = await ask(url, CreateVpcEndpointDocument, { input: INPUT });
    const { id } = createVpcEndpoint.endpoint;
    await Subscription.endpoint(url, { id, until: 'SETTLED' }).rest();
    const deleted = Subscription.endpoint(url, { id });
    await deleted.next();
    await ask(url, DeleteVpcEndpointDocument, { input: { id } });
    await deleted.rest();
    const ended = 'vpcep_gateway_subscriptions_ended_total';
    await expect.poll(() => valueIn(url, `${ended}{reason="deleted"}`)).toBe(1);
    expect(await valueIn(url, `${ended}{reason="settled"}`)).toBe(1);
    expect(await valueIn(url, 'vpcep_gateway_subscription_events_count')).toBe(2);
    expect(await valueIn(url, 'vpcep_gateway_delivery_lag_seconds_count{from="observed_at"}')).toBeGreaterThan(2);
    // Events of a deletion carry the last known `updatedAt`.
    expect(await valueIn(url, 'vpcep_gateway_delivery_lag_seconds_count{from="updated_at"}')).toBe(1);
    expect(await valueIn(url, 'vpcep_gateway_poll_duration_seconds_count{kind="endpoints"}')).toBeGreaterThan(2);
    expect(await valueIn(url, 'vpcep_gateway_poll_lag_seconds_count{kind="endpoints"}')).toBeGreaterThan(2);
  });

  it('says which projects it watches and polls, and what is left of their budget', async () => {
    const { url } = used.gateway;
    const feed = Subscription.project(url, {});
    const next = feed.next().catch(() => null);
    await expect.poll(() => valueIn(url, 'vpcep_gateway_projects_led')).toBe(1);
    expect(await valueIn(url, 'vpcep_gateway_projects_watched')).toBe(1);
    const project = '51a051a051a051a051a051a051a051a0';
    const left = await valueIn(url, `vpcep_gateway_upstream_budget_left_ratio{project="${project}",class="read"}`);
    expect(left).toBeGreaterThan(0.5);
    expect(left).toBeLessThanOrEqual(1);
    await feed.close();
    await next;
  });

  it('times the commands to Redis, and counts reconnects and what subscribers miss by a loss', async () => {
    const redis = await startRedis();
    const gateway = await startTestGateway(used.simulator, { env: { REDIS_URL: redis.url } });
    const { url } = gateway;
    const { createVpcEndpoint } = await ask(url, CreateVpcEndpointDocument, { input: INPUT });
    const feed = Subscription.endpoint(url, { id: createVpcEndpoint.endpoint.id });
    await feed.next();
    const commands = 'vpcep_gateway_redis_command_duration_seconds_count{command="evalsha"}';
    expect(await valueIn(url, commands)).toBeGreaterThan(0);
    await redis.restartEmpty();
    await feed.until(({ kind }) => kind === 'RESYNC');
    expect(await valueIn(url, 'vpcep_gateway_resyncs_total')).toBeGreaterThan(0);
    for (const connection of ['commands', 'subscriber']) {
      const reconnects = `vpcep_gateway_redis_reconnects_total{connection="${connection}"}`;
      expect(await valueIn(url, reconnects)).toBeGreaterThan(0);
    }
    await feed.close();
    await gateway.close();
    await redis.stop();
  });

  it('says what runs, and what is in flight', async () => {
    const { text } = await scrape(used.gateway.url);
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(text).toContain(`vpcep_gateway_build_info{version="${version}",node="${process.versions.node}"} 1`);
    // This scrape itself.
    expect(text).toContain('vpcep_gateway_http_requests_in_flight 1\n');
    expect(text).toContain('vpcep_gateway_stopping 0\n');
  });

  it('counts repeated attempts', async () => {
    const { gateway, simulator } = used;
    simulator.faults.add({ kind: 'status', operation: 'ListQuotaDetails', status: 503, times: 1 });
    await fetch(`${gateway.url}/graphql?query={quotas{limit}}`, { headers: { 'apollo-require-preflight': '1' } });
    expect(await valueIn(gateway.url, 'vpcep_gateway_upstream_retries_total{operation="ListQuotaDetails"}')).toBe(1);
  });

  it('counts trusted documents by name, and no others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'metrics-'));
    const file = join(folder, 'documents.json');
    writeFileSync(file, JSON.stringify({ known: 'query Known { viewer { subject } }' }));
    const env = { TRUSTED_DOCUMENTS_FILE: file, TRUSTED_DOCUMENTS_MODE: 'log' };
    const gateway = await startTestGateway(used.simulator, { env });
    for (const query of ['query Known { viewer { subject } }', 'query Stranger { viewer { subject } }']) {
      await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { 'apollo-require-preflight': '1' },
      });
    }
    const { text } = await scrape(gateway.url);
    expect(text).toContain('vpcep_gateway_graphql_named_operations_total{name="Known",outcome="ok"} 1');
    expect(text).not.toContain('Stranger');
    await gateway.close();
    rmSync(folder, { recursive: true });
  });
});

it('gives the names of at most 200 operations a series of their own', () => {
  const { nameOf } = createMetrics();
  const names = Array.from({ length: 201 }, (_, n) => `Name${n}`);
  expect(names.map(nameOf)).toEqual([...names.slice(0, 200), 'other']);
  expect(nameOf('Name7')).toBe('Name7');
});

it('gives at most 200 projects that are not configured series of their own, and every one that is', async () => {
  const metrics = createMetrics();
  const logger = pino({ level: 'silent' });
  const here = { url: 'http://127.0.0.1:1', iamUrl: 'http://127.0.0.1:1', region: 'r' };
  const { labelOf, close } = await createUpstream({
    upstream: {
      ...{ kind: 'remote', defaultProject: null, others: here, iamUrl: here.iamUrl },
      projects: [{ ...here, id: 'listed', name: 'n', credentials: null }],
    },
    ...{ logger, metrics, tracing: null, proxy: null, ownTokens: true, limiterStore: null },
    budget: { readsPerSecond: 1, writesPerSecond: 1, pollsPerSecond: 1, replicas: 1 },
    hosts: new UnreachableHosts({ logger, metrics, elapsed: () => 0 }),
  });
  const ids = Array.from({ length: 201 }, (_, n) => `project-${n}`);
  expect([...ids, 'listed'].map(labelOf)).toEqual([...ids.slice(0, 200), 'other', 'listed']);
  await close();
});

describe('a subscription', () => {
  afterEach(stopFakeGateways);

  async function started() {
    const gateway = await startFakeGateway();
    const arrival = gateway.feed.arrival();
    const client = new SocketClient(gateway.url);
    await client.init();
    client.subscribe('1', 'subscription { endpointStatus(id: "ep-1") { status } }');
    const follower = await arrival;
    await expect.poll(() => gateway.metrics.text()).toContain('vpcep_gateway_subscriptions_active 1\n');
    return { ...gateway, client, follower };
  }

  type Started = Awaited<ReturnType<typeof started>>;
  const cases: readonly (readonly [reason: string, end: (running: Started) => void])[] = [
    ['client', ({ client }) => client.send({ id: '1', type: 'complete' })],
    ['client', ({ client }) => client.terminate()],
    ['error', ({ follower }) => follower.fail(new Error('the feed has failed'))],
    ['deploy', ({ http }) => void http.close()],
  ];

  it.each(cases)('ends for the reason %s', async (reason, end) => {
    const running = await started();
    end(running);
    const ended = async () => /_ended_total\{reason="(\w+)"\} 1/.exec(await running.metrics.text())?.[1];
    await expect.poll(ended).toBe(reason);
  });
});
