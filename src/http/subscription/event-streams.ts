/** Answers that go on for as long as there are events: written with backpressure, ended together. */
import type { ServerResponse } from 'node:http';
import type { Metrics } from '../../observability/metrics.ts';
import { inTurn } from '../core/staggered.ts';

export interface StreamHead {
  readonly contentType: string;
  /** The last words when the gateway ends the stream although more would follow. */
  readonly farewell: string;
}

/** One answer. Its head is sent at once. */
class EventStream {
  readonly #response: ServerResponse;
  readonly #head: StreamHead;
  readonly #stallMs: number;
  #ended = false;
  #waiting: (() => void)[] = [];
  #stall: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, head: StreamHead, stallMs: number) {
    this.#response = response;
    this.#head = head;
    this.#stallMs = stallMs;
    response.on('drain', () => this.#release());
    response.once('close', () => {
      this.#ended = true;
      this.#release();
    });
    response.writeHead(200, {
      'content-type': head.contentType,
      // Proxies are to pass every piece on as it is and when it comes.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
  }

  /** Nothing can be sent any more: it has been ended, or the client has gone. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves when the next piece may come, at once when the stream is over. A client that takes nothing is let go of. */
  send(text: string): Promise<void> {
    if (this.#ended || this.#response.write(text)) {
      return Promise.resolve();
    }
    this.#stall ??= setTimeout(() => this.#response.destroy(), this.#stallMs);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** @param text the last piece. */
  end(text = ''): void {
    if (!this.#ended) {
      this.#ended = true;
      this.#response.end(text);
      this.#release();
    }
  }

  /** Sends the client elsewhere. */
  dismiss(): void {
    const { socket } = this.#response.req;
    this.#response.once('finish', () => socket.destroySoon());
    this.end(this.#head.farewell);
  }

  #release(): void {
    clearTimeout(this.#stall);
    this.#stall = undefined;
    for (const resolve of this.#waiting.splice(0)) {
      resolve();
    }
  }
}

export type { EventStream };

export interface EventStreamsOptions {
  readonly metrics: Metrics;
  /** How long data may wait for a client that takes none, in milliseconds. */
  readonly stallMs: number;
}

export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #open = new Set<EventStream>();
  #restarting = false;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
  }

  /** True when no stream should be opened any more. */
  get restarting(): boolean {
    return this.#restarting;
  }

  open(response: ServerResponse, head: StreamHead): EventStream {
    const { metrics, stallMs } = this.#options;
    const stream = new EventStream(response, head, stallMs);
    this.#open.add(stream);
    metrics.eventStreams.inc();
    response.once('close', () => {
      this.#open.delete(stream);
      metrics.eventStreams.dec();
    });
    return stream;
  }

  /** Sends all clients elsewhere within `spreadMs`. */
  async restart(spreadMs: number): Promise<void> {
    this.#restarting = true;
    await inTurn([...this.#open], spreadMs, (stream) => stream.dismiss());
  }
}
