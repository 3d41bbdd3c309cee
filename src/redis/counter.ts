/**
 * Counting what may be done in a window of time: in Redis for all replicas together, and in this process while Redis is
 * unavailable. What every limiter of the gateway does alike; what is counted, and what a refusal means, is up to its user.
 */
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { within } from '../shared/clock.ts';
import type { RedisConnections } from './connect.ts';

export type LimiterStore = Pick<RedisConnections, 'commands' | 'health'>;

/** So many points in so many seconds, both whole numbers. */
export interface LimiterWindow {
  readonly points: number;
  readonly seconds: number;
}

/** A caller does not wait longer than this for a Redis that hangs. */
const STORE_TIMEOUT_MS = 500;
const LATE = `no answer within ${STORE_TIMEOUT_MS} ms`;
const PREFIX = 'vpcep-gateway';

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
  /** Null: this process is the only one. */
  readonly store: LimiterStore | null;
  readonly window: LimiterWindow;
  /** This process's part, for while the store is unavailable. */
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
    // Not with the library's own insurance: it waits for a connection that hangs, and does not say when it steps in.
    this.#shared = store && {
      limiter: new RateLimiterRedis({ ...optionsOf(window), storeClient: store.commands, rejectIfRedisNotReady: true }),
      health: store.health,
    };
    this.#local = new RateLimiterMemory(optionsOf(this.#localWindow));
  }

  /** Counts `points` more, whether there is room for them or not. Never rejects. */
  async consume(key: string, points: number): Promise<Count> {
    const result = await this.#ask((shared) => consume(shared, key, points));
    if (result !== undefined) return { ...countOf(result), window: this.#window, isShared: true };
    const local = await consume(this.#local, key, points);
    return { ...countOf(local), window: this.#localWindow, isShared: false };
  }

  /** Takes back `points` of those that gave `count`, while its window still runs. Never rejects. */
  async giveBack(key: string, points: number, { isShared }: Count): Promise<void> {
    if (isShared) await this.#ask((shared) => shared.reward(key, points));
    else await this.#local.reward(key, points);
  }

  /** Nobody gets any for so many whole seconds, at least 1. Never rejects. */
  async block(key: string, seconds: number): Promise<void> {
    // Here as well: it must also count when Redis becomes unavailable now.
    await this.#local.block(key, seconds);
    await this.#ask((shared) => shared.block(key, seconds));
  }

  /** Undefined while there is no store that answers. */
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
