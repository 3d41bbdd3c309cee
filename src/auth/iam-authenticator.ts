/** `AUTH_MODE=iam-token`: IAM is asked about each token, and what it says is kept. */

import { LRUCache } from 'lru-cache';
import { Secret } from '../shared/secret.ts';
import {
  AuthenticationUnavailableError,
  type Authenticator,
  type Credentials,
  UnauthenticatedError,
} from './authenticator.ts';
import { iamToken, identityOf, isSame, type TokenFacts } from './iam-token.ts';
import type { Identity } from './identity.ts';

export interface IamAuthenticatorOptions {
  /** Null: IAM does not accept the token. Any failure: it cannot be asked right now. */
  readonly lookUp: (token: Secret) => Promise<TokenFacts | null>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that only goes forward. */
  readonly elapsed: () => number;
  /** Told when IAM cannot be asked any more, and with null when it can again. */
  readonly onTrouble?: (error: Error | null) => void;
}

/** After so long IAM is asked again about a token that is in use; nobody waits for that. */
const RECHECK_MS = 60_000;
/** A word of IAM that is younger answers `revalidate`: all that follow with one token ask at the same time. */
const JUST_CHECKED_MS = 5_000;
/** For so long a token that IAM knew is let in while IAM cannot be asked. */
const MOST_UNCHECKED_MS = 15 * 60_000;
const REFUSED_MS = 10_000;
const MOST_KNOWN = 5_000;
const MOST_REFUSED = 10_000;
/** Unknown tokens cost a call each, and anybody can send them. */
const MOST_LOOKUPS = 64;

interface Known {
  readonly identity: Identity;
  /** By the forward-only clock. */
  readonly checkedAt: number;
}

interface Refused {
  readonly message: string;
  readonly until: number;
}

export class IamAuthenticator implements Authenticator {
  readonly #options: IamAuthenticatorOptions;
  /** All by the token's digest. */
  readonly #known = new LRUCache<string, Known>({ max: MOST_KNOWN });
  readonly #refused = new LRUCache<string, Refused>({ max: MOST_REFUSED });
  readonly #lookUps = new Map<string, Promise<Identity>>();
  #inTrouble = false;

  constructor(options: IamAuthenticatorOptions) {
    this.#options = options;
  }

  /** IAM could not be asked when that was last tried. */
  get inTrouble(): boolean {
    return this.#inTrouble;
  }

  async authenticate(credentials: Credentials): Promise<Identity> {
    const token = new Secret(iamToken(credentials));
    const name = token.digest();
    const known = this.#known.get(name);
    if (known === undefined) {
      this.#throwIfRefused(name);
      return await this.#check(name, token, undefined);
    }
    this.#throwIfExpired(name, known.identity);
    const age = this.#options.elapsed() - known.checkedAt;
    if (age < RECHECK_MS) return known.identity;
    const check = this.#recheck(name, known.identity);
    if (age >= MOST_UNCHECKED_MS) return await check;
    check.catch(() => {
      // Whoever asks next is told.
    });
    return known.identity;
  }

  async revalidate(identity: Identity): Promise<Identity> {
    const { token } = identity;
    if (token === null) throw new UnauthenticatedError('This caller has brought no token');
    const name = token.digest();
    this.#throwIfExpired(name, identity);
    this.#throwIfRefused(name);
    const known = this.#known.get(name);
    const age = known === undefined ? Number.POSITIVE_INFINITY : this.#options.elapsed() - known.checkedAt;
    if (known !== undefined && age < JUST_CHECKED_MS) return known.identity;
    try {
      return await this.#recheck(name, known?.identity ?? identity);
    } catch (error) {
      const isUnknown = !(error instanceof AuthenticationUnavailableError);
      if (isUnknown || known === undefined || age >= MOST_UNCHECKED_MS) throw error;
      return known.identity;
    }
  }

  #recheck(name: string, before: Identity): Promise<Identity> {
    const { token } = before;
    if (token === null) throw new Error('an identity without a token was kept');
    return this.#check(name, token, before);
  }

  /** In single flight for each token. */
  async #check(name: string, token: Secret, before: Identity | undefined): Promise<Identity> {
    const running = this.#lookUps.get(name);
    if (running !== undefined) return await running;
    if (before === undefined && this.#lookUps.size >= MOST_LOOKUPS) throw unavailable();
    const started = this.#ask(name, token, before).finally(() => this.#lookUps.delete(name));
    this.#lookUps.set(name, started);
    return await started;
  }

  async #ask(name: string, token: Secret, before: Identity | undefined): Promise<Identity> {
    const { lookUp, now, elapsed } = this.#options;
    const askedAt = elapsed();
    let facts: TokenFacts | null;
    try {
      facts = await lookUp(token);
    } catch (error) {
      this.#noteTrouble(error instanceof Error ? error : new Error(String(error)));
      throw unavailable();
    }
    this.#noteTrouble(null);
    try {
      if (facts === null) {
        throw new UnauthenticatedError('IAM does not accept the token: it may have expired or have been revoked');
      }
      const found = identityOf(token, facts, now());
      const identity = before !== undefined && isSame(before, found) ? before : found;
      this.#known.set(name, { identity, checkedAt: askedAt });
      this.#refused.delete(name);
      return identity;
    } catch (error) {
      this.#known.delete(name);
      if (error instanceof UnauthenticatedError)
        this.#refused.set(name, { message: error.message, until: elapsed() + REFUSED_MS });
      throw error;
    }
  }

  #noteTrouble(error: Error | null): void {
    if (this.#inTrouble === (error !== null)) return;
    this.#inTrouble = error !== null;
    this.#options.onTrouble?.(error);
  }

  #throwIfExpired(name: string, { expiresAt }: Identity): void {
    if (expiresAt === null || expiresAt > this.#options.now()) return;
    this.#known.delete(name);
    throw new UnauthenticatedError('The token has expired: fetch a new one');
  }

  #throwIfRefused(name: string): void {
    const refused = this.#refused.get(name);
    if (refused === undefined) return;
    if (refused.until > this.#options.elapsed()) throw new UnauthenticatedError(refused.message);
    this.#refused.delete(name);
  }
}

/** IAM's own words stay inside: they are about the gateway's way to it, and not about the caller. */
function unavailable(): AuthenticationUnavailableError {
  return new AuthenticationUnavailableError('IAM cannot be asked right now whether the token is valid: try again');
}
