/** The attempts at one call, under one deadline: admission, signature, exchange, and what follows from a failure. */

import type { Exemplar } from '../../observability/metrics.ts';
import type { TracedSpan, Tracing } from '../../observability/tracing.ts';
import { Cancellation, type CancelSignal } from '../../shared/cancellation.ts';
import type { Clock, Sleep } from '../../shared/clock.ts';
import { classify, failureOf, wordOf } from '../errors/classify.ts';
import {
  type AttemptResult,
  asCallersOwn,
  UpstreamError,
  type UpstreamOutcome,
  withLongerWait,
} from '../errors/upstream-error.ts';
import { type ExchangeAnswer, ExchangeError, exchange } from '../http/exchange.ts';
import { type CallClass, effectOf, type UpstreamAnswer, type UpstreamRequest } from '../http/request.ts';
import { retryAfterSeconds } from '../http/retry-after.ts';
import type { UpstreamBudget } from '../limits/budget.ts';
import { skewOf } from '../signing/clock-skew.ts';
import { type CredentialGuard, verdictOf } from '../signing/credential-guard.ts';
import { type Credential, type CredentialSource, resolveCredential } from '../signing/credentials.ts';
import {
  encodeComponent,
  encodeQuery,
  type HeaderPair,
  type SigningInput,
  sdkDate,
  sign,
} from '../signing/signature.ts';
import { beginAttempt, endAttempt, tracedCall } from './call-spans.ts';
import type { UpstreamHost } from './hosts.ts';
import { retryDelay } from './retry.ts';

const JSON_TYPE = 'application/json';
const SIGNED_HEADERS: readonly HeaderPair[] = [['content-type', JSON_TYPE]];

/** One attempt, for logs and metrics. Nothing in it is secret; codes and request ids are short plain words. */
export interface UpstreamObservation {
  /** Name of the operation in schema/vpcep.openapi.yaml, such as `CreateEndpoint`. */
  readonly operation: string;
  readonly method: string;
  /** From 1. */
  readonly attempt: number;
  readonly durationMs: number;
  /** HTTP status; undefined without an answer. */
  readonly status: number | undefined;
  /** `failed`: a read that got no usable answer. `cancelled`: the caller has left. */
  readonly outcome: 'done' | 'failed' | 'cancelled' | UpstreamOutcome;
  /** Upstream's own, else that of the system. */
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  /** The answer's `Date` header. */
  readonly date: string | undefined;
  readonly exemplar: Exemplar;
}

/** The same for all calls of a transport. */
export interface AttemptSettings {
  readonly guard: CredentialGuard;
  /** Every attempt takes a token of it first; unlimited when absent. */
  readonly budget?: UpstreamBudget | undefined;
  readonly observe?: ((observation: UpstreamObservation) => void) | undefined;
  readonly tracing?: Tracing | null | undefined;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
  readonly sleep: Sleep;
  /** At least 0, below 1. */
  readonly random: () => number;
}

interface Call {
  readonly request: UpstreamRequest;
  readonly callClass: CallClass;
  readonly host: UpstreamHost;
  readonly source: CredentialSource | undefined;
  readonly deadlineMs: number;
  readonly signal: CancelSignal | undefined;
}

/** Every call pays for each pause, so nothing is awaited here that is there already. */
export class Attempts {
  readonly #call: Call;
  readonly #settings: AttemptSettings;
  /** By the forward-only clock. */
  readonly #endsAt: number;
  /** Encoded once, signed for each attempt. */
  readonly #signing: SigningInput;
  #count = 0;

