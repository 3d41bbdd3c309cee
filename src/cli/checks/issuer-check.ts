/** `AUTH_MODE=jwt`: discovery, and keys for the accepted algorithms. */
import type { JWK } from 'jose';
import { fetchOver, JwtKeys } from '../../auth/jwt-keys.ts';
import type { JwtSettings } from '../../config/auth.ts';
import type { OutboundProxy } from '../../config/outbound-proxy.ts';
import { Pools } from '../../vpcep/http/pools.ts';
import { type Finding, fail, ok } from './finding.ts';

const SUBJECT = 'issuer of tokens';
/** The algorithms of a key that names none, RFC 7518 and 8037. */
const BY_TYPE: Readonly<Record<string, RegExp>> = { RSA: /^[RP]S/, EC: /^ES/, OKP: /^EdDSA$/ };

export async function checkIssuer(settings: JwtSettings, proxy: OutboundProxy | null): Promise<readonly Finding[]> {
  const { issuer, jwksUrl, algorithms } = settings;
  const pools = new Pools({ connections: 1, proxy });
  const troubles: Error[] = [];
  const onTrouble = (error: Error | null): void => {
    if (error !== null) troubles.push(error);
  };
  const keys = new JwtKeys({ issuer, jwksUrl, fetch: fetchOver({ pools }), onTrouble });
  try {
    // Joins the fetch that the constructor has begun.
    await keys.refresh();
    const [trouble] = troubles;
    const published = keys.find.jwks()?.keys ?? [];
    if (trouble !== undefined)
      return [fail(SUBJECT, trouble.message, 'Correct JWT_ISSUER or JWT_JWKS_URL, or start the issuer')];
    const usable = algorithms.filter((algorithm) => published.some((key) => serves(key, algorithm)));
    const theirs = [...new Set(published.map(({ alg, kty }) => alg ?? kty))].join(', ');
    const found = `${issuer} publishes ${published.length} keys (${theirs})`;
    if (usable.length > 0) return [ok(SUBJECT, `${found}; of the accepted algorithms they serve ${usable.join(', ')}`)];
    return [fail(SUBJECT, `${found}; none serves an accepted algorithm`, 'Name theirs in JWT_ALGORITHMS')];
  } finally {
    keys.close();
    await pools.destroy();
  }
}

function serves({ alg, kty = '', use }: JWK, algorithm: string): boolean {
  if (use === 'enc') return false;
  return alg === undefined ? BY_TYPE[kty]?.test(algorithm) === true : alg === algorithm;
}
