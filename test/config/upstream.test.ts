import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { ConfigError, type Environment } from '../../src/config/env.ts';
import { type ConfigFiles, diskFiles } from '../../src/config/files.ts';
import { revealed } from '../support/revealed.ts';

const DEFAULT = '/home/me/.huaweicloud/credentials';
const project = { HUAWEICLOUD_SDK_PROJECT_ID: 'p1' };
const keys = { ...project, HUAWEICLOUD_SDK_AK: 'AKAK', HUAWEICLOUD_SDK_SK: 'top-secret' };
const production = { NODE_ENV: 'production' };

function disk(content: Readonly<Record<string, string>>): ConfigFiles {
  return { defaultProfile: DEFAULT, read: (path) => content[path] };
}

/** A remote upstream as the one project that it is without a PROJECTS_FILE. */
function upstream(env: Environment, files = disk({})): object {
  const { upstream } = readConfig(env, files);
  if (upstream.kind === 'simulator') return upstream;
  expect(upstream).toMatchObject({ defaultProject: 0, projects: [expect.anything()] });
  return revealed({ kind: upstream.kind, ...upstream.projects[0] }) as object;
}

function faulty(env: Environment, files = disk({})): string[] {
  try {
    readConfig(env, files);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map((fault) => fault.variable);
    throw error;
  }
  return [];
}

describe('keys from the environment', () => {
  it('give a remote upstream in the default region', () => {
    expect(upstream(keys)).toEqual({
      kind: 'remote',
      url: 'https://vpcep.cn-north-4.myhuaweicloud.com',
      iamUrl: 'https://iam.cn-north-4.myhuaweicloud.com',
      region: 'cn-north-4',
      id: 'p1',
      name: 'cn-north-4',
      credentials: { source: 'keys', ak: 'AKAK', sk: 'top-secret', securityToken: undefined },
    });
  });

  it('take a security token along', () => {
    expect(upstream({ ...keys, HUAWEICLOUD_SDK_SECURITY_TOKEN: 'tok' })).toMatchObject({
      credentials: { securityToken: 'tok' },
    });
  });

  it('fall back to CLOUD_SDK_AK and CLOUD_SDK_SK as a pair', () => {
    const sample = { CLOUD_SDK_AK: 'other', CLOUD_SDK_SK: 'other-secret' };
    expect(upstream({ ...project, ...sample })).toMatchObject({ credentials: { ak: 'other', sk: 'other-secret' } });
    expect(upstream({ ...keys, ...sample })).toMatchObject({ credentials: { ak: 'AKAK', sk: 'top-secret' } });
  });

  it.each([
    [{ HUAWEICLOUD_SDK_AK: 'a' }, 'HUAWEICLOUD_SDK_SK'],
    [{ HUAWEICLOUD_SDK_SK: 's' }, 'HUAWEICLOUD_SDK_AK'],
    [{ CLOUD_SDK_AK: 'a' }, 'CLOUD_SDK_SK'],
    [{ CLOUD_SDK_SK: 's' }, 'CLOUD_SDK_AK'],
    [{ HUAWEICLOUD_SDK_AK: 'a', CLOUD_SDK_SK: 's' }, 'HUAWEICLOUD_SDK_SK'],
    [{ HUAWEICLOUD_SDK_SECURITY_TOKEN: 't' }, 'HUAWEICLOUD_SDK_SECURITY_TOKEN'],
  ])('%j is half of a key', (env, variable) => {
    expect(faulty({ ...project, ...env })).toEqual([variable]);
  });

  it('leave the project to be looked up under the name of the region', () => {
    const env = { ...keys, HUAWEICLOUD_SDK_PROJECT_ID: '', VPCEP_REGION: 'cn-east-3' };
    expect(upstream(env)).toMatchObject({ id: null, name: 'cn-east-3' });
  });
});

