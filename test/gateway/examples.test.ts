/** The examples of docs/, run as they stand; only the package's own name leads to the sources. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { CreateVpcEndpointDocument } from '../support/generated/graphql.ts';
import { ask } from '../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../support/start-gateway.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

let dir: string;
let simulator: Simulator | undefined;
let gateway: Gateway | undefined;

beforeAll(() => {
  // Inside the project, so that its packages are found.
  mkdirSync(join(ROOT, '.tmp'), { recursive: true });
  dir = mkdtempSync(join(ROOT, '.tmp/examples-'));
});
afterAll(() => rmSync(dir, { recursive: true }));
afterEach(async () => {
  await gateway?.close();
  await simulator?.close();
});

async function run(args: readonly string[], env: Record<string, string>) {
  const outfile = join(dir, 'watch.mjs');
  await build({
    entryPoints: [join(ROOT, 'docs/examples/watch.mjs')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['graphql-ws', 'ws'],
    alias: { 'vpcep-gateway/client': join(ROOT, 'src/client/client.ts') },
  });
  return await new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [outfile, ...args], { env: { PATH: process.env.PATH, ...env } }, (error, out, err) =>
      resolve({ code: error === null ? 0 : error.code, out, err }),
    );
  });
}

it('watch.mjs prints the life of an endpoint, and ends', async () => {
  simulator = await startTestSimulator();
  gateway = await startTestGateway(simulator);
  const { createVpcEndpoint } = await ask(gateway.url, CreateVpcEndpointDocument, {
    input: {
      endpointServiceId: '51a00000-0000-4000-8000-000000000003',
      vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
      subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
    },
  });
  const env = { GATEWAY_URL: `${gateway.url.replace('http', 'ws')}/graphql` };
  const { code, out, err } = await run([createVpcEndpoint.endpoint.id, createVpcEndpoint.statusCursor], env);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const lines: { kind: string; status: string }[] = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ kind, status }) => `${kind} ${status}`)).toEqual(['TRANSITION CREATING', 'TRANSITION ACCEPTED']);
});

it.each([
  ['nobody listens', 'ws://127.0.0.1:1/graphql', /^The gateway cannot be reached: connect ECONNREFUSED 127.0.0.1:1\n$/],
  ['is no address', '127.0.0.1:4000', /^url must be like ws:\/\/host:port\/graphql; it is 127.0.0.1:4000\n$/],
])('watch.mjs says in a sentence that %s', async (_what, url, message) => {
  const { code, out, err } = await run(['id'], { GATEWAY_URL: url });
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(message);
});

it('the documents show the examples as they are; the compiler checks those in TypeScript', () => {
  const blocks = ['README.md', 'docs/SUBSCRIPTIONS.md'].flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/```(?:js|ts)\n([\s\S]*?)```/g)].map(([, code]) => code),
  );
  const examples = join(ROOT, 'docs/examples');
  const files = readdirSync(examples).map((name) => readFileSync(join(examples, name), 'utf8'));
  expect(blocks.sort()).toEqual(files.sort());
});
