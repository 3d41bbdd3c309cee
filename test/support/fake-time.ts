import type { Clock } from '../../src/shared/clock.ts';

/** A clock that only `pass` moves on, and sleep by it. */
export class FakeTime implements Clock {
  #at = 1_000_000;
  #sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.#at;
  }

  elapsed(): number {
    return this.#at;
  }

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((wake) => {
      this.#sleepers.push({ at: this.#at + ms, wake });
    });

  /** Sleepers that are due run as far as they can without waiting again. */
  async pass(ms: number): Promise<void> {
    const until = this.#at + ms;
    for (;;) {
      await new Promise(setImmediate);
      const [next] = this.#sleepers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      this.#at = Math.max(this.#at, next.at);
      next.wake();
    }
    this.#at = until;
  }
}
