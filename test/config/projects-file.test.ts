import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { ConfigError, type Environment } from '../../src/config/env.ts';
import type { ConfigFiles } from '../../src/config/files.ts';
import { revealed } from '../support/revealed.ts';

const PATH = '/etc/projects.yaml';
const GOOD = `
default: payments
projects:
  - id: 0605767a3300d5762fb7c0186d9e1779
    name: payments
    region: cn-north-4
    credentials:
      environment: { ak: PAYMENTS_AK, sk: PAYMENTS_SK }
  - name: eu-west-101
    region: eu-west-101
    credentials: { file: /run/secrets/eu }
  - id: lab-project
    url: https://vpcep.lab:8443
    region: lab-1
    credentials: { metadata: true }
`;
const ENV = { PROJECTS_FILE: PATH, PAYMENTS_AK: 'AKEXAMPLE', PAYMENTS_SK: 'top-secret' };

const disk = (content: string): ConfigFiles => ({
  defaultProfile: '/none',
  read: (path) => (path === PATH ? content : path === '/run/secrets/eu' ? '[basic]\nak = A\nsk = S\n' : undefined),
});

function faults(content: string, env: Environment = ENV): string[] {
  try {
    readConfig(env, disk(content));
  } catch (error) {
    if (error instanceof ConfigError)
      return error.faults.map(({ variable, message }) => `${variable}: ${message.split('. ')[0]}`);
    throw error;
  }
  return [];
}

describe('PROJECTS_FILE', () => {
  it('gives projects with their URLs and credentials by reference', () => {
    expect(revealed(readConfig(ENV, disk(GOOD)).upstream)).toEqual({
      kind: 'remote',
      defaultProject: 0,
      others: null,
      iamUrl: 'https://iam.cn-north-4.myhuaweicloud.com',
      projects: [
        {
          id: '0605767a3300d5762fb7c0186d9e1779',
          name: 'payments',
          region: 'cn-north-4',
          url: 'https://vpcep.cn-north-4.myhuaweicloud.com',
          iamUrl: 'https://iam.cn-north-4.myhuaweicloud.com',
          credentials: { source: 'keys', ak: 'AKEXAMPLE', sk: 'top-secret', securityToken: undefined },
        },
        {
          id: null,
          name: 'eu-west-101',
          region: 'eu-west-101',
          url: 'https://vpcep.eu-west-101.myhuaweicloud.eu',
          iamUrl: 'https://iam.eu-west-101.myhuaweicloud.eu',
          credentials: { source: 'keys', ak: 'A', sk: 'S', securityToken: undefined },
        },
        expect.objectContaining({
          id: 'lab-project',
          region: 'lab-1',
          url: 'https://vpcep.lab:8443',
          credentials: { source: 'metadata' },
        }),
      ],
    });
  });

  it('may be JSON', () => {
    const json = JSON.stringify({ projects: [{ id: 'p1', credentials: { metadata: true } }] }, null, 2);
    expect(readConfig(ENV, disk(json)).upstream).toMatchObject({ projects: [{ id: 'p1' }], defaultProject: null });
  });

  it('leaves the region open where there is a URL alone', () => {
    const lines = [
      '{ id: p1 }',
      '{ id: p2, name: b, url: https://vpcep.lab }',
      '{ id: p3, name: c, region: lab-1, url: https://vpcep.lab }',
    ];
    const projects = lines.map((line) => `  - ${line.replace(' }', ', credentials: { metadata: true } }')}\n`);
    expect(readConfig(ENV, disk(`projects:\n${projects.join('')}`)).upstream).toMatchObject({
      projects: [{ region: 'cn-north-4' }, { region: null, name: 'b' }, { region: 'lab-1' }],
    });
  });

  it('names every fault with its line, and no value', () => {
    const found = faults(`default: unknown
projects:
  - id: "not an id!"
    region: cn-nowhere-1
    credentials: { environment: { ak: MISSING_AK, sk: PAYMENTS_SK } }
  - id: p2
    color: blue
    credentials: { ak: AKLEAKED, sk: leaked-secret }
`);
    expect(found).toEqual([
      'PROJECTS_FILE line 3, projects.0.id: must be 1 to 64 letters, digits, - or _',
      'PROJECTS_FILE line 5, projects.0.credentials.environment.ak: names MISSING_AK, which is not set',
      'PROJECTS_FILE line 4, projects.0.region: must be a region of the public cloud, such as cn-north-4',
      'PROJECTS_FILE line 8, projects.1.credentials: must be one of environment: {ak, sk}, files: {ak, sk}, file: PATH or metadata: true; keys themselves do not belong in this file',
      'PROJECTS_FILE line 6, projects.1: has members that are not known: color',
    ]);
    expect(found.join()).not.toMatch(/AKLEAKED|leaked-secret/);
  });

  it('checks members against each other', () => {
    expect(
      faults(`default: unknown
projects:
  - id: p1
    region: cn-nowhere-1
    credentials: { environment: { ak: MISSING_AK, sk: PAYMENTS_SK } }
  - id: p1
    url: http://vpcep.example/v1
    credentials: { file: /nowhere }
`),
    ).toEqual([
      'PROJECTS_FILE line 5, projects.0.credentials.environment.ak: names MISSING_AK, which is not set',
      'PROJECTS_FILE line 4, projects.0.region: must be a region of the public cloud, such as cn-north-4',
      'PROJECTS_FILE line 7, projects.1.url: must not have a path, a query or a fragment',
      'PROJECTS_FILE line 8, projects.1.credentials.file: must be a profile file that can be read',
      'PROJECTS_FILE line 6, projects.1.id: stands in the file twice',
      'PROJECTS_FILE line 1, default: must be the id or the name of one of the projects',
    ]);
  });

  it.each([
    ['projects: [\n', 'line 2'],
    ['projects:\n  - id: a\n    id: b\n    credentials: { metadata: true }\n', 'line 3'],
  ])('names the line of a syntax error: %j', (content, line) => {
    expect(faults(content)[0]).toContain(`PROJECTS_FILE ${line}: is not valid YAML or JSON`);
  });

  it.each(['', 'null', '[]', 'text', 'projects: []'])('refuses %j', (content) => {
    expect(faults(content)).toHaveLength(1);
  });

  it('must be a readable file', () => {
    expect(faults(GOOD, { ...ENV, PROJECTS_FILE: '/elsewhere' })).toEqual([
      'PROJECTS_FILE: must be a file that can be read',
    ]);
  });
});
