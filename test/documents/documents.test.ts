/** The documents are correct: their commands and examples run unchanged, and the files, links and metrics in them exist. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import type { Environment } from '../../src/config/env.ts';
import { useGateway } from '../support/use-gateway.ts';
import { type Block, blocksOf, DOCUMENTS, ROOT } from './document-blocks.ts';
import { bundleExample, EXAMPLES, exampleCode } from './document-examples.ts';
import { DocumentShell, startsServers } from './document-shell.ts';

/** Blocks that are not run: document, first characters, reason. */
const NOT_RUN = [
  ['README.md', 'script/server ', 'installs and builds; the other blocks run against what it starts'],
  ['README.md', 'export HUAWEICLOUD_SDK_AK=…', 'needs keys of the real cloud'],
  ['CONTRIBUTING.md', 'feat(watch)', 'subjects of commits'],
  [
    'docs/guides/frontend.md',
    'ALLOWED_ORIGINS=',
    'installs and builds; test/examples/pages.test.ts has such a gateway',
  ],
  [
    'docs/guides/frontend.md',
    'script/build',
    'needs a second folder; test/client/client-package.test.ts installs a pack',
  ],
  ['docs/guides/frontend.md', 'npx vite', 'serves until it is stopped; test/examples/pages.test.ts builds the page'],
  ['docker/README.md', 'docker compose', 'needs a container engine; script/check docker reads the files'],
  ['docs/operations/deployment.md', 'docker build', 'needs a container engine; script/test-container builds the image'],
  ['docs/operations/deployment.md', 'kubectl', 'needs a cluster'],
  ['docs/operations/deployment.md', '# values.yaml', 'values of the chart; script/check-chart renders them'],
  ['docs/operations/deployment.md', 'helm', 'needs a cluster'],
  ['docs/operations/deployment.md', 'listen 443', 'a part of nginx.conf, with files of the reader'],
  ['docs/design/architecture.md', 'flowchart', 'a Mermaid diagram'],
  ['docs/reference/command-line.md', '$ vpcep-gateway', 'sessions; test/cli/commands.test.ts runs the commands'],
  ['docs/reference/audit.md', '/var/log/', 'settings of logrotate; test/graphql/audit/audit.test.ts rotates'],
  ['docs/reference/audit.md', 'docker logs', 'needs a container engine'],
  ['docs/operations/deployment.md', '$ vpcep-gateway check', 'output; test/cli/check.test.ts has its form'],
  ['docs/operations/deployment.md', 'initContainers', 'a part of a Pod'],
  ['docs/operations/redis.md', 'ACL SETUSER', 'redis-acl.test.ts and others give it to real servers'],
  ['docs/guides/federation.md', 'extend schema', 'the schema of another subgraph; test/federation composes one'],
  ['docs/guides/federation.md', 'const AUTHORIZATION', 'settings of Hive Gateway; test/federation/router.ts has them'],
  ['docs/design/add-a-field.md', '@Field', 'a part of a class'],
  ['docs/upstream/SIGNING.md', 'canonicalRequest', 'formulas; signing-vectors.test.ts has cases'],
] as const;
const isNotRun = ({ path, code }: Block) => NOT_RUN.some(([file, begins]) => file === path && code.startsWith(begins));

const KINDS = {
  'not run': isNotRun,
  settings: ({ language, code }: Block) => language === 'sh' && /^([A-Z_]+=\S+\n)+$/.test(code),
  command: ({ language }: Block) => language === 'sh',
  operations: ({ language }: Block) => language === 'graphql',
  example: ({ code }: Block) => EXAMPLES.some((name) => exampleCode(name) === code),
  json: ({ language }: Block) => language === 'json',
  projects: ({ language }: Block) => language === 'yaml',
} as const;
const kindOf = (block: Block) => Object.entries(KINDS).find(([, fits]) => fits(block))?.[0];

const BLOCKS = DOCUMENTS.flatMap(blocksOf);
const of = (...kinds: readonly (keyof typeof KINDS)[]) =>
  BLOCKS.filter((block) => kinds.some((kind) => kindOf(block) === kind));

const { gateway } = useGateway(beforeAll);
let shell: DocumentShell;

