import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/shared/secret.ts';
import {
  encodeComponent,
  encodePath,
  encodeQuery,
  type SigningInput,
  sdkDate,
  sign,
} from '../../../src/vpcep/signing/signature.ts';

const CREDENTIAL = { kind: 'aksk', ak: 'FAKEACCESSKEY', sk: new Secret('fake-secret-for-tests') } as const;
const DATE = '20250102T030405Z';
const BASE: SigningInput = {
  method: 'POST',
  host: 'vpcep.example.test',
  path: '/v1/p/vpc-endpoints',
  query: 'a=1',
  headers: [['content-type', 'application/json']],
  projectId: 'p',
  body: '{}',
};

const wellFormed = fc.string({ unit: 'grapheme' });
const segment = wellFormed.map((text) => text.replaceAll('/', '-'));
const pairs = fc.array(fc.tuple(wellFormed, wellFormed), { maxLength: 6 });
const headerName = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/).map((name) => `x-t-${name}`);
const headers = fc.uniqueArray(fc.tuple(headerName, fc.stringMatching(/^[ -~]{0,12}$/)), {
  selector: ([name]) => name,
});

function shuffled<T>(list: readonly T[], seed: number): T[] {
  return list
    .map((item, index) => ({ item, rank: ((index + 1) * (seed + 7)) % 101 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

describe('signature', () => {
  test('order and case of header names do not matter', () => {
    fc.assert(
      fc.property(headers, fc.nat(100), (list, seed) => {
        const other = shuffled(list, seed).map(([name, value]) => [name.toUpperCase(), value] as const);
        expect(sign({ ...BASE, headers: other }, CREDENTIAL, DATE).authorization).toBe(
          sign({ ...BASE, headers: list }, CREDENTIAL, DATE).authorization,
        );
      }),
    );
  });

  test('the order of the query does not matter', () => {
    fc.assert(
      fc.property(pairs, fc.nat(100), (list, seed) => {
        expect(encodeQuery(shuffled(list, seed))).toBe(encodeQuery(list));
      }),
    );
  });

  test('what is encoded reads back as what was meant, and survives a URL parser unchanged', () => {
    fc.assert(
      fc.property(
        fc.array(
          segment.filter((text) => text !== '.' && text !== '..'),
          { minLength: 1 },
        ),
        pairs,
        (parts, list) => {
          const path = `/x/${parts.map(encodeComponent).join('/')}`;
          const query = encodeQuery(list);
          const url = new URL(`https://vpcep.example.test${path}${query === '' ? '' : `?${query}`}`);
          expect(url.pathname.slice(3).split('/').map(decodeURIComponent)).toEqual(parts);
          expect(url.pathname + url.search).toBe(path + (query === '' ? '' : `?${query}`));
          expect([...url.searchParams].sort()).toEqual(list.map(([key, value]) => [key, value]).sort());
        },
      ),
    );
  });

  test('only unreserved characters stay as they are, and a lone surrogate is replaced, not thrown at', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(encodePath(text)).toMatch(/^(?:[\w\-.~/]|%[0-9A-F]{2})*$/);
      }),
    );
    expect(encodeComponent('a\uD800b')).toBe('a%EF%BF%BDb');
  });

  test.each<[string, Partial<SigningInput>]>([
    ['method', { method: 'PUT' }],
    ['host', { host: 'other.example.test' }],
    ['path', { path: '/v1/p/vpc-endpointz' }],
    ['query', { query: 'a=2' }],
    ['header value', { headers: [['content-type', 'application/json2']] }],
    ['further header', { headers: [...BASE.headers, ['x-more', '1']] }],
    ['project', { projectId: 'q' }],
    ['body', { body: '{} ' }],
  ])('changes with the %s', (_part, change) => {
    const signatureOf = (input: SigningInput): string | undefined =>
      sign(input, CREDENTIAL, DATE).authorization.split('Signature=')[1];
    expect(signatureOf({ ...BASE, ...change })).not.toBe(signatureOf(BASE));
  });

  test('changes with the secret, the date and the security token', () => {
    const signatures = [
      sign(BASE, CREDENTIAL, DATE),
      sign(BASE, { ...CREDENTIAL, sk: new Secret('another-fake-secret') }, DATE),
      sign(BASE, CREDENTIAL, '20250102T030406Z'),
      sign(BASE, { ...CREDENTIAL, securityToken: new Secret('fake-session') }, DATE),
    ].map((signed) => signed.authorization.split('Signature=')[1]);
    expect(new Set(signatures).size).toBe(4);
  });

  test('text and its UTF-8 bytes sign alike', () => {
    fc.assert(
      fc.property(wellFormed, (body) => {
        expect(sign({ ...BASE, body: Buffer.from(body) }, CREDENTIAL, DATE).authorization).toBe(
          sign({ ...BASE, body }, CREDENTIAL, DATE).authorization,
        );
      }),
    );
  });

  test('what is signed is what is sent, and the secret is nowhere in it', () => {
    const { headers: sent, signedHeaders } = sign(
      BASE,
      { ...CREDENTIAL, securityToken: new Secret('fake-session') },
      DATE,
    );
    expect(signedHeaders).toBe('content-type;host;x-project-id;x-sdk-date;x-security-token');
    expect(Object.keys(sent).sort()).toEqual(
      ['authorization', ...signedHeaders.split(';').filter((name) => name !== 'host')].sort(),
    );
    expect(JSON.stringify(sent)).not.toContain(CREDENTIAL.sk.reveal());
  });

  test('the date is UTC without separators or fractions', () => {
    expect(sdkDate(Date.UTC(2024, 1, 29, 23, 59, 59, 999))).toBe('20240229T235959Z');
  });
});
