/**
 * The shared log's time as this replica reckons it while the log cannot be asked. So replicas that are on their own order
 * what they see alike, and what they hand over later fits between what the log already holds.
 */
export class LogClock {
  /** Microseconds by which the log's time is ahead of this process's. */
  #ahead = 0;
  #last = 0;

  /** `micros`: the log's time just now. */
  learn(micros: number): void {
    this.#ahead = micros - ownMicros();
    this.#last = 0;
  }

  /** Microseconds since 1970; never the same twice: two requests would look equally old. */
  readonly now = (): number => {
    this.#last = Math.max(this.#last + 1, ownMicros() + this.#ahead);
    return this.#last;
  };
}

/** Does not step, unlike the time of day. */
function ownMicros(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * 1000);
}