it('runs or checks every block of the documents, except those listed with a reason', () => {
  expect(BLOCKS.filter((block) => kindOf(block) === undefined).map(({ at }) => at)).toEqual([]);
  const unused = NOT_RUN.filter(
    ([path, begins]) => !BLOCKS.some((one) => one.path === path && one.code.startsWith(begins)),
  );
  expect(unused).toEqual([]);
});

/** From ids, cursors, times and addresses of the documents to those of this run. */
const known = new Map<string, string>();
const MADE_ANEW =
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{12}:\d+|\d{4}-\d\d-\d\dT[\d:.]+Z|\b172\.16\.0\.\d+/g;
const shape = (text: string) => text.trim().replaceAll(MADE_ANEW, '<made anew>');
const current = (text: string) => text.replaceAll(MADE_ANEW, (token) => known.get(token) ?? token);

function expectAnswer(real: string, documented: string): void {
  expect(shape(real)).toBe(shape(documented));
  const tokens = real.match(MADE_ANEW) ?? [];
  for (const [i, token] of (documented.match(MADE_ANEW) ?? []).entries()) known.set(token, tokens[i] ?? '');
  // The same id in the document must be the same id in this run.
  expect(real.trim()).toBe(current(documented.trim()));
}

async function runCommand({ code, output }: Block): Promise<void> {
  if (startsServers(code)) await shell.moveToFreePorts();
  const finished = await shell.run(current(code));
  expect(finished, startsServers(code) ? shell.log() : code).toMatchObject({ code: 0, err: '' });
  for (const [, port] of code.matchAll(/^PORT=(\d+) script\/server &$/gm)) {
    const isReady = () => shell.run(`curl -sf http://127.0.0.1:${port}/livez`);
    await expect.poll(isReady, { timeout: 20_000, interval: 200 }).toMatchObject({ code: 0 });
  }
  if (output === undefined) expect(finished.out).not.toContain('"errors"');
  else expectAnswer(finished.out, output);
}

async function runOperations({ code, output = '' }: Block): Promise<void> {
  const documented = output.trim().split('\n');
  const texts = code.trim().split('\n\n');
  expect(documented.length).toBe(texts.length);
  for (const [i, text] of texts.entries()) {
    let real = '';
    const send = async (): Promise<string> => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ query: current(text) });
      const response = await fetch(shell.here('http://127.0.0.1:4000/graphql'), { method: 'POST', headers, body });
      real = await response.text();
      return shape(real);
    };
    // Queries are repeated until they give the documented answer; mutations are sent once.
    if (/^\{/m.test(text)) await expect.poll(send).toBe(shape(documented[i] ?? ''));
    else await send();
    expectAnswer(real, documented[i] ?? '');
  }
}

describe('commands and operations of the documents', () => {
  beforeAll(async () => {
    shell = new DocumentShell(gateway.url);
    await bundleExample({
      code: shell.here(exampleCode('watch.mjs')),
      outfile: join(shell.dir, 'examples/watch.mjs'),
    });
  });
  afterAll(() => shell.close());

  it.each(of('command', 'operations'))('$at gives the documented output', async (step) => {
    const above = BLOCKS.find(({ path, code }) => path === step.path && code.startsWith('curl'));
    if (/\bas above\b/.test(step.before) && above !== undefined) await runCommand(above);
    await (step.language === 'graphql' ? runOperations(step) : runCommand(step));
  });
});

it.each(of('settings'))('$at is a valid configuration', ({ code }) => {
  const env = Object.fromEntries(
    code
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2) as [string, string]),
  );
  expect(readConfig({ ...env, HUAWEICLOUD_SDK_AK: 'ak', HUAWEICLOUD_SDK_SK: 'sk' }).warnings).toEqual([]);
});

const disk = (projects: string) => ({
  defaultProfile: '/none',
  read: (path: string) =>
    path.endsWith('.yaml') ? projects : path.endsWith('-eu') ? '[basic]\nak = a\nsk = s\n' : 'key',
});

it.each(of('projects'))('$at is a valid PROJECTS_FILE', ({ code }) => {
  const env = { PROJECTS_FILE: '/projects.yaml', PAYMENTS_AK: 'ak', PAYMENTS_SK: 'sk' };
  expect(readConfig(env, disk(code)).upstream).toMatchObject({ kind: 'remote', defaultProject: 0 });
});

