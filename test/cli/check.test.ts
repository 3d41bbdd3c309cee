import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SIMULATOR_AK, SIMULATOR_PROJECT_ID, SIMULATOR_SK } from '../../src/simulator/world/identity.ts';
import { ACL_LOGIN, ACL_PASSWORD, ACL_USER, applyDocumentedAcl, documentedRights } from '../support/documented-acl.ts';
import { endWithUs } from '../support/end-with-us.ts';
import { TestIssuer } from '../support/issuer.ts';
import { listenOnLoopback } from '../support/loopback-server.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { startRedisSentinels } from '../support/redis-sentinels.ts';
import { environmentFor, startTestSimulator } from '../support/start-gateway.ts';
import { entry } from '../support/start-process.ts';
import { freePort, startRedis } from '../support/start-redis.ts';
import { runCommand } from './start-command.ts';

const PROGRAM = [...entry(), 'check'];

interface Finding {
  readonly status: string;
  readonly subject: string;
  readonly found: string;
  readonly mend?: string;
}

function start(env: Record<string, string>, ...args: readonly string[]) {
  const { PATH = '', HOME = '' } = process.env;
  const options = { env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] };
  const child = endWithUs(spawn(process.execPath, [...PROGRAM, ...args], options));
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return { child, ended: once(child, 'close').then(([code]) => ({ code, out, err })) };
}

async function run(env: Record<string, string>, ...args: readonly string[]) {
  const { code, out, err } = await start(env, ...args).ended;
  for (const secret of [SIMULATOR_SK, ACL_PASSWORD, encodeURIComponent(ACL_PASSWORD), 'hunter2']) {
    expect(out + err).not.toContain(secret);
  }
  return { code, out, err };
}

/** What it finds, by subject. */
async function check(env: Record<string, string>, ...args: readonly string[]) {
  const { code, out, err } = await run(env, '--json', ...args);
  const findings = out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Finding);
  const of = (subject: string) => findings.filter((finding) => finding.subject.startsWith(subject));
  return { code, findings, err, of };
}

async function useSimulator(options: Parameters<typeof startTestSimulator>[0] = {}) {
  const simulator = await startTestSimulator(options);
  onTestFinished(() => simulator.close());
  return simulator;
}

async function useRedis(args: readonly string[] = []) {
  const server = await startRedis(args);
  onTestFinished(() => server.stop());
  const operator = new Redis(server.url);
  onTestFinished(() => operator.disconnect());
  return { ...server, operator };
}

