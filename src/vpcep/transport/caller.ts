import type { AnswerContext } from '../core/answers.ts';
import type { PolicyNotice } from '../core/policy.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import { effectOf, type UpstreamAnswer, type UpstreamRequest } from '../http/request.ts';
import type { SharedCalls } from './shared-calls.ts';
import type { CallOptions, Transport } from './transport.ts';

type ParseAnswer<T> = (text: string, context: AnswerContext) => T;

/** Where a call about a project goes. */
export function pathOf(version: 'v1' | 'v2', projectId: string, ...rest: readonly string[]) {
  return { projectId, segments: [version, projectId, ...rest] };
}

/** For a sequence that goes on after its caller has left: nothing cancels it, and it shares no reads. */
export function carriedThrough({ signal: _signal, share: _share, ...options }: CallOptions): CallOptions {
  return options;
}

/** Makes the calls of every noun's client: reads are shared, writes are carried through. */
export class UpstreamCaller {
  readonly #transport: Transport;
  readonly #shared: SharedCalls;
  readonly #onDeviation: PolicyNotice | undefined;

  constructor(transport: Transport, shared: SharedCalls, onDeviation?: PolicyNotice) {
    this.#transport = transport;
    this.#shared = shared;
    this.#onDeviation = onDeviation;
  }

  /** @throws UpstreamError */
  call<T>(call: UpstreamRequest, options: CallOptions, parse: ParseAnswer<T>): Promise<T> {
    if (options.share === undefined || effectOf(call) !== 'GET') return this.#make(call, options, parse);
    const { projectId, operation, segments, query, body } = call;
    const key = JSON.stringify([operation, segments, query, body]);
    return this.#shared.run(projectId, key, options, (own) => this.#make(call, own, parse));
  }

  async #make<T>(call: UpstreamRequest, options: CallOptions, parse: ParseAnswer<T>): Promise<T> {
    if (call.segments.some(isUnusable)) {
      throw new UpstreamError({
        kind: 'validation',
        outcome: 'not_sent',
        message: 'An id is empty or cannot be part of a path.',
        retryable: false,
      });
    }
    const method = effectOf(call);
    const { text, status, requestId } = await (method === 'GET'
      ? this.#send(call, options)
      : this.#write(call, options));
    return parse(text, { method, status, requestId, projectId: call.projectId, onDeviation: this.#onDeviation });
  }

  #send(call: UpstreamRequest, options: CallOptions): Promise<UpstreamAnswer> {
    options.onCall?.();
    return this.#transport.call(call, options);
  }

  /** Ends the sharing of reads that began before the write was done: their answers may be older than it. */
  async #write(call: UpstreamRequest, options: CallOptions): Promise<UpstreamAnswer> {
    try {
      const answer = await this.#send(call, carriedThrough(options));
      options.onWrite?.({ requestId: answer.requestId });
      return answer;
    } catch (error) {
      if (error instanceof UpstreamError) options.onWrite?.({ requestId: error.requestId });
      throw error;
    } finally {
      this.#shared.end(call.projectId);
    }
  }
}

/** A dot segment would be resolved on the way, and an empty one would turn a detail call into a list. */
function isUnusable(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..';
}
