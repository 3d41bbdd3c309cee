/** Cases that Huawei's own SDK signers agreed on; where they come from is in docs/upstream/SIGNING.md. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/shared/secret.ts';
import { encodePath, encodeQuery, sign } from '../../../src/vpcep/signing/signature.ts';

interface Vector {
  readonly name: string;
  readonly credentials: {
    readonly ak: string;
    readonly sk: string;
    readonly projectId?: string;
    readonly securityToken?: string;
  };
  readonly request: {
    readonly method: string;
    readonly host: string;
    readonly path: string;
    readonly query: readonly (readonly [string, string])[];
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly timestamp: string;
  readonly expected: {
    readonly canonicalRequest: string;
    readonly stringToSign: string;
    readonly signedHeaders: string;
    readonly authorization: string;
  };
}

const file = new URL('../../fixtures/aksk-signing.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Vector[] };

describe('SDK-HMAC-SHA256', () => {
  test('all cases are there', () => {
    expect(cases).toHaveLength(40);
  });

  test.each(cases)('$name', ({ credentials: { ak, sk, securityToken, projectId }, request, timestamp, expected }) => {
    const signed = sign(
      {
        method: request.method,
        host: request.host,
        path: encodePath(request.path),
        query: encodeQuery(request.query),
        headers: Object.entries(request.headers),
        ...(projectId === undefined ? {} : { projectId }),
        body: request.body,
      },
      {
        kind: 'aksk',
        ak,
        sk: new Secret(sk),
        ...(securityToken === undefined ? {} : { securityToken: new Secret(securityToken) }),
      },
      timestamp,
    );
    expect(signed.canonicalRequest).toBe(expected.canonicalRequest);
    expect(signed.stringToSign).toBe(expected.stringToSign);
    expect(signed.signedHeaders).toBe(expected.signedHeaders);
    expect(signed.authorization).toBe(expected.authorization);
    expect(signed.headers.authorization).toBe(expected.authorization);
    expect(signed.headers).not.toHaveProperty('host');
  });
});
