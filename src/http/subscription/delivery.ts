import { type ExecutionResult, type GraphQLError, type GraphQLFormattedError, locatedError } from 'graphql';
import type { TrackedOperation } from '../operation/operation-tracker.ts';
import { Subscription } from './subscriptions.ts';

export interface DeliveryOptions {
  readonly operation: TrackedOperation;
  readonly start: () => Promise<Subscription | ExecutionResult>;
  readonly format: (errors: readonly GraphQLError[]) => readonly GraphQLFormattedError[];
  /**
   * Gets each result as JSON, and of an event its cursor. Resolves when the next one may come, or nothing more will be
   * taken.
   */
  readonly take: (text: string, cursor: string | null) => Promise<void>;
}

/** An operation ended without data. */
export interface Failure {
  readonly errors: readonly GraphQLFormattedError[];
  /** The result as JSON. */
  readonly text: string;
  /** False: there was nothing to subscribe to, or it was no subscription. */
  readonly began: boolean;
}

/**
 * One operation whose results go into an event stream: it is started by `run`, pulled as fast as they are taken, and over
 * with the operation that it is tracked as.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  #subscription: Subscription | undefined;
  #refusal: Error | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    options.operation.signal.addEventListener('abort', () => void this.stop(), { once: true });
  }

  /** @returns once it is over: null, or the failure that it has ended with, which has not been taken. */
  async run(): Promise<Failure | null> {
    const { operation, start, take, format } = this.#options;
    try {
      const started = await start();
      if (!(started instanceof Subscription)) {
        return await this.#takeOnly(started);
      }
      this.#subscription = started;
      if (operation.signal.aborted) {
        await started.return();
        return null;
      }
      operation.streams((error) => this.#refuse(error));
      for await (const { text, errors, cursor } of started) {
        operation.sent(errors);
        await take(text, cursor);
      }
      if (this.#refusal !== undefined) {
        throw this.#refusal;
      }
      return null;
    } catch (error) {
      const errors = format([locatedError(error, undefined)]);
      operation.failed(errors);
      return { errors, text: JSON.stringify({ errors }), began: this.#subscription !== undefined };
    }
  }

  /** Gives everything back at once. What is only being started is given back when the operation is over. */
  async stop(): Promise<void> {
    await this.#subscription?.return();
  }

  #refuse(error: Error): void {
    this.#refusal ??= error;
    void this.stop();
  }

  async #takeOnly({ data, errors, extensions }: ExecutionResult): Promise<Failure | null> {
    const { operation, take, format } = this.#options;
    const formatted = errors === undefined ? undefined : format(errors);
    operation.sent(formatted);
    const text = JSON.stringify({ errors: formatted, data, extensions });
    if (formatted !== undefined && (data === undefined || data === null)) {
      return { errors: formatted, text, began: false };
    }
    await take(text, null);
    return null;
  }
}
