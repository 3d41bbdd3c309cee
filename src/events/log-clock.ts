/** Microseconds for which a measurement counts before a less exact one replaces it: quartz drifts by some 50 µs a second. */
const GOOD_FOR = 60_000_000;

interface Measurement {
  /** Microseconds by which the log's time is ahead of this process's, between these two. */
  readonly least: number;
  readonly most: number;
  /** When, in this process's microseconds. */
  readonly at: number;
}

/**
 * The shared log's time as this replica reckons it while the log cannot be asked. So replicas that are on their own order
 * what they see alike, and what they hand over later fits between what the log already holds. What happens within half of
 * the quickest round trip has no order.
 */
export class LogClock {
  #known: Measurement = { least: 0, most: 0, at: Number.NEGATIVE_INFINITY };
  #last = 0;

  /** This process's own time in microseconds. Does not step, unlike the time of day. */
  readonly own = (): number => Math.floor((performance.timeOrigin + performance.now()) * 1000);

  /** `micros`: the log's time, asked for at `sentAt` (own time) and answered just now. */
  learn(micros: number, sentAt: number): void {
    const at = this.own();
    const fresh = { least: micros - at, most: micros - sentAt, at };
    const known = this.#known;
    // They cannot both be right where they do not meet: the log's clock was set, or this one has drifted.
    const agree = fresh.least <= known.most && fresh.most >= known.least;
    const isMoreExact = fresh.most - fresh.least <= known.most - known.least;
    if (agree && !isMoreExact && at - known.at < GOOD_FOR) return;
    this.#known = fresh;
    this.#last = 0;
  }

  /** Microseconds since 1970; never the same twice: two requests would look equally old. */
  readonly now = (): number => {
    const ahead = Math.round((this.#known.least + this.#known.most) / 2);
    this.#last = Math.max(this.#last + 1, this.own() + ahead);
    return this.#last;
  };
}
