import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { within } from '../shared/clock.ts';
import type { RedisConnections } from './connect.ts';

export type LimiterStore = Pick<RedisConnections, 'commands' | 'health'>;

/** Both are whole numbers. */
export interface LimiterWindow {
  readonly points: number;
  readonly seconds: number;
}

/** Limits the wait for a Redis that hangs. */
const STORE_TIMEOUT_MS = 500;
const LATE = `no answer within ${STORE_TIMEOUT_MS} ms`;
const PREFIX = 'vpcep-gateway';

/** The count of the current window. */
export interface Count {
  /** With the points of this call, also those beyond the limit. */
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
  /** The share of this replica, used while the store is unavailable. */
  readonly localWindow: LimiterWindow;
}

/** Counts points in a window of time: in Redis for all replicas, and in this process while Redis is unavailable. */
export class Limiter {
  readonly #shared: { readonly limiter: RateLimiterRedis; readonly health: LimiterStore['health'] } | null;
  readonly #window: LimiterWindow;
  readonly #local: RateLimiterMemory;
  readonly #localWindow: LimiterWindow;

  constructor({ store, window, localWindow }: LimiterOptions) {
    this.#window = window;
    this.#localWindow = store === null ? window : localWindow;
    // Without the library's own insurance: it waits for a connection that hangs, and does not report when it steps in.
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

  /** Refuses all points for so many whole seconds, at least 1. Never rejects. */
  async block(key: string, seconds: number): Promise<void> {
    // Here as well, in case Redis becomes unavailable.
    await this.#local.block(key, seconds);
    await this.#ask((shared) => shared.block(key, seconds));
  }

  /** Undefined when no store answers. */
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

/** The result, granted or refused. */
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
