/** One undici pool per origin, kept open between calls. */
import { type Dispatcher, Pool } from 'undici';
import type { OutboundProxy } from '../../config/outbound-proxy.ts';
import { connectThrough, isNeverProxied } from './outbound-proxy.ts';

export interface PoolOptions {
  /** Sockets per origin. */
  readonly connections?: number;
  /** Bytes of one answer; unlimited by default. */
  readonly maxResponseSize?: number;
  readonly proxy?: OutboundProxy | null;
}

export class Pools {
  readonly #options: Pool.Options;
  readonly #proxy: OutboundProxy | null;
  readonly #byOrigin = new Map<string, Dispatcher>();

  constructor(options: PoolOptions = {}) {
    this.#proxy = options.proxy ?? null;
    this.#options = {
      connections: options.connections ?? 64,
      // Pipelining and HTTP/2 both cost more than they give here, and a lost pipeline blurs what was sent.
      pipelining: 1,
      allowH2: false,
      connect: { timeout: 5_000 },
      headersTimeout: 30_000,
      bodyTimeout: 30_000,
      keepAliveTimeout: 4_000,
      maxResponseSize: options.maxResponseSize ?? -1,
    };
  }

  get(origin: string): Dispatcher {
    let pool = this.#byOrigin.get(origin);
    if (pool === undefined) {
      const direct = this.#proxy === null || isNeverProxied(origin);
      pool = direct ? new Pool(origin, this.#options) : connectThrough(this.#proxy, origin, this.#options);
      this.#byOrigin.set(origin, pool);
    }
    return pool;
  }

  /** Lets running exchanges end, then closes every socket. */
  async close(): Promise<void> {
    await Promise.all([...this.#byOrigin.values()].map((pool) => pool.close()));
  }

  /** Ends running exchanges, and closes every socket. */
  async destroy(): Promise<void> {
    await Promise.all([...this.#byOrigin.values()].map((pool) => pool.destroy()));
  }
}
