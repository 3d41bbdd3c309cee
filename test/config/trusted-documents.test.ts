import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/env.ts';

const TEXT = 'query A { viewer { subject } }';
const hash = (algorithm: string, text = TEXT) => createHash(algorithm).update(text).digest('hex');

function read(env: Record<string, string>, manifest?: string) {
  const files = { defaultProfile: '/none', read: (path: string) => (path === '/manifest.json' ? manifest : undefined) };
  return readConfig({ TRUSTED_DOCUMENTS_MODE: 'enforce', TRUSTED_DOCUMENTS_FILE: '/manifest.json', ...env }, files);
}

function faultOf(env: Record<string, string>, manifest?: string): string {
  try {
    read(env, manifest);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return expect.fail('no fault');
}

describe('TRUSTED_DOCUMENTS_FILE', () => {
  it('takes what the client preset writes, and ids of any other form', () => {
    const ids = [`sha256:${hash('sha256')}`, hash('sha256').toUpperCase(), hash('sha1'), 'My.Query_1'];
    const manifest = JSON.stringify(Object.fromEntries(ids.map((id) => [id, TEXT])));
    const { mode, documents } = read({}, manifest).trustedDocuments;
    expect(mode).toBe('enforce');
    expect([...documents]).toEqual(ids.map((id) => [id, TEXT]));
  });

  it('is not read while the mode is off, with a warning', () => {
    const config = read({ TRUSTED_DOCUMENTS_MODE: 'off' }, 'no JSON');
    expect(config.trustedDocuments).toEqual({ mode: 'off', documents: new Map() });
    expect(config.warnings.join()).toContain('TRUSTED_DOCUMENTS_FILE has no effect');
  });

  it.each([
    ['no file is named', { TRUSTED_DOCUMENTS_FILE: '' }, '{}', 'must be set for TRUSTED_DOCUMENTS_MODE=enforce'],
    ['there is none', {}, undefined, 'must name a readable file'],
    ['it is no JSON', {}, '{', 'a JSON object of ids and documents'],
    ['it is a list', {}, '["query A { a }"]', 'a JSON object of ids and documents'],
    ['it is empty', {}, '{}', 'and at least one'],
    ['a document is no text', {}, '{"a": 7}', '"a" has no document'],
    ['an id is none', {}, '{"a b": "{ a }"}', '"a b" is no id'],
    ['a SHA-256 is another’s', {}, `{"sha256:${hash('sha256')}": "{ a }"}`, 'is not the sha256 of its document'],
    ['a SHA-1 is another’s', {}, `{"${hash('sha1')}": "{ a }"}`, 'is not the sha1 of its document'],
    ['many are wrong', {}, JSON.stringify(Object.fromEntries([...'abcdefgh'].map((id) => [id, '']))), 'and 3 more'],
  ])('is refused when %s', (_name, env, manifest, fault) => {
    expect(faultOf(env, manifest)).toContain(fault);
  });
});
