/** The bundled programs, in a folder without packages. Every part that is loaded on demand is used once. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SIMULATOR_AK, SIMULATOR_PROJECT_ID, SIMULATOR_SK } from '../../src/simulator/world/identity.ts';
import { build } from '../support/build.ts';
import { Subscription } from '../support/graphql-client.ts';
import { TestIssuer } from '../support/issuer.ts';
import { environmentFor, startTestSimulator } from '../support/start-gateway.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/start-process.ts';
import { startRedis } from '../support/start-redis.ts';
import { startForwardProxy } from '../vpcep/forward-proxy.ts';

let folder: string;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  execFileSync(process.execPath, ['script/bundle.mjs', join(folder, 'dist')], { stdio: 'pipe' });
  await build();
  cpSync('package.json', join(folder, 'package.json'));
}, 300_000);
afterAll(async () => {
  for (const close of closers.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(env: Record<string, string>): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(env, [join(folder, 'dist/main.js')]);
  closers.push(gateway.stop);
  return gateway;
}

const idsOf = (gateway: GatewayProcess, headers: Record<string, string> = {}) =>
  ask(gateway, '{ vpcEndpoints { nodes { id } } }', headers);

async function ask(gateway: GatewayProcess, query: string, headers: Record<string, string>): Promise<unknown> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

it('run without the pages, and say how to build them', async () => {
  const gateway = await start({ PORT: '0', SIMULATOR_PORT: '0' });
  const page = await fetch(gateway.url);
  expect([page.status, await page.text()]).toEqual([503, expect.stringMatching(/not built\. Run: npm run build/)]);
  expect(await idsOf(gateway)).toEqual({ data: { vpcEndpoints: { nodes: [] } } });
});

it('run with the simulator, and serve pages, metrics and subscriptions', async () => {
  cpSync('dist/portal', join(folder, 'dist/portal'), { recursive: true });
  const gateway = await start({ PORT: '0', SIMULATOR_PORT: '0' });
  expect(await idsOf(gateway)).toEqual({ data: { vpcEndpoints: { nodes: [] } } });
  for (const [path, text] of [
    ['/', /<html/],
    ['/graphiql', /<title>GraphiQL/],
    ['/portal.json', /"version":"\d/],
    ['/metrics', /process_resident_memory_bytes \d/],
  ] as const) {
    expect(await (await fetch(gateway.url + path)).text()).toMatch(text);
  }
  const missing = Subscription.endpoint(gateway.url, { id: '99999999-0000-4000-8000-000000000000' });
  await expect(missing.next()).rejects.toThrow(/NOT_FOUND/);
});

it('run with Redis, tokens of an issuer, a projects file, a forward proxy and as a subgraph', async () => {
  const simulator = await startTestSimulator();
  const [id] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
  const proxy = await startForwardProxy({ 'vpcep.test:80': Number(new URL(simulator.url).port) });
  const redis = await startRedis();
  const issuer = await TestIssuer.start();
  closers.push(simulator.close, proxy.close, redis.stop, () => issuer.close());
  const projects = join(folder, 'projects.yaml');
  writeFileSync(
    projects,
    `projects:\n  - { id: ${SIMULATOR_PROJECT_ID}, url: 'http://vpcep.test', credentials: { environment: { ak: KEY_AK, sk: KEY_SK } } }\n`,
  );
  const gateway = await start({
    ...issuer.env,
    PORT: '0',
    AUDIT_LOG: 'off',
    REDIS_URL: redis.url,
    PROJECTS_FILE: projects,
    KEY_AK: SIMULATOR_AK,
    KEY_SK: SIMULATOR_SK,
    HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
    FEDERATION: 'true',
  });
  expect(await idsOf(gateway)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  const authorization = `Bearer ${await issuer.token({ projects: [SIMULATOR_PROJECT_ID] })}`;
  expect(await idsOf(gateway, { authorization })).toEqual({ data: { vpcEndpoints: { nodes: [{ id }] } } });
  expect(proxy.targets).toEqual(['vpcep.test:80']);
  const sdl = expect.stringContaining('type VpcEndpoint @key(fields: "projectId id") {');
  expect(await ask(gateway, '{ _service { sdl } }', { authorization })).toEqual({ data: { _service: { sdl } } });
});

it('run with tokens of IAM', async () => {
  const simulator = await startTestSimulator();
  closers.push(simulator.close);
  const gateway = await start(environmentFor(simulator, { AUTH_MODE: 'iam-token', IAM_URL: simulator.url }));
  const wrong = { 'x-auth-token': 'not-a-token' };
  expect(await idsOf(gateway, wrong)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

/** Names with versions: a package can be bundled in two. */
function licensed(file: string): string[] {
  const parts = readFileSync(file, 'utf8').split(`\n${'-'.repeat(80)}\n`);
  const packages = parts.map((part) => /^(\S+ \S+) \(/.exec(part.trim())?.[1] ?? part);
  expect(new Set(packages).size).toBe(packages.length);
  return packages.map((name) => name.replace(/ \S+$/, ''));
}

it('come with the licence of every bundled package, each once', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const names = licensed(join(folder, 'dist/third-party-licenses.txt'));
  expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  // monaco-graphql is in a worker, monaco-editor in a worker and in the page.
  const inPages = ['preact', 'react', 'react-dom', 'graphiql', 'monaco-editor', 'monaco-graphql', 'graphql-ws'];
  expect(licensed('dist/portal/third-party-licenses.txt')).toEqual(expect.arrayContaining(inPages));
});
