/** Runs the programs of examples/ unchanged, in processes of their own. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleExample, exampleCode } from '../documents/document-examples.ts';
import { DocumentShell } from '../documents/document-shell.ts';
import { useGateway } from '../support/use-gateway.ts';

const { gateway } = useGateway(beforeAll);
let shell: DocumentShell;

beforeAll(() => {
  shell = new DocumentShell(gateway.url);
});
afterAll(() => shell.close());

it('create-and-watch.mjs creates an endpoint and prints its statuses', async () => {
  const outfile = join(shell.dir, 'create-and-watch.mjs');
  await bundleExample({ code: shell.here(exampleCode('create-and-watch.mjs')), outfile });
  const { code, out, err } = await shell.run('node create-and-watch.mjs');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.trim().split('\n')).toEqual([
    expect.stringMatching(/^[0-9a-f-]{36} CREATING$/),
    expect.stringMatching(/^[0-9a-f-]{36} ACCEPTED$/),
  ]);
});

it('create-and-watch.mjs prints the errors of a refused creation', async () => {
  const outfile = join(shell.dir, 'refused.mjs');
  const refused = exampleCode('create-and-watch.mjs').replace(/vpcId: '[^']*'/, "vpcId: 'x'");
  await bundleExample({ code: shell.here(refused), outfile });
  const { code, out, err } = await shell.run('node refused.mjs');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(JSON.parse(err)).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'input.vpcId' }] } },
  ]);
});

it('curl.sh creates once for one key, and prints every status', async () => {
  shell.write('curl.sh', shell.here(exampleCode('curl.sh')), 0o700);
  const runs = await Promise.all([shell.run('./curl.sh one-key'), shell.run('./curl.sh one-key')]);
  const ids = runs.map(({ code, out, err }) => {
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [created = '', ...events] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).data);
    expect(events.map(({ endpointStatus }) => endpointStatus.status)).toEqual(['CREATING', 'ACCEPTED']);
    return created.createVpcEndpoint.endpoint.id;
  });
  expect(new Set(ids).size).toBe(1);
});

it.each([
  [
    'refuses connections',
    'ws://127.0.0.1:1/graphql',
    /^The gateway cannot be reached: connect ECONNREFUSED 127.0.0.1:1\n$/,
  ],
  ['is not a URL', '127.0.0.1:4000', /^url must be like ws:\/\/host:port\/graphql; it is 127.0.0.1:4000\n$/],
])('watch.mjs reports in one sentence: the address %s', async (_what, url, message) => {
  const outfile = join(shell.dir, 'watch.mjs');
  await bundleExample({ code: exampleCode('watch.mjs'), outfile });
  const { code, out, err } = await shell.run('node watch.mjs id', { GATEWAY_URL: url });
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(message);
});
