/** Keys that are replaced while the gateway runs. A process of its own, with files as a container platform gives them. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { VpcEndpointsDocument } from '../../src/client/generated/documents.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SIMULATOR_AK, SIMULATOR_PROJECT_ID, SIMULATOR_SK } from '../../src/simulator/world/identity.ts';
import { send } from '../support/graphql-client.ts';
import { startTestSimulator } from '../support/start-gateway.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/start-process.ts';

const WRONG_SK = 'the-secret-of-yesterday-51a0';
const METRICS = { old: 'metrics-token-of-yesterday', fresh: 'metrics-token-of-today' };

let simulator: Simulator;
let dir: string;
let gateway: GatewayProcess;
let version: number;

beforeEach(async () => {
  version = 0;
  dir = mkdtempSync(join(tmpdir(), 'vpcep-secrets-'));
  simulator = await startTestSimulator();
  mount({ ak: SIMULATOR_AK, sk: `${WRONG_SK}\n`, metrics: METRICS.old });
  for (const name of ['ak', 'sk', 'metrics']) symlinkSync(`..data/${name}`, join(dir, name));
  gateway = await startGatewayProcess({
    PORT: '0',
    VPCEP_URL: simulator.url,
    HUAWEICLOUD_SDK_AK_FILE: join(dir, 'ak'),
    HUAWEICLOUD_SDK_SK_FILE: join(dir, 'sk'),
    HUAWEICLOUD_SDK_PROJECT_ID: SIMULATOR_PROJECT_ID,
    METRICS_TOKEN_FILE: join(dir, 'metrics'),
  });
});
afterEach(async () => {
  await gateway.stop();
  await simulator.close();
  rmSync(dir, { recursive: true });
});

/** As Kubernetes does it: a new folder, and then one link that points to it. */
function mount(secrets: Readonly<Record<string, string>>): void {
  version += 1;
  const folder = `..${version}`;
  mkdirSync(join(dir, folder));
  for (const [name, text] of Object.entries(secrets)) writeFileSync(join(dir, folder, name), text);
  symlinkSync(folder, join(dir, '..data_tmp'));
  renameSync(join(dir, '..data_tmp'), join(dir, '..data'));
}

const logged = (text: string | RegExp) => expect.poll(() => gateway.output()).toMatch(text);
/** Pages of another size are not the same read, which would be shared. */
const listed = async (first = 10) => (await send(gateway.url, VpcEndpointsDocument, { first })).errors?.[0]?.extensions;
const metrics = async (token: string) =>
  (await fetch(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).status;
const ready = async () => (await fetch(`${gateway.url}/readyz`)).status;

it('takes new keys when their file changes, and the lock of the old key does not hold for the new one', async () => {
  expect(await listed()).toMatchObject({ upstream: { code: 'APIGW.0301' } });
  expect(await listed()).toMatchObject({ retryAfterSeconds: expect.any(Number) });
  expect(await ready()).toBe(503);

  mount({ ak: SIMULATOR_AK, sk: 'two lines\nof a file', metrics: METRICS.fresh });
  await logged('reload refused');
  expect(gateway.output()).toContain(`HUAWEICLOUD_SDK_SK_FILE: names ${join(dir, 'sk')}, which has more than one line`);
  expect(await metrics(METRICS.old)).toBe(200);

  mount({ ak: SIMULATOR_AK, sk: `${SIMULATOR_SK}\n`, metrics: METRICS.fresh });
  await logged('projects and secrets read again');
  expect(await listed()).toBeUndefined();
  expect(await ready()).toBe(200);
  expect([await metrics(METRICS.old), await metrics(METRICS.fresh)]).toEqual([401, 200]);
  for (const secret of [WRONG_SK, SIMULATOR_SK, SIMULATOR_AK, METRICS.old, METRICS.fresh, 'two lines'])
    expect(gateway.output()).not.toContain(secret);
});

it('takes them at once on SIGHUP, and a running call ends with its first key', async () => {
  mount({ ak: SIMULATOR_AK, sk: SIMULATOR_SK, metrics: METRICS.old });
  gateway.signal('SIGHUP');
  await logged(/"cause":"SIGHUP","msg":"projects and secrets read again"/);
  simulator.faults.add({ kind: 'slow', delayMs: 1_500, stage: 'after', times: 1 });
  const running = listed();
  await expect.poll(() => simulator.requests.length).toBeGreaterThan(0);
  mount({ ak: SIMULATOR_AK, sk: WRONG_SK, metrics: METRICS.old });
  gateway.signal('SIGHUP');
  await expect
    .poll(() => gateway.output().match(/"cause":"SIGHUP","msg":"projects and secrets read again"/g)?.length, {
      timeout: 5_000,
      interval: 20,
    })
    .toBe(2);
  expect(await listed(20)).toMatchObject({ upstream: { code: 'APIGW.0301' } });
  expect(await running).toBeUndefined();
});
