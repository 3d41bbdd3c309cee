import type { Release } from '../limits/connection-limits.ts';
import type { OperationTracker } from '../operation/tracking.ts';
import type { EventStream } from './event-stream.ts';

/**
 * One event stream of the GraphQL over SSE protocol, from before its answer is there (it was reserved, or its operation
 * is being looked at) until after it has gone. What is sent too early waits, and so does whoever sends it.
 */
export class SseChannel {
  readonly operations: OperationTracker;
  /** Whom it was reserved for; null: it is for one operation alone, that of its own request. */
  readonly owner: string | null;
  /** It ends without "complete", so that the browser comes back: what was wrong will pass. */
  comesBack = false;
  readonly #opened: Promise<EventStream | null>;
  #settle: (stream: EventStream | null) => void = () => {};
  #stream: EventStream | null = null;
  #closed = false;
  #release: Release = () => {};

  constructor(operations: OperationTracker, owner: string | null) {
    this.operations = operations;
    this.owner = owner;
    this.#opened = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  open(stream: EventStream): void {
    this.#stream = stream;
    this.#settle(stream);
  }

  /** What it takes up among its caller's, given back when it closes. */
  holds(release: Release): void {
    this.#release = release;
  }

  /** Ends the stream without a word, so that its client comes back. */
  end(): void {
    void this.#opened.then((stream) => stream?.end());
  }

  /** Nobody will read it (any more). Ends its operations. */
  close(): void {
    this.#closed = true;
    this.#release();
    this.#settle(null);
    this.operations.endAll();
  }

  /** Resolves when the next message may come, or none will be read any more. */
  async send(message: string): Promise<void> {
    const stream = this.#stream ?? (await this.#opened);
    await stream?.send(message);
  }
}
