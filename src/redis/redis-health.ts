/** Whether Redis can be used. Log lines, the metric, /readyz and shared limits all use this one answer. */
import type { Logger } from '../observability/logger.ts';

export interface RedisHealthOptions {
  /** A write: a server that is full, or a replica, still answers reads. */
  readonly probe: () => Promise<unknown>;
  readonly logger: Logger;
  /** Called once per change. */
  readonly onChange?: ((available: boolean) => void) | undefined;
}

/** Milliseconds between two probes while Redis is unavailable, on average. */
const PROBE_MS = 1_000;
/** Milliseconds without a failure. Longer than retries wait, so that the loss of one Cluster node is one outage. */
const SETTLED_MS = 3_000;

export class RedisHealth {
  readonly #options: RedisHealthOptions;
  #available = true;
  #failedAtMs = 0;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RedisHealthOptions) {
    this.#options = options;
  }

  get available(): boolean {
    return this.#available;
  }

  /** A command failed, or a connection was lost. */
  failed(error: unknown): void {
    if (this.#closed) return;
    this.#failedAtMs = performance.now();
    if (!this.#available) return;
    this.#change(false);
    this.#options.logger.warn(
      { reason: reasonOf(error) },
      'Redis is unavailable: the status feed pauses, limits are per replica',
    );
    this.#probeLater();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #probeLater(): void {
    this.#timer = setTimeout(() => void this.#probe(), PROBE_MS * (0.5 + Math.random()));
    this.#timer.unref();
  }

  async #probe(): Promise<void> {
    await this.#options.probe().catch((error: unknown) => this.failed(error));
    if (this.#closed) return;
    if (performance.now() - this.#failedAtMs < SETTLED_MS) return this.#probeLater();
    this.#change(true);
    this.#options.logger.info({}, 'Redis is available again');
  }

  #change(available: boolean): void {
    this.#available = available;
    this.#options.onChange?.(available);
  }
}

/** A refused connection to a name with several addresses has an empty message, and one error for each of them. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? error.errors : 'lastNodeError' in error ? [error.lastNodeError] : [];
  const reasons = inner.flatMap((one: unknown) => (one instanceof Error ? [reasonOf(one)] : []));
  return [error.message, ...reasons].filter((text) => text !== '').join(': ');
}