it('JSON blocks parse, as a whole or line by line', () => {
  for (const { at, code } of of('json')) {
    const lines = /^\{.*\}$/m.test(code) ? code.trim().split('\n') : [code];
    for (const text of lines) expect(() => JSON.parse(text), at).not.toThrow();
  }
});

describe('settings', () => {
  it('in the tables are exactly those that the gateway reads', () => {
    const tables = DOCUMENTS.flatMap(({ text }) => text.match(/^\| variable \|.*\n(\|.*\n)+/gm) ?? []);
    const documented = tables.flatMap((table) =>
      [...table.matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g)].map(([, name]) => name),
    );
    const read = new Set<string>();
    const watched = (env: Environment) =>
      new Proxy(env, {
        get: (target, name) => {
          // Proxy variables are also read in lower case.
          read.add(String(name).toUpperCase());
          return target[String(name)];
        },
      });
    for (const env of [
      {},
      { AUTH_MODE: 'jwt', OIDC_CLIENT_ID: 'portal', TRUSTED_DOCUMENTS_MODE: 'log', MAX_CONNECTIONS: '1' },
      { CLOUD_SDK_AK: 'a', CLOUD_SDK_SK: 's' },
      { HUAWEICLOUD_SDK_AK: 'a', HUAWEICLOUD_SDK_SK: 's', HTTP_PROXY: 'http://proxy.test:3128' },
    ]) {
      try {
        readConfig(watched(env), disk(''));
      } catch {
        // Faults are reported after everything has been read.
      }
    }
    expect([...new Set(documented)].sort()).toEqual([...read].sort());
  });
});

describe('names in the documents', () => {
  it('are existing files and folders', () => {
    const folder = /^(?:src|test|schema|docs|examples|script|docker|portal|bench)\/[\w./-]*/;
    const missing = DOCUMENTS.flatMap(({ path, text }) => {
      const named = [...text.matchAll(/`([\w./-]+\/[\w./-]*)[` ]/g)].map(([, name = '']) => name);
      // Documents may leave out `src/`.
      const files = named.filter((name) => folder.test(name) || name.endsWith('.ts'));
      const exists = (name: string) => existsSync(join(ROOT, folder.test(name) ? name : `src/${name}`));
      return files.filter((name) => !exists(name)).map((name) => `${path}: ${name}`);
    });
    expect(missing).toEqual([]);
  });

  it('of documents that sources, scripts and tests mention are existing files', () => {
    const pattern = String.raw`\bdocs/[A-Za-z0-9./_-]+\.(md|ts|mjs)`;
    const mentions = execFileSync('git', ['grep', '-oE', pattern, '--', ':!*.md'], { cwd: ROOT, encoding: 'utf8' });
    const missing = mentions.split('\n').filter((line) => !existsSync(join(ROOT, line.slice(line.indexOf(':') + 1))));
    expect(missing).toEqual([]);
  });

  it('are existing metrics', async () => {
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    const named = DOCUMENTS.flatMap(({ text }) => text.match(/vpcep_gateway_[a-z_]+/g) ?? []);
    expect(named.filter((name) => !metrics.includes(`# HELP ${name} `))).toEqual([]);
  });

  it('are links to an existing document and heading', () => {
    const headings = ({ text }: { readonly text: string }) =>
      [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\w\- ]/g, '')
          .replaceAll(' ', '-'),
      );
    const broken = DOCUMENTS.flatMap((document) =>
      [...document.text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].flatMap(([link, to = '', anchor]) => {
        const file = to === '' ? document.path : join(document.path, '..', to);
        const target = DOCUMENTS.find(({ path }) => path === file);
        const found =
          existsSync(join(ROOT, file)) &&
          (anchor === undefined || (target !== undefined && headings(target).includes(anchor)));
        return found ? [] : [`${document.path}: ${link}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  it('are existing npm scripts', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = DOCUMENTS.flatMap(({ text }) =>
      [...text.matchAll(/npm run (?:--silent )?([a-z]+)/g)].map(([, name = '']) => name),
    );
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});
