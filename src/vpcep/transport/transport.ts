/**
 * Calls upstream: credential, signature, attempts under one deadline, retries, and what is learnt from refusals. The
 * decisions are in `retry.ts`, `clock-skew.ts`, `classify.ts`, `credential-guard.ts`, `budget.ts` and `breaker.ts`; this
 * file only carries them out.
 */

import { type Clock, type Sleep, sleep, systemClock } from '../../shared/clock.ts';
import { type AttemptResult, UpstreamError, withLongerWait } from '../errors/upstream-error.ts';
import { ExchangeError } from '../http/exchange.ts';
import { type CallClass, classOf, effectOf, type UpstreamAnswer, type UpstreamRequest } from '../http/request.ts';
import type { UpstreamBudget } from '../limits/budget.ts';
import { CredentialGuard, type Pass, verdictOf } from '../signing/credential-guard.ts';
import type { Credential, CredentialSource } from '../signing/credentials.ts';
import { resolveCredential } from '../signing/credentials.ts';
import type { UpstreamObservation } from './attempt.ts';
import { attempt } from './attempt.ts';
import type { Origin } from './hosts.ts';
import { Origins, type OriginsOptions } from './hosts.ts';
import { decideRetry } from './retry.ts';

export interface UpstreamTarget {
  /** Scheme and host, such as `https://vpcep.cn-north-4.myhuaweicloud.com`. */
  readonly baseUrl: string;
  /** Used when the call brings none. */
  readonly credential?: CredentialSource;
}

export interface TransportOptions extends OriginsOptions {
  /** Where a project's calls go, and as whom. */
  readonly target: (projectId: string) => UpstreamTarget;
  /** Shared with whoever reports readiness; its own when absent. */
  readonly guard?: CredentialGuard;
  /** Every attempt takes a token of it first; unlimited when absent. */
  readonly budget?: UpstreamBudget;
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

/**
 * Options of upstream calls: made once per operation and passed down unchanged. `UpstreamCaller` decides which of them
 * apply to a read and which to a write.
 */
export interface CallOptions {
  /** The caller's own; absent: the project's keys. */
  readonly credential?: CredentialSource;
  /** The caller's identity: its equal reads in flight are one call. Absent: every read is a call of its own. */
  readonly share?: string;
  /** Cancels a read. A write is carried through, because cancelling would lose its answer and not its effect. */
  readonly signal?: AbortSignal;
  /** Milliseconds for all attempts together. */
  readonly deadlineMs?: number;
  /** Made for the status feed: it takes second place to calls that a client waits for. */
  readonly poll?: boolean;
  /** Called once for each call, reads included, just before it is made; a shared read counts for its first caller. */
  readonly onCall?: () => void;
  /** Called once for each write that was tried; `requestId` is undefined when upstream has not given one. */
  readonly onWrite?: (write: { readonly requestId: string | undefined }) => void;
}

const DEADLINE_MS = 15_000;
/** Shorter than a poll may take as a whole, so that silence is seen as such and not as a poll that was given up. */
const POLL_DEADLINE_MS = 10_000;
const MAX_BODY_BYTES = 16 * 1024 * 1024;

export class Transport {
  readonly guard: CredentialGuard;
  readonly #options: TransportOptions;
  readonly #clock: Clock;
  readonly #origins: Origins;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#origins = new Origins(options, this.#clock);
    this.guard = options.guard ?? new CredentialGuard(this.#clock);
  }

  /** @throws UpstreamError for whatever goes wrong on the way; anything else is a fault of the configuration. */
  async call(request: UpstreamRequest, options: CallOptions = {}): Promise<UpstreamAnswer> {
    const startedAt = this.#clock.elapsed();
    const callClass = classOf(request, options);
    const usualMs = callClass === 'poll' ? POLL_DEADLINE_MS : DEADLINE_MS;
    const deadlineMs = options.deadlineMs ?? this.#options.deadlineMs ?? usualMs;
    const target = this.#options.target(request.projectId);
    const origin = this.#origins.get(target.baseUrl);
    const credential = await resolveCredential(options.credential ?? target.credential, options.signal);
    const pass = await this.guard.enter(credential, () => waitLimit(deadlineMs, options.signal));
    try {
      return await this.#attempts(request, { options, callClass, origin, credential, pass, startedAt, deadlineMs });
    } finally {
      // Whoever waits for this call's verdict must not wait for ever.
      pass.report('unclear');
    }
  }

