/** Usage, tokens, and gateways that cannot be reached: exit codes, messages, and no token in any of them. */
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { deferred } from '../support/deferred.ts';
import { issue, startIamGateway } from '../support/iam-gateway.ts';
import { TestIssuer } from '../support/issuer.ts';
import { listenOnLoopback } from '../support/loopback-server.ts';
import { startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { runCommand, startCommand } from './start-command.ts';

const NOWHERE = 'http://127.0.0.1:9/graphql';
const ID = '99999999-0000-4000-8000-000000000000';

async function simulate() {
  const simulator = await startTestSimulator();
  onTestFinished(simulator.close);
  const [id = ''] = simulator.world.seed(1, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' });
  return { simulator, id };
}

it.each([
  [['nonsense'], 'There is no command nonsense'],
  [['serve', 'now'], 'Unknown argument: now'],
  [['list', '--nonsense'], "Unknown option '--nonsense'"],
  [['list', 'nonsense'], 'Unknown argument: nonsense'],
  [['list', '--status', 'GONE'], '--status must be one of ACCEPTED, '],
  [['watch'], 'Give the ids of endpoints, or --all'],
  [['watch', '--all', '--until', 'deleted'], '--until needs the ids'],
  [['watch', ID, '--timeout', '5'], '--timeout must be like 90s'],
  [['create'], '--service and --vpc are needed'],
  [['create', '--service', ID, '--vpc', ID, '--tag', 'x'], '--tag must be KEY=VALUE'],
  [['create', '-f', '/no/such/file'], '--file: /no/such/file cannot be read (ENOENT)'],
  [['delete'], 'Give the id of one endpoint'],
  [['accept', ID], '--service and the ids of endpoints are needed'],
  [['completion', 'fish'], 'Give a shell: bash or zsh'],
])('%j is wrong usage: 2', async (args, message) => {
  const { code, stdout, stderr } = await runCommand(NOWHERE, args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/See: vpcep-gateway .*--help\n$/);
});

/** A server that is no gateway. @returns its origin */
async function useStranger(answer: RequestListener): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer(answer).on('connection', (socket) => sockets.add(socket));
  const { port, close } = await listenOnLoopback(server, sockets);
  onTestFinished(close);
  return `http://127.0.0.1:${port}`;
}

it('names GATEWAY_URL when the gateway cannot be reached, or when something else answers: 1', async () => {
  for (const url of [NOWHERE, await useStranger((_, response) => response.end('<p>Welcome</p>'))]) {
    for (const args of [['list'], ['watch', ID], ['watch', '--all']]) {
      const { code, stdout, stderr } = await runCommand(url, args);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(`The gateway at ${new URL('/graphql', url)} `);
      expect(stderr).toMatch(/is GATEWAY_URL right\?\n$/);
    }
  }
});

it('says what is wrong with GATEWAY_URL', async () => {
  const elsewhere = await useStranger((_, response) => response.writeHead(404).end('{"errors":[{"message":"no"}]}'));
  const { code, stderr } = await runCommand(elsewhere, ['list']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('answered 404. Is it running') });
  for (const url of ['127.0.0.1:4000', 'localhost:4000']) {
    const { code, stderr } = await runCommand(url, ['list']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('begin with http:// or https://') });
  }
});

it('ends a watch at its timeout, and at the first signal, when a server takes the connection and is silent', async () => {
  const url = await useStranger(() => {});
  expect(await runCommand(url, ['watch', ID, '--timeout', '1s'])).toMatchObject({ code: 124, stdout: '' });
  const asked = deferred<void>();
  const watching = startCommand(await useStranger(() => asked.resolve()), ['watch', '--all']);
  await asked.promise;
  watching.signal('SIGINT');
  expect(await watching.ended).toMatchObject({ code: 130, stdout: '' });
});

it('ends a create at its timeout, and at the first signal, while it reads stdin', async () => {
  const create = ['create', '-f', '-'];
  const open = { openInput: true, input: '#\n'.repeat(500_000) };
  expect(await runCommand(NOWHERE, [...create, '--timeout', '1s'], open)).toMatchObject({ code: 124, stdout: '' });
  const reading = startCommand(NOWHERE, create, open);
  await reading.inputRead;
  reading.signal('SIGINT');
  expect(await reading.ended).toMatchObject({ code: 130, stdout: '', stderr: 'Interrupted.\n' });
});