function useFile(name: string, content: object): string {
  const dir = mkdtempSync(join(tmpdir(), 'vpcep-check-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const path = join(dir, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const withLogin = (url: string) => url.replace('://', `://${ACL_LOGIN}@`);

it('prints one line for each finding, and exits with 0 when all is well', async () => {
  const simulator = await useSimulator();
  const redis = await useRedis();
  await applyDocumentedAcl(redis.operator, 'server');
  const { code, out } = await run(environmentFor(simulator, { REDIS_URL: withLogin(redis.url) }));
  const lines = out.trim().split('\n');
  expect(lines).toEqual([
    'ok    settings: no faults',
    expect.stringMatching(/^warn {2}settings: AUTH_MODE is none/),
    `ok    redis: reached 127.0.0.1:${redis.port}`,
    expect.stringMatching(/^ok {4}redis version: \d+\.\d+/),
    'ok    redis memory policy: noeviction',
    'ok    redis rights: all that the gateway needs',
    'ok    clock against Redis: less than 1 s off',
    `ok    project cn-north-4: ${SIMULATOR_PROJECT_ID} at ${simulator.url}, with 0 endpoints`,
    expect.stringMatching(/^ok {4}clock against 127\.0\.0\.1:\d+: (less than 1 s off|1 s (ahead|behind))$/),
  ]);
  expect(code).toBe(0);
  // It changes nothing.
  expect(await redis.operator.keys('*')).toEqual([]);
  expect(simulator.requests.map(({ method }) => method)).toEqual(['GET']);
});

it('shows control characters of a server as text, and colours the status', async () => {
  const open = new Set<Socket>();
  const hostile = createTcpServer((socket) => {
    open.add(socket.on('error', () => {}));
    socket.on('data', () => socket.write('-ERR \u001b]0;title\u0007\r\n'));
  });
  const { port, close } = await listenOnLoopback(hostile, open);
  onTestFinished(close);
  const env = environmentFor({ url: 'http://127.0.0.1:9' }, { REDIS_URL: `redis://127.0.0.1:${port}` });
  const { stdout } = await runCommand('', ['check', '--timeout', '1s'], { env, terminal: true });
  expect(stdout).toContain('\u001b[32mok\u001b[0m    settings: no faults');
  expect(stdout).toContain('\u001b[31mfail\u001b[0m  redis: ');
  expect(stdout).toContain('\\u001b]0;title\\u0007');
  expect(stdout).not.toContain('\u001b]');
  const { stdout: other } = await runCommand('', ['create', '-f', '/ok/fail'], { terminal: true });
  expect(other).toContain('--file: /ok/fail cannot be read');
});

it('runs beside a process that listens on the port of the gateway', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  expect((await check(environmentFor(await useSimulator(), { PORT: String(port) }))).code).toBe(0);
});

describe('settings', () => {
  it('names all faults, each with its mend, and checks nothing else', async () => {
    const { code, findings } = await check({
      PORT: '99999',
      LOG_LEVEL: 'loud',
      REDIS_URL: 'http://user:hunter2@localhost',
      HUAWEICLOUD_SDK_SK: 'hunter2',
    });
    expect(code).toBe(1);
    expect(findings).toContainEqual({
      status: 'fail',
      subject: 'settings',
      found: 'PORT must be a whole number from 0 to 65535',
      mend: 'Correct it or leave it unset',
    });
    for (const name of ['LOG_LEVEL', 'REDIS_URL', 'HUAWEICLOUD_SDK_AK']) {
      expect(findings).toContainEqual(
        expect.objectContaining({ status: 'fail', found: expect.stringContaining(name), mend: expect.any(String) }),
      );
    }
    expect(findings.every(({ subject }) => subject === 'settings')).toBe(true);
  });

  it('warns of a setting without effect', async () => {
    const { code, of } = await check({ VPCEP_REGOIN: 'cn-north-4' });
    expect(code).toBe(0);
    expect(of('settings')).toContainEqual(
      expect.objectContaining({ status: 'warn', found: expect.stringContaining('VPCEP_REGOIN has no effect') }),
    );
  });
});

it.each([[['--tmeout', '3s']], [['--timeout', '10']], [['--timeout', '0s']], [['now']]])(
  'exits with 2 and names the help for %j',
  async (args) => {
    const { code, out, err } = await run({}, ...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('See: vpcep-gateway check --help');
  },
);

it('ends with 130 when it is interrupted', async () => {
  const simulator = await useSimulator();
  simulator.faults.add({ kind: 'hang' });
  const { child, ended } = start(environmentFor(simulator));
  await simulator.until((requests) => requests.length > 0);
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
});

describe('Redis', () => {
  const findings = async (url: string, ...args: readonly string[]) =>
    await check(environmentFor(await useSimulator(), { REDIS_URL: url }), ...args);

  it('warns of a memory policy that drops keys', async () => {
    const redis = await useRedis(['--maxmemory-policy', 'allkeys-lru']);
    const { code, of } = await findings(redis.url);
    expect(code).toBe(0);
    expect(of('redis memory policy')).toEqual([
      expect.objectContaining({ status: 'warn', found: 'allkeys-lru', mend: expect.stringContaining('noeviction') }),
    ]);
  });

  it('names every right of the documented user that is missing', async () => {
    const redis = await useRedis();
    await applyDocumentedAcl(redis.operator, 'server');
    // Without it there is no connection.
    const needed = ['+hello'];
    await redis.operator.call('ACL', 'SETUSER', ACL_USER, '-@all', ...needed);
    const { code, of } = await findings(withLogin(redis.url));
    expect(code).toBe(1);
    expect(of('redis version')).toMatchObject([{ status: 'warn', found: 'unknown' }]);
    const [rights] = of('redis rights');
    expect(rights).toMatchObject({ status: 'fail', mend: expect.stringContaining('docs/operations/redis.md') });
    const documented = documentedRights('server').filter((right) => right.startsWith('+') && !needed.includes(right));
    expect(rights?.found.replace('without ', '').split(' ').sort()).toEqual(documented.sort());
  });

  it('names the pattern of keys and of channels that is missing', async () => {
    const redis = await useRedis();
    await applyDocumentedAcl(redis.operator, 'server');
    await redis.operator.call('ACL', 'SETUSER', ACL_USER, 'resetkeys', '~other:*', 'resetchannels', '&other:*');
    const { of } = await findings(withLogin(redis.url));
    expect(of('redis rights')).toEqual([
      expect.objectContaining({ status: 'fail', found: 'without ~vpcep-gateway:* &vpcep-gateway:*' }),
    ]);
  });

  it('asks each node of a Cluster', async () => {
    const cluster = await startRedisCluster();
    onTestFinished(() => cluster.stop());
    const { code, of } = await findings(cluster.url);
    expect(of('redis')).toMatchObject([
      { status: 'ok', found: expect.stringMatching(/^reached a Cluster of 3 primaries/) },
      { subject: 'redis version', status: 'ok' },
      { subject: 'redis memory policy', status: 'ok' },
      { subject: 'redis rights', status: 'ok' },
    ]);
    expect(code).toBe(0);
  });

  it('asks the primary that Sentinels name', async () => {
    const sentinels = await startRedisSentinels();
    onTestFinished(() => sentinels.stop());
    const { code, of } = await findings(sentinels.url);
    expect(of('redis')).toMatchObject([
      { status: 'ok', found: expect.stringMatching(/^reached the primary of main by 127/) },
      { subject: 'redis version', status: 'ok' },
      { subject: 'redis memory policy', status: 'ok' },
      { subject: 'redis rights', status: 'ok' },
    ]);
    expect(code).toBe(0);
  });

  it('fails for a replica, which takes no writes', async () => {
    const primary = await useRedis();
    const replica = await useRedis(['--replicaof', '127.0.0.1', String(primary.port)]);
    const { code, of } = await findings(replica.url);
    expect(code).toBe(1);
    expect(of('redis writes')).toMatchObject([{ status: 'fail', found: expect.stringContaining('READONLY') }]);
  });

  it('fails when the password is wrong', async () => {
    const redis = await useRedis();
    const { code, of } = await findings(redis.url.replace('://', '://user:hunter2@'), '--timeout', '1s');
    expect(code).toBe(1);
    expect(of('redis')).toMatchObject([
      { found: expect.stringContaining('WRONGPASS'), mend: 'Correct user and password in REDIS_URL' },
    ]);
  });

  it('fails when nothing listens, within the given time', async () => {
    const { code, of } = await findings(`redis://127.0.0.1:${await freePort()}`, '--timeout', '1s');
    expect(code).toBe(1);
    expect(of('redis')).toMatchObject([
      { found: expect.stringMatching(/within 1000 ms.*ECONNREFUSED/), mend: expect.stringContaining('REDIS_URL') },
    ]);
  });
});

describe('projects', () => {
  it('fails for a wrong secret', async () => {
    const simulator = await useSimulator();
    const { code, of } = await check(environmentFor(simulator, { HUAWEICLOUD_SDK_SK: 'hunter2' }));
    expect(code).toBe(1);
    expect(of('project')).toMatchObject([
      { status: 'fail', found: expect.stringContaining('APIGW.0301'), mend: expect.stringContaining('secret') },
    ]);
  });

  it('sends a wrong key of many projects only once, since upstream would lock it', async () => {
    const simulator = await useSimulator();
    const credentials = { environment: { ak: 'HUAWEICLOUD_SDK_AK', sk: 'HUAWEICLOUD_SDK_SK' } };
    const projects = Array.from({ length: 8 }, (_, i) => ({ id: `p${i}`, url: simulator.url, credentials }));
    const named = projects.map((project, i) => ({ ...project, name: `team-${i}` }));
    const env = { HUAWEICLOUD_SDK_AK: SIMULATOR_AK, HUAWEICLOUD_SDK_SK: 'hunter2' };
    const { of } = await check({ ...env, PROJECTS_FILE: useFile('projects.json', { projects: named }) });
    const [first, ...others] = of('project');
    expect(first).toMatchObject({ subject: 'project team-0', status: 'fail', mend: expect.stringContaining('secret') });
    expect(others).toMatchObject(
      named.slice(1).map(({ name }) => ({
        subject: `project ${name}`,
        status: 'fail',
        found: expect.stringContaining('refused its signature'),
        mend: first?.mend,
      })),
    );
    expect(simulator.requests).toHaveLength(1);
  });

  it('fails for a project that the key must not use, and not for the others', async () => {
    const simulator = await useSimulator();
    const credentials = { environment: { ak: 'HUAWEICLOUD_SDK_AK', sk: 'HUAWEICLOUD_SDK_SK' } };
    const projects = [
      { id: SIMULATOR_PROJECT_ID, name: 'mine', url: simulator.url, credentials },
      { id: 'another', name: 'foreign', url: simulator.url, credentials },
    ];
    const env = { HUAWEICLOUD_SDK_AK: SIMULATOR_AK, HUAWEICLOUD_SDK_SK: SIMULATOR_SK };
    const { code, of } = await check({ ...env, PROJECTS_FILE: useFile('projects.json', { projects }) });
    expect(code).toBe(1);
    expect(of('project')).toMatchObject([
      { subject: 'project mine', status: 'ok' },
      { subject: 'project foreign', status: 'fail', mend: expect.stringContaining('id of the project') },
    ]);
  });

  it('fails for a host that cannot be reached, with the reason', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { code, of } = await check(environmentFor({ url }));
    expect(code).toBe(1);
    expect(of('project')).toMatchObject([
      { status: 'fail', found: `${url} cannot be reached (refused, ECONNREFUSED)` },
    ]);
  });

  it('fails for a port without TLS', async () => {
    const { port } = await useSimulator();
    const { of } = await check(environmentFor({ url: `https://127.0.0.1:${port}` }));
    expect(of('project')).toMatchObject([{ status: 'fail', found: expect.stringMatching(/\(tls, /) }]);
  });

  it('warns when upstream fails for a while', async () => {
    const simulator = await useSimulator();
    simulator.faults.add({ kind: 'status', status: 503 });
    const { code, of } = await check(environmentFor(simulator), '--timeout', '1s');
    expect(code).toBe(0);
    expect(of('project')).toMatchObject([{ status: 'warn', mend: 'Try again later' }]);
  });

  it.each([
    ['warns of a clock that is a minute off', 60_000, 'warn', 0, '60'],
    ['fails for a clock that signatures do not allow', -3_600_000, 'fail', 1, '3600'],
  ])('%s', async (_title, offsetMs, status, exitCode, seconds) => {
    const simulator = await useSimulator({ clock: { now: () => Date.now() + offsetMs } });
    const { code, of } = await check(environmentFor(simulator));
    const direction = offsetMs > 0 ? 'behind' : 'ahead';
    expect(of('clock')).toMatchObject([
      {
        status,
        found: expect.stringMatching(
          new RegExp(`^(${seconds}|${Number(seconds) - 1}|${Number(seconds) + 1}) s ${direction}`),
        ),
      },
    ]);
    // The gateway corrects its clock, so the call itself is accepted.
    expect(of('project')).toMatchObject([{ status: 'ok' }]);
    expect(code).toBe(exitCode);
  });
});

describe('callers', () => {
  const withIssuer = async () => {
    const issuer = await TestIssuer.start();
    onTestFinished(() => issuer.close());
    return { issuer, env: environmentFor(await useSimulator(), issuer.env) };
  };

  it('reads the keys of the issuer', async () => {
    const { env } = await withIssuer();
    const { code, of } = await check(env);
    expect(of('issuer')).toMatchObject([
      { status: 'ok', found: expect.stringMatching(/1 keys \(ES256\).*serve ES256$/) },
    ]);
    expect(code).toBe(0);
  });

  it('fails when no key is for an accepted algorithm', async () => {
    const { env } = await withIssuer();
    const { code, of } = await check({ ...env, JWT_ALGORITHMS: 'RS256' });
    expect(of('issuer')).toMatchObject([{ status: 'fail', mend: 'Name theirs in JWT_ALGORITHMS' }]);
    expect(code).toBe(1);
  });

  it('fails when the discovery document is missing', async () => {
    const { env, issuer } = await withIssuer();
    issuer.answerInstead('/.well-known/openid-configuration', { status: 404, body: '' });
    const { code, of } = await check(env);
    expect(of('issuer')).toMatchObject([{ status: 'fail', found: expect.stringContaining('answers 404') }]);
    expect(code).toBe(1);
  });

  it('asks IAM where callers send its tokens, and VPCEP without keys', async () => {
    const simulator = await useSimulator();
    const env = { AUTH_MODE: 'iam-token', VPCEP_URL: simulator.url };
    const reached = await check({ ...env, IAM_URL: simulator.url });
    expect(reached.of('iam')).toMatchObject([{ status: 'ok' }]);
    expect(reached.of('project')).toMatchObject([{ status: 'ok', subject: 'projects of callers' }]);
    expect(reached.code).toBe(0);
    const lost = await check({ ...env, IAM_URL: `http://127.0.0.1:${await freePort()}` });
    expect(lost.of('iam')).toMatchObject([{ status: 'fail', found: expect.stringContaining('refused') }]);
    expect(lost.code).toBe(1);
  });
});

describe('trusted documents', () => {
  const withDocuments = async (documents: object, env = {}) =>
    await check(
      environmentFor(await useSimulator(), {
        ...env,
        TRUSTED_DOCUMENTS_MODE: 'enforce',
        TRUSTED_DOCUMENTS_FILE: useFile('persisted-documents.json', documents),
      }),
    );

  it('counts them', async () => {
    const { code, of } = await withDocuments({ viewer: '{ viewer { subject } }', type: '{ __typename }' });
    expect(of('trusted')).toMatchObject([{ status: 'ok', found: '2, all valid' }]);
    expect(code).toBe(0);
  });

  it('checks them against the schema of a subgraph, with FEDERATION', async () => {
    const { code, of } = await withDocuments({ sdl: '{ _service { sdl } }' }, { FEDERATION: 'true' });
    expect(of('trusted')).toMatchObject([{ status: 'ok', found: '1, all valid' }]);
    expect(code).toBe(0);
  });

  it('fails for each that the schema does not allow', async () => {
    const { code, of } = await withDocuments({ good: '{ __typename }', old: '{ noSuchField }' });
    expect(of('trusted')).toMatchObject([{ status: 'fail', found: expect.stringMatching(/^old: .*noSuchField/) }]);
    expect(code).toBe(1);
  });
});
