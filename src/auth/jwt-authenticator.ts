/** `AUTH_MODE=jwt`: callers bring tokens that an OpenID provider has signed. */
import { createHash } from 'node:crypto';
import { type Authenticator, bearerToken, type Credentials, UnauthenticatedError } from './authenticator.ts';
import type { Identity } from './identity.ts';
import { type ClaimRules, type Grants, grantsById, grantsOf, type ServedProjects, subjectOf } from './jwt-claims.ts';
import type { JwtKeys } from './jwt-keys.ts';
import { type TokenRules, verifyToken } from './jwt-verify.ts';

/** Verified tokens that are remembered. */
const MOST_TOKENS = 10_000;

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
    const hash = createHash('sha256').update(token).digest('base64');
    const known = this.#bearers.get(hash);
    // Verified again when its key is gone: the issuer may have put it back.
    const isKnown = known !== undefined && this.#options.keys.isPublished(known.key);
    const bearer = isKnown ? known : await this.#verify(token);
    this.#keep(hash, bearer);
    this.#checkTime(bearer);
    return this.#identityOf(bearer);
  }

  async revalidate(identity: Identity): Promise<Identity> {
    const bearer = this.#bearerOf.get(identity);
    if (bearer === undefined) throw new UnauthenticatedError('The caller is not known here');
    this.#checkTime(bearer);
    // Open connections are revalidated every 50 s (http/sessions.ts), so they end within 60 s of the withdrawal.
    await this.#options.keys.refresh();
    if (!this.#options.keys.isPublished(bearer.key))
      throw new UnauthenticatedError('The key of the token has been withdrawn');
    return this.#identityOf(bearer);
  }

  #checkTime({ expiresAt }: Bearer): void {
    if (this.#options.now() >= expiresAt) throw new UnauthenticatedError('The token has expired');
  }

  async #verify(token: string): Promise<Bearer> {
    const { rules, keys, now } = this.#options;
    const { claims, expiresAt, key } = await verifyToken(token, keys.find, rules, now());
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