  /** Lets running calls end, then closes the connections. */
  close(): Promise<void> {
    return this.#origins.close();
  }

  async #attempts(request: UpstreamRequest, run: Run): Promise<UpstreamAnswer> {
    let clockCorrected = false;
    let offsetBefore = 0;
    let failure: UpstreamError | undefined;
    for (let count = 1; ; count += 1) {
      const result = await this.#admitted(request, run, count).catch((refusal: unknown) => {
        // What upstream said about the attempt before tells more than that there is no other now.
        throw failure !== undefined && refusal instanceof UpstreamError ? withLongerWait(failure, refusal) : refusal;
      });
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
      failure = await this.#learn(request, result.error, run);
      const delayMs = this.#retryDelay(request, failure, run, count);
      if (delayMs === undefined) {
        throw failure;
      }
      await (this.#options.sleep ?? sleep)(delayMs, run.options.signal);
      if (run.options.signal?.aborted === true) {
        throw failure;
      }
    }
  }

  /** @throws UpstreamError `not_sent`: there is no token for it, or the host is not being asked. */
  async #admitted(request: UpstreamRequest, run: Run, count: number): Promise<AttemptResult> {
    const { origin, callClass } = run;
    const { projectId } = request;
    origin.breaker?.check();
    await this.#options.budget?.take(projectId, callClass, { waitMs: this.#left(run), signal: run.options.signal });
    if (count === 1) {
      origin.countCall(projectId);
    }
    const makeAttempt = () => this.#attempt(request, run, count);
    return await (origin.breaker?.run(makeAttempt, { givenMs: this.#left(run), isRepeated: count > 1 }) ??
      makeAttempt());
  }

  async #attempt(request: UpstreamRequest, run: Run, count: number): Promise<AttemptResult> {
    const begunAt = this.#clock.elapsed();
    const givenMs = this.#left(run);
    const { signal } = run.options;
    const result = await attempt(request, run.origin, run.credential, {
      dispatcher: run.origin.dispatcherFor(run.callClass),
      clock: this.#clock,
      userAgent: this.#options.userAgent ?? 'vpcep-gateway',
      limits: {
        timeoutMs: givenMs,
        maxBytes: this.#options.maxBodyBytes ?? MAX_BODY_BYTES,
        finishOnceSent: effectOf(request) !== 'GET',
        ...(signal === undefined ? {} : { signal }),
      },
    });
    run.origin.noteContact(result, { attempt: count, begunAt, givenMs });
    this.#options.observe?.({
      operation: request.operation,
      method: request.method,
      attempt: count,
      durationMs: this.#clock.elapsed() - begunAt,
      status: result.ok ? result.answer.status : result.error.status,
      outcome: result.ok ? 'done' : result.error.outcome,
      code: result.ok ? undefined : codeIn(result.error),
      requestId: result.ok ? result.answer.requestId : result.error.requestId,
    });
    return result;
  }

  /** A throttled call holds everybody back. A poll is told for how long, since it comes later than the others. */
  async #learn({ projectId }: UpstreamRequest, failure: UpstreamError, { callClass }: Run): Promise<UpstreamError> {
    const { budget } = this.#options;
    if (failure.kind !== 'throttled' || budget === undefined) {
      return failure;
    }
    const retryAfterSeconds = await budget.throttled(projectId, callClass, failure);
    return callClass === 'poll' ? withLongerWait(failure, { retryAfterSeconds }) : failure;
  }

  #left({ deadlineMs, startedAt }: Run): number {
    return deadlineMs - (this.#clock.elapsed() - startedAt);
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
    const isPaused = run.callClass === 'poll' && failure.kind === 'throttled';
    if (
      !decision.retry ||
      isPaused ||
      run.options.signal?.aborted === true ||
      !run.origin.payForRetry(request.projectId)
    ) {
      return undefined;
    }
    return decision.delayMs;
  }
}

interface Run {
  readonly options: CallOptions;
  readonly callClass: CallClass;
  readonly origin: Origin;
  readonly credential: Credential;
  readonly pass: Pass;
  readonly startedAt: number;
  readonly deadlineMs: number;
}

/** Upstream's own, else that of the system. */
function codeIn({ code, cause }: UpstreamError): string | undefined {
  return code ?? (cause instanceof ExchangeError ? cause.code : undefined);
}

function waitLimit(deadlineMs: number, signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(deadlineMs);
  return signal === undefined ? limit : AbortSignal.any([signal, limit]);
}
