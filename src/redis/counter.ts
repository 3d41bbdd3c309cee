/** Counts points in a window of time: in Redis for all replicas, and in this process while Redis is unavailable. */
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { within } from '../shared/clock.ts';
import type { RedisConnections } from './connect.ts';

export type LimiterStore = Pick<RedisConnections, 'commands' | 'health'>;

/** So many points in so many seconds, both whole numbers. */
export interface LimiterWindow {
  readonly points: number;
  readonly seconds: number;
}

/** Longest wait for a Redis that hangs. */
const STORE_TIMEOUT_MS = 500;
const LATE = `no answer within ${STORE_TIMEOUT_MS} ms`;
const PREFIX = 'vpcep-gateway';

/** The points of the current window. */
export interface Count {
  /** Includes the points of this call, also those beyond the limit. */
  readonly consumed: number;
  readonly window: LimiterWindow;
  /** Milliseconds until the window ends; 0 or less when unknown. */
  readonly msLeft: number;
  /** Counted for all replicas, or for this one only. */
  readonly isShared: boolean;
}

export interface LimiterOptions {
  /** Null: this process is the only one. */
  readonly store: LimiterStore | null;
  readonly window: LimiterWindow;
  /** This process's share, used while the store is unavailable. */
  readonly localWindow: LimiterWindow;
}

export class Limiter {
  readonly #shared: { readonly limiter: RateLimiterRedis; readonly health: LimiterStore['health'] } | null;
  readonly #window: LimiterWindow;
  readonly #local: RateLimiterMemory;
  readonly #localWindow: LimiterWindow;

  constructor({ store, window, localWindow }: LimiterOptions) {
    this.#window = window;
    this.#localWindow = store === null ? window : localWindow;
    // Without the library's insurance limiter: it waits for a hanging connection, and does not report when it is used.
    this.#shared = store && {
      limiter: new RateLimiterRedis({ ...optionsOf(window), storeClient: store.commands, rejectIfRedisNotReady: true }),
      health: store.health,
    };
    this.#local = new RateLimiterMemory(optionsOf(this.#localWindow));
  }

  /** Counts `points` even beyond the limit. Never rejects. */
  async consume(key: string, points: number): Promise<Count> {
    const result = await this.#ask((shared) => consume(shared, key, points));
    if (result !== undefined) return { ...countOf(result), window: this.#window, isShared: true };
    const local = await consume(this.#local, key, points);
    return { ...countOf(local), window: this.#localWindow, isShared: false };
  }

  /** Returns `points` of the call that gave `count`, within the same window. Never rejects. */
  async giveBack(key: string, points: number, { isShared }: Count): Promise<void> {
    if (isShared) await this.#ask((shared) => shared.reward(key, points));
    else await this.#local.reward(key, points);
  }

  /** Refuses every point of this key for `seconds`, a whole number of at least 1. Never rejects. */
  async block(key: string, seconds: number): Promise<void> {
    // Locally as well, in case Redis becomes unavailable.
    await this.#local.block(key, seconds);
    await this.#ask((shared) => shared.block(key, seconds));
  }

  /** Undefined while the store is unavailable. */
  async #ask<T>(question: (shared: RateLimiterRedis) => Promise<T>): Promise<T | undefined> {
    if (this.#shared === null || !this.#shared.health.available) return undefined;
    try {
      return await within(STORE_TIMEOUT_MS, question(this.#shared.limiter), () => new Error(LATE));
    } catch (error) {
      this.#shared.health.failed(error);
      return undefined;
    }
  }
}

function optionsOf({ points, seconds }: LimiterWindow) {
  return { points, duration: seconds, keyPrefix: PREFIX };
}

function countOf({ consumedPoints, msBeforeNext }: RateLimiterRes): Pick<Count, 'consumed' | 'msLeft'> {
  return { consumed: consumedPoints, msLeft: msBeforeNext };
}

/** The library rejects with the result when the limit is exceeded. */
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
