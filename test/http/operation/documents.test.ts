import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { Documents } from '../../../src/http/operation/document-cache.ts';
import { KnownDocument } from '../../../src/http/operation/known-document.ts';

const schema = buildSchema('type Query { a: Int, b: Int }');

describe('Documents', () => {
  it('parses a text once, and again only after 1,000 other texts', () => {
    const documents = new Documents({ schema, introspection: true });
    const first = documents.read('{ a }');
    const second = documents.read('{ b }');
    for (let n = 0; n < 998; n += 1) documents.read(`query N${n} { a }`);
    expect(documents.read('{ a }')).toBe(first);
    documents.read('query Last { a }');
    expect(documents.read('{ a }')).toBe(first);
    expect(documents.read('{ b }')).not.toBe(second);
  });

  it('bounds the memory of long texts', () => {
    const documents = new Documents({ schema, introspection: true });
    const first = documents.read('{ a }');
    const long = `{ a } #${'x'.repeat(20_000)}`;
    expect(documents.read(long)).not.toBe(documents.read(long));
    expect(documents.read('{ a }')).toBe(first);
    for (let n = 0; n < 31; n += 1) documents.read(`query N${n} { a } #${'x'.repeat(9_900)}`);
    expect(documents.read('{ a }')).not.toBe(first);
  });

  it('keeps trusted documents apart from those of clients', () => {
    const documents = new Documents({ schema, introspection: true });
    const text = `{ ${'a '.repeat(40)} }`;
    expect(documents.read(text, true)).toBeInstanceOf(KnownDocument);
    for (const given of [text, `trusted ${text}`, `given ${text}`]) {
      expect(documents.read(given)).toMatchObject([{ extensions: {} }]);
    }
  });

  it('returns errors with their code, the same each time', () => {
    const documents = new Documents({ schema, introspection: false });
    for (let n = 0; n < 2; n += 1) {
      expect(documents.read('{')).toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }]);
      expect(documents.read('{ c }')).toMatchObject([
        { message: 'Cannot query field "c" on type "Query".', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      ]);
    }
  });
});
