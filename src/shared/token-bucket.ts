export interface TokenBucketLimits {
  readonly perSecond: number;
  /** Tokens in a full bucket. */
  readonly burst: number;
}

export class TokenBucket {
  readonly #limits: TokenBucketLimits;
  #tokens: number;
  #at: number;

  /** @param now milliseconds of a monotonic clock, as in `take`. */
  constructor(limits: TokenBucketLimits, now: number) {
    this.#limits = limits;
    this.#tokens = limits.burst;
    this.#at = now;
  }

  /** False when the bucket is empty. */
  take(now: number): boolean {
    const { perSecond, burst } = this.#limits;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1000) * perSecond);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
