/**
 * How many operations may be under way in this process at a time: queries and mutations until their answer, subscriptions until
 * they are open. See docs/decisions/0025-overload.md.
 */
import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { sleep } from '../../shared/clock.ts';

/** A refused client may find another replica at once, and this one with room soon. */
const RETRY_SECONDS = 1;
/** The share of the limit below which the overload is over: between the two, `/readyz` would change with every operation. */
const OVER = 3 / 4;

/** This replica has as much under way as it may, for all callers together. Nothing was done. */
export class OverloadError extends RateLimitedError {}

interface InFlightOptions {
  readonly max: number;
  readonly metrics: Pick<Metrics, 'rateLimited'>;
  readonly logger: Logger;
}

export class OperationsInFlight {
  readonly #options: InFlightOptions;
  #count = 0;
  #overloaded = false;
  #ended: AbortController | undefined;

  constructor(options: InFlightOptions) {
    this.#options = options;
  }

  /** Why this replica should get no new work; null when it may. */
  get reason(): string | null {
    return this.#overloaded ? `${this.#options.max} operations are under way, which is the most` : null;
  }

  /** @returns null when there is room for one more. */
  refusal(): OverloadError | null {
    const { max, metrics, logger } = this.#options;
    if (this.#count < max) return null;
    metrics.rateLimited.inc({ what: 'overload' });
    if (!this.#overloaded) logger.warn({ max }, 'overload: new operations are refused');
    this.#overloaded = true;
    return new OverloadError('This replica has too much to do: nothing was done, try again', RETRY_SECONDS);
  }

  /** To be followed by `end`. */
  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#ended?.abort();
    const { max, logger } = this.#options;
    if (!this.#overloaded || this.#count > max * OVER) return;
    this.#overloaded = false;
    logger.info('the overload is over');
  }

  /** Waits until none is under way, for `ms` at most. */
  async ended(ms: number): Promise<void> {
    this.#ended = new AbortController();
    if (this.#count > 0) await sleep(ms, this.#ended.signal);
  }
}
