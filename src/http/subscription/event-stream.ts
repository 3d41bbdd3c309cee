/** Responses that stay open while there are events: Server-Sent Events and multipart answers. */

import type { ServerResponse } from 'node:http';
import { type FormattedExecutionResult, type GraphQLFormattedError, locatedError } from 'graphql';
import { UnauthenticatedError } from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';
import type { EndReason, Metrics } from '../../observability/metrics.ts';
import type { Tracing } from '../../observability/tracing.ts';
import type { Exchange } from '../core/http-exchange.ts';
import { arrivalOf, countAnswer, refuse } from '../core/http-exchange.ts';
import { staggered } from '../core/staggered.ts';
import { type ConnectionLimits, RETRY_SECONDS } from '../limits/connection-limits.ts';
import { OverloadError } from '../limits/operations-in-flight.ts';
import type { TokenExpiry } from '../limits/token-expiry.ts';
import type { Operations, Prepared } from '../operation/prepare.ts';
import { Subscription } from '../operation/subscription.ts';
import { TrackedOperation } from '../operation/tracking.ts';

/** Between two signs of life, in milliseconds. */
const HEARTBEAT_MS = 12_000;

/** An operation ended without data. */
export interface Failure {
  readonly errors: readonly GraphQLFormattedError[];
  /** The result as JSON. */
  readonly text: string;
  /** False: the subscription was refused, or the operation was a query or mutation. */
  readonly began: boolean;
}

/** How one protocol writes an operation's results into a response. */
export interface StreamProtocol {
  readonly transport: 'sse' | 'multipart';
  readonly contentType: string;
  /** Sent with the head. */
  readonly opening: () => string;
  readonly heartbeat: string;
  /** @param text the result as JSON. @param cursor null unless it is an event. */
  readonly result: (text: string, cursor: string | null) => string;
  /** Sent when the operation is over; a failure was not sent before. */
  readonly ending: (failure: Failure | null) => string;
  /** Sent when the gateway shuts down although events would follow. */
  readonly farewell: string;
  /**
   * The client reconnects by itself after a stream that ends without a message, and takes every answer but 200 as final.
   * So its stream just ends when the token expires, and a refusal by a limit is sent as a result, not as 429 or 503.
   */
  readonly reconnects: boolean;
}

/** One operation for a response. */
export interface StreamRequest {
  readonly protocol: StreamProtocol;
  readonly identity: Identity;
  readonly operationName: string | null | undefined;
  readonly prepared: Prepared;
  /** `Last-Event-ID`. */
  readonly resumeAfter?: string;
}

/** One response. Its head is sent at once. */
class EventStream {
  readonly #response: ServerResponse;
  readonly #protocol: StreamProtocol;
  readonly #stallMs: number;
  #ended = false;
  #waiting: (() => void)[] = [];
  #stall: NodeJS.Timeout | undefined;
  /** Why this side has ended it; undefined: it has not, or the operation is over. */
  endedBy: EndReason | undefined;