describe('the URL of the upstream', () => {
  it('ends in .eu for the EU site', () => {
    expect(upstream({ ...keys, VPCEP_REGION: 'eu-west-101' })).toMatchObject({
      url: 'https://vpcep.eu-west-101.myhuaweicloud.eu',
      iamUrl: 'https://iam.eu-west-101.myhuaweicloud.eu',
    });
  });

  it('can be set, and a private cloud has its own regions', () => {
    const env = { VPCEP_REGION: 'lab-1', VPCEP_URL: 'https://vpcep.lab:8443/', IAM_URL: 'https://iam.lab' };
    expect(upstream({ ...keys, ...env })).toMatchObject({
      region: 'lab-1',
      url: 'https://vpcep.lab:8443',
      iamUrl: 'https://iam.lab',
    });
    expect(faulty({ ...keys, ...env, IAM_URL: '' })).toEqual(['VPCEP_REGION']);
    expect(upstream({ ...keys, ...env, VPCEP_REGION: '' })).toMatchObject({ region: null, name: 'cn-north-4' });
  });

  it('may be plain http outside production, and always on loopback', () => {
    expect(upstream({ ...keys, VPCEP_URL: 'http://simulator:4100' })).toMatchObject({ url: 'http://simulator:4100' });
    for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
      expect(faulty({ ...keys, ...production, VPCEP_URL: `http://${host}:4100` })).toEqual([]);
    }
    expect(faulty({ ...keys, ...production, VPCEP_URL: 'http://simulator:4100' })).toEqual(['VPCEP_URL']);
    expect(faulty({ ...keys, ...production, IAM_URL: 'http://iam.lab' })).toEqual(['IAM_URL']);
  });
});

