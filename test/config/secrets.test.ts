import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { ConfigError, type Environment } from '../../src/config/env.ts';
import type { ConfigFiles } from '../../src/config/files.ts';
import { revealed } from '../support/revealed.ts';

const PROJECTS = '/etc/projects.json';

function disk(content: Readonly<Record<string, string>>): ConfigFiles {
  return {
    defaultProfile: '/none',
    read: (path) => {
      if (content[path] === 'EACCES') throw new Error('EACCES');
      return content[path];
    },
  };
}

function faults(env: Environment, content: Readonly<Record<string, string>> = {}): string[] {
  try {
    readConfig(env, disk(content));
  } catch (error) {
    if (error instanceof ConfigError)
      return error.faults.map(({ variable, message }) => `${variable}: ${message.split('. ')[0]}`);
    throw error;
  }
  return [];
}

const REMOTE = { HUAWEICLOUD_SDK_PROJECT_ID: 'p1' };
const FILES = {
  '/run/ak': 'AKFILE\n',
  '/run/sk': 'sk-of-the-file\r\n',
  '/run/token': 'token-of-the-file',
  '/run/redis': 'rediss://me:pw-of-the-file@cache:7000/1\n',
  '/run/metrics': 'metrics-of-the-file\n',
};
const FROM_FILES = {
  ...REMOTE,
  HUAWEICLOUD_SDK_AK_FILE: '/run/ak',
  HUAWEICLOUD_SDK_SK_FILE: '/run/sk',
  HUAWEICLOUD_SDK_SECURITY_TOKEN_FILE: '/run/token',
  REDIS_URL_FILE: '/run/redis',
  METRICS_TOKEN_FILE: '/run/metrics',
};

describe('a secret from a file', () => {
  it('is its one line, without the line end', () => {
    const config = readConfig(FROM_FILES, disk(FILES));
    expect(revealed(config)).toMatchObject({
      redis: { tls: true, login: { username: 'me', password: 'pw-of-the-file' }, database: 1 },
      metricsToken: 'metrics-of-the-file',
      upstream: {
        projects: [{ credentials: { ak: 'AKFILE', sk: 'sk-of-the-file', securityToken: 'token-of-the-file' } }],
      },
    });
    expect(config.warnings.filter((warning) => warning.includes('_FILE'))).toEqual([]);
  });

  it('may be half of a key whose other half is in the environment', () => {
    const env = { ...REMOTE, HUAWEICLOUD_SDK_AK: 'AK', HUAWEICLOUD_SDK_SK_FILE: '/run/sk' };
    expect(revealed(readConfig(env, disk(FILES)).upstream)).toMatchObject({
      projects: [{ credentials: { ak: 'AK', sk: 'sk-of-the-file' } }],
    });
  });

  it.each([
    ['given twice', { METRICS_TOKEN: 'hunter2' }, {}, 'must not be set together with METRICS_TOKEN'],
    ['not there', {}, { '/run/metrics': undefined }, 'names /run/metrics, which does not exist'],
    ['unreadable', {}, { '/run/metrics': 'EACCES' }, 'names /run/metrics, which cannot be read'],
    ['empty', {}, { '/run/metrics': ' \n' }, 'names /run/metrics, which is empty'],
    ['of two lines', {}, { '/run/metrics': 'hunter2\nhunter2' }, 'names /run/metrics, which has more than one line'],
    [
      'of another form',
      {},
      { '/run/metrics': 'hunter2 hunter2' },
      'must fit a Bearer header: letters, digits and ._~+/=-',
    ],
    [
      'the secret itself',
      { METRICS_TOKEN_FILE: 'hunter2' },
      {},
      'must be the path of a file, beginning with /, ./ or ../',
    ],
  ])('is a fault when it is %s, without the content', (_, env, content, rule) => {
    const files = Object.fromEntries(
      Object.entries({ ...FILES, ...content }).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])),
    );
    expect(faults({ ...FROM_FILES, ...env }, files)).toEqual([`METRICS_TOKEN_FILE: ${rule}`]);
  });

  it('counts as given where one half of a key is missing', () => {
    expect(faults({ ...REMOTE, HUAWEICLOUD_SDK_SK_FILE: '/run/sk' }, FILES)).toEqual([
      'HUAWEICLOUD_SDK_AK: must be set because HUAWEICLOUD_SDK_SK is',
    ]);
    expect(faults({ ...REMOTE, HUAWEICLOUD_SDK_SECURITY_TOKEN_FILE: '/run/token' }, FILES)).toEqual([
      'HUAWEICLOUD_SDK_SECURITY_TOKEN: belongs to a temporary key',
    ]);
  });
});

