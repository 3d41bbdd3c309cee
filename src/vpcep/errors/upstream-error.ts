import type { UpstreamAnswer } from '../http/request.ts';

/** Kinds of upstream failure: those of the error table (vpcep.openapi.yaml, `x-error-codes`) and what has no answer. */
export type UpstreamErrorKind =
  | 'auth'
  | 'conflict'
  | 'forbidden'
  | 'internal'
  | 'limit'
  | 'not_found'
  | 'not_found_as_400'
  | 'quota'
  | 'state'
  | 'throttled'
  | 'timeout'
  | 'unavailable'
  | 'validation'
  /** The connection failed; see `outcome` for whether the request may have arrived. */
  | 'connection'
  /** A success status whose body is not what the contract says. */
  | 'malformed'
  /** The gateway has stopped using this credential after signature refusals (SIGNING.md: the key gets locked). */
  | 'credential_stopped'
  /** `auth`, of the token that a caller has brought: only the caller can mend it. */
  | 'token_refused'
  /** `forbidden`, of a read with the token that a caller has brought: for that caller it does not exist. */
  | 'unreadable';

/** `reauth`: only with another credential. */
export type RetryClass = 'yes' | 'no' | 'reauth';

export type ErrorCodeRow = readonly [
  code: string,
  status: number,
  kind: UpstreamErrorKind,
  retry: RetryClass,
  text: string,
];

/**
 * `not_sent`: it cannot have arrived. `refused`: upstream answered and did not do it. `unknown`: it may or may not
 * have been done; never repeat a write on that.
 */
export type UpstreamOutcome = 'not_sent' | 'refused' | 'unknown';

export interface UpstreamErrorInit {
  readonly kind: UpstreamErrorKind;
  readonly outcome: UpstreamOutcome;
  readonly message: string;
  readonly retryable: boolean;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** One upstream call failed for good (retries included). Its message never holds a URL, a header or a secret. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError' as const;
  readonly kind: UpstreamErrorKind;
  readonly outcome: UpstreamOutcome;
  readonly retryable: boolean;
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;
  /** Upstream's code as it was sent, such as `EndPoint.2003`. */
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(init: UpstreamErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.kind = init.kind;
    this.outcome = init.outcome;
    this.retryable = init.retryable;
    this.status = init.status;
    this.code = init.code;
    this.requestId = init.requestId;
    this.retryAfterSeconds = init.retryAfterSeconds;
  }
}

/** The same failure, with the longer of the two waits. */
export function withLongerWait(
  failure: UpstreamError,
  { retryAfterSeconds = 0 }: { readonly retryAfterSeconds: number | undefined },
): UpstreamError {
  const seconds = Math.max(failure.retryAfterSeconds ?? 0, retryAfterSeconds);
  return remade(failure, seconds > 0 ? { retryAfterSeconds: seconds } : {});
}

/** What a refusal means when the call was made with a caller's own token. */
export function asCallersOwn(failure: UpstreamError, isRead: boolean): UpstreamError {
  if (failure.kind === 'auth') return remade(failure, { kind: 'token_refused' });
  return failure.kind === 'forbidden' && isRead ? remade(failure, { kind: 'unreadable' }) : failure;
}

function remade(failure: UpstreamError, change: Partial<UpstreamErrorInit>): UpstreamError {
  return new UpstreamError({ ...failure, message: failure.message, cause: failure.cause, ...change });
}

/** It does not exist, or may not be read; for the caller these are the same. Other failures say nothing about that. */
export function isUnreadable(error: unknown): boolean {
  return isMissing(error) || (error instanceof UpstreamError && ['forbidden', 'unreadable'].includes(error.kind));
}

/**
 * It does not exist, or the caller's own token must not read it. That the gateway's keys must not read it is a fault
 * that its operator has to see.
 */
export function isNothingToCaller(error: unknown): boolean {
  return isMissing(error) || (error instanceof UpstreamError && error.kind === 'unreadable');
}

export function isMissing(error: unknown): boolean {
  return error instanceof UpstreamError && (error.kind === 'not_found' || error.kind === 'not_found_as_400');
}

export type AttemptResult =
  | { readonly ok: true; readonly answer: UpstreamAnswer }
  | {
      readonly ok: false;
      readonly error: UpstreamError;
      /** Set when upstream refused the signature because our clock is off: what to add to it, milliseconds. */
      readonly skewMs?: number | undefined;
    };
