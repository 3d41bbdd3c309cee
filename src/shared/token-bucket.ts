export interface MessageRateLimits {
  readonly perSecond: number;
  /** How many may come at once after a pause. */
  readonly burst: number;
}

/** A bucket of tokens. Pure but for its own count. */
export class MessageRate {
  readonly #limits: MessageRateLimits;
  #tokens: number;
  #at: number;

  /** @param now milliseconds of a clock that only goes forward, as in `take`. */
  constructor(limits: MessageRateLimits, now: number) {
    this.#limits = limits;
    this.#tokens = limits.burst;
    this.#at = now;
  }

  /** False: this message is one too many. */
  take(now: number): boolean {
    const { perSecond, burst } = this.#limits;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1000) * perSecond);
    this.#at = now;
    if (this.#tokens < 1) {
      return false;
    }
    this.#tokens -= 1;
    return true;
  }
}
