/** Texts and values that often break programs. */
import fc from 'fast-check';

const TEXTS = [
  '',
  ' ',
  '\0',
  '\n',
  'a\r\nX-Injected: 1',
  '\u001b[31mred',
  '__proto__',
  'constructor',
  'toString',
  '../..',
  '..%2f..%2f',
  '/',
  '?limit=1',
  '#',
  'a b',
  '%00',
  '%',
  '\ud800',
  '\u202e',
  'ﷺ'.repeat(50),
  '💣'.repeat(40),
  "'; DROP TABLE endpoints; --",
  '{{7*7}}',
  '$(7*7)',
  '<script>alert(1)</script>',
  'null',
  'NaN',
  '9007199254740993',
  '-1',
  '1e400',
  '0x10',
  '0.0.0.0/0',
  '256.1.1.1',
  '10.0.0.0/33',
  '::1',
  'iam:domain::*',
  '*',
  'x'.repeat(5_000),
] as const;

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 300 }) },
  { weight: 1, arbitrary: fc.uuid() },
);

export const hostileNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -0, -1, 1, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e308, 0.1),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Any JSON value. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  hostileNumber,
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 4 }),
  fc.dictionary(hostileText, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 }),
  fc.constant(null).map(nested),
);

/** Deep, but not too deep for JSON.stringify here. */
function nested(): unknown {
  let value: unknown = [];
  for (let i = 0; i < 1_000; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}
