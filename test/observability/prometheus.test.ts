/** A real Prometheus with the rules and the dashboard: script/test-observability, because it needs Debian's `prometheus`. */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import type { Gateway } from '../../src/app/gateway.ts';
import { CreateVpcEndpointDocument, DeleteVpcEndpointDocument } from '../../src/client/generated/documents.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { endWithUs } from '../support/end-with-us.ts';
import { ask, Subscription } from '../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { freePort, type RedisServer, startRedis } from '../support/start-redis.ts';
import { until } from '../support/until.ts';

const FOLDER = new URL('../../docker/observability/', import.meta.url).pathname;
const run = promisify(execFile);
const KNOWN = 'query Known { viewer { subject } }';
const INPUT = {
  endpointServiceId: SERVICE_IDS.plainInterface,
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};
/** Nothing was refused and nothing broke in this test. */
const QUIET = ['Refused by limits', 'Refused connections', 'Budget short', 'Unreachable', 'Reconnects to Redis'];

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

let folder: string;
let simulator: Simulator;
let redis: RedisServer;
let gateway: Gateway;
let stop: () => Promise<void>;
let url: string;

async function startPrometheus(): Promise<void> {
  const port = await freePort();
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [join(FOLDER, 'alerts.yaml')],
    scrape_configs: [{ job_name: 'vpcep-gateway', static_configs: [{ targets: [new URL(gateway.url).host] }] }],
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const files = [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`];
  const options = [`--web.listen-address=127.0.0.1:${port}`, '--enable-feature=exemplar-storage'];
  const child = endWithUs(spawn('prometheus', [...files, ...options], { stdio: 'ignore' }));
  url = `http://127.0.0.1:${port}`;
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  await until(() => fetch(`${url}/-/ready`).then(({ ok }) => ok), 'Prometheus is ready');
}

async function query(
  expr: string,
): Promise<{ readonly status: string; readonly error?: string; readonly size: number }> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`);
  const { status, error, data } = (await response.json()) as {
    readonly status: string;
    readonly error?: string;
    readonly data?: { readonly result: readonly unknown[] };
  };
  return { status, ...(error !== undefined && { error }), size: data?.result.length ?? 0 };
}

function get(text: string): Promise<Response> {
  return fetch(`${gateway.url}/graphql?query=${encodeURIComponent(text)}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
}

/** Some of everything that the dashboard shows. */
async function causeTraffic(): Promise<void> {
  await get(KNOWN);
  await get('{ nothing }');
  simulator.faults.add({ kind: 'status', operation: 'ListQuotaDetails', status: 503, times: 1 });
  await get('{ quotas { limit } }');
  const { createVpcEndpoint } = await ask(gateway.url, CreateVpcEndpointDocument, { input: INPUT });
  const { id } = createVpcEndpoint.endpoint;
  const feed = Subscription.endpoint(gateway.url, { id });
  await feed.until(({ status }) => status === 'ACCEPTED');
  await ask(gateway.url, DeleteVpcEndpointDocument, { input: { id } });
  await feed.rest();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  writeFileSync(join(folder, 'documents.json'), JSON.stringify({ known: KNOWN }));
  [simulator, redis] = await Promise.all([startTestSimulator(), startRedis()]);
  const env = {
    REDIS_URL: redis.url,
    TRUSTED_DOCUMENTS_FILE: join(folder, 'documents.json'),
    TRUSTED_DOCUMENTS_MODE: 'log',
  };
  gateway = await startTestGateway(simulator, { env, processMetrics: true });
  await startPrometheus();
  return async () => {
    await stop();
    await gateway.close();
    await redis.stop();
    await simulator.close();
    rmSync(folder, { recursive: true });
  };
}, 60_000);

it('promtool accepts the rules, and each fires when it should and not otherwise', async () => {
  const check = await run('promtool', ['check', 'rules', join(FOLDER, 'alerts.yaml')]);
  expect(check.stdout).toMatch(/SUCCESS: \d+ rules found/);
  const test = await run('promtool', ['test', 'rules', join(FOLDER, 'alerts.test.yaml')]);
  expect(test.stdout).toContain('SUCCESS');
  await run('promtool', ['check', 'config', '--syntax-only', join(FOLDER, 'prometheus.yml')]);
});

it('a running gateway answers every query of the dashboard', async () => {
  const { panels } = JSON.parse(readFileSync(join(FOLDER, 'dashboard.json'), 'utf8')) as { panels: readonly Panel[] };
  const shown = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
  expect(shown.length).toBeGreaterThan(40);
  await causeTraffic();
  const asked = async () => {
    const answers = await Promise.all(
      shown.map(async ({ title, expr }) => {
        const whole = expr.replaceAll('$__rate_interval', '30s').replaceAll('$instance', '.*');
        return { title, expr, ...(await query(whole)) };
      }),
    );
    return answers.filter(({ title, status, size }) => status !== 'success' || (size === 0 && !QUIET.includes(title)));
  };
  // A rate needs two scrapes after the traffic.
  await expect.poll(asked, { timeout: 20_000, interval: 500 }).toEqual([]);
}, 60_000);

it('no alert fires at a healthy gateway', async () => {
  const response = await fetch(`${url}/api/v1/alerts`);
  const { data } = (await response.json()) as { data: { alerts: readonly { labels: { alertname: string } }[] } };
  const found = data.alerts.map(({ labels }) => labels.alertname);
  expect(found).toEqual([]);
});
