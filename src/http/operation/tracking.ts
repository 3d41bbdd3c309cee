/** One log line and one count per operation on every transport. Never variables, headers or tokens. */

import type { GraphQLFormattedError } from 'graphql';
import type { Identity } from '../../auth/identity.ts';
import type { RequestLog } from '../../observability/logger.ts';
import type { EndReason, Metrics } from '../../observability/metrics.ts';
import type { TracedSpan } from '../../observability/tracing.ts';
import { Cancellation, type CancelSignal } from '../../shared/cancellation.ts';
import type { KnownOperation } from './known-document.ts';
import type { RevocableContext } from './revocable-context.ts';
import type { Subscription } from './subscription.ts';

/** Characters of a client's operation name in the log. */
const NAME_MAX = 64;

function levelFor(codes: readonly string[]): 'debug' | 'warn' | 'error' {
  if (codes.includes('INTERNAL_SERVER_ERROR')) {
    return 'error';
  }
  return codes.some((code) => code.startsWith('UPSTREAM_')) ? 'warn' : 'debug';
}

interface TrackedOperationParts {
  readonly metrics: Metrics;
  readonly logger: RequestLog;
  readonly span: TracedSpan | null;
  /** What the client calls it. */
  readonly name?: string | null | undefined;
}

/** One operation of any transport, from its start to its end. */
export class TrackedOperation {
  readonly #metrics: Metrics;
  readonly #logger: RequestLog;
  /** Null: it is not traced. */
  readonly #span: TracedSpan | null;
  readonly #startedAt = performance.now();
  readonly #over = new Cancellation();
  #type = 'unknown';
  #name: string | null | undefined;
  #trusted = false;
  #reason: EndReason | undefined;
  #events = 0;
  #errors: readonly GraphQLFormattedError[] | undefined;
  #context: RevocableContext | undefined;
  #subscription: Subscription | undefined;
  /** Set when the caller's token or rights have changed since the start. */
  #identity: Identity | undefined;
  #refusal: Error | undefined;
  #abandoned = false;
  #ended = false;

  constructor({ metrics, logger, span, name }: TrackedOperationParts) {
    this.#metrics = metrics;
    this.#logger = logger;
    this.#span = span;
    this.#name = name;
  }

  /** The calls that `work` makes belong to this operation. */
  run<T>(work: () => T): T {
    return this.#span === null ? work() : this.#span.run(work);
  }

  /** Aborts when the operation ends or its client leaves. */
  get signal(): CancelSignal {
    return this.#over;
  }

  get isSubscription(): boolean {
    return this.#type === 'subscription';
  }

  resolved({ operation, trusted }: KnownOperation): void {
    this.#type = operation.operation;
    this.#name = operation.name?.value;
    this.#trusted = trusted;
    this.#span?.rename(this.#type);
  }

  /** From now on `context` follows the caller's rights. */
  follows(context: RevocableContext): void {
    this.#context = context;
    if (this.#identity !== undefined) {
      this.changed(this.#identity);
    }
  }

  /** From now on the subscription ends with this operation, or before it when the caller loses its rights. */
  streams(subscription: Subscription): void {
    if (this.#over.aborted) {
      subscription.end();
      return;
    }
    this.#subscription = subscription;
    this.#metrics.subscriptions.inc();
    // Shown now and not when it ends, hours later.
    this.#endSpan(undefined);
    if (this.#refusal !== undefined) {
      subscription.end(this.#refusal);
    }
  }

  /** Ends a subscription whose caller, as it is now, would not be admitted. */
  changed(identity: Identity): void {
    this.#identity = identity;
    try {
      this.#context?.update(identity);
    } catch (error) {
      this.refuse(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Ends a subscription with an error for the client. Queries and mutations run to their end. */
  refuse(error: Error): void {
    this.#refusal ??= error;
    this.#subscription?.end(error);
  }

  /** One event was sent. */
  sent(errors: readonly GraphQLFormattedError[] | undefined): void {
    this.#events += 1;
    this.#metrics.eventsSent.inc();
    this.#errors ??= errors;
  }

  answered(errors: readonly GraphQLFormattedError[] | undefined): void {
    this.#errors = errors;
  }

  /** The client has left before its answer: upstream reads stop, and errors are logged as `debug` only. */
  abandon(): void {
    this.#abandoned = true;
    this.#over.abort();
  }

  /** Why it is about to end; the first reason counts. Left out: the client has ended it, or the feed is over. */
  ending(reason: EndReason): void {
    this.#reason ??= reason;
  }

  end(): void {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    this.#over.abort();
    if (this.#subscription !== undefined) {
      const reason = this.#reason ?? this.#subscription.endedBy ?? 'client';
      this.#metrics.subscriptions.dec();
      this.#metrics.subscriptionsEnded.inc({ reason });
      this.#metrics.subscriptionEvents.observe(this.#events);
      this.#subscription.end();
    }
    this.#note();
  }

  #note(): void {
    const codes = (this.#errors ?? []).map((error) => String(error.extensions?.code ?? 'INTERNAL_SERVER_ERROR'));
    const milliseconds = performance.now() - this.#startedAt;
    this.#metrics.operations.inc({ type: this.#type, outcome: codes[0] ?? 'ok' });
    if (this.#type !== 'subscription') {
      this.#metrics.operationSeconds.observe({ type: this.#type }, milliseconds / 1000, this.#span?.exemplar);
    }
    if (this.#trusted) this.#countName(codes.length === 0);
    this.#endSpan(codes[0]);
    const level = this.#abandoned ? 'debug' : levelFor(codes);
    if (!this.#logger.isLevelEnabled(level)) {
      return;
    }
    const line = {
      operation: this.#name?.slice(0, NAME_MAX) ?? null,
      type: this.#type,
      ms: Math.round(milliseconds),
      ...(codes.length > 0 ? { codes } : {}),
      ...(this.#subscription === undefined ? {} : { events: this.#events }),
    };
    this.#logger[level](line, 'operation');
  }

  #countName(ok: boolean): void {
    const { namedOperations, nameOf } = this.#metrics;
    namedOperations.inc({ name: nameOf(this.#name ?? 'unnamed'), outcome: ok ? 'ok' : 'error' });
  }

  #endSpan(code: string | undefined): void {
    const type = this.#type;
    const name = this.#name?.slice(0, NAME_MAX);
    this.#span?.set({ 'graphql.operation.type': type, ...(name && { 'graphql.operation.name': name }) });
    this.#span?.end(code);
  }
}
