/** The counters behind the budget: in Redis for all replicas, and in this process while Redis is unavailable. */
import { type Count, Limiter, type LimiterStore } from '../../redis/counter.ts';
import type { Clock } from '../../shared/clock.ts';
import { CALL_CLASSES, type CallClass } from '../http/request.ts';
import { type Rates, windowOf } from './budget-rates.ts';
import type { Tokens } from './token-line.ts';

export interface BudgetLimitersOptions {
  readonly rates: Rates;
  /** Null: this process is the only one, and the whole budget is its own. */
  readonly store: LimiterStore | null;
  /** Into how many parts the budget falls while the store is unavailable. */
  readonly replicas: number;
  readonly clock: Clock;
}

export class BudgetLimiters {
  readonly #limiters: ReadonlyMap<CallClass, Limiter>;

  constructor({ rates, store, replicas }: BudgetLimitersOptions) {
    const limiterOf = (callClass: CallClass): Limiter =>
      new Limiter({
        store,
        window: windowOf(callClass, rates[callClass]),
        localWindow: windowOf(callClass, rates[callClass] / replicas),
      });
    this.#limiters = new Map(CALL_CLASSES.map((callClass) => [callClass, limiterOf(callClass)]));
  }

  /** Takes as many as there are, `count` at most. Never rejects. */
  async take(projectId: string, callClass: CallClass, count: number): Promise<Tokens> {
    return tokensOf(await this.#limiter(callClass).consume(keyOf(projectId, callClass), count), count);
  }

  /** Nobody gets any for so many whole seconds, at least 1. Never rejects. */
  async block(projectId: string, callClass: CallClass, seconds: number): Promise<void> {
    await this.#limiter(callClass).block(keyOf(projectId, callClass), seconds);
  }

  #limiter(callClass: CallClass): Limiter {
    const limiter = this.#limiters.get(callClass);
    if (limiter === undefined) throw new Error(`no limiter for ${callClass}`);
    return limiter;
  }
}

/** What is beyond the window's points was counted too, so what was left before is ours. */
function tokensOf({ consumed, window: { points, seconds }, msLeft }: Count, count: number): Tokens {
  const before = consumed - count;
  const granted = Math.min(count, Math.max(0, points - before));
  if (granted === count) return { granted, waitMs: 0 };
  return { granted, waitMs: msLeft > 0 ? msLeft : seconds * 1000 };
}

/** One key for each class; the braces keep those of a project together in a cluster. */
function keyOf(projectId: string, callClass: CallClass): string {
  return `{${projectId}}:budget:${callClass}`;
}