describe('credentials of a project', () => {
  const read = (credentials: object, env: Environment = {}, content: Readonly<Record<string, string>> = FILES) => {
    const projects = JSON.stringify({ projects: [{ id: 'p1', credentials }] }, null, 1);
    return { env: { PROJECTS_FILE: PROJECTS, ...env }, content: { ...content, [PROJECTS]: projects } };
  };

  it.each([
    ['plain files', { files: { ak: '/run/ak', sk: '/run/sk', securityToken: '/run/token' } }, {}],
    [
      'variables that name files',
      { environment: { ak: 'ONE_AK', sk: 'ONE_SK', securityToken: 'ONE_TOKEN' } },
      { ONE_AK_FILE: '/run/ak', ONE_SK_FILE: '/run/sk', ONE_TOKEN_FILE: '/run/token' },
    ],
  ])('may be %s', (_, credentials, variables) => {
    const { env, content } = read(credentials, variables);
    expect(revealed(readConfig(env, disk(content)).upstream)).toMatchObject({
      projects: [{ credentials: { ak: 'AKFILE', sk: 'sk-of-the-file', securityToken: 'token-of-the-file' } }],
    });
  });

  it('are checked when the file is read', () => {
    const missing = read({ files: { ak: '/run/redis', sk: '/nowhere' } }, {}, { '/run/redis': 'two words' });
    expect(faults(missing.env, missing.content)).toEqual([
      'PROJECTS_FILE line 7, projects.0.credentials.files.ak: names a file whose content must be visible ASCII without spaces and commas',
      'PROJECTS_FILE line 8, projects.0.credentials.files.sk: names a file that does not exist',
    ]);
    const half = read({ file: '/run/profile' }, {}, { '/run/profile': '[basic]\nak = A\n' });
    expect(faults(half.env, half.content)).toEqual([
      'PROJECTS_FILE line 6, projects.0.credentials.file: must hold ak and sk in its section [basic]',
    ]);
  });
});

it('a configuration that is printed shows no secret', () => {
  const sentinel = 'hunter2hunter2';
  const projects = JSON.stringify({
    projects: [
      { id: 'p1', credentials: { environment: { ak: 'ONE_AK', sk: 'ONE_SK', securityToken: 'ONE_TOKEN' } } },
      { id: 'p2', credentials: { file: '/run/profile' } },
    ],
  });
  const files = { [PROJECTS]: projects, '/run/profile': `[basic]\nak=A\nsk=${sentinel}\nsecurity_token=${sentinel}\n` };
  const keys = { HUAWEICLOUD_SDK_AK: 'AK', HUAWEICLOUD_SDK_SK: sentinel, HUAWEICLOUD_SDK_SECURITY_TOKEN: sentinel };
  const common = { METRICS_TOKEN: sentinel, SIMULATOR_SK: sentinel };
  const sentinels = `redis+sentinel://me:${sentinel}@one/main?sentinelPassword=${sentinel}`;
  for (const env of [
    { ...common, ...keys, ...REMOTE, REDIS_URL: `redis://:${sentinel}@cache` },
    { ...common, PROJECTS_FILE: PROJECTS, ONE_AK: 'A', ONE_SK: sentinel, ONE_TOKEN: sentinel, REDIS_URL: sentinels },
    common,
  ]) {
    const config = readConfig(env, disk(files));
    expect(JSON.stringify(revealed(config))).toContain(sentinel);
    for (const text of [
      JSON.stringify(config),
      inspect(config, { depth: null, showHidden: true }),
      String(config.metricsToken),
    ]) {
      expect(text).not.toContain(sentinel);
    }
  }
});
