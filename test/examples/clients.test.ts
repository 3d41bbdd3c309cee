/** Runs examples/clients unchanged: in Node.js, and as a bundle for browsers. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeleteVpcEndpointDocument } from '../../src/client/generated/documents.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { bundleExample, EXAMPLES, exampleCode } from '../documents/document-examples.ts';
import { DocumentShell } from '../documents/document-shell.ts';
import { ask } from '../support/graphql-client.ts';
import { useGateway } from '../support/use-gateway.ts';

const DOCUMENTED_ID = 'db18af8e-6a18-44e5-9c02-838174a4d93f';
const VARIABLES = `{ id: '${DOCUMENTED_ID}' }`;
/** Uses the exports of an example. Examples without an entry run by themselves. */
const USES: Readonly<Record<string, string>> = {
  'apollo.ts': `import { EndpointStatusDocument } from 'vpcep-gateway/documents';
    example.client.subscribe({ query: example.parsed(EndpointStatusDocument), variables: ${VARIABLES} })
      .subscribe({ next: ({ data, error }) => console.log(error ?? (data.endpointStatus.cursor && data.endpointStatus.status)) });`,
  'apollo-multipart.ts': `example.watch('${DOCUMENTED_ID}');`,
  'urql.ts': `import { EndpointStatusDocument } from 'vpcep-gateway/documents';
    example.client.subscription(EndpointStatusDocument, ${VARIABLES})
    .subscribe(({ data, error }) => console.log(error ?? data.endpointStatus.status));`,
};

const CLIENTS = EXAMPLES.flatMap((name) => /^clients\/(.*)$/.exec(name)?.[1] ?? []);

const { gateway, simulator } = useGateway(beforeAll);
let shell: DocumentShell;

beforeAll(() => {
  shell = new DocumentShell(gateway.url);
});
afterAll(() => shell.close());

it.each([
  ['in Node.js', 'node', CLIENTS.filter((name) => !['caches.ts', 'connections.ts'].includes(name))],
  ['in a bundle for browsers', 'browser', ['apollo.ts', 'documents.ts', 'graphql-ws.ts', 'helper.ts', 'urql.ts']],
] as const)('all follow an endpoint to its end %s', async (_where, platform, names) => {
  const [id = ''] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
  const here = (code: string): string => shell.here(code).replaceAll(DOCUMENTED_ID, id);
  // Node.js 20 has the WebSocket of browsers behind a flag.
  const flag = platform === 'node' || 'WebSocket' in globalThis ? '' : '--experimental-websocket';
  const runs = names.map(async (name) => {
    const source = shell.write(`${platform}/${name}`, here(exampleCode(`clients/${name}`)));
    const outfile = join(shell.dir, platform, `${name}.mjs`);
    const code = `import * as example from '${source}'; ${here(USES[name] ?? 'void example;')}`;
    await bundleExample({ code, outfile, platform });
    return shell.start(`node ${flag} ${outfile}`);
  });
  const running = await Promise.all(runs);
  const waiting = () => names.filter((_name, i) => !running[i]?.out().includes('ACCEPTED'));
  await expect.poll(waiting, { timeout: 20_000 }).toEqual([]);
  await ask(gateway.url, DeleteVpcEndpointDocument, { input: { id } });
  for (const [i, { ended }] of running.entries()) expect(await ended, names[i]).toMatchObject({ code: 0, err: '' });
});

it('connections.ts accepts an endpoint that waits for the owner of its service', async () => {
  const request = { projectId: SIMULATOR_PROJECT_ID, serviceId: SERVICE_IDS.privateApproval };
  const [id = ''] = simulator.world.seed(1, { ...request, status: 'pendingAcceptance' });
  const outfile = join(shell.dir, 'connections.mjs');
  await bundleExample({ code: shell.here(exampleCode('clients/connections.ts')), outfile });
  const { code, out, err } = await shell.run('node connections.mjs');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.split('\n').map((line) => line.split(' ').slice(0, 2))).toEqual([
    ['PENDING_ACCEPTANCE', id],
    ['ACCEPTED', id],
    [''],
  ]);
});
