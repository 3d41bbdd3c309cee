/**
 * Who comes with wrong tokens again and again is refused before anybody looks at them: looking costs a signature check, or
 * a question to IAM. Counted for each address and for all replicas together; callers that were let in before are not
 * locked out by others at their address.
 */
import { createHash } from 'node:crypto';
import { type Authenticator, type Credentials, UnauthenticatedError } from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';
import type { Limiter } from '../../redis/counter.ts';
import { placeOf } from '../request/client-address.ts';

export interface FailureLimitsOptions {
  readonly limiter: Limiter;
  /** Milliseconds of a clock that only goes forward. */
  readonly elapsed: () => number;
  readonly onRefused: () => void;
}

/** Of one address: unknown tokens that are looked at together. A flood that comes at once waits in line. */
const AT_ONCE = 20;
/** Addresses and tokens that are remembered; far more than real callers have. */
const MOST_KEPT = 10_000;

interface Visitor {
  running: number;
  readonly waiting: (() => void)[];
  refusedUntilMs: number;
}

export class FailureLimits {
  readonly #options: FailureLimitsOptions;
  readonly #visitors = new Map<string, Visitor>();
  /** Digests of tokens that were good when they were last looked at. */
  readonly #known = new Set<string>();

  constructor(options: FailureLimitsOptions) {
    this.#options = options;
  }

  /** The same authenticator for whoever may try. Its `authenticate` throws RateLimitedError as well. */
  around(inner: Authenticator): Authenticator {
    return {
      authenticate: (credentials) => this.#authenticate(inner, credentials),
      revalidate: (identity) => inner.revalidate(identity),
    };
  }

  async #authenticate(inner: Authenticator, credentials: Credentials): Promise<Identity> {
    const { address } = credentials;
    const proof = proofOf(credentials);
    // Without a token there is nothing to look at, and the answer costs nothing.
    if (proof === null || address === undefined) return await inner.authenticate(credentials);
    const place = placeOf(address);
    if (this.#known.has(proof)) return await this.#tried(inner, credentials, proof, place);
    const visitor = this.#visitors.get(place) ?? { running: 0, waiting: [], refusedUntilMs: 0 };
    this.#visitors.set(place, visitor);
    await this.#turn(visitor);
    try {
      this.#refuse(visitor);
      return await this.#tried(inner, credentials, proof, place);
    } finally {
      const next = visitor.waiting.shift();
      if (next === undefined) visitor.running -= 1;
      else next();
      this.#forget(place, visitor);
    }
  }

  async #tried(inner: Authenticator, credentials: Credentials, proof: string, place: string): Promise<Identity> {
    try {
      const identity = await inner.authenticate(credentials);
      keep(this.#known, proof);
      return identity;
    } catch (error) {
      this.#known.delete(proof);
      if (error instanceof UnauthenticatedError) await this.#failed(place);
      throw error;
    }
  }

  async #turn(visitor: Visitor): Promise<void> {
    this.#refuse(visitor);
    if (visitor.running < AT_ONCE) visitor.running += 1;
    // Whoever leaves hands its place over.
    else await new Promise<void>((resolve) => visitor.waiting.push(resolve));
  }

  async #failed(place: string): Promise<void> {
    const { limiter, elapsed } = this.#options;
    const { consumed, window, msLeft } = await limiter.consume(keyOf(place), 1);
    const visitor = this.#visitors.get(place);
    if (consumed >= window.points && visitor !== undefined) {
      visitor.refusedUntilMs = elapsed() + (msLeft > 0 ? msLeft : window.seconds * 1000);
    }
  }

  #refuse({ refusedUntilMs }: Visitor): void {
    const leftMs = refusedUntilMs - this.#options.elapsed();
    if (leftMs <= 0) return;
    this.#options.onRefused();
    const seconds = Math.ceil(leftMs / 1000);
    throw new RateLimitedError(`Too many wrong tokens came from this address: wait ${seconds} s`, seconds);
  }

  #forget(place: string, visitor: Visitor): void {
    if (visitor.running === 0 && visitor.refusedUntilMs <= this.#options.elapsed()) this.#visitors.delete(place);
    if (this.#visitors.size <= MOST_KEPT) return;
    for (const [oldest, { running }] of this.#visitors) {
      if (running > 0) continue;
      this.#visitors.delete(oldest);
      return;
    }
  }
}

/** Digest of the tokens that somebody shows; null: none. */
function proofOf({ headers, connectionParams }: Credentials): string | null {
  const shown = [headers.authorization, headers['x-auth-token'], connectionParams].filter(
    (proof) => proof !== undefined && Object.keys(Object(proof)).length > 0,
  );
  return shown.length === 0 ? null : createHash('sha256').update(JSON.stringify(shown)).digest('base64');
}

function keep(known: Set<string>, proof: string): void {
  known.delete(proof);
  known.add(proof);
  const [oldest] = known;
  if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
}

function keyOf(place: string): string {
  return `{address:${createHash('sha256').update(place).digest('hex').slice(0, 32)}}:failures`;
}
