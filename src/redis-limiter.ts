/**
 * Counting what may be done in a window of time: in Redis for all replicas together, and in this process while Redis is
 * away. What every limiter of the gateway does alike; what is counted, and what a refusal means, is up to its user.
 */
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

/** An ioredis client, of one server or of a cluster; only the limiters look inside. */
export type LimiterStore = object;

/** So many points in so many seconds, both whole numbers. */
export interface LimiterWindow {
  readonly points: number;
  readonly seconds: number;
}

export interface LimiterAccessOptions {
  /** Milliseconds of a clock that only goes forward. */
  readonly elapsed: () => number;
  /** From now on the shared counters are used, or this process's part; `reason` says why the latter. */
  readonly onStore: (change: { readonly shared: boolean; readonly reason?: string }) => void;
}

/** A caller does not wait longer than this for a Redis that hangs. */
const STORE_TIMEOUT_MS = 500;
/** After one that did, nobody else waits for so long. */
const STORE_AWAY_MS = 2_000;
/** Without a failure for this long the counters are shared again: a cluster may have lost a part only. */
const SETTLED_MS = 5_000;
const PREFIX = 'vpcep-gateway';

/** The way to the store, and whether it is open: one for all limiters that are to be shared or not together. */
export class LimiterAccess {
  readonly #options: LimiterAccessOptions;
  #isShared = true;
  #awayUntilMs = 0;
  #failedAtMs = 0;

  constructor(options: LimiterAccessOptions) {
    this.#options = options;
  }

  /** Undefined when the store did not answer. */
  async ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    const { elapsed } = this.#options;
    if (elapsed() < this.#awayUntilMs) return undefined;
    try {
      const answer = await inTime(question());
      if (elapsed() - this.#failedAtMs >= SETTLED_MS) this.#note({ shared: true });
      return answer;
    } catch (error) {
      this.#failedAtMs = elapsed();
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

/** What a limiter counts by now, in the window that it counts in. */
export interface Count {
  /** This time's points included, also those beyond the window's. */
  readonly consumed: number;
  readonly window: LimiterWindow;
  /** Milliseconds until the window ends; 0 or less when that is not known. */
  readonly msLeft: number;
  /** Counted for all replicas, or for this one only. */
  readonly isShared: boolean;
}

export interface LimiterOptions {
  readonly access: LimiterAccess;
  /** Null: this process is the only one. */
  readonly store: LimiterStore | null;
  readonly window: LimiterWindow;
  /** This process's part, for while the store is away. */
  readonly localWindow: LimiterWindow;
}

export class Limiter {
  readonly #access: LimiterAccess;
  readonly #shared: RateLimiterRedis | null;
  readonly #window: LimiterWindow;
  readonly #local: RateLimiterMemory;
  readonly #localWindow: LimiterWindow;

  constructor({ access, store, window, localWindow }: LimiterOptions) {
    this.#access = access;
    this.#window = window;
    this.#localWindow = store === null ? window : localWindow;
    // Not with the library's own insurance: it waits for a connection that hangs, and does not say when it steps in.
    this.#shared =
      store === null
        ? null
        : new RateLimiterRedis({ ...optionsOf(window), storeClient: store, rejectIfRedisNotReady: true });
    this.#local = new RateLimiterMemory(optionsOf(this.#localWindow));
  }

  /** Counts `points` more, whether there is room for them or not. Never rejects. */
  async consume(key: string, points: number): Promise<Count> {
    const shared = this.#shared;
    const result = shared === null ? undefined : await this.#access.ask(() => consume(shared, key, points));
    if (result !== undefined) return { ...countOf(result), window: this.#window, isShared: true };
    const local = await consume(this.#local, key, points);
    return { ...countOf(local), window: this.#localWindow, isShared: false };
  }

  /** Takes back `points` of those that gave `count`, while its window still runs. Never rejects. */
  async giveBack(key: string, points: number, { isShared }: Count): Promise<void> {
    const shared = this.#shared;
    if (!isShared) await this.#local.reward(key, points);
    else if (shared !== null) await this.#access.ask(() => shared.reward(key, points));
  }

  /** Nobody gets any for so many whole seconds, at least 1. Never rejects. */
  async block(key: string, seconds: number): Promise<void> {
    const shared = this.#shared;
    // Here as well: it counts also if Redis goes away now.
    await this.#local.block(key, seconds);
    if (shared !== null) await this.#access.ask(() => shared.block(key, seconds));
  }
}

function optionsOf({ points, seconds }: LimiterWindow) {
  return { points, duration: seconds, keyPrefix: PREFIX };
}

function countOf({ consumedPoints, msBeforeNext }: RateLimiterRes): Pick<Count, 'consumed' | 'msLeft'> {
  return { consumed: consumedPoints, msLeft: msBeforeNext };
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
