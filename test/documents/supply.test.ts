import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { judgeSupply, type LockedPackage, type Supply } from '../../script/check-supply.ts';

const root = new URL('../../', import.meta.url);
const path = (name: string): string => fileURLToPath(new URL(name, root));
const file = (name: string): string => readFileSync(new URL(name, root), 'utf8');
const packages: Readonly<Record<string, LockedPackage & { readonly dev?: boolean }>> = JSON.parse(
  file('package-lock.json'),
).packages;

const integrity = `sha512-${'a'.repeat(86)}==`;
const good: Supply = {
  packages: {
    '': {},
    'node_modules/a': { integrity },
    'node_modules/a/node_modules/@b/c': { integrity, hasInstallScript: true },
    'node_modules/d-win32': { optional: true, os: ['win32'] },
  },
  allowScripts: { '@b/c': false },
  npmrc: 'ignore-scripts=true\n',
  document: '- `@b/c` does nothing that we need',
};

it('every package in the lockfile has a hash, and every install script is refused and explained', () => {
  const allowScripts = JSON.parse(file('package.json')).allowScripts;
  expect(
    judgeSupply({ packages, allowScripts, npmrc: file('.npmrc'), document: file('docs/design/dependencies.md') }),
  ).toEqual([]);
  expect(judgeSupply(good)).toEqual([]);
});

it.each<[string, Partial<Supply>, RegExp]>([
  ['no hash', { packages: { ...good.packages, 'node_modules/x': {} } }, /x: has no integrity/],
  [
    'no hash, optional',
    { packages: { ...good.packages, 'node_modules/x': { optional: true } } },
    /x: has no integrity/,
  ],
  ['a weak hash', { packages: { ...good.packages, 'node_modules/x': { integrity: 'sha1-abc' } } }, /not SHA-512/],
  [
    'an address',
    { packages: { ...good.packages, 'node_modules/x': { integrity, resolved: 'https://r/x' } } },
    /names the address/,
  ],
  ['a new install script', { allowScripts: {} }, /allowScripts does not refuse/],
  ['an install script that may run', { allowScripts: { '@b/c': true } }, /allowScripts does not refuse/],
  ['no explanation', { document: '' }, /does not explain/],
  [
    'a refusal of a missing install script',
    { allowScripts: { '@b/c': false, old: false } },
    /old: stands in allowScripts/,
  ],
  ['install scripts that run', { npmrc: 'save-exact=true\n' }, /ignore-scripts/],
])('a lockfile with %s is refused', (_, change, fault) => {
  expect(judgeSupply({ ...good, ...change }).join('\n')).toMatch(fault);
});

it('the bill of materials lists exactly the production packages, with their hashes', () => {
  const { stdout, status } = spawnSync(path('script/sbom'), { encoding: 'utf8' });
  expect(status).toBe(0);
  const bom = JSON.parse(stdout);
  expect(bom).toMatchObject({
    bomFormat: 'CycloneDX',
    metadata: { component: { name: expect.any(String), type: 'application' } },
  });
  const named: readonly { readonly name: string; readonly version: string; readonly hashes?: unknown }[] =
    bom.components;
  const expected = Object.entries(packages).flatMap(([path, { dev, optional, version }]) =>
    path === '' || dev === true || optional === true
      ? []
      : [`${path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`],
  );
  expect(new Set(named.map(({ name, version }) => `${name}@${version}`))).toEqual(new Set(expected));
  expect(named.filter(({ hashes }) => hashes === undefined)).toEqual([]);
});

const advisory = {
  id: 1,
  url: 'https://advisories.example/1',
  title: 'It falls over',
  severity: 'high',
  vulnerable_versions: '*',
};

it.each([
  ['no vulnerability is known', 200, {}, 0, /No known faults/],
  ['one is known', 200, { graphql: [advisory] }, 1, /high {2}graphql: It falls over/],
  ['the registry has no answer', 405, {}, 3, /nothing is known/],
])('the audit reports that %s', async (_, status, body, code, words) => {
  const registry = createServer((request, response) => {
    request.resume();
    const isAudit = request.url?.includes('/advisories/bulk') === true;
    response.writeHead(isAudit ? status : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
  try {
    const env = { ...process.env, npm_config_registry: address, npm_config_fetch_retries: '0' };
    const child = spawn(path('script/audit'), { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = Promise.all([text(child.stdout), text(child.stderr)]);
    const [ended] = await once(child, 'close');
    expect((await texts).join('')).toMatch(words);
    expect(ended).toBe(code);
  } finally {
    registry.closeAllConnections();
    registry.close();
  }
});
