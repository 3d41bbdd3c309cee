/** Verifies a token: its signature, and that it was made for this gateway. */
import { calculateJwkThumbprint, errors, exportJWK, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { AuthenticationUnavailableError, UnauthenticatedError } from './authenticator.ts';
import type { Claims } from './jwt-claims.ts';

/** How far the clocks of issuer and gateway may be apart. */
const TOLERANCE_SECONDS = 30;
/** The last moment that a Date can hold. */
const LAST_MS = 8.64e15;

export interface TokenRules {
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** Asymmetric ones only. */
  readonly algorithms: readonly string[];
}

export interface VerifiedToken {
  readonly claims: Claims;
  /** Milliseconds since 1970; the tolerance is in it. */
  readonly expiresAt: number;
  /** Thumbprint of the key that it is signed with. */
  readonly key: string;
}

/**
 * @param now milliseconds since 1970
 * @throws UnauthenticatedError, AuthenticationUnavailableError
 */
export async function verifyToken(
  token: string,
  find: JWTVerifyGetKey,
  rules: TokenRules,
  now: number,
): Promise<VerifiedToken> {
  try {
    const { payload, key } = await jwtVerify(token, find, {
      issuer: rules.issuer,
      audience: [...rules.audiences],
      algorithms: [...rules.algorithms],
      requiredClaims: ['exp', 'sub'],
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: new Date(now),
    });
    const expiresAt = Math.min(LAST_MS, ((payload.exp ?? 0) + TOLERANCE_SECONDS) * 1000);
    return { claims: payload, expiresAt, key: await calculateJwkThumbprint(await exportJWK(key)) };
  } catch (error) {
    throw error instanceof AuthenticationUnavailableError ? error : refusal(error);
  }
}

/** Says what is wrong, but never repeats anything of the token; what jose throws holds its claims, so it goes no further. */
function refusal(error: unknown): UnauthenticatedError {
  if (error instanceof errors.JWTExpired) return new UnauthenticatedError('The token has expired');
  if (error instanceof errors.JWTClaimValidationFailed) return new UnauthenticatedError(claimFault(error));
  if (error instanceof errors.JWKSNoMatchingKey) {
    return new UnauthenticatedError('The token is signed with a key that its issuer does not publish');
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return new UnauthenticatedError('The token must name the key that it is signed with (kid)');
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return new UnauthenticatedError('The token is signed with an algorithm that is not taken here');
  }
  return new UnauthenticatedError('The token is not valid');
}

function claimFault({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (reason === 'missing') return `The token must have the claim ${claim}`;
  if (claim === 'iss') return 'The token is from another issuer';
  if (claim === 'aud') return 'The token is meant for somebody else: its aud does not name this gateway';
  if (claim === 'nbf') return 'The token is not valid yet';
  return 'The token is not valid';
}