describe('the profile file', () => {
  const profile = '# mine\r\n[basic]\r\nak = A\r\nsk = S=S\r\nproject_id = p9\r\n\r\n[global]\r\nak = G\r\n';

  it('is read from the default path, project included', () => {
    expect(upstream({}, disk({ [DEFAULT]: profile }))).toMatchObject({
      kind: 'remote',
      id: 'p9',
      credentials: { source: 'keys', ak: 'A', sk: 'S=S', securityToken: undefined },
    });
  });

  it('is read from the path that is set, and the environment overrides its project', () => {
    const env = { ...project, HUAWEICLOUD_SDK_CREDENTIALS_FILE: '/run/keys' };
    expect(upstream(env, disk({ '/run/keys': profile }))).toMatchObject({
      id: 'p1',
      credentials: { ak: 'A', sk: 'S=S' },
    });
  });

  it('is not used when the environment has keys', () => {
    const env = { ...keys, HUAWEICLOUD_SDK_PROJECT_ID: '' };
    expect(upstream(keys, disk({ [DEFAULT]: profile }))).toMatchObject({ credentials: { ak: 'AKAK' } });
    expect(upstream(env, disk({ [DEFAULT]: profile }))).toMatchObject({ id: null });
  });

  it.each([
    ['missing', {}],
    ['empty', { '/run/keys': '' }],
    ['global only', { '/run/keys': '[global]\nak=A\nsk=S\n' }],
    ['without sk', { '/run/keys': '[basic]\nak=A\nsk=\n' }],
  ])('is a fault when its path is set and it %s', (_, content) => {
    expect(faulty({ ...project, HUAWEICLOUD_SDK_CREDENTIALS_FILE: '/run/keys' }, disk(content))).toEqual([
      'HUAWEICLOUD_SDK_CREDENTIALS_FILE',
    ]);
  });

  it('is a fault with half a key even at the default path', () => {
    expect(faulty(project, disk({ [DEFAULT]: '[basic]\nak=A\n' }))).toEqual(['HUAWEICLOUD_SDK_CREDENTIALS_FILE']);
  });

  it('is ignored without a key pair', () => {
    expect(upstream({}, disk({ [DEFAULT]: '[basic]\n;ak=A\n#sk=S\n' }))).toMatchObject({ kind: 'simulator' });
  });

  it('is a fault when it cannot be read', () => {
    const files: ConfigFiles = {
      defaultProfile: DEFAULT,
      read: () => {
        throw new Error('EACCES');
      },
    };
    expect(faulty(project, files)).toEqual(['HUAWEICLOUD_SDK_CREDENTIALS_FILE']);
    expect(faulty(keys, files)).toEqual([]);
  });

  it('is read from the disk', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    try {
      writeFileSync(join(folder, 'credentials'), profile);
      expect(diskFiles.read(join(folder, 'credentials'))).toBe(profile);
      expect(diskFiles.read(join(folder, 'nothing'))).toBeUndefined();
      expect(diskFiles.read(join(folder, 'credentials', 'nothing'))).toBeUndefined();
      expect(() => diskFiles.read(folder)).toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('without any keys', () => {
  it.each([
    ['VPCEP_URL', 'https://vpcep.cn-north-4.myhuaweicloud.com'],
    ['REDIS_URL', 'redis://cache'],
  ])('%s means ECS metadata, not the simulator', (name, value) => {
    expect(upstream({ ...project, [name]: value })).toMatchObject({
      kind: 'remote',
      id: 'p1',
      credentials: { source: 'metadata' },
    });
    expect(upstream({ ...project, ...production, [name]: value })).toMatchObject({
      credentials: { source: 'metadata' },
    });
    expect(upstream({ [name]: value })).toMatchObject({ id: null });
  });

  it('the simulator runs, and takes a project if one is named', () => {
    expect(upstream(project)).toMatchObject({ kind: 'simulator', projectId: 'p1' });
  });

  it('the simulator is refused in production', () => {
    expect(faulty(production)).toEqual(['HUAWEICLOUD_SDK_AK']);
  });

  it.each(['iam-token', 'jwt'])('the simulator is not for AUTH_MODE=%s', (AUTH_MODE) => {
    const jwt = { JWT_ISSUER: 'https://login.example', JWT_AUDIENCE: 'us', JWT_PROJECTS_CLAIM: 'projects' };
    expect(upstream({ ...project, ...jwt, AUTH_MODE })).toMatchObject({ kind: 'remote' });
  });
});

describe('AUTH_MODE=iam-token', () => {
  const mode = { AUTH_MODE: 'iam-token' };

  it('needs no keys, and then serves the project of any token', () => {
    expect(
      readConfig({ ...mode, ...production, HOST: '0.0.0.0', VPCEP_REGION: 'eu-west-101' }, disk({})),
    ).toMatchObject({
      auth: { mode: 'iam-token' },
      upstream: {
        kind: 'remote',
        projects: [],
        defaultProject: null,
        others: { url: 'https://vpcep.eu-west-101.myhuaweicloud.eu', region: 'eu-west-101' },
        iamUrl: 'https://iam.eu-west-101.myhuaweicloud.eu',
      },
    });
  });

  it('serves the one project that is configured, with keys or without', () => {
    const without = readConfig({ ...mode, ...project }, disk({})).upstream;
    expect(without).toMatchObject({ others: null, projects: [{ id: 'p1', credentials: null }] });
    const withKeys = readConfig({ ...mode, ...keys }, disk({})).upstream;
    expect(withKeys).toMatchObject({ others: null, projects: [{ id: 'p1', credentials: { ak: 'AKAK' } }] });
  });

  it('lets PROJECTS_FILE leave out credentials, but not the id as well', () => {
    const file = (content: string) => disk({ '/p.yaml': content });
    const env = { ...mode, PROJECTS_FILE: '/p.yaml' };
    const { upstream } = readConfig(env, file('projects: [{ id: p1 }]'));
    expect(upstream).toMatchObject({ others: null, projects: [{ id: 'p1', credentials: null }] });
    expect(faulty(env, file('projects: [{ name: p1 }]'))).toEqual(['PROJECTS_FILE line 1, projects.0.id']);
    expect(faulty({ PROJECTS_FILE: '/p.yaml' }, file('projects: [{ id: p1 }]'))).toEqual([
      'PROJECTS_FILE line 1, projects.0.credentials',
    ]);
  });
});
