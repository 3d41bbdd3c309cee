import type { AnswerContext } from '../core/answers.ts';
import type { PolicyNotice } from '../core/policy.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import { effectOf, type UpstreamAnswer, type UpstreamRequest } from '../http/request.ts';
import type { CredentialSource } from '../signing/credentials.ts';
import type { SharedCalls } from './shared-calls.ts';
import type { Transport, TransportCallOptions } from './transport.ts';

/** The end of a call that changes something, done or not. */
export interface WriteNote {
  /** Undefined when upstream has not answered, or did not say. */
  readonly requestId: string | undefined;
}

/** What matters for a call that is carried through, whoever leaves. */
export interface WriteOptions {
  /** The caller's own; left out: the project's keys. */
  readonly credential?: CredentialSource;
  /** Told once of each write that was tried. */
  readonly onWrite?: (note: WriteNote) => void;
  /** Told once of each call, reads included, just before it is made; whoever joins an equal one makes none. */
  readonly onCall?: () => void;
}

/** Of all that a caller gives; its signal above all is left out. */
export function writeOptions({ credential, onWrite, onCall }: WriteOptions): WriteOptions {
  return {
    ...(credential === undefined ? {} : { credential }),
    ...(onWrite === undefined ? {} : { onWrite }),
    ...(onCall === undefined ? {} : { onCall }),
  };
}

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
