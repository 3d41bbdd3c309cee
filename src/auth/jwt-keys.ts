/** The issuer's keys as they were when it was last asked: asked anew behind the callers, and kept while it is away. */
import { calculateJwkThumbprint, createLocalJWKSet, type JSONWebKeySet, type JWK } from 'jose';
import { AuthenticationUnavailableError } from './authenticator.ts';

/** For so long keys are used while the issuer cannot be asked. */
const KEEP_MS = 24 * 3_600_000;
/** After a failure, and after a token with an unknown key, the issuer is left alone for so long. */
const COOLDOWN_MS = 10_000;

export interface KeySet {
  readonly find: ReturnType<typeof createLocalJWKSet>;
  /** RFC 7638, SHA-256: a `kid` may be given to another key, this cannot. */
  readonly thumbprints: ReadonlySet<string>;
  readonly readAt: number;
}

/** Ages in milliseconds. */
export interface Freshness {
  /** Beyond it the keys are asked for anew, but nobody waits for that. */
  readonly behind: number;
  /** Beyond it callers wait for the answer, unless the issuer was away the last time. */
  readonly wait: number;
}

export interface JwtKeysOptions {
  readonly fetch: () => Promise<JSONWebKeySet>;
  /** Milliseconds of a clock that only goes forward. */
  readonly elapsed: () => number;
  /** Told once when the issuer cannot be asked, with the reason, and once when it can be again: null. */
  readonly onTrouble: (error: Error | null) => void;
}

export class JwtKeys {
  readonly #options: JwtKeysOptions;
  #set: KeySet | null = null;
  #asking: Promise<void> | null = null;
  #failedAt: number | null = null;
  #missedAt = Number.NEGATIVE_INFINITY;

  constructor(options: JwtKeysOptions) {
    this.#options = options;
  }

  /** Null: all is well. */
  get trouble(): string | null {
    return this.#failedAt === null ? null : 'the keys that tokens are checked with cannot be fetched from their issuer';
  }

  /** Asks for the keys before somebody needs them. */
  prepare(): void {
    void this.#ask();
  }

  /** @throws AuthenticationUnavailableError when there are no keys, or only ones that are too old */
  async current({ behind, wait }: Freshness): Promise<KeySet> {
    const age = this.#age();
    if (age >= behind && (this.#failedAt === null || this.#since(this.#failedAt) >= COOLDOWN_MS)) {
      const asked = this.#ask();
      if (age >= KEEP_MS || (age >= wait && this.#failedAt === null)) await asked;
    }
    if (this.#set === null || this.#age() >= KEEP_MS) throw unavailable();
    return this.#set;
  }

  /**
   * For a token whose key is not in `seen`: what the issuer publishes by now. It is asked at most once per cooldown, since
   * anybody can send such tokens.
   * @throws AuthenticationUnavailableError when it cannot be asked
   */
  async newerThan(seen: KeySet): Promise<KeySet> {
    if (this.#set === seen) {
      if (this.#since(this.#missedAt) >= COOLDOWN_MS) {
        this.#missedAt = this.#options.elapsed();
        await this.#ask();
      } else {
        await this.#asking;
      }
    }
    if (this.#failedAt !== null) throw unavailable();
    return this.#set ?? seen;
  }

  #age(): number {
    return this.#set === null ? Number.POSITIVE_INFINITY : this.#since(this.#set.readAt);
  }

  #since(time: number): number {
    return this.#options.elapsed() - time;
  }

  /** One question at a time. Never rejects: what is there stays. */
  #ask(): Promise<void> {
    this.#asking ??= this.#read().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #read(): Promise<void> {
    const { fetch, elapsed, onTrouble } = this.#options;
    const wasAway = this.#failedAt !== null;
    // Before the question: what was revoked while the answer travelled is not in it.
    const readAt = elapsed();
    try {
      const document = await fetch();
      const find = createLocalJWKSet(document);
      this.#set = { find, thumbprints: await thumbprintsOf(document.keys), readAt };
      this.#failedAt = null;
      if (wasAway) onTrouble(null);
    } catch (error) {
      this.#failedAt = elapsed();
      if (!wasAway) onTrouble(error instanceof Error ? error : new Error('the keys cannot be read'));
    }
  }
}

function unavailable(): AuthenticationUnavailableError {
  return new AuthenticationUnavailableError('Tokens cannot be checked right now: try again');
}

/** Keys of kinds that nobody knows here have none, and verify nothing. */
async function thumbprintsOf(keys: readonly JWK[]): Promise<ReadonlySet<string>> {
  const known = await Promise.allSettled(keys.map((key) => calculateJwkThumbprint(key)));
  return new Set(known.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
}
