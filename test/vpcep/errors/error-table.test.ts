import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { meaningOf } from '../../../src/vpcep/errors/error-table.ts';
import { ERROR_CODE_ROWS } from '../../../src/vpcep/generated/error-codes.ts';

interface Published {
  readonly code: string;
  readonly status: number;
  readonly kind: string;
  readonly retry: string;
  readonly meaning: string;
}

const contract = parse(readFileSync(new URL('../../../schema/vpcep.openapi.yaml', import.meta.url), 'utf8')) as {
  readonly 'x-error-codes': { readonly codes: readonly Published[] };
};
const published = contract['x-error-codes'].codes;

test('the generated table is the contract’s, row by row (script/generate-upstream)', () => {
  expect(published.length).toBeGreaterThan(150);
  expect(ERROR_CODE_ROWS).toEqual(
    published.map(({ code, status, kind, retry, meaning }) => [code, status, kind, retry, meaning]),
  );
});

test('every code is found under its status, in any case', () => {
  for (const { code, status, kind, retry, meaning } of published) {
    for (const spelling of [code, code.toLowerCase(), code.toUpperCase()]) {
      expect(meaningOf(spelling, status), spelling).toEqual({ kind, retry, text: meaning });
    }
  }
});

test('one code, several statuses', () => {
  expect(meaningOf('APIGW.0201', 400)).toMatchObject({ kind: 'validation', retry: 'no' });
  expect(meaningOf('APIGW.0201', 502)).toMatchObject({ kind: 'unavailable', retry: 'yes' });
  expect(meaningOf('APIGW.0201', 418)).toBeUndefined();
});

test('a code with one row means the same under another status', () => {
  expect(meaningOf('EndPoint.0022', 429)).toMatchObject({ kind: 'throttled', retry: 'yes' });
});

test('the other spelling of the gateway, and unknown codes', () => {
  expect(meaningOf('APIG.0308', 429)).toMatchObject({ kind: 'throttled', retry: 'yes' });
  expect(meaningOf('EndPoint.9999', 400)).toBeUndefined();
  expect(meaningOf('__proto__', 400)).toBeUndefined();
});
