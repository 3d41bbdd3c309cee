/**
 * Answers that go on for as long as there are events: written with backpressure, ended together. Event streams of
 * callers: how many there may be, and what becomes of them when their caller's token ends.
 */

import type { ServerResponse } from 'node:http';
import { type ExecutionResult, type GraphQLError, type GraphQLFormattedError, locatedError } from 'graphql';
import { UnauthenticatedError } from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { sendTooMany } from '../core/http-exchange.ts';
import { inTurn } from '../core/staggered.ts';
import type { Admissions, Release } from '../limits/connection-limits.ts';
import type { Sessions } from '../limits/token-expiry.ts';
import type { TrackedOperation } from '../operation/tracking.ts';
import { Subscription } from './subscription.ts';

interface DeliveryOptions {
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

interface StreamHead {
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

interface EventStreamsOptions {
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

const RETRY_SECONDS = 10;

interface StreamAccessParts {
  readonly admissions: Admissions;
  readonly sessions: Sessions;
}

export class StreamAccess {
  readonly #parts: StreamAccessParts;

  constructor(parts: StreamAccessParts) {
    this.#parts = parts;
  }

  /** @returns null when it has answered: this caller, or its address, has as many open as it may. */
  admitOrRefuse(response: ServerResponse, subject: string, address: string): Release | null {
    const release = this.#parts.admissions.stream(subject, address);
    if (release === null) {
      sendTooMany(response, 'This caller, or its address, has too many sockets and streams open', RETRY_SECONDS);
    }
    return release;
  }

  /**
   * Looks after an operation for as long as it runs.
   * @param ended when its caller is not let in any more; left out: the operation ends with an error.
   */
  watch(operation: TrackedOperation, identity: Identity, ended?: () => void): void {
    const session = this.#parts.sessions.open(identity, {
      changed: (now) => operation.changed(now),
      ended: (why) => {
        const message = why === 'expired' ? 'The token has expired' : 'The token is not accepted any more';
        return ended === undefined ? operation.refuse(new UnauthenticatedError(message)) : ended();
      },
    });
    operation.signal.addEventListener('abort', () => session.close(), { once: true });
  }

  /** Ends an answer with its caller's token, without a word: the client comes back with another. */
  endWith(response: ServerResponse, identity: Identity, end: () => void): void {
    const session = this.#parts.sessions.open(identity, { changed: () => {}, ended: end });
    response.once('close', () => session.close());
  }
}
