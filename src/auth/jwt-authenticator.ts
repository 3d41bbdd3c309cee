/** `AUTH_MODE=jwt`: callers bring tokens that an OpenID provider has signed. */
import { createHash } from 'node:crypto';
import { type Authenticator, bearerToken, type Credentials, UnauthenticatedError } from './authenticator.ts';
import type { Identity } from './identity.ts';
import { type ClaimRules, type Grants, grantsById, grantsOf, type ServedProjects, subjectOf } from './jwt-claims.ts';
import type { Freshness, JwtKeys, KeySet } from './jwt-keys.ts';
import { type TokenRules, UnknownKeyError, verifyToken } from './jwt-verify.ts';

/** Tokens that need no second look at their signature. */
const MOST_TOKENS = 10_000;
/** A request does not wait for the issuer, unless nobody has asked it for long. */
const FOR_REQUESTS: Freshness = { behind: 60_000, wait: 600_000 };
/**
 * What is already open ends within 60 s of its key's withdrawal: it is looked at every 50 s (http/limits/token-expiry.ts), with keys of
 * this age at most, and the issuer has 5 s to answer.
 */
const FOR_REVALIDATION: Freshness = { behind: 5_000, wait: 5_000 };

export interface JwtAuthenticatorOptions {
  readonly rules: TokenRules & ClaimRules;
  readonly keys: JwtKeys;
  /** What this gateway serves; a reload gives it another `names`. */
  readonly served: ServedProjects;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A token that was found to be good. */
interface Bearer {
  readonly subject: string;
  readonly grants: Grants;
  readonly expiresAt: number;
  readonly key: string;
  /** The names that `identity` was made with. */
  names: ServedProjects['names'] | null;
  identity: Identity;
}

export class JwtAuthenticator implements Authenticator {
  readonly #options: JwtAuthenticatorOptions;
  /** By the hash of their token; the one that was used last comes last. */
  readonly #bearers = new Map<string, Bearer>();
  readonly #bearerOf = new WeakMap<Identity, Bearer>();

  constructor(options: JwtAuthenticatorOptions) {
    this.#options = options;
  }

  async authenticate(credentials: Credentials): Promise<Identity> {
    const token = bearerToken(credentials);
    const keys = await this.#options.keys.current(FOR_REQUESTS);
    const hash = createHash('sha256').update(token).digest('base64');
    const known = this.#bearers.get(hash);
    // One whose key is gone is looked at again: the issuer may have put the key back.
    const bearer = known !== undefined && keys.thumbprints.has(known.key) ? known : await this.#verify(token, keys);
    this.#keep(hash, bearer);
    this.#checkTime(bearer);
    return this.#identityOf(bearer);
  }

  async revalidate(identity: Identity): Promise<Identity> {
    const bearer = this.#bearerOf.get(identity);
    if (bearer === undefined) throw new UnauthenticatedError('The caller is not known here');
    this.#checkTime(bearer);
    const { thumbprints } = await this.#options.keys.current(FOR_REVALIDATION);
    if (!thumbprints.has(bearer.key)) throw new UnauthenticatedError('The key of the token has been withdrawn');
    return this.#identityOf(bearer);
  }

  #checkTime({ expiresAt }: Bearer): void {
    if (this.#options.now() >= expiresAt) throw new UnauthenticatedError('The token has expired');
  }

  async #verify(token: string, keys: KeySet): Promise<Bearer> {
    const { rules, now } = this.#options;
    const { claims, expiresAt, key } = await verifyToken(token, keys, rules, now()).catch(async (error: unknown) => {
      if (!(error instanceof UnknownKeyError)) throw error;
      const newer = await this.#options.keys.newerThan(keys);
      if (newer === keys) throw error;
      return await verifyToken(token, newer, rules, now());
    });
    const subject = subjectOf(rules.issuer, claims.sub);
    const identity: Identity = { subject, projects: new Map(), expiresAt, token: null };
    return { subject, grants: grantsOf(claims, rules), expiresAt, key, names: null, identity };
  }

  #keep(hash: string, bearer: Bearer): void {
    this.#bearers.delete(hash);
    this.#bearers.set(hash, bearer);
    const [oldest] = this.#bearers.keys();
    if (oldest !== undefined && this.#bearers.size > MOST_TOKENS) this.#bearers.delete(oldest);
  }

  /** The same object for as long as nothing has changed. */
  #identityOf(bearer: Bearer): Identity {
    const { served } = this.#options;
    if (bearer.names === served.names) return bearer.identity;
    bearer.names = served.names;
    const projects = grantsById(bearer.grants, served);
    if (!sameGrants(bearer.identity.projects, projects)) bearer.identity = { ...bearer.identity, projects };
    this.#bearerOf.set(bearer.identity, bearer);
    return bearer.identity;
  }
}

function sameGrants(before: Grants | null, after: Grants): boolean {
  if (before === null || before.size !== after.size) return false;
  return [...after].every(([id, rights]) => {
    const old = before.get(id);
    return old !== undefined && old.size === rights.size && [...rights].every((right) => old.has(right));
  });
}
