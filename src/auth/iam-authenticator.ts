/** `AUTH_MODE=iam-token`: verifies tokens at IAM and caches the answers. */
import { LRUCache } from 'lru-cache';
import { Secret } from '../shared/secret.ts';
import { SingleFlight } from '../shared/single-flight.ts';
import {
  AuthenticationUnavailableError,
  type Authenticator,
  type Credentials,
  checkExpiry,
  isExpired,
  UnauthenticatedError,
} from './authenticator.ts';
import { iamToken, identityOf, type TokenFacts } from './iam-token.ts';
import { type Identity, unchanged } from './identity.ts';

export interface IamAuthenticatorOptions {
  /** Null: IAM does not accept the token. Any failure: IAM is unavailable. */
  readonly lookUp: (token: Secret) => Promise<TokenFacts | null>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a monotonic clock. */
  readonly elapsed: () => number;
  /** Called once when IAM becomes unavailable, with the reason, and once when it is available again: null. */
  readonly onTrouble: (error: Error | null) => void;
}

/** After this time a token in use is verified again, in the background. */
const RECHECK_MS = 60_000;
/** `revalidate` accepts a younger answer: all connections of one token are revalidated at the same time. */
const JUST_CHECKED_MS = 5_000;
/** While IAM is unavailable, tokens that it knew are accepted for this time. */
const MOST_UNCHECKED_MS = 15 * 60_000;
const REFUSED_MS = 10_000;
const MOST_KNOWN = 5_000;
const MOST_REFUSED = 10_000;
/** Unknown tokens cost a call each, and every client can send them. */
const MOST_LOOKUPS = 64;

interface Known {
  readonly identity: Identity;
  /** By the monotonic clock. */
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
  readonly #lookUps = new SingleFlight<Identity>();
  #unavailable = false;

  constructor(options: IamAuthenticatorOptions) {
    this.#options = options;
  }

  /** The latest call to IAM failed. */
  get unavailable(): boolean {
    return this.#unavailable;
  }

  known({ headers: { 'x-auth-token': text }, connectionParams }: Credentials): Identity | undefined {
    if (connectionParams !== undefined || typeof text !== 'string') return undefined;
    const known = this.#known.get(new Secret(text).digest());
    if (known === undefined || this.#options.elapsed() - known.checkedAt >= RECHECK_MS) return undefined;
    return isExpired(known.identity, this.#options.now()) ? undefined : known.identity;
  }

  async authenticate(credentials: Credentials): Promise<Identity> {
    const token = new Secret(iamToken(credentials));
    const name = token.digest();
    const known = this.#known.get(name);
    if (known === undefined) {
      this.#throwIfRefused(name);
      if (this.#lookUps.size >= MOST_LOOKUPS && !this.#lookUps.has(name)) throw unavailable();
      return await this.#check(token, undefined);
    }
    checkExpiry(known.identity, this.#options.now());
    const age = this.#options.elapsed() - known.checkedAt;
    if (age < RECHECK_MS) return known.identity;
    const check = this.#check(token, known.identity);
    if (age >= MOST_UNCHECKED_MS) return await check;
    // The next request gets the failure.
    check.catch(() => {});
    return known.identity;
  }

  async revalidate(identity: Identity): Promise<Identity> {
    const { token } = identity;
    if (token === null) throw new UnauthenticatedError('This caller has brought no token');
    checkExpiry(identity, this.#options.now());
    const name = token.digest();
    this.#throwIfRefused(name);
    const known = this.#known.get(name);
    const age = known === undefined ? Number.POSITIVE_INFINITY : this.#options.elapsed() - known.checkedAt;
    if (known !== undefined && age < JUST_CHECKED_MS) return known.identity;
    try {
      return await this.#check(token, known?.identity ?? identity);
    } catch (error) {
      const isRefused = !(error instanceof AuthenticationUnavailableError);
      if (isRefused || known === undefined || age >= MOST_UNCHECKED_MS) throw error;
      return known.identity;
    }
  }

  #check(token: Secret, before: Identity | undefined): Promise<Identity> {
    return this.#lookUps.run(token.digest(), () => this.#ask(token, before));
  }

  async #ask(token: Secret, before: Identity | undefined): Promise<Identity> {
    const { now, elapsed } = this.#options;
    const name = token.digest();
    const checkedAt = elapsed();
    const facts = await this.#lookUp(token);
    try {
      if (facts === null) {
        throw new UnauthenticatedError('IAM does not accept the token: it may have expired or have been revoked');
      }
      checkExpiry(facts, now());
      const found = identityOf(token, facts);
      const identity = before === undefined ? found : unchanged(before, found);
      this.#known.set(name, { identity, checkedAt });
      this.#refused.delete(name);
      return identity;
    } catch (error) {
      this.#known.delete(name);
      if (error instanceof UnauthenticatedError)
        this.#refused.set(name, { message: error.message, until: elapsed() + REFUSED_MS });
      throw error;
    }
  }

  async #lookUp(token: Secret): Promise<TokenFacts | null> {
    try {
      const facts = await this.#options.lookUp(token);
      this.#note(null);
      return facts;
    } catch (error) {
      this.#note(error instanceof Error ? error : new Error(String(error)));
      throw unavailable();
    }
  }

  #note(error: Error | null): void {
    if (this.#unavailable === (error !== null)) return;
    this.#unavailable = error !== null;
    this.#options.onTrouble(error);
  }

  #throwIfRefused(name: string): void {
    const refused = this.#refused.get(name);
    if (refused !== undefined && refused.until > this.#options.elapsed())
      throw new UnauthenticatedError(refused.message);
  }
}

/** Without IAM's own message, which concerns the gateway's call and not the caller. */
function unavailable(): AuthenticationUnavailableError {
  return new AuthenticationUnavailableError('IAM is unavailable, so the token cannot be verified: try again');
}
