import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/config.ts';
import { ConfigError, type ConfigFault, type Environment } from '../../src/config/env.ts';
import type { ConfigFiles } from '../../src/config/files.ts';
import { RedisUrl } from '../../src/config/redis.ts';
import { REGIONS } from '../../src/config/regions.ts';
import { Secret } from '../../src/shared/secret.ts';
import { SIMULATOR_AK, SIMULATOR_PROJECT_ID, SIMULATOR_SK } from '../../src/simulator/world/identity.ts';
import { revealed } from '../support/revealed.ts';

const noFiles: ConfigFiles = { defaultProfile: '/home/me/.huaweicloud/credentials', read: () => undefined };
const keys = { HUAWEICLOUD_SDK_AK: 'AKAK', HUAWEICLOUD_SDK_SK: 'top-secret', HUAWEICLOUD_SDK_PROJECT_ID: 'p1' };

const OPEN_ON_LOOPBACK = expect.stringMatching(/^AUTH_MODE is none: every process on this machine/);

const read = (env: Environment) => readConfig(env, noFiles);

function faults(env: Environment, files = noFiles): readonly ConfigFault[] {
  try {
    readConfig(env, files);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

const faulty = (env: Environment) => faults(env).map((fault) => fault.variable);

describe('with an empty environment', () => {
  it('gives the defaults and the simulator', () => {
    expect(revealed(read({}))).toEqual({
      production: false,
      host: '127.0.0.1',
      port: 4000,
      redis: null,
      upstream: {
        kind: 'simulator',
        host: '127.0.0.1',
        port: 4100,
        ak: SIMULATOR_AK,
        sk: SIMULATOR_SK,
        speed: 1,
        region: 'cn-north-4',
        projectId: SIMULATOR_PROJECT_ID,
      },
      outboundProxy: null,
      tracing: null,
      budget: { readsPerSecond: 100, writesPerSecond: 20, pollsPerSecond: 10, replicas: 3 },
      auth: { mode: 'none' },
      allowedOrigins: [],
      trustedProxies: [],
      sockets: {
        perCaller: 1000,
        perAddress: 1000,
        subscriptions: 100,
        messageBytes: 65_536,
        messagesPerSecond: 50,
        messageBurst: 500,
        maxConnections: null,
      },
      keepAliveSeconds: 65,
      shutdownDelaySeconds: 0,
      introspection: true,
      graphiql: true,
      federation: false,
      fastPath: true,
      maxCost: 250,
      maxOperations: 1_000,
      trustedDocuments: { mode: 'off', documents: new Map() },
      rates: null,
      metricsToken: null,
      logLevel: 'info',
      auditLog: 'stdout',
      warnings: [expect.stringMatching(/simulator inside this process/)],
    });
  });

  it('is frozen at every depth', () => {
    const config = read({});
    for (const part of [config, config.upstream, config.auth, config.allowedOrigins, config.warnings]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('counts empty values as unset', () => {
    const names = ['HOST', 'PORT', 'REDIS_URL', 'VPCEP_URL', 'AUTH_MODE', 'NODE_ENV', 'LOG_LEVEL', 'PROJECTS_FILE'];
    const empty = Object.fromEntries(names.map((name, index) => [name, index % 2 === 0 ? '' : ' \n']));
    expect(read(empty)).toEqual(read({}));
  });
});

describe('values that are accepted', () => {
  it.each<[Environment, Partial<ReturnType<typeof readConfig>>]>([
    [
      { HOST: '::1', PORT: '0' },
      { host: '::1', port: 0 },
    ],
    [
      { HOST: 'localhost', PORT: '65535' },
      { host: 'localhost', port: 65_535 },
    ],
    [{ REDIS_URL: 'redis://cache' }, { redis: RedisUrl.parse('redis://cache') }],
    [
      { ALLOWED_ORIGINS: 'https://a.example, http://localhost:5173,' },
      { allowedOrigins: ['https://a.example', 'http://localhost:5173'] },
    ],
    [{ NODE_ENV: 'production' }, { production: true, introspection: false, graphiql: false, shutdownDelaySeconds: 5 }],
    [{ NODE_ENV: 'production', SHUTDOWN_DELAY_SECONDS: '0' }, { shutdownDelaySeconds: 0 }],
    [{ SHUTDOWN_DELAY_SECONDS: '20' }, { shutdownDelaySeconds: 20 }],
    [{ KEEP_ALIVE_TIMEOUT_SECONDS: '360' }, { keepAliveSeconds: 360 }],
    [
      { NODE_ENV: 'production', INTROSPECTION: 'true', GRAPHIQL: 'true' },
      { introspection: true, graphiql: true },
    ],
    [
      { INTROSPECTION: 'false', GRAPHIQL: 'false' },
      { introspection: false, graphiql: false },
    ],
    [{ METRICS_TOKEN: 'abc.DEF-1' }, { metricsToken: new Secret('abc.DEF-1') }],
    [{ LOG_LEVEL: 'silent' }, { logLevel: 'silent' }],
    [{ AUDIT_LOG: 'off' }, { auditLog: 'off' }],
    [{ AUDIT_LOG: '/var/log/audit.log' }, { auditLog: '/var/log/audit.log' }],
  ])('%j', (env, expected) => {
    expect(revealed(read({ ...keys, ...env }))).toMatchObject(revealed(expected) as object);
  });

  it('sets up the simulator', () => {
    const env = {
      SIMULATOR_HOST: '::1',
      SIMULATOR_PORT: '0',
      SIMULATOR_AK: 'A',
      SIMULATOR_SK: 'S',
      SIMULATOR_SPEED: '2.5',
    };
    expect(revealed(read(env).upstream)).toMatchObject({
      kind: 'simulator',
      host: '::1',
      port: 0,
      ak: 'A',
      sk: 'S',
      speed: 2.5,
    });
  });
});

it('sets the budget of calls', () => {
  const env = {
    VPCEP_READS_PER_SECOND: '500',
    VPCEP_WRITES_PER_SECOND: '0.16',
    VPCEP_POLLS_PER_SECOND: '2.5',
    VPCEP_BUDGET_REPLICAS: '12',
  };
  const budget = { readsPerSecond: 500, writesPerSecond: 0.16, pollsPerSecond: 2.5, replicas: 12 };
  expect(read(env)).toMatchObject({ budget });
  expect(read({ ...keys, ...env }).warnings).toEqual([OPEN_ON_LOOPBACK]);
});

describe('values that are refused', () => {
  it.each<[string, string]>([
    ['NODE_ENV', 'prod'],
    ['HOST', 'http://127.0.0.1'],
    ['HOST', '127.0.0.1:80'],
    ['HOST', '[::1]'],
    ['SHUTDOWN_DELAY_SECONDS', '-1'],
    ['SHUTDOWN_DELAY_SECONDS', '0.5'],
    ['SHUTDOWN_DELAY_SECONDS', '3601'],
    ['KEEP_ALIVE_TIMEOUT_SECONDS', '0'],
    ['KEEP_ALIVE_TIMEOUT_SECONDS', '65s'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '4e3'],
    ['PORT', 'http'],
    ['REDIS_URL', 'http://cache'],
    ['REDIS_URL', 'redis://'],
    ['REDIS_URL', 'redis://cache/two'],
    ['REDIS_URL', 'cache:6379'],
    ['VPCEP_REGION', 'cn-nowhere-1'],
    ['VPCEP_REGION', 'evil.example/'],
    ['VPCEP_URL', 'vpcep.example'],
    ['VPCEP_URL', 'ftp://vpcep.example'],
    ['VPCEP_URL', 'https://user:pw@vpcep.example'],
    ['VPCEP_URL', 'https://vpcep.example?x=1'],
    ['VPCEP_URL', 'https://vpcep.example/?'],
    ['VPCEP_URL', 'https://vpcep.example/v1'],
    ['IAM_URL', 'https://iam.example#here'],
    ['HUAWEICLOUD_SDK_AK', 'a b'],
    ['HUAWEICLOUD_SDK_AK', 'a,b'],
    ['HUAWEICLOUD_SDK_SECURITY_TOKEN', 'a b'],
    ['HUAWEICLOUD_SDK_PROJECT_ID', 'p/../q'],
    ['PROJECTS_FILE', '/etc/projects.yaml'],
    ['AUTH_MODE', 'basic'],
    ['ALLOW_UNAUTHENTICATED', 'yes'],
    ['INTROSPECTION', '1'],
    ['GRAPHIQL', 'on'],
    ['ALLOWED_ORIGINS', '*'],
    ['ALLOWED_ORIGINS', 'null'],
    ['ALLOWED_ORIGINS', 'https://a.example/'],
    ['ALLOWED_ORIGINS', 'https://A.example'],
    ['ALLOWED_ORIGINS', 'https://a.example:443'],
    ['ALLOWED_ORIGINS', 'ws://a.example'],
    ['TRUSTED_PROXIES', 'proxy.example'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['TRUSTED_PROXIES', 'fe80::1%eth0'],
    ['MAX_SOCKETS_PER_CALLER', '0'],
    ['MAX_SOCKETS_PER_ADDRESS', 'many'],
    ['MAX_SUBSCRIPTIONS_PER_SOCKET', '1.5'],
    ['MAX_MESSAGE_BYTES', '64k'],
    ['MAX_MESSAGES_PER_SECOND', '0'],
    ['MAX_MESSAGE_BURST', '-1'],
    ['MAX_CONNECTIONS', '0'],
    ['METRICS_TOKEN', 'two words'],
    ['LOG_LEVEL', 'verbose'],
    ['AUDIT_LOG', 'audit.log'],
    ['RATE_LIMIT_COST_PER_MINUTE', '0'],
    ['RATE_LIMIT_COST_PER_MINUTE', '249'],
    ['RATE_LIMIT_FAILURES_PER_MINUTE', 'many'],
    ['AUDIT_LOG', '/var/log/'],
    ['SIMULATOR_HOST', 'a/b'],
    ['SIMULATOR_PORT', 'x'],
    ['SIMULATOR_AK', 'a b'],
    ['SIMULATOR_SPEED', '0'],
    ['SIMULATOR_SPEED', 'fast'],
    ['SIMULATOR_SPEED', '10001'],
    ['VPCEP_READS_PER_SECOND', '0'],
    ['VPCEP_WRITES_PER_SECOND', '-1'],
    ['VPCEP_POLLS_PER_SECOND', 'many'],
    ['VPCEP_BUDGET_REPLICAS', '0'],
    ['VPCEP_BUDGET_REPLICAS', '1.5'],
  ])('%s=%s', (name, value) => {
    expect(faulty({ ...keys, [name]: value })).toEqual([name]);
  });

  it.each([
    ['TRUSTED_PROXIES', '10.0.0.7, proxy, 10.0.0.0/8, /8', [2, 4]],
    ['ALLOWED_ORIGINS', 'https://a.example,b,*', [2, 3]],
  ])('says which entries of %s are wrong', (name, value, entries) => {
    const expected = entries.map((entry) => expect.stringMatching(`^entry ${entry} must be an? `));
    expect(faults({ [name]: value }).map(({ message }) => message)).toEqual(expected);
  });
});

describe('several faults', () => {
  it('are reported together, each with variable, rule and fix', () => {
    const env = {
      PORT: 'x',
      HOST: '0.0.0.0',
      REDIS_URL: 'redis://one,rediss://two',
      VPCEP_URL: 'https://u:p@h/?q',
      LOG_LEVEL: 'loud',
    };
    const found = faults({ ...keys, ...env });
    expect(found.map((fault) => fault.variable)).toEqual([
      'PORT',
      'LOG_LEVEL',
      'AUTH_MODE',
      'VPCEP_URL',
      'VPCEP_URL',
      'REDIS_URL',
    ]);
    const { message } = new ConfigError(found);
    expect(message).toMatch(/^The configuration has 6 faults:\n {2}PORT: must be a whole number/);
    for (const { variable, message: fault } of found) {
      expect(fault).toMatch(/^must .+\. [A-Z].+/);
      expect(message).toContain(`${variable}: ${fault}.`);
    }
    expect(new ConfigError(found.slice(1, 2)).message).toMatch(/^The configuration has 1 fault:/);
  });

  it('never show a value that may be secret', () => {
    const secret = 'hunter2 hunter2';
    const url = 'ftp://user:hunter2@h/?hunter2';
    const secrets = ['HUAWEICLOUD_SDK_AK', 'HUAWEICLOUD_SDK_SECURITY_TOKEN', 'METRICS_TOKEN', 'SIMULATOR_AK'];
    const env = {
      REDIS_URL: url,
      VPCEP_URL: url,
      IAM_URL: url,
      ...Object.fromEntries(secrets.map((n) => [n, secret])),
    };
    const found = faults(env);
    expect(found.length).toBeGreaterThanOrEqual(secrets.length + 3);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });
});

describe('AUTH_MODE', () => {
  const open = { ...keys, HOST: '0.0.0.0' };

  it.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1'])('none is the default on %s', (host) => {
    expect(read({ HOST: host }).auth).toEqual({ mode: 'none' });
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', 'gateway.example', '128.0.0.1'])('must be set on %s', (host) => {
    expect(faulty({ ...keys, HOST: host })).toEqual(['AUTH_MODE']);
  });

  it('needs ALLOW_UNAUTHENTICATED as well beyond loopback', () => {
    expect(faulty({ ...open, AUTH_MODE: 'none' })).toEqual(['ALLOW_UNAUTHENTICATED']);
    expect(faulty({ ...open, AUTH_MODE: 'none', ALLOW_UNAUTHENTICATED: 'false' })).toEqual(['ALLOW_UNAUTHENTICATED']);
    expect(faulty({ ...open, ALLOW_UNAUTHENTICATED: 'true' })).toEqual(['AUTH_MODE']);
  });

  it('warns about an open port', () => {
    expect(read({ ...open, AUTH_MODE: 'none', ALLOW_UNAUTHENTICATED: 'true' }).warnings).toEqual([
      expect.stringMatching(/every client that reaches the port/),
    ]);
  });
});

describe('variables that look like ours and have no effect', () => {
  it('are warned about by name, in order, and others are not', () => {
    const env = {
      VPCEP_REGOIN: 'x',
      SIMULATOR_SPEDE: '2',
      JWT_ISSUR: 'https://login.example',
      HUAWEICLOUD_SDK_DOMAIN_ID: 'd',
      VPCEP_EMPTY: ' ',
      PATH: '/bin',
    };
    const { warnings } = read({ ...keys, ...env });
    const unknown = warnings.filter((line) => line.includes('misspelt'));
    expect(unknown.map((line) => line.split(' ')[0])).toEqual([
      'HUAWEICLOUD_SDK_DOMAIN_ID',
      'JWT_ISSUR',
      'SIMULATOR_SPEDE',
      'VPCEP_REGOIN',
    ]);
  });

  it('do not include variables that are read', () => {
    expect(
      read({ ...keys, VPCEP_REGION: 'cn-north-4', VPCEP_URL: 'https://h', SIMULATOR_SPEED: '1' }).warnings,
    ).toEqual([OPEN_ON_LOOPBACK]);
  });
});

it('knows the regions of the contract', () => {
  const contract = parse(readFileSync(new URL('../../schema/vpcep.openapi.yaml', import.meta.url), 'utf8'));
  expect(REGIONS).toEqual([...contract.servers[0].variables.region.enum, 'eu-west-101']);
});

it('reads the real environment and disk when given neither', () => {
  expect(() => readConfig({ PORT: 'x' })).toThrow(ConfigError);
});
