import { readdirSync, readFileSync } from 'node:fs';
import { GraphQLError, getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ComplexityError } from '../../../src/graphql/errors/gateway-errors.ts';
import { judgeDocument, judgeText } from '../../../src/http/operation/document-cache.ts';

/** The limit that is passed; null when none is; `syntax` when it is no GraphQL. */
function passed(text: string): string | null {
  let fault = judgeText(text);
  if (fault === null) {
    try {
      fault = judgeDocument(parse(text));
    } catch (error) {
      if (error instanceof GraphQLError) return 'syntax';
      throw error;
    }
  }
  if (fault === null) return null;
  const { originalError } = fault;
  if (!(originalError instanceof ComplexityError)) throw fault;
  expect(originalError.message).toContain(String(originalError.maximum));
  return originalError.limit;
}

const repeat = (count: number, text: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');
const deep = (levels: number): string => `${'{a'.repeat(levels)}${'}'.repeat(levels)}`;

describe('limits of documents', () => {
  it.each([
    ['depth', deep(12), deep(13)],
    ['aliases', `{ x { ${repeat(30, (n) => `a${n}: f${n}`)} } }`, `{ x { ${repeat(31, (n) => `a${n}: f${n}`)} } }`],
    [
      'aliases',
      `{ x { ...F } y { ...F } z { a: b } } fragment F on X { ${repeat(14, (n) => `a${n}: f${n}`)} }`,
      `{ x { ...F } y { ...F } z { ...F } } fragment F on X { ${repeat(14, (n) => `a${n}: f${n}`)} }`,
    ],
    ['directives', `{ x ${repeat(20, () => '@skip(if: false)')} }`, `{ x ${repeat(21, () => '@skip(if: false)')} }`],
    [
      'directives',
      `query ($a: B @d) @d { ... @d { x } ...F @d } fragment F on X @d { y { z ${repeat(15, () => '@d')} } }`,
      `query ($a: B @d) @d { ... @d { x } ...F @d } fragment F on X @d { y { z ${repeat(16, () => '@d')} } }`,
    ],
    ['rootFields', `{ ${repeat(20, () => '__typename')} }`, `{ ${repeat(21, () => '__typename')} }`],
    [
      'rootFields',
      `{ ...F } fragment F on Query { ${repeat(20, (n) => `f${n}`)} }`,
      `{ ...F } fragment F on Query { ${repeat(21, (n) => `f${n}`)} }`,
    ],
    ['repeats', `{ x { ${repeat(30, () => '__typename')} } }`, `{ x { ${repeat(31, () => '__typename')} } }`],
    [
      'repeats',
      `{ x { ${repeat(3, () => '... { ...F }')} } } fragment F on X { ${repeat(10, () => 'y')} }`,
      `{ x { ${repeat(3, () => '... { ...F }')} y } } fragment F on X { ${repeat(10, () => 'y')} }`,
    ],
    [
      'repeats',
      `{ ${repeat(3, () => `x { ${repeat(10, () => 'y')} }`)} }`,
      `{ ${repeat(4, () => `x { ${repeat(10, () => 'y')} }`)} }`,
    ],
    ['tokens', `{ x(${repeat(665, (n) => `a${n}: 1`)}) }`, `{ x(${repeat(667, (n) => `a${n}: 1`)}) }`],
    ['length', `{ x } #${'x'.repeat(49_000)}`, `{ x } #${'x'.repeat(50_000)}`],
    ['length', `{ x(a: "${'x'.repeat(49_000)}") }`, `{ x(a: """${'x'.repeat(50_000)}""") }`],
    ['length', `{ x${','.repeat(49_000)} }`, `{ x${','.repeat(50_000)} }`],
    ['nesting', `{ x(a: ${'['.repeat(58)}${']'.repeat(58)}) }`, `{ x(a: ${'['.repeat(59)}${']'.repeat(59)}) }`],
    [
      'nesting',
      `{ x(a: ${'{a: '.repeat(58)}1${'}'.repeat(58)}) }`,
      `{ x(a: ${'{a: '.repeat(900)}1${'}'.repeat(900)}) }`,
    ],
  ])('%s', (limit, within, beyond) => {
    expect(passed(within)).toBeNull();
    expect(passed(beyond)).toBe(limit);
  });

  it('counts each operation of a document, and fragments that none spreads', () => {
    expect(passed(`query A { x } query B ${deep(13)}`)).toBe('depth');
    expect(passed(`{ x } fragment F on X ${deep(12)}`)).toBe('depth');
    expect(passed(`{ x } fragment F on X { y { ${repeat(31, () => 'z')} } }`)).toBe('repeats');
    expect(passed(repeat(20, (n) => `query Q${n} { ${repeat(20, (m) => `f${m}`)} }`))).toBeNull();
    expect(passed(`{ x } ${repeat(200, (n) => `fragment F${n} on X { y }`)}`)).toBeNull();
  });

  it('ends with circles, which validation refuses, and with fragments that multiply', () => {
    expect(passed('{ ...A } fragment A on Query { ...B x } fragment B on Query { ...A y { ...B } }')).toBeNull();
    const doubling = repeat(60, (n) => `fragment F${n} on X { ...F${n + 1} ...F${n + 1} }`);
    expect(passed(`{ x { ...F0 } } ${doubling} fragment F60 on X { ...Missing }`)).toBe('selections');
  });

  it('leaves text that is not GraphQL to the parser', () => {
    expect(passed('{ x(a: "open) }')).toBe('syntax');
    expect(passed('')).toBe('syntax');
    expect(passed('}}}}')).toBe('syntax');
  });

  it('accepts the introspection query and the operations of clients', () => {
    expect(
      passed(
        getIntrospectionQuery({
          specifiedByUrl: true,
          directiveIsRepeatable: true,
          inputValueDeprecation: true,
          oneOf: true,
        }),
      ),
    ).toBeNull();
    const folder = new URL('../../../schema/operations/', import.meta.url);
    const all = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
    expect(all.map(passed)).toEqual(all.map(() => null));
    expect(passed(`{ __schema { types { ${'ofType {'.repeat(13)} name ${'}'.repeat(13)} } } }`)).toBe(
      'introspectionDepth',
    );
  });
});