it('says that a write may have been done when it was sent and no answer came', async () => {
  const silent = await useStranger(() => {});
  const broken = await useStranger((request) => request.socket.destroy());
  const proxy = await useStranger((_, response) => response.writeHead(504).end('<p>Gateway timeout</p>'));
  const create = ['create', '--service', ID, '--vpc', ID];
  const keyed = [...create, '--idempotency-key', 'my key'];
  const remove = ['delete', ID];
  const limit = ['--timeout', '2s'];
  const created = /\nThe endpoint may have been created: look with `vpcep-gateway list`/;
  const again = /\nThe endpoint may have been created: repeat the command with --idempotency-key 'my key'\n$/;
  const deleted = /\nThe endpoint may have been deleted: look with `vpcep-gateway list`, or repeat/;
  const cases = [
    [silent, [...create, ...limit], 124, created],
    [silent, [...remove, ...limit], 124, deleted],
    [broken, create, 1, created],
    [broken, keyed, 1, again],
    [proxy, remove, 1, deleted],
  ] as const;
  for (const [url, args, code, hint] of cases) {
    expect(await runCommand(url, args)).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(hint) });
  }
  expect((await runCommand(NOWHERE, create)).stderr).not.toContain('may have been');
});

it('sends tokens of IAM as X-Auth-Token, and of a file; a wrong one, or one without the right, is 4', async () => {
  const { simulator, id } = await simulate();
  const gateway = await startIamGateway(simulator);
  onTestFinished(gateway.close);
  const header = { GATEWAY_TOKEN_HEADER: 'X-Auth-Token' };
  const reader = issue(simulator, { roles: ['readonly'] });
  const file = join(tmpdir(), `token-${process.pid}`);
  writeFileSync(file, `${reader}\n`);
  const right = { ...header, GATEWAY_TOKEN_FILE: file };
  const wrong = { ...header, GATEWAY_TOKEN: 'wrong-token-not-to-be-seen' };
  const run = (args: readonly string[], env: Record<string, string>) => runCommand(gateway.url, args, { env });

  expect((await run(['list'], right)).stdout).toContain(id);
  expect((await run(['watch', id], right)).code).toBe(0);
  const refused = await Promise.all([
    run(['list'], wrong),
    run(['watch', id], wrong),
    run(['watch', '--all'], {}),
    run(['delete', id], right),
  ]);
  for (const { stderr } of [refused[1], refused[2]]) {
    expect(stderr).toMatch(/The token is missing or refused\. Check GATEWAY_TOKEN, .*X-Auth-Token.*\n$/);
  }
  expect(refused.map(({ code }) => code)).toEqual([4, 4, 4, 4]);
  for (const { stdout, stderr } of refused) expect(stdout + stderr).not.toMatch(/not-to-be-seen/);
});

it('sends other tokens as Bearer, and never prints one that cannot be sent', async () => {
  const { simulator, id } = await simulate();
  const issuer = await TestIssuer.start();
  onTestFinished(() => issuer.close());
  const gateway = await startTestGateway(simulator, { env: issuer.env });
  onTestFinished(gateway.close);
  const token = await issuer.token({ projects: [SIMULATOR_PROJECT_ID] });
  const run = (env: Record<string, string>) => runCommand(gateway.url, ['watch', id], { env });

  expect(await run({ GATEWAY_TOKEN: token })).toMatchObject({ code: 0 });
  const faults: Record<string, string>[] = [
    { GATEWAY_TOKEN: `Bearer ${token}` },
    { GATEWAY_TOKEN: token, GATEWAY_TOKEN_FILE: '/no/such/file' },
    { GATEWAY_TOKEN_FILE: '/no/such/file' },
    { GATEWAY_TOKEN_FILE: '/dev/null' },
    { GATEWAY_TOKEN: token, GATEWAY_TOKEN_HEADER: 'Cookie' },
    { GATEWAY_URL: `http://user:${token}@127.0.0.1/graphql` },
  ];
  for (const { code, stdout, stderr } of await Promise.all(faults.map(run))) {
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/token|GATEWAY_/i);
    expect(stderr).not.toContain(token);
  }
});

it('goes on watching when the connection breaks, and says so once', async () => {
  const { simulator } = await simulate();
  const gateway = await startTestGateway(simulator);
  onTestFinished(gateway.close);
  const proxy = await startTcpProxy(Number(new URL(gateway.url).port));
  onTestFinished(proxy.close);
  const [id = ''] = simulator.world.seed(1, { status: 'pendingAcceptance' });
  const watching = startCommand(`http://127.0.0.1:${proxy.port}/graphql`, ['watch', id]);
  await watching.saw(/owner of the service/);
  proxy.cut();
  await watching.saw(/Trying again/);
  simulator.world.setStatus(id, 'accepted');
  const { code, stdout, stderr } = await watching.ended;
  expect(code).toBe(0);
  expect(stdout).toMatch(/ PENDING_ACCEPTANCE\b.*\n.* PENDING_ACCEPTANCE -> ACCEPTED\b.*\n$/);
  expect(stderr).toMatch(/owner of the service\.\nThe gateway closed the connection: .*Trying again\.\n$/);
});