  constructor(call: Call, settings: AttemptSettings) {
    this.#call = call;
    this.#settings = settings;
    this.#endsAt = settings.clock.elapsed() + call.deadlineMs;
    const { request, host } = call;
    const { method, projectId, segments, query, body, withoutProject } = request;
    this.#signing = {
      method,
      host: host.name,
      path: pathOf(host.basePath, segments),
      query: query === undefined ? '' : encodeQuery(query),
      headers: SIGNED_HEADERS,
      projectId: projectId === '' || withoutProject === true ? undefined : projectId,
      // Serialised once: these bytes are hashed and sent.
      body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
    };
  }

  /** @throws UpstreamError for all that goes wrong on the way; anything else is a fault of ours. */
  run(): Promise<UpstreamAnswer> {
    const { tracing } = this.#settings;
    return tracing ? tracedCall(tracing, this.#call.request, () => this.#run()) : this.#run();
  }

  async #run(): Promise<UpstreamAnswer> {
    const { host, source, deadlineMs, signal } = this.#call;
    const { guard, sleep } = this.#settings;
    const found = resolveCredential(source, signal);
    const credential = found instanceof Promise ? await found : found;
    const pass = guard.pass(credential) ?? (await guard.enter(credential, () => waitLimit(deadlineMs, signal)));
    let failure: UpstreamError | undefined;
    /** Set once our clock was corrected. */
    let skewBefore: number | undefined;
    try {
      for (;;) {
        const result = await this.#attempt(credential, failure);
        if (result.ok) {
          pass.report('accepted');
          return result.answer;
        }
        if (result.skewMs !== undefined && skewBefore === undefined) {
          // Upstream refused it, so even a write may be sent again; once, for a second refusal has another cause.
          skewBefore = host.skewMs;
          host.skewMs = result.skewMs;
          continue;
        }
        const verdict = verdictOf(result.error);
        // The clock was not the cause, so the answer's date is not to be trusted either.
        if (verdict === 'refused' && skewBefore !== undefined) host.skewMs = skewBefore;
        if (verdict !== 'unclear') pass.report(verdict);
        failure = await this.#pauseIfThrottled(result.error);
        const delayMs = this.#retryDelay(failure);
        if (delayMs === undefined) throw failure;
        await sleep(delayMs, signal);
        if (signal?.aborted === true) throw failure;
      }
    } finally {
      // Calls that wait for the verdict of this one must not wait for ever.
      pass.report('unclear');
    }
  }

  /**
   * One attempt, when breaker and budget allow it.
   * @param failure of the attempt before: it says more than that there cannot be another one now.
   */
  async #attempt(credential: Credential, failure: UpstreamError | undefined): Promise<AttemptResult> {
    const { request, callClass, host, signal } = this.#call;
    const { budget, clock, tracing } = this.#settings;
    const { breaker } = host;
    let begun: number | undefined;
    try {
      breaker?.check();
      const waiting = budget?.take(request.projectId, callClass, this.#leftMs(), signal);
      if (waiting !== undefined) await waiting;
      begun = breaker?.begin();
    } catch (error) {
      throw failure !== undefined && error instanceof UpstreamError ? withLongerWait(failure, error) : error;
    }
    this.#count++;
    const begunAt = clock.elapsed();
    if (this.#count === 1) host.countCall(request.projectId, begunAt);
    const givenMs = this.#endsAt - begunAt;
    const signedAt = clock.now() + host.skewMs;
    const span = tracing ? beginAttempt(tracing, request, host, this.#count) : null;
    let result: AttemptResult | undefined;
    let date: string | undefined;
    try {
      const answer = await this.#exchange(credential, signedAt, givenMs, span);
      date = first(answer.headers.date);
      result = this.#resultOf(answer, credential, signedAt);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      result = { ok: false, error: failureOf(error, effectOf(request)) };
    } finally {
      if (result === undefined) span?.end('fault');
      if (begun !== undefined) breaker?.end(begun, result, { givenMs, isRepeated: this.#count > 1 });
    }
    this.#observe(result, date, begunAt, givenMs, span);
    return result;
  }

  #observe(
    result: AttemptResult,
    date: string | undefined,
    begunAt: number,
    givenMs: number,
    span: TracedSpan | null,
  ): void {
    const { request, host } = this.#call;
    const { clock, observe } = this.#settings;
    host.noteContact(result, this.#count, begunAt, givenMs);
    if (observe === undefined && span === null) return;
    const observation: UpstreamObservation = {
      operation: request.operation,
      method: request.method,
      attempt: this.#count,
      durationMs: clock.elapsed() - begunAt,
      status: result.ok ? result.answer.status : result.error.status,
      outcome: result.ok ? 'done' : outcomeOf(result.error, effectOf(request)),
      code: result.ok ? undefined : codeIn(result.error),
      requestId: result.ok ? result.answer.requestId : result.error.requestId,
      date,
      exemplar: span?.exemplar,
    };
    observe?.(observation);
    if (span !== null) endAttempt(span, observation);
  }

  #exchange(
    credential: Credential,
    signedAt: number,
    timeoutMs: number,
    span: TracedSpan | null,
  ): Promise<ExchangeAnswer> {
    const { request, callClass, host, signal } = this.#call;
    const { path, query, body = null } = this.#signing;
    const headers = this.#headers(credential, signedAt);
    span?.propagateTo(headers);
    return exchange(
      host.dispatcherFor(callClass),
      {
        method: request.method,
        path: query === '' ? path : `${path}?${query}`,
        headers,
        body,
      },
      { timeoutMs, maxBytes: this.#settings.maxBodyBytes, signal, finishOnceSent: effectOf(request) !== 'GET' },
    );
  }

  #resultOf({ status, text, headers }: ExchangeAnswer, credential: Credential, signedAt: number): AttemptResult {
    const requestId = wordOf(headers['x-request-id']);
    if (status >= 200 && status < 300) return { ok: true, answer: { status, text, requestId } };
    const now = this.#settings.clock.now();
    const method = effectOf(this.#call.request);
    const after = retryAfterSeconds(first(headers['retry-after']), now);
    const error = classify({ method, status, body: text, requestId, retryAfterSeconds: after });
    if (credential.kind === 'token') return { ok: false, error: asCallersOwn(error, method === 'GET') };
    return { ok: false, error, skewMs: skewOf({ status, body: text, date: first(headers.date), signedAt, now }) };
  }

  #headers(credential: Credential, signedAt: number): Record<string, string> {
    const { subjectToken } = this.#call.request;
    let headers: Record<string, string>;
    if (credential.kind === 'token') {
      headers = { 'content-type': JSON_TYPE, 'x-auth-token': credential.token.reveal() };
      if (subjectToken !== undefined) headers['x-subject-token'] = subjectToken.reveal();
    } else {
      headers = sign(this.#signing, credential, sdkDate(signedAt)).headers;
    }
    headers['user-agent'] = 'vpcep-gateway';
    headers.accept = JSON_TYPE;
    return headers;
  }

  /** A throttled call makes others pause. A poll gets the length of the pause, because it comes later than they do. */
  async #pauseIfThrottled(failure: UpstreamError): Promise<UpstreamError> {
    const { request, callClass } = this.#call;
    const { budget } = this.#settings;
    if (failure.kind !== 'throttled' || budget === undefined) return failure;
    const retryAfterSeconds = await budget.throttled(request.projectId, callClass, failure);
    return callClass === 'poll' ? withLongerWait(failure, { retryAfterSeconds }) : failure;
  }

  #retryDelay(failure: UpstreamError): number | undefined {
    const { request, callClass, host, signal } = this.#call;
    const delayMs = retryDelay({
      method: effectOf(request),
      isPoll: callClass === 'poll',
      attempt: this.#count,
      failure,
      leftMs: this.#leftMs(),
      random: this.#settings.random(),
    });
    const isWorthIt = delayMs !== undefined && signal?.aborted !== true;
    return isWorthIt && host.payForRetry(request.projectId, this.#settings.clock.elapsed()) ? delayMs : undefined;
  }

  #leftMs(): number {
    return this.#endsAt - this.#settings.clock.elapsed();
  }
}

function pathOf(basePath: string, segments: readonly string[]): string {
  let path = segments.length === 0 ? `${basePath}/` : basePath;
  for (const segment of segments) path += `/${encodeComponent(segment)}`;
  return path;
}

function waitLimit(deadlineMs: number, signal: CancelSignal | undefined): CancelSignal {
  const limit = AbortSignal.timeout(deadlineMs);
  if (signal === undefined) return limit;
  const either = new Cancellation();
  for (const one of [signal, limit]) one.addEventListener('abort', () => either.abort());
  return either;
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function codeIn({ code, cause }: UpstreamError): string | undefined {
  return code ?? (cause instanceof ExchangeError ? cause.code : undefined);
}

/** For a caller, a read that failed is `refused`: it has changed nothing. For an operator that is no answer. */
function outcomeOf({ outcome, status, cause }: UpstreamError, effect: string): UpstreamObservation['outcome'] {
  if (outcome !== 'unknown' && cause instanceof ExchangeError && cause.reason === 'cancelled') return 'cancelled';
  return effect === 'GET' && outcome === 'refused' && (status === undefined || status >= 500) ? 'failed' : outcome;
}
