/**
 * Calls upstream: credential, signature, attempts under one deadline, retries, and what is learnt from refusals. The
 * decisions are in `retry.ts`, `clock-skew.ts`, `classify.ts` and `credential-guard.ts`; this file only carries them out.
 */
import type { Dispatcher } from 'undici';
import { type AttemptResult, attempt, effectOf, type UpstreamAnswer, type UpstreamRequest } from './attempt.ts';
import { type Clock, type Sleep, sleep, systemClock } from './clock.ts';
import { CredentialGuard, type Pass } from './credential-guard.ts';
import type { Credential, CredentialSource } from './credentials.ts';
import type { UpstreamError } from './errors.ts';
import type { UpstreamObservation } from './observation.ts';
import { Origin } from './origin.ts';
import { Pools } from './pools.ts';
import { resolveCredential } from './resolve-credential.ts';
import { decideRetry } from './retry.ts';
import { verdictOf } from './signature-verdict.ts';

export interface UpstreamTarget {
  /** Scheme and host, such as `https://vpcep.cn-north-4.myhuaweicloud.com`. */
  readonly baseUrl: string;
  /** Used when the call brings none. */
  readonly credential?: CredentialSource;
}

export interface TransportOptions {
  /** Where a project's calls go, and as whom. */
  readonly target: (projectId: string) => UpstreamTarget;
  /** Shared with whoever reports readiness; its own when absent. */
  readonly guard?: CredentialGuard;
  /** Connections by origin; a pool per origin, closed by `close()`, when absent. */
  readonly dispatcher?: (origin: string) => Dispatcher;
  readonly observe?: (observation: UpstreamObservation) => void;
  /** Milliseconds for one operation with all its attempts, unless the call says otherwise. */
  readonly deadlineMs?: number;
  readonly maxBodyBytes?: number;
  readonly userAgent?: string;
  readonly clock?: Clock;
  readonly sleep?: Sleep;
  /** At least 0, below 1. */
  readonly random?: () => number;
}

export interface TransportCallOptions {
  /** Ends the call. A write that is on its way is not ended: its answer would be lost, not its effect. */
  readonly signal?: AbortSignal;
  readonly credential?: CredentialSource;
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 15_000;
const MAX_BODY_BYTES = 16 * 1024 * 1024;

export class Transport {
  readonly guard: CredentialGuard;
  readonly #options: TransportOptions;
  readonly #clock: Clock;
  readonly #pools = new Pools();
  readonly #origins = new Map<string, Origin>();

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.guard = options.guard ?? new CredentialGuard(this.#clock);
  }

  /** @throws UpstreamError for whatever goes wrong on the way; anything else is a fault of the configuration. */
  async call(request: UpstreamRequest, options: TransportCallOptions = {}): Promise<UpstreamAnswer> {
    const startedAt = this.#clock.elapsed();
    const deadlineMs = options.deadlineMs ?? this.#options.deadlineMs ?? DEADLINE_MS;
    const target = this.#options.target(request.projectId);
    const origin = this.#originOf(target.baseUrl);
    const credential = await resolveCredential(options.credential ?? target.credential, options.signal);
    const pass = await this.guard.enter(credential, () => waitLimit(deadlineMs, options.signal));
    origin.countCall(request.projectId);
    try {
      return await this.#attempts(request, { options, origin, credential, pass, startedAt, deadlineMs });
    } finally {
      // Whoever waits for this call's verdict must not wait for ever.
      pass.report('unclear');
    }
  }

  /** Lets running calls end, then closes the connections. */
  close(): Promise<void> {
    return this.#pools.close();
  }

  async #attempts(request: UpstreamRequest, run: Run): Promise<UpstreamAnswer> {
    let clockCorrected = false;
    let offsetBefore = 0;
    for (let count = 1; ; count += 1) {
      const result = await this.#attempt(request, run, count);
      if (result.ok) {
        run.pass.report('accepted');
        return result.answer;
      }
      if (result.skewMs !== undefined && !clockCorrected) {
        // It was refused, so even a write may be sent again; once, for a second refusal has another cause.
        clockCorrected = true;
        offsetBefore = run.origin.skewMs;
        run.origin.skewMs = result.skewMs;
        continue;
      }
      const verdict = verdictOf(result.error);
      if (verdict === 'refused' && clockCorrected) {
        // The clock was not it, so the answer's date is not to be trusted either.
        run.origin.skewMs = offsetBefore;
      }
      if (verdict !== 'unclear') {
        run.pass.report(verdict);
      }
      const delayMs = this.#retryDelay(request, result.error, run, count);
      if (delayMs === undefined) {
        throw result.error;
      }
      await (this.#options.sleep ?? sleep)(delayMs, run.options.signal);
      if (run.options.signal?.aborted === true) {
        throw result.error;
      }
    }
  }

  async #attempt(request: UpstreamRequest, run: Run, count: number): Promise<AttemptResult> {
    const begin = this.#clock.elapsed();
    const { signal } = run.options;
    const result = await attempt(request, run.origin, run.credential, {
      clock: this.#clock,
      userAgent: this.#options.userAgent ?? 'vpcep-gateway',
      limits: {
        timeoutMs: run.deadlineMs - (begin - run.startedAt),
        maxBytes: this.#options.maxBodyBytes ?? MAX_BODY_BYTES,
        finishOnceSent: effectOf(request) !== 'GET',
        ...(signal === undefined ? {} : { signal }),
      },
    });
    this.#options.observe?.({
      operation: request.operation,
      method: request.method,
      attempt: count,
      durationMs: this.#clock.elapsed() - begin,
      status: result.ok ? result.answer.status : result.error.status,
      outcome: result.ok ? 'done' : result.error.outcome,
      code: result.ok ? undefined : result.error.code,
      requestId: result.ok ? result.answer.requestId : result.error.requestId,
    });
    return result;
  }

  #retryDelay(request: UpstreamRequest, failure: UpstreamError, run: Run, count: number): number | undefined {
    const decision = decideRetry({
      method: effectOf(request),
      attempt: count,
      failure,
      retryAfterSeconds: failure.retryAfterSeconds,
      elapsedMs: this.#clock.elapsed() - run.startedAt,
      deadlineMs: run.deadlineMs,
      random: (this.#options.random ?? Math.random)(),
    });
    if (!decision.retry || run.options.signal?.aborted === true || !run.origin.payForRetry(request.projectId)) {
      return undefined;
    }
    return decision.delayMs;
  }

  #originOf(baseUrl: string): Origin {
    let origin = this.#origins.get(baseUrl);
    if (origin === undefined) {
      const url = new URL(baseUrl);
      origin = new Origin(url, this.#options.dispatcher?.(url.origin) ?? this.#pools.get(url.origin), this.#clock);
      this.#origins.set(baseUrl, origin);
    }
    return origin;
  }
}

interface Run {
  readonly options: TransportCallOptions;
  readonly origin: Origin;
  readonly credential: Credential;
  readonly pass: Pass;
  readonly startedAt: number;
  readonly deadlineMs: number;
}

function waitLimit(deadlineMs: number, signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(deadlineMs);
  return signal === undefined ? limit : AbortSignal.any([signal, limit]);
}
