import type { GraphQLFormattedError } from 'graphql';
import type { Delivery } from './event-stream.ts';
import type { SseChannel } from './sse-channel.ts';

/** @param cursor what a browser says in `Last-Event-ID` when it comes back. */
export function sseMessage(data: string, cursor: string | null): string {
  return `event: next\n${cursor === null ? '' : `id: ${cursor}\n`}data: ${data}\n\n`;
}

function willPass(errors: readonly GraphQLFormattedError[]): boolean {
  return errors.every((error) => error.extensions?.retryable === true);
}

export interface SseOperationParts {
  /** Not before it is asked for: the client may have taken the operation back. */
  readonly begin: () => Delivery;
  readonly end: () => void;
  readonly channel: SseChannel;
  /** A result as this stream's `next` message carries it. */
  readonly wrap: (text: string) => string;
  /** The client is a browser's `EventSource`, which comes back by itself when the stream ends without a word. */
  readonly autoResumes: boolean;
}

/**
 * One operation as graphql-sse sees it: an iterator that gives nothing and ends. The results go past it, straight to the
 * stream and with backpressure; the library would collect them in memory, and print each for each client.
 */
export class SseOperation implements AsyncGenerator<never, void, void> {
  readonly #parts: SseOperationParts;
  #delivery: Delivery | undefined;
  #over = false;

  constructor(parts: SseOperationParts) {
    this.#parts = parts;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<never, void>> {
    const { begin, end, channel, wrap, autoResumes } = this.#parts;
    if (!this.#over) {
      this.#over = true;
      this.#delivery = begin();
      const failure = await this.#delivery.run();
      if (failure !== null) {
        await channel.send(sseMessage(wrap(failure.text), null));
        channel.comesBack = autoResumes && willPass(failure.errors);
      }
      end();
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<never, void>> {
    this.#over = true;
    await this.#delivery?.stop();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<never, void>> {
    await this.return();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
