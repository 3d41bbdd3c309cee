/** The exports of the packed package, in a project that has only its dependencies. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { useGateway } from '../support/use-gateway.ts';

/** Not synchronous: the gateway runs in this process. */
const execute = promisify(execFile);
const ROOT = new URL('../../', import.meta.url).pathname;
const PROGRAM = `
import { connect, watch } from 'vpcep-gateway/client';
import { EndpointStatusDocument, type VpcEndpointQuery, VpcEndpointDocument } from 'vpcep-gateway/documents';
import { WebSocket } from 'ws';

const [url = '', id = ''] = process.argv.slice(2);
const body = JSON.stringify({ query: VpcEndpointDocument, variables: { id } });
const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
const { data } = (await response.json()) as { data: VpcEndpointQuery };
console.log(data.vpcEndpoint?.status);
const client = connect({ url, webSocketImpl: WebSocket });
// @ts-expect-error: the variables of the document have an id.
watch(client, { query: EndpointStatusDocument, variables: { name: id } });
for await (const event of watch(client, { query: EndpointStatusDocument, variables: { id, until: 'SETTLED' } })) {
  const kind: 'SNAPSHOT' | 'TRANSITION' | 'RESYNC' = event.kind;
  console.log(kind, event.endpoint?.id);
}
`;

const { gateway, simulator } = useGateway(beforeAll);
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'client-package-'));
  await execute('script/bootstrap', ['--build'], { cwd: ROOT });
  await execute('script/pack', [folder], { cwd: ROOT });
  const [archive = ''] = readdirSync(folder);
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'vpcep-gateway'), { recursive: true });
  await execute('tar', ['-xzf', archive, '-C', join(modules, 'vpcep-gateway'), '--strip-components=1'], {
    cwd: folder,
  });
  for (const name of ['graphql-ws', 'ws', '@types']) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'program.ts'), PROGRAM);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

it('are typed, and run an operation and a feed against a gateway', async () => {
  const [id = ''] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
  await execute(join(ROOT, 'node_modules/.bin/tsc'), [...options, 'program.ts'], { cwd: folder });
  const { stdout } = await execute(process.execPath, ['program.js', `${gateway.url}/graphql`, id], { cwd: folder });
  expect(stdout).toBe(`ACCEPTED\nSNAPSHOT ${id}\n`);
});

it('a bundle for browsers has the documents that it imports, and nothing else', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: "import { ViewerDocument } from 'vpcep-gateway/documents'; console.log(ViewerDocument);",
      resolveDir: folder,
    },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  expect(outputFiles[0]?.text).toMatch(/^var \w+="query Viewer[^"]+";console\.log\(\w+\);\s*$/);
});
