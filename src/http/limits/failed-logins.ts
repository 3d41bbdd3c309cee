/**
 * Refuses an address that has sent too many wrong tokens before the next one is checked, as a check costs a signature or a
 * call to IAM. Counted per address over all replicas. Tokens that were accepted before stay accepted.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Authenticator, type Credentials, UnauthenticatedError } from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';
import type { Limiter } from '../../redis/counter.ts';
import { placeOf } from '../request/client-address.ts';

export interface FailedLoginsOptions {
  readonly limiter: Limiter;
  /** Milliseconds of a clock that only goes forward. */
  readonly elapsed: () => number;
  readonly onRefused: () => void;
}

/** Unknown tokens of one address that are checked at the same time; further ones wait. */
const MAX_CONCURRENT = 20;
/** Addresses and tokens that are remembered; more than real callers have. */
const MAX_REMEMBERED = 10_000;

interface Source {
  running: number;
  readonly waiting: (() => void)[];
  refusedUntilMs: number;
}

export class FailedLogins {
  readonly #options: FailedLoginsOptions;
  readonly #sources = new Map<string, Source>();
  /** Digests of tokens that were accepted when they were last checked. */
  readonly #known = new LRUCache<string, true>({ max: MAX_REMEMBERED });

  constructor(options: FailedLoginsOptions) {
    this.#options = options;
  }

  /** The same authenticator, whose `authenticate` throws RateLimitedError as well. */
  around(inner: Authenticator): Authenticator {
    return {
      known: (credentials) => inner.known(credentials),
      authenticate: (credentials) => this.#authenticate(inner, credentials),
      revalidate: (identity) => inner.revalidate(identity),
    };
  }

  async #authenticate(inner: Authenticator, credentials: Credentials): Promise<Identity> {
    const { address } = credentials;
    const proof = proofOf(credentials);
    // Without a token there is nothing to check, and the refusal costs nothing.
    if (proof === null || address === undefined) return await inner.authenticate(credentials);
    const place = placeOf(address);
    if (this.#known.has(proof)) return await this.#tried(inner, credentials, proof, place);
    const source = this.#sources.get(place) ?? { running: 0, waiting: [], refusedUntilMs: 0 };
    this.#sources.set(place, source);
    await this.#turn(source);
    try {
      this.#refuse(source);
      return await this.#tried(inner, credentials, proof, place);
    } finally {
      const next = source.waiting.shift();
      if (next === undefined) source.running -= 1;
      else next();
      this.#forget(place, source);
    }
  }

  async #tried(inner: Authenticator, credentials: Credentials, proof: string, place: string): Promise<Identity> {
    try {
      const identity = await inner.authenticate(credentials);
      this.#known.set(proof, true);
      return identity;
    } catch (error) {
      this.#known.delete(proof);
      if (error instanceof UnauthenticatedError) await this.#failed(place);
      throw error;
    }
  }

  async #turn(source: Source): Promise<void> {
    this.#refuse(source);
    if (source.running < MAX_CONCURRENT) source.running += 1;
    // The check that ends hands its place over.
    else await new Promise<void>((resolve) => source.waiting.push(resolve));
  }

  async #failed(place: string): Promise<void> {
    const { limiter, elapsed } = this.#options;
    const { consumed, window, msLeft } = await limiter.consume(place, 1);
    const source = this.#sources.get(place);
    if (consumed >= window.points && source !== undefined) {
      source.refusedUntilMs = elapsed() + msLeft;
    }
  }

  #refuse({ refusedUntilMs }: Source): void {
    const leftMs = refusedUntilMs - this.#options.elapsed();
    if (leftMs <= 0) return;
    this.#options.onRefused();
    const seconds = Math.ceil(leftMs / 1000);
    throw new RateLimitedError(`Too many wrong tokens came from this address: wait ${seconds} s`, seconds);
  }

  #forget(place: string, source: Source): void {
    if (source.running === 0 && source.refusedUntilMs <= this.#options.elapsed()) this.#sources.delete(place);
    if (this.#sources.size <= MAX_REMEMBERED) return;
    for (const [oldest, { running }] of this.#sources) {
      if (running > 0) continue;
      this.#sources.delete(oldest);
      return;
    }
  }
}

/** Digest of the tokens in a request; null: none. */
function proofOf({ headers, connectionParams }: Credentials): string | null {
  const shown = [headers.authorization, headers['x-auth-token'], connectionParams].filter(
    (proof) => proof !== undefined && Object.keys(Object(proof)).length > 0,
  );
  return shown.length === 0 ? null : createHash('sha256').update(JSON.stringify(shown)).digest('base64');
}
