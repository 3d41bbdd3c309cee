/** The counters behind the budget: in Redis for all replicas, and in this process while Redis is away. */
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { type Rates, type RateWindow, windowOf } from './budget-rates.ts';
import { CALL_CLASSES, type CallClass } from './call-class.ts';
import type { Clock } from './clock.ts';
import type { Tokens } from './token-line.ts';

/** An ioredis client, of one server or of a cluster; only the limiters look inside. */
export type BudgetStore = object;

export interface BudgetLimitersOptions {
  readonly rates: Rates;
  /** Null: this process is the only one, and the whole budget is its own. */
  readonly store: BudgetStore | null;
  /** Into how many parts the budget falls while the store is away. */
  readonly replicas: number;
  readonly clock: Clock;
  /** From now on the shared counters are used, or this process's part; `reason` says why the latter. */
  readonly onStore: (change: { readonly shared: boolean; readonly reason?: string }) => void;
}

interface Limiter {
  readonly shared: RateLimiterRedis | null;
  readonly sharedWindow: RateWindow;
  readonly local: RateLimiterMemory;
  readonly localWindow: RateWindow;
}

/** A caller does not wait longer than this for a Redis that hangs. */
const STORE_TIMEOUT_MS = 500;
/** After one that did, nobody else waits for so long. */
const STORE_AWAY_MS = 2_000;
/** Without a failure for this long the counters are shared again: a cluster may have lost a part only. */
const SETTLED_MS = 5_000;
const PREFIX = 'vpcep-gateway';

export class BudgetLimiters {
  readonly #options: BudgetLimitersOptions;
  readonly #limiters: ReadonlyMap<CallClass, Limiter>;
  #isShared = true;
  #awayUntilMs = 0;
  #failedAtMs = 0;

  constructor(options: BudgetLimitersOptions) {
    this.#options = options;
    this.#limiters = new Map(CALL_CLASSES.map((callClass) => [callClass, limiterOf(callClass, options)]));
  }

  /** Takes as many as there are, `count` at most. Never rejects. */
  async take(projectId: string, callClass: CallClass, count: number): Promise<Tokens> {
    const { shared, sharedWindow, local, localWindow } = this.#limiter(callClass);
    const key = keyOf(projectId, callClass);
    if (shared !== null) {
      const result = await this.#asked(() => consume(shared, key, count));
      if (result !== undefined) return tokensOf(result, sharedWindow, count);
    }
    return tokensOf(await consume(local, key, count), localWindow, count);
  }

  /** Nobody gets any for so many whole seconds, at least 1. Never rejects. */
  async block(projectId: string, callClass: CallClass, seconds: number): Promise<void> {
    const { shared, local } = this.#limiter(callClass);
    const key = keyOf(projectId, callClass);
    // Here as well: what upstream said counts also if Redis goes away now.
    await local.block(key, seconds);
    if (shared !== null) await this.#asked(() => shared.block(key, seconds));
  }

  #limiter(callClass: CallClass): Limiter {
    const limiter = this.#limiters.get(callClass);
    if (limiter === undefined) throw new Error(`no limiter for ${callClass}`);
    return limiter;
  }

  /** Undefined when the store did not answer. */
  async #asked<T>(question: () => Promise<T>): Promise<T | undefined> {
    if (this.#options.clock.elapsed() < this.#awayUntilMs) return undefined;
    try {
      const answer = await inTime(question());
      if (this.#options.clock.elapsed() - this.#failedAtMs >= SETTLED_MS) this.#note({ shared: true });
      return answer;
    } catch (error) {
      this.#failedAtMs = this.#options.clock.elapsed();
      if (error instanceof TooLate) this.#awayUntilMs = this.#failedAtMs + STORE_AWAY_MS;
      this.#note({ shared: false, reason: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  }

  #note(change: { readonly shared: boolean; readonly reason?: string }): void {
    if (change.shared === this.#isShared) return;
    this.#isShared = change.shared;
    this.#options.onStore(change);
  }
}

class TooLate extends Error {
  override readonly name = 'TooLate' as const;
}

function limiterOf(callClass: CallClass, { rates, store, replicas }: BudgetLimitersOptions): Limiter {
  const sharedWindow = windowOf(callClass, rates[callClass]);
  const localWindow = store === null ? sharedWindow : windowOf(callClass, rates[callClass] / replicas);
  const options = ({ points, seconds }: RateWindow) => ({ points, duration: seconds, keyPrefix: PREFIX });
  return {
    // Not with the library's own insurance: it waits for a connection that hangs, and does not say when it steps in.
    shared:
      store === null
        ? null
        : new RateLimiterRedis({ ...options(sharedWindow), storeClient: store, rejectIfRedisNotReady: true }),
    sharedWindow,
    local: new RateLimiterMemory(options(localWindow)),
    localWindow,
  };
}

/** The limiter's word, whether there was enough or not. */
async function consume(
  limiter: RateLimiterRedis | RateLimiterMemory,
  key: string,
  count: number,
): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key, count);
  } catch (error) {
    if (error instanceof RateLimiterRes) return error;
    throw error;
  }
}

/** What is beyond the window's points was counted too, so what was left before is ours. */
function tokensOf(result: RateLimiterRes, { points, seconds }: RateWindow, count: number): Tokens {
  const before = result.consumedPoints - count;
  const granted = Math.min(count, Math.max(0, points - before));
  if (granted === count) return { granted, waitMs: 0 };
  return { granted, waitMs: result.msBeforeNext > 0 ? result.msBeforeNext : seconds * 1000 };
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate(`no answer within ${STORE_TIMEOUT_MS} ms`)), STORE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** One key for each class; the braces keep those of a project together in a cluster. */
function keyOf(projectId: string, callClass: CallClass): string {
  return `{${projectId}}:budget:${callClass}`;
}
