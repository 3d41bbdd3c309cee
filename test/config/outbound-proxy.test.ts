import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { ConfigError, type Environment } from '../../src/config/env.ts';
import { isNeverProxied, METADATA_URL } from '../../src/vpcep/http/outbound-proxy.ts';
import { revealed } from '../support/revealed.ts';

const noFiles = { defaultProfile: '/none', read: () => undefined };
const PROXY = 'http://proxy.example:3128';

const read = (env: Environment) => readConfig(env, noFiles);
const proxyOf = (env: Environment) => revealed(read(env).outboundProxy);

function faults(env: Environment): string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

describe('the proxy', () => {
  it('is none unless a URL is given', () => {
    expect(read({ HTTP_PROXY: ' ', https_proxy: '', NO_PROXY: '???' }).outboundProxy).toBeNull();
  });

  it('is read in upper or lower case, lower case first', () => {
    const http = { url: `${PROXY}/`, address: 'proxy.example:3128' };
    expect(proxyOf({ http_proxy: PROXY, HTTP_PROXY: 'http://other.example' })).toEqual({
      http,
      https: null,
      noProxy: '',
    });
    expect(proxyOf({ HTTPS_PROXY: 'https://proxy.example' })).toEqual({
      http: null,
      https: { url: 'https://proxy.example/', address: 'proxy.example:443' },
      noProxy: '',
    });
  });

  it('is logged without its login', () => {
    const config = read({ HTTPS_PROXY: 'http://me:top%40secret@proxy.example' });
    expect(config.outboundProxy?.https?.address).toBe('proxy.example:80');
    expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain('top');
  });

  it.each([
    ['proxy.example:3128', 'must be an http:// or https:// URL'],
    ['socks5://proxy.example', 'must be an http:// or https:// URL'],
    ['http://me:top#secret@proxy.example', 'must be an http:// or https:// URL'],
    ['http://proxy.example/path', 'must not have a path, a query or a fragment'],
    ['http://proxy.example?top', 'must not have a path, a query or a fragment'],
    ['http://me@proxy.example', 'must hold both a user and a password, or neither'],
    ['http://:top@proxy.example', 'must hold both a user and a password, or neither'],
    ['http://me:top%zz@proxy.example', 'must hold % only in codes such as %40'],
  ])('is refused as %s', (value, rule) => {
    for (const name of ['HTTP_PROXY', 'https_proxy']) {
      const [fault, ...others] = faults({ [name]: value });
      expect(fault).toContain(`${name}: ${rule}. Use the form http://proxy.example.com:3128`);
      expect(fault).not.toContain('top');
      expect(others).toEqual([]);
    }
  });
});

describe('NO_PROXY', () => {
  const env = (text: string) => ({ HTTP_PROXY: PROXY, NO_PROXY: text });

  it.each([
    ['*', '*'],
    ['a.example, .b.example *.c.example:8443 ,', 'a.example,.b.example,*.c.example:8443'],
    ['127.0.0.1,::1,[fd00::1]:443,fd00::2', '127.0.0.1,[::1],[fd00::1]:443,[fd00::2]'],
  ])('%s is taken', (text, noProxy) => {
    expect(proxyOf(env(text))).toMatchObject({ noProxy });
  });

  it.each([
    ['https://a.example', '1'],
    ['a.example,*', '2'],
    ['a.*.example,b.example,<local>', '1, 3'],
    ['a.example:port', '1'],
  ])('%s is refused', (text, numbers) => {
    expect(faults(env(text))).toEqual([
      expect.stringMatching(new RegExp(`^  NO_PROXY: must be a list of host names.* Correct entry ${numbers}\\.$`)),
    ]);
  });

  it('warns of networks, which only other programs read', () => {
    expect(read(env('a.example,10.0.0.0/8,fd00::/8')).warnings).toContain(
      'NO_PROXY: networks (entry 2, 3) have no effect here; list names or addresses.',
    );
  });
});

it.each([
  [METADATA_URL, true],
  ['http://localhost:4100', true],
  ['https://127.9.9.9', true],
  ['http://[::1]:80', true],
  ['https://vpcep.example', false],
  ['https://128.0.0.1', false],
])('%s is never called through a proxy: %s', (origin, never) => {
  expect(isNeverProxied(origin)).toBe(never);
});
