/** One line and one count per operation, over HTTP and WebSocket alike. Never variables, headers or tokens. */

import { setMaxListeners } from 'node:events';
import type { GraphQLFormattedError } from 'graphql';
import type { Identity } from '../../auth/identity.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { LiveContext } from './live-context.ts';

interface OperationEnd {
  readonly type: string;
  readonly name: string | null | undefined;
  readonly errors: readonly GraphQLFormattedError[] | undefined;
  /** From `performance.now()`. */
  readonly startedAt: number;
  /** True when nobody waits for the answer any more: what failed then is no news. */
  readonly abandoned?: boolean;
  /** Events sent; subscriptions only. */
  readonly events?: number;
}

/** Client text in logs stays short. */
const NAME_MAX = 64;

function levelFor(codes: readonly string[]): 'debug' | 'warn' | 'error' {
  if (codes.includes('INTERNAL_SERVER_ERROR')) {
    return 'error';
  }
  return codes.some((code) => code.startsWith('UPSTREAM_')) ? 'warn' : 'debug';
}

export function noteOperation(metrics: Metrics, logger: Logger, end: OperationEnd): void {
  const codes = (end.errors ?? []).map((error) => String(error.extensions?.code ?? 'INTERNAL_SERVER_ERROR'));
  const milliseconds = performance.now() - end.startedAt;
  metrics.operations.inc({ type: end.type, outcome: codes[0] ?? 'ok' });
  if (end.type !== 'subscription') {
    metrics.operationSeconds.observe({ type: end.type }, milliseconds / 1000);
  }
  const level = end.abandoned === true ? 'debug' : levelFor(codes);
  if (!logger.isLevelEnabled(level)) {
    return;
  }
  const line = {
    operation: end.name?.slice(0, NAME_MAX) ?? null,
    type: end.type,
    ms: Math.round(milliseconds),
    ...(codes.length > 0 ? { codes } : {}),
    ...(end.events === undefined ? {} : { events: end.events }),
  };
  logger[level](line, 'operation');
}

/** One operation of a socket or an event stream, from its start to its end. */
export class TrackedOperation {
  readonly #metrics: Metrics;
  readonly #logger: Logger;
  readonly #startedAt = performance.now();
  readonly #gone = new AbortController();
  #type = 'unknown';
  #name: string | null | undefined;
  #streaming = false;
  #events = 0;
  #errors: readonly GraphQLFormattedError[] | undefined;
  #context: LiveContext | undefined;
  /** Of its caller, where that has changed. */
  #identity: Identity | undefined;
  #refuse: ((error: Error) => void) | undefined;
  #refusal: Error | undefined;

  constructor(metrics: Metrics, logger: Logger, name: string | null | undefined) {
    this.#metrics = metrics;
    this.#logger = logger;
    this.#name = name;
    // Each call under way for this operation listens; that many are no leak.
    setMaxListeners(0, this.#gone.signal);
  }

  /** Aborts when the operation is over, for whatever reason. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  resolved(type: string, name: string | undefined): void {
    this.#type = type;
    this.#name = name;
  }

  get isSubscription(): boolean {
    return this.#type === 'subscription';
  }

  /** From now on its context follows its caller's rights. */
  follows(context: LiveContext): void {
    this.#context = context;
    if (this.#identity !== undefined) {
      this.changed(this.#identity);
    }
  }

  /** @param refuse ends it with an error for the client. */
  streams(refuse: (error: Error) => void): void {
    this.#streaming = true;
    this.#metrics.subscriptions.inc();
    this.#refuse = refuse;
    if (this.#refusal !== undefined) {
      refuse(this.#refusal);
    }
  }

  /** Ends it when its caller, as it is now, would not be let in any more. */
  changed(identity: Identity): void {
    this.#identity = identity;
    try {
      this.#context?.become(identity);
    } catch (error) {
      this.refuse(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** What is no subscription has its answer, or gets it in a moment. */
  refuse(error: Error): void {
    this.#refusal ??= error;
    this.#refuse?.(error);
  }

  sent(errors: readonly GraphQLFormattedError[] | undefined): void {
    this.#events += 1;
    this.#metrics.eventsSent.inc();
    this.#errors ??= errors;
  }

  failed(errors: readonly GraphQLFormattedError[]): void {
    this.#errors = errors;
  }

  end(): void {
    if (this.#streaming) {
      this.#metrics.subscriptions.dec();
    }
    this.#gone.abort();
    noteOperation(this.#metrics, this.#logger, {
      type: this.#type,
      name: this.#name,
      errors: this.#errors,
      startedAt: this.#startedAt,
      ...(this.#streaming ? { events: this.#events } : {}),
    });
  }
}

/** The operations of one socket or event stream. Each is ended exactly once, at the latest when that closes. */
export class OperationTracker {
  readonly #metrics: Metrics;
  readonly #logger: Logger;
  readonly #running = new Map<string, TrackedOperation>();

  constructor(metrics: Metrics, logger: Logger) {
    this.#metrics = metrics;
    this.#logger = logger;
  }

  start(id: string, name: string | null | undefined): TrackedOperation {
    // A client that gave up before its operation began leaves it here, and may use the name again.
    this.end(id);
    const operation = new TrackedOperation(this.#metrics, this.#logger, name);
    this.#running.set(id, operation);
    return operation;
  }

  get(id: string): TrackedOperation | undefined {
    return this.#running.get(id);
  }

  end(id: string): void {
    const operation = this.#running.get(id);
    this.#running.delete(id);
    operation?.end();
  }

  /** Those that run, or are being started. */
  get subscriptions(): number {
    let count = 0;
    for (const { isSubscription } of this.#running.values()) {
      count += isSubscription ? 1 : 0;
    }
    return count;
  }

  changed(identity: Identity): void {
    for (const operation of [...this.#running.values()]) {
      operation.changed(identity);
    }
  }

  endAll(): void {
    for (const id of [...this.#running.keys()]) {
      this.end(id);
    }
  }
}
