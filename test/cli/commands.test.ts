/** The commands through the real program, against a gateway with a simulator. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { SERVICE_IDS } from '../../src/simulator/world/services.ts';
import { useGateway } from '../support/use-gateway.ts';
import { objectsOf, runCommand, startCommand } from './start-command.ts';

const VPC = '4e65f8b1-306d-4522-8ecd-aa374000e2a4';
const SUBNET = '5d1c1d71-2613-4274-b34e-d82af550f967';
const MISSING = '99999999-0000-4000-8000-000000000000';
const WHERE = ['--vpc', VPC, '--subnet', SUBNET];

const { gateway, simulator } = useGateway(beforeAll);
const run = (args: readonly string[], options?: Parameters<typeof runCommand>[2]) =>
  runCommand(gateway.url, args, options);

function seed(status: 'accepted' | 'pendingAcceptance' | 'creating', serviceId: string = SERVICE_IDS.privateApproval) {
  const [id = ''] = simulator.world.seed(1, { status, serviceId });
  return id;
}

describe('create', () => {
  const create = ['create', '--service', SERVICE_IDS.plainInterface, ...WHERE];

  it('prints the id alone on stdout, and with --wait the changes on stderr', async () => {
    const { code, stdout, stderr } = await run([...create, '--tag', 'Name=shop', '--wait']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^[\da-f-]{36}\n$/) });
    const id = stdout.trim();
    expect(stderr).toMatch(/^Created\. Cursor: \w+:\d+\n/);
    expect(stderr).toMatch(new RegExp(`${id}  CREATING\n.*${id}  CREATING -> ACCEPTED  [\\d.]+\n`));
    const wide = await run(['list', '-o', 'wide']);
    expect(wide.stdout).toMatch(new RegExp(`^${id} .* shop +INTERFACE +${VPC} +${SUBNET}`, 'm'));
  });

  it('takes the input from a file or stdin, options first, and prints one object per line', async () => {
    const yaml = `endpointServiceId: ${SERVICE_IDS.plainInterface}\nvpcId: ${VPC}\nsubnetId: wrong\n`;
    const file = join(tmpdir(), `input-${process.pid}.json`);
    writeFileSync(
      file,
      JSON.stringify({ endpointServiceId: SERVICE_IDS.plainInterface, vpcId: VPC, subnetId: SUBNET }),
    );
    const [stdin, named] = await Promise.all([
      run(['create', '-f', '-', '--subnet', SUBNET, '--json', '--wait'], { input: yaml }),
      run(['create', '-f', file, '--json']),
    ]);
    const [created, ...events] = objectsOf(stdin.stdout);
    expect(created).toMatchObject({ status: 'CREATING', replayed: false, endpoint: { subnetId: SUBNET } });
    expect(events.map(({ status, endpointId }) => [status, endpointId === created?.id])).toEqual([
      ['CREATING', true],
      ['ACCEPTED', true],
    ]);
    expect(stdin).toMatchObject({ code: 0, stderr: '' });
    expect(objectsOf(named.stdout)).toEqual([expect.objectContaining({ id: expect.any(String) })]);
  });

  it('creates only once with the key that "auto" has printed', async () => {
    const first = await run([...create, '--idempotency-key', 'auto']);
    const key = /--idempotency-key (\S+)/.exec(first.stderr)?.[1] ?? '';
    const second = await run([...create, '--idempotency-key', key]);
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toMatch(/^It was created before/);
  });

  it('ends with 3 when the creation fails, and says why', async () => {
    const { code, stderr } = await run(['create', '--service', SERVICE_IDS.failingInterface, ...WHERE, '--wait']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/CREATING -> FAILED {2}EndPoint\.2022 Endpoint creation failed/);
  });

  it('does not end while it waits for the owner: it says so, and stops at the timeout with 124', async () => {
    const args = ['create', '--service', SERVICE_IDS.approvalInterface, ...WHERE, '--wait', '--timeout', '6s'];
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(124);
    expect(stderr).toContain(`${stdout.trim()} waits for the owner of the service.\n`);
    expect(stderr).toMatch(/The time is up\. Go on with: vpcep-gateway watch [\da-f-]{36} --after \w+:\d+\n$/);
  });

  it('names the options whose values are not allowed, and ends with 2', async () => {
    const args = ['create', '--service', SERVICE_IDS.plainInterface, '--vpc', VPC, '--subnet', 'y', '--tag', '<=1'];
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^--subnet: must be .*\n--tag #1 key: .*\n$/);
  });

  it('names values of a file and ids in words of the command line, without what else was sent', async () => {
    const yaml = `endpointServiceId: ${SERVICE_IDS.plainInterface}\nvpcId: ${VPC}\nenableDns: a lot\n`;
    const [file, watched, deleted, ...broken] = await Promise.all([
      run(['create', '-f', '-'], { input: yaml }),
      run(['watch', 'notanid']),
      run(['delete', 'notanid']),
      run(['create', '-f', '-'], { input: 'a: b: c\n' }),
      run(['create', '-f', '-'], { input: 'a: 1\n---\na: 2\n' }),
    ]);
    expect(file).toMatchObject({ code: 2, stderr: expect.stringMatching(/^--dns: Boolean cannot .*\n$/) });
    expect(file.stderr).not.toContain(VPC);
    expect(watched.stderr).toMatch(/^notanid: <endpoint id>: upstream says: /m);
    for (const { stderr } of [watched, deleted]) expect(stderr).not.toMatch(/\bid: |input/);
    expect(broken[0]?.stderr).toMatch(/^--file: .* at line 1, column 4\nSee: /);
    expect(broken[1]?.stderr).toMatch(/^--file must be one document\nSee: /);
  });
});

describe('list', () => {
  it('filters by status and by service, in a table and as one object per line', async () => {
    const pending = seed('pendingAcceptance');
    const other = seed('pendingAcceptance', SERVICE_IDS.approvalInterface);
    const [table, json] = await Promise.all([
      run(['list', '--status', 'PENDING_ACCEPTANCE', '--service', SERVICE_IDS.privateApproval]),
      run(['list', '--status', 'PENDING_ACCEPTANCE', '--json']),
    ]);
    expect(table.stdout.split('\n').map((line) => line.split(/ +/).slice(0, 2))).toEqual([
      ['ID', 'STATUS'],
      [pending, 'PENDING_ACCEPTANCE'],
      [''],
    ]);
    expect(objectsOf(json.stdout).map(({ id }) => id)).toEqual(expect.arrayContaining([pending, other]));
    const none = await run(['list', '--service', 'no-such-service']);
    expect(none).toEqual({ code: 0, stdout: '', stderr: 'There are no such endpoints.\n' });
  });
});

describe('accept and reject', () => {
  it('decide each endpoint, print its status, and end with the code of what failed', async () => {
    const id = seed('pendingAcceptance');
    const service = ['--service', SERVICE_IDS.privateApproval];
    const accepted = await run(['accept', ...service, id, MISSING]);
    expect(accepted).toMatchObject({ code: 5, stdout: `${id}  ACCEPTED\n` });
    expect(accepted.stderr).toMatch(new RegExp(`^${MISSING}: .+\n$`));
    const rejected = await run(['reject', ...service, id, '--json']);
    expect(rejected).toMatchObject({ code: 0, stderr: '' });
    expect(objectsOf(rejected.stdout)).toEqual([
      expect.objectContaining({ endpointId: id, connection: expect.objectContaining({ status: 'REJECTED' }) }),
    ]);
    expect(await run(['watch', id])).toMatchObject({ code: 3, stdout: expect.stringContaining('REJECTED') });
    expect(await run(['watch', id, '--until', 'settled'])).toMatchObject({ code: 0 });
  });
});

describe('delete', () => {
  it('with --wait ends once it is gone', async () => {
    const id = seed('accepted');
    const { code, stdout, stderr } = await run(['delete', id, '--wait']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^Deleting\. Cursor: .*\n.* DELETING\b.*\n.* DELETING -> DELETED\n$/);
    expect(await run(['delete', MISSING])).toMatchObject({ code: 5 });
  });
});

describe('watch', () => {
  it('goes on after an interruption with the command that it printed, and misses and repeats nothing', async () => {
    const id = seed('pendingAcceptance');
    const watching = startCommand(gateway.url, ['watch', id]);
    await watching.saw(/PENDING_ACCEPTANCE\n/);
    watching.signal('SIGINT');
    const { code, stdout, stderr } = await watching.ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(new RegExp(`^\\S+Z  ${id}  PENDING_ACCEPTANCE\\b.*\n$`));
    const printed = /Interrupted\. Go on with: vpcep-gateway (.+ --after .+)\n$/.exec(stderr)?.[1] ?? '';

    simulator.world.setStatus(id, 'accepted');
    const resumed = await run(printed.split(' '));
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(resumed.stdout).toMatch(new RegExp(`^\\S+Z  ${id}  PENDING_ACCEPTANCE -> ACCEPTED\\b.*\n$`));

    // Again from the end: nothing more happens, so the state is read.
    const { cursor } = objectsOf((await run(['watch', id, '--json'])).stdout)[0] ?? {};
    const over = await run(['watch', id, '--after', String(cursor)]);
    expect(over).toMatchObject({ code: 0, stdout: expect.stringMatching(/ ACCEPTED\b.*\n$/) });
  });

  it('waits for several, and ends with the highest code', async () => {
    const [one, two] = [seed('accepted'), seed('pendingAcceptance')];
    const watching = startCommand(gateway.url, ['watch', one, two, MISSING, '--json']);
    await watching.saw(/"status":"PENDING_ACCEPTANCE"/);
    simulator.world.setStatus(two, 'rejected');
    const { code, stdout, stderr } = await watching.ended;
    expect(code).toBe(5);
    expect(objectsOf(stdout).map(({ endpointId, status }) => `${endpointId} ${status}`)).toEqual(
      expect.arrayContaining([`${one} ACCEPTED`, `${two} PENDING_ACCEPTANCE`, `${two} REJECTED`]),
    );
    expect(stderr).toMatch(new RegExp(`^${MISSING}: .*does not exist`));
  });

  it('--all follows the project, and goes on with its cursor', async () => {
    const id = seed('pendingAcceptance');
    const watching = startCommand(gateway.url, ['watch', '--all', '--json']);
    await watching.saw(new RegExp(`"endpointId":"${id}"`));
    watching.signal('SIGTERM');
    const { code, stderr } = await watching.ended;
    expect(code).toBe(130);
    const printed = /vpcep-gateway (watch --all --after \S+ --json)\n$/.exec(stderr)?.[1] ?? '';

    simulator.world.setStatus(id, 'accepted');
    const resumed = startCommand(gateway.url, printed.split(' '));
    await resumed.saw(/\n/);
    expect(objectsOf(resumed.stdout())[0]).toMatchObject({ kind: 'TRANSITION', endpointId: id, status: 'ACCEPTED' });
    resumed.signal('SIGINT');
    await resumed.ended;
  });
});

describe('in a terminal', () => {
  const ESCAPES = '\u001b[';

  it('shows a progress line with the elapsed time, and colours', async () => {
    const id = seed('pendingAcceptance');
    const watching = startCommand(gateway.url, ['watch', id], { terminal: true });
    await watching.saw(/waits for the owner of the service {2}0:0[1-9]/);
    simulator.world.setStatus(id, 'accepted');
    const { code, stdout } = await watching.ended;
    expect(code).toBe(0);
    expect(stdout).toContain(`${ESCAPES}33mPENDING_ACCEPTANCE${ESCAPES}0m -> ${ESCAPES}32mACCEPTED${ESCAPES}0m`);
    // Nothing of the progress line stays.
    expect(stdout.endsWith(`\r${ESCAPES}K`)).toBe(true);
  });

  it('has no colours with NO_COLOR, and no escapes at all where output is piped', async () => {
    const id = seed('accepted');
    const plain = await run(['watch', id], { terminal: true, env: { NO_COLOR: '1' } });
    expect(plain.stdout).toContain(`  ${id}  ACCEPTED`);
    expect(plain.stdout.replaceAll(`${ESCAPES}K`, '')).not.toContain(ESCAPES);
    const piped = await run(['watch', id]);
    expect(piped.stdout + piped.stderr).not.toContain(ESCAPES);
  });
});

describe('on a pipe', () => {
  const full = useGateway(beforeAll);

  it('prints everything before it ends', async () => {
    const ids = full.simulator.world.seed(1_000, { status: 'accepted' });
    const { code, stdout } = await runCommand(full.gateway.url, ['list', '--json']);
    expect(code).toBe(0);
    expect(objectsOf(stdout).map(({ id }) => id)).toEqual(expect.arrayContaining([...ids]));
  });
});
