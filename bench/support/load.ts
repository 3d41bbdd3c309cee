/** Load over a fixed number of connections: as fast as answers come, or at a fixed rate. */
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Operation } from './sample.ts';

const HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

export class Load {
  readonly #pool: Pool;
  readonly #connections: number;

  constructor(url: string, connections: number) {
    this.#pool = new Pool(url, { connections, pipelining: 1 });
    this.#connections = connections;
  }

  /** The answer as text. @throws when it is not a success: errors must not be measured. */
  async send(operation: Operation): Promise<string> {
    const path = '/graphql';
    const { statusCode, body } = await this.#pool.request({
      method: 'POST',
      path,
      headers: HEADERS,
      body: operation.body,
    });
    const text = await body.text();
    if (statusCode !== 200 || text.startsWith('{"errors"')) throw new Error(`${operation.name}: ${statusCode} ${text}`);
    return text;
  }

  /** Every connection asks again as soon as it has its answer, until the time is over or there are enough answers. */
  async saturate(operation: Operation, forMs: number, enough = Number.POSITIVE_INFINITY): Promise<number> {
    const end = performance.now() + forMs;
    let count = 0;
    const one = async (): Promise<void> => {
      while (performance.now() < end && count < enough) {
        await this.send(operation);
        count += 1;
      }
    };
    await Promise.all(Array.from({ length: this.#connections }, one));
    return count;
  }

  /**
   * Sends on a schedule whether or not earlier answers have come; latency counts from the scheduled time, so that a
   * stall counts for every request that would have waited.
   */
  async atRate(operation: Operation, perSecond: number, forMs: number): Promise<readonly number[]> {
    const start = performance.now();
    const total = Math.round((forMs / 1000) * perSecond);
    const latencies: number[] = [];
    const sent: Promise<void>[] = [];
    for (let n = 0; n < total; n += 1) {
      const due = start + (n / perSecond) * 1000;
      const wait = due - performance.now();
      if (wait > 0) await delay(wait);
      // Timers are up to a millisecond late, which is not the server's latency.
      const from = Math.max(due, Math.min(performance.now(), due + 1));
      sent.push(this.send(operation).then(() => void latencies.push(performance.now() - from)));
    }
    await Promise.all(sent);
    return latencies;
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}