  constructor(response: ServerResponse, protocol: StreamProtocol, stallMs: number) {
    this.#response = response;
    this.#protocol = protocol;
    this.#stallMs = stallMs;
    const heartbeat = setInterval(() => {
      if (!response.writableNeedDrain) {
        void this.send(protocol.heartbeat);
      }
    }, HEARTBEAT_MS);
    response.on('drain', () => this.#release());
    response.once('close', () => {
      clearInterval(heartbeat);
      this.#ended = true;
      this.#release();
    });
    response.writeHead(200, {
      'content-type': protocol.contentType,
      // Proxies must pass every event on unchanged and at once.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    void this.send(protocol.opening());
  }

  /** Resolves when the next piece can be sent, or the stream has ended. A client that reads nothing is disconnected. */
  send(text: string): Promise<void> {
    if (this.#ended || this.#response.write(text)) {
      return Promise.resolve();
    }
    this.#stall ??= setTimeout(() => this.#giveUp(), this.#stallMs);
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

  /** The client reconnects by itself, with a new token. */
  expire(): void {
    this.endedBy ??= 'expired';
    this.end();
  }

  #giveUp(): void {
    this.endedBy = 'slow';
    this.#response.destroy();
  }

  /** For a shutdown: the client reconnects to another replica. */
  dismiss(): void {
    this.endedBy ??= 'deploy';
    const { socket } = this.#response.req;
    this.#response.once('finish', () => socket.destroySoon());
    this.end(this.#protocol.farewell);
  }

  #release(): void {
    clearTimeout(this.#stall);
    this.#stall = undefined;
    for (const resolve of this.#waiting.splice(0)) {
      resolve();
    }
  }
}

export interface EventStreamsOptions {
  readonly operations: Operations;
  readonly connectionLimits: ConnectionLimits;
  readonly tokenExpiry: TokenExpiry;
  readonly metrics: Metrics;
  readonly tracing: Tracing | null;
  /** How long data may wait for a client that reads nothing, in milliseconds. */
  readonly stallMs: number;
}

export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #open = new Set<EventStream>();
  #restarting = false;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
  }

  /** True: no stream may be opened any more. */
  get restarting(): boolean {
    return this.#restarting;
  }

  /** Answers with one operation: its place among the caller's streams, its start, its results and its end. */
  async answer(exchange: Exchange, request: StreamRequest): Promise<void> {
    const { response, address, logger } = exchange;
    const { protocol, identity, operationName, prepared, resumeAfter } = request;
    const { operations, connectionLimits, metrics, tracing } = this.#options;
    if (response.destroyed) {
      return;
    }
    const release = connectionLimits.stream(identity.subject, address);
    if (release === null) {
      const message = 'This caller, or its address, has too many sockets and streams open';
      refuse(response, { status: 429, code: 'RATE_LIMITED', message, retryAfterSeconds: RETRY_SECONDS });
      return;
    }
    response.once('close', release);
    const operation = new TrackedOperation({
      metrics,
      logger,
      span: tracing?.begin('operation') ?? null,
      name: operationName,
    });
    let stream: EventStream | undefined;
    response.once('close', () => {
      if (stream?.endedBy !== undefined) operation.ending(stream.endedBy);
      operation.end();
    });
    const resume = resumeAfter === undefined ? {} : { resumeAfter };
    const caller = { identity, arrival: arrivalOf(exchange, protocol.transport), ...resume };
    if ('known' in prepared) {
      operation.resolved(prepared.known);
    }
    const admitted = await operations.admit(prepared, caller);
    if (response.destroyed) {
      return;
    }
    const cause = 'known' in admitted ? undefined : admitted[0]?.originalError;
    if (cause instanceof RateLimitedError && !protocol.reconnects) {
      operation.answered(operations.format([locatedError(cause, undefined)]));
      const { message, retryAfterSeconds } = cause;
      const status = cause instanceof OverloadError ? 503 : 429;
      refuse(response, { status, code: 'RATE_LIMITED', message, retryAfterSeconds });
      return;
    }
    const opened = this.#begin(exchange, protocol);
    stream = opened;
    if (this.#restarting) {
      // Nothing has run yet: the client asks another replica.
      opened.dismiss();
      return;
    }
    this.#watch(operation, identity, protocol.reconnects ? () => opened.expire() : undefined);
    const failure = await this.#deliver(opened, protocol, operation, async () => {
      if (!('known' in admitted)) {
        return { errors: operations.format(admitted) };
      }
      return await operations.run(admitted, operation, { ...caller, logger });
    });
    operation.end();
    opened.end(protocol.ending(failure));
  }

  /** Ends all streams within `spreadMs`. */
  async restart(spreadMs: number): Promise<void> {
    this.#restarting = true;
    await staggered([...this.#open], spreadMs, (stream) => stream.dismiss());
  }

  #begin(exchange: Exchange, protocol: StreamProtocol): EventStream {
    const { metrics, stallMs } = this.#options;
    const { response } = exchange;
    const stream = new EventStream(response, protocol, stallMs);
    this.#open.add(stream);
    metrics.eventStreams.inc();
    exchange.isStream = true;
    countAnswer(exchange, 200, metrics);
    response.once('close', () => {
      this.#open.delete(stream);
      metrics.eventStreams.dec();
    });
    return stream;
  }

  /** @param expired called when the token is no longer accepted; left out: the operation ends with an error. */
  #watch(operation: TrackedOperation, identity: Identity, expired?: () => void): void {
    const session = this.#options.tokenExpiry.open(identity, {
      changed: (now) => operation.changed(now),
      ended: (why) => {
        const message = why === 'expired' ? 'The token has expired' : 'The token is not accepted any more';
        return expired === undefined ? operation.refuse(new UnauthenticatedError(message)) : expired();
      },
    });
    operation.signal.addEventListener('abort', () => session.close(), { once: true });
  }

  /** Sends the results, each when the one before was read. @returns the failure that it ended with, which was not sent. */
  async #deliver(
    stream: EventStream,
    { result }: StreamProtocol,
    operation: TrackedOperation,
    open: () => Promise<Subscription | FormattedExecutionResult>,
  ): Promise<Failure | null> {
    let began = false;
    try {
      const opened = await open();
      if (opened instanceof Subscription) {
        began = true;
        await new Promise<void>((resolve, reject) => {
          opened.deliver({
            take: async ({ text, errors, cursor }) => {
              operation.sent(errors);
              await stream.send(result(text, cursor));
            },
            ended: (failure) => (failure === undefined ? resolve() : reject(failure)),
          });
        });
        return null;
      }
      const { errors, data } = opened;
      operation.answered(errors);
      const text = JSON.stringify(opened);
      if (errors !== undefined && (data === undefined || data === null)) {
        return { errors, text, began };
      }
      await stream.send(result(text, null));
      return null;
    } catch (error) {
      const errors = this.#options.operations.format([locatedError(error, undefined)]);
      operation.answered(errors);
      return { errors, text: JSON.stringify({ errors }), began };
    }
  }
}
