import type { AnswerContext } from '../core/answers.ts';
import type { PolicyNotice } from '../core/policy.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import { effectOf, type UpstreamAnswer, type UpstreamRequest } from '../http/request.ts';
import type { SharedCalls } from './shared-calls.ts';
import type { Transport, TransportCallOptions } from './transport.ts';
import { type WriteOptions, writeOptions } from './write-options.ts';

export interface AnswerNote {
  readonly operation: string;
  readonly status: number;
  /** Upstream's `X-Request-Id`, for logs. A failed call has it on its UpstreamError. */
  readonly requestId: string | undefined;
  /** List rows that could not be read. */
  readonly skipped: number;
}

export interface UpstreamCallOptions extends TransportCallOptions, WriteOptions {
  /** Told about each successful answer, just before the method resolves. */
  readonly onAnswer?: (note: AnswerNote) => void;
  /** The caller's identity: equal reads of it in flight are one. Left out: a read of its own. */
  readonly share?: string;
}

/** What every noun's client does the same way. */
export class UpstreamCaller {
  readonly #transport: Transport;
  readonly #shared: SharedCalls;
  readonly #usual: WriteOptions;
  readonly #onDeviation: PolicyNotice | undefined;

  /** @param usual of all calls that do not bring their own. */
  constructor(transport: Transport, shared: SharedCalls, usual: WriteOptions, onDeviation?: PolicyNotice) {
    this.#transport = transport;
    this.#shared = shared;
    this.#usual = writeOptions(usual);
    this.#onDeviation = onDeviation;
  }

  /** @throws UpstreamError */
  async call(request: UpstreamRequest, given: UpstreamCallOptions): Promise<UpstreamAnswer> {
    const options = { ...this.#usual, ...given };
    if (request.segments.some(isUnusable)) {
      throw new UpstreamError({
        kind: 'validation',
        outcome: 'not_sent',
        message: 'An id is empty or cannot be part of a path.',
        retryable: false,
      });
    }
    if (effectOf(request) !== 'GET') return await this.#write(request, options);
    const { share, signal } = options;
    if (share === undefined) return await this.#send(request, options);
    const { segments, query, body } = request;
    const key = JSON.stringify([share, segments, query, body && Buffer.from(body).toString()]);
    return await this.#shared.run(request.projectId, key, signal, (own) =>
      this.#send(request, { ...options, signal: own }),
    );
  }

  #send(request: UpstreamRequest, options: UpstreamCallOptions): Promise<UpstreamAnswer> {
    options.onCall?.();
    return this.#transport.call(request, options);
  }

  /** A read that was begun before a write, or while it ran, is nobody's after it. */
  async #write(request: UpstreamRequest, options: UpstreamCallOptions): Promise<UpstreamAnswer> {
    try {
      const answer = await this.#send(request, options);
      options.onWrite?.({ requestId: answer.requestId });
      return answer;
    } catch (error) {
      if (error instanceof UpstreamError) options.onWrite?.({ requestId: error.requestId });
      throw error;
    } finally {
      this.#shared.end(request.projectId);
    }
  }

  /** For the parsers of answers that show endpoints. */
  contextOf({ method }: UpstreamRequest, { status, requestId }: UpstreamAnswer): AnswerContext {
    return { method, status, requestId, onDeviation: this.#onDeviation };
  }

  note(request: UpstreamRequest, answer: UpstreamAnswer, options: UpstreamCallOptions, skipped = 0): void {
    const { status, requestId } = answer;
    options.onAnswer?.({ operation: request.operation, status, requestId, skipped });
  }
}

/** A dot segment would be resolved on the way, and an empty one would turn a detail call into a list. */
function isUnusable(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..';
}
