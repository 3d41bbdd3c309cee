/** `AUTH_MODE=jwt`: callers send tokens that an OpenID provider has signed. */
import { hash } from 'node:crypto';
import { calculateJwkThumbprint, errors, exportJWK, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import {
  AuthenticationUnavailableError,
  type Authenticator,
  type Credentials,
  checkExpiry,
  isExpired,
  sentToken,
  UnauthenticatedError,
} from './authenticator.ts';
import { type Grants, type Identity, unchanged } from './identity.ts';
import { type ClaimRules, grantsById, grantsOf, type ServedProjects, subjectOf } from './jwt-claims.ts';
import type { JwtKeys } from './jwt-keys.ts';

/** Verified tokens in the cache. */
const MOST_TOKENS = 10_000;
/** Longer tokens are refused: hashing and decoding them is work that every client can cause. */
const MAX_LENGTH = 8 * 1024;
/** RFC 6750, section 2.1. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;
const USUAL_SCHEME = 'Bearer ';
/** Between the clocks of issuer and gateway. */
const TOLERANCE_SECONDS = 30;
/** The last moment that a Date can hold. */
const LAST_MS = 8.64e15;

interface TokenRules extends ClaimRules {
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** Asymmetric ones only. */
  readonly algorithms: readonly string[];
}

export interface JwtAuthenticatorOptions {
  readonly rules: TokenRules;
  readonly keys: JwtKeys;
  /** The projects of this gateway; a reload replaces `names`. */
  readonly served: ServedProjects;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The caller of a verified token. */
interface Bearer {
  /** By what the token calls a project. */
  readonly grants: Grants;
  /** Thumbprint of the key that the token is signed with. */
  readonly key: string;
  /** The names that `identity` was made with. */
  names: ServedProjects['names'] | null;
  identity: Identity;
}

export class JwtAuthenticator implements Authenticator {
  readonly #options: JwtAuthenticatorOptions;
  /** By the token's digest: it is not kept in memory, and a Map hashes a text of this length more slowly than SHA-256. */
  readonly #bearers = new LRUCache<string, Bearer>({ max: MOST_TOKENS });
  readonly #bearerOf = new WeakMap<Identity, Bearer>();

  constructor(options: JwtAuthenticatorOptions) {
    this.#options = options;
  }

  known({ headers: { authorization: text }, connectionParams }: Credentials): Identity | undefined {
    if (connectionParams !== undefined || text === undefined || text.length > MAX_LENGTH) return undefined;
    if (!text.startsWith(USUAL_SCHEME)) return undefined;
    const bearer = this.#bearers.get(digestOf(text.slice(USUAL_SCHEME.length)));
    if (bearer === undefined || isExpired(bearer.identity, this.#options.now())) return undefined;
    return this.#options.keys.isPublished(bearer.key) ? this.#identityOf(bearer) : undefined;
  }

  async authenticate(credentials: Credentials): Promise<Identity> {
    const token = bearerToken(credentials);
    const name = digestOf(token);
    let bearer = this.#bearers.get(name);
    // Verified again when its key is gone: the issuer may have put it back.
    if (bearer === undefined || !this.#options.keys.isPublished(bearer.key)) {
      bearer = await this.#verify(token);
      this.#bearers.set(name, bearer);
    }
    checkExpiry(bearer.identity, this.#options.now());
    return this.#identityOf(bearer);
  }

  async revalidate(identity: Identity): Promise<Identity> {
    const bearer = this.#bearerOf.get(identity);
    if (bearer === undefined) throw new UnauthenticatedError('The caller is not known here');
    checkExpiry(identity, this.#options.now());
    // Called every 50 s (http/limits/token-expiry.ts), so connections end within 60 s of the withdrawal.
    await this.#options.keys.refresh();
    if (!this.#options.keys.isPublished(bearer.key)) {
      throw new UnauthenticatedError('The key of the token has been withdrawn');
    }
    return this.#identityOf(bearer);
  }

  /** @throws UnauthenticatedError, AuthenticationUnavailableError */
  async #verify(token: string): Promise<Bearer> {
    const { rules, keys, now } = this.#options;
    try {
      const { payload: claims, key } = await jwtVerify(token, keys.find, {
        issuer: rules.issuer,
        audience: [...rules.audiences],
        algorithms: [...rules.algorithms],
        requiredClaims: ['exp', 'sub'],
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: new Date(now()),
      });
      const identity: Identity = {
        subject: subjectOf(rules.issuer, claims.sub),
        projects: new Map(),
        expiresAt: Math.min(LAST_MS, ((claims.exp ?? 0) + TOLERANCE_SECONDS) * 1000),
        token: null,
      };
      const thumbprint = await calculateJwkThumbprint(await exportJWK(key));
      return { grants: grantsOf(claims, rules), key: thumbprint, names: null, identity };
    } catch (error) {
      const isOurs = error instanceof AuthenticationUnavailableError || error instanceof UnauthenticatedError;
      throw isOurs ? error : refusal(error);
    }
  }

  #identityOf(bearer: Bearer): Identity {
    const { served } = this.#options;
    if (bearer.names === served.names) return bearer.identity;
    bearer.names = served.names;
    const projects = grantsById(bearer.grants, served);
    bearer.identity = unchanged(bearer.identity, { ...bearer.identity, projects });
    this.#bearerOf.set(bearer.identity, bearer);
    return bearer.identity;
  }
}

function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}

/** @throws UnauthenticatedError unless there is exactly one */
function bearerToken(credentials: Credentials): string {
  const value = sentToken(credentials, 'authorization');
  if (value === undefined) throw new UnauthenticatedError('A token is needed: send it as "Authorization: Bearer …"');
  if (value !== null && value.length > MAX_LENGTH) {
    throw new UnauthenticatedError(`A token may have at most ${MAX_LENGTH} characters`);
  }
  const token = value === null ? undefined : BEARER.exec(value)?.[1];
  if (token === undefined) throw new UnauthenticatedError('Authorization must be "Bearer", a space and one token');
  return token;
}

/** Never repeats anything of the token. What jose throws holds its claims, so it is dropped. */
function refusal(error: unknown): UnauthenticatedError {
  if (error instanceof errors.JWTExpired) return new UnauthenticatedError('The token has expired: fetch a new one');
  if (error instanceof errors.JWTClaimValidationFailed) return new UnauthenticatedError(claimFault(error));
  if (error instanceof errors.JWKSNoMatchingKey) {
    return new UnauthenticatedError('The token is signed with a key that its issuer does not publish');
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return new UnauthenticatedError('The token must name the key that it is signed with (kid)');
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return new UnauthenticatedError('The token is signed with an algorithm that is not accepted here');
  }
  return new UnauthenticatedError('The token is not valid');
}

function claimFault({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (reason === 'missing') return `The token must have the claim ${claim}`;
  if (claim === 'iss') return 'The token is from another issuer';
  if (claim === 'aud') return 'The token is for another audience: its aud does not name this gateway';
  if (claim === 'nbf') return 'The token is not valid yet';
  return 'The token is not valid';
}
