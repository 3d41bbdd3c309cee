import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, keyHash, markOf, valueHash } from '../../src/create/fingerprint.ts';

const SCOPE = { projectId: 'p', subject: 's', operation: 'o', idempotencyKey: 'k' };

describe('the hash of a key', () => {
  it('depends on project, caller, operation and key', () => {
    const others = Object.keys(SCOPE).map((name) => keyHash({ ...SCOPE, [name]: 'other' }));
    expect(new Set([keyHash(SCOPE), ...others]).size).toBe(5);
  });

  it('does not run its parts together', () => {
    expect(keyHash({ ...SCOPE, projectId: 'ps', subject: '' })).not.toBe(
      keyHash({ ...SCOPE, projectId: 'p', subject: 's' }),
    );
    expect(keyHash({ ...SCOPE, subject: 'a","b', operation: 'c' })).not.toBe(
      keyHash({ ...SCOPE, subject: 'a', operation: 'b","c' }),
    );
  });

  it('gives a mark that any tag can hold, and shows nothing of the key', () => {
    const mark = markOf(keyHash({ ...SCOPE, idempotencyKey: 'order 4711 <☁>' }));
    expect(mark).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('canonical JSON', () => {
  it('is the same in whatever order the members came', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[{"d":1}]}');
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, member]) => [name, shuffled(member)]),
      );
    };
    fc.assert(fc.property(fc.jsonValue(), (value) => canonicalJson(shuffled(value)) === canonicalJson(value)));
  });

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('tells lists in another order apart', () => {
    expect(valueHash({ list: ['a', 'b'] })).not.toBe(valueHash({ list: ['b', 'a'] }));
  });
});
