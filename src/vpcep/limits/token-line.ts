/** Calls of one project and class that wait for their tokens, in the order in which they came. */

import type { Clock, Sleep } from '../../shared/clock.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import type { LineShape } from './budget-rates.ts';

export interface Tokens {
  readonly granted: number;
  /** Milliseconds until there may be more; 0 when as many were given as asked for. */
  readonly waitMs: number;
}

export interface TokenLineOptions {
  readonly shape: LineShape;
  /** MUST NOT reject. */
  readonly fetch: (count: number) => Promise<Tokens>;
  readonly clock: Clock;
  readonly sleep: Sleep;
}

export interface TakeLimits {
  /** Milliseconds that the call can wait. 0: it is served with what can be had now. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface Waiter {
  readonly untilMs: number;
  waited: boolean;
  grant(): void;
  refuse(error: UpstreamError): void;
}

export class TokenLine {
  readonly #options: TokenLineOptions;
  #waiters: Waiter[] = [];
  #stock = 0;
  #stockUntilMs = 0;
  #serving = false;

  constructor(options: TokenLineOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the call may go: true when it had to wait for a token.
   * @throws UpstreamError `throttled` with `retryAfterSeconds`, as soon as it is known that none comes in time;
   * `connection` when `signal` is aborted. `not_sent`, both.
   */
  take({ waitMs, signal }: TakeLimits): Promise<boolean> {
    const { clock, shape } = this.#options;
    if (signal?.aborted === true) return Promise.reject(cancelled());
    if (this.#waiters.length === 0 && this.#stock > 0 && clock.elapsed() < this.#stockUntilMs) {
      this.#stock--;
      return Promise.resolve(false);
    }
    if (this.#waiters.length >= shape.most) return Promise.reject(overBudget(waitMs));
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        signal?.removeEventListener('abort', leave);
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
      };
      const leave = (): void => {
        settle();
        reject(cancelled());
      };
      const waiter: Waiter = {
        untilMs: clock.elapsed() + waitMs,
        waited: false,
        grant: () => {
          settle();
          resolve(waiter.waited);
        },
        refuse: (error) => {
          settle();
          reject(error);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiters.push(waiter);
      void this.#serve();
    });
  }

  /** Tokens that were fetched ahead are worth nothing any more. */
  forgetStock(): void {
    this.#stock = 0;
  }

  async #serve(): Promise<void> {
    if (this.#serving) return;
    this.#serving = true;
    const { clock, fetch, shape, sleep } = this.#options;
    while (this.#waiters.length > 0) {
      const { granted, waitMs } = await fetch(Math.max(this.#waiters.length, shape.batch));
      this.#stock = granted;
      this.#stockUntilMs = clock.elapsed() + shape.keepMs;
      for (const waiter of this.#waiters.slice(0, granted)) {
        this.#stock--;
        waiter.grant();
      }
      if (waitMs === 0) continue;
      const nextMs = clock.elapsed() + waitMs;
      for (const waiter of this.#waiters) {
        waiter.waited = true;
        if (waiter.untilMs < nextMs) waiter.refuse(overBudget(waitMs));
      }
      if (this.#waiters.length > 0) await sleep(waitMs);
    }
    this.#serving = false;
  }
}

function overBudget(waitMs: number): UpstreamError {
  return new UpstreamError({
    kind: 'throttled',
    outcome: 'not_sent',
    message: "The gateway's own budget of calls for this project is used up, or held back because upstream throttles.",
    retryable: true,
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  });
}

function cancelled(): UpstreamError {
  return new UpstreamError({
    kind: 'connection',
    outcome: 'not_sent',
    message: 'The call was cancelled before it was sent.',
    retryable: false,
  });
}
