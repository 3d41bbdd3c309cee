import { effectOf, type UpstreamAnswer, type UpstreamRequest } from './attempt.ts';
import { UpstreamError } from './errors.ts';
import type { CredentialSource } from './credentials.ts';
import type { SharedCalls } from './shared-calls.ts';
import type { Transport, TransportCallOptions } from './transport.ts';

export interface AnswerNote {
  readonly operation: string;
  readonly status: number;
  /** Upstream's `X-Request-Id`, for logs. A failed call has it on its UpstreamError. */
  readonly requestId: string | undefined;
  /** List rows that could not be read. */
  readonly skipped: number;
}

export interface UpstreamCallOptions extends TransportCallOptions {
  /** Told about each successful answer, just before the method resolves. */
  readonly onAnswer?: (note: AnswerNote) => void;
  /** The caller's identity: equal reads of it in flight are one. Left out: a read of its own. */
  readonly share?: string;
}

/** What every noun's client does the same way. */
export class UpstreamCaller {
  readonly #transport: Transport;
  readonly #shared: SharedCalls;
  readonly #credential: CredentialSource | undefined;

  /** @param credential of all calls that do not bring one themselves; absent: the project's keys. */
  constructor(transport: Transport, shared: SharedCalls, credential?: CredentialSource) {
    this.#transport = transport;
    this.#shared = shared;
    this.#credential = credential;
  }

  /** @throws UpstreamError */
  async call(request: UpstreamRequest, given: UpstreamCallOptions): Promise<UpstreamAnswer> {
    const options = this.#credential === undefined ? given : { credential: this.#credential, ...given };
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
    if (share === undefined) return await this.#transport.call(request, options);
    const { segments, query, body } = request;
    const key = JSON.stringify([share, segments, query, body && Buffer.from(body).toString()]);
    return await this.#shared.run(request.projectId, key, signal, (own) =>
      this.#transport.call(request, { ...options, signal: own }),
    );
  }

  /** A read that was begun before a write, or while it ran, is nobody's after it. */
  async #write(request: UpstreamRequest, options: UpstreamCallOptions): Promise<UpstreamAnswer> {
    try {
      return await this.#transport.call(request, options);
    } finally {
      this.#shared.end(request.projectId);
    }
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
