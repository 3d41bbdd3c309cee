/**
 * Pure: is a failed attempt made again, and after how long (docs/upstream/SIGNING.md, "Retries"; NOTES.md, "Errors",
 * "Throttling"). A write is only ever repeated when the first one cannot have been carried out.
 */
import { meaningOf } from '../errors/error-table.ts';
import type { UpstreamFaultKind, UpstreamOutcome } from '../errors/upstream-error.ts';

export interface AttemptFailure {
  readonly kind: UpstreamFaultKind;
  readonly outcome: UpstreamOutcome;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
}

export interface RetryQuestion {
  readonly method: string;
  /** Attempts made so far, from 1. */
  readonly attempt: number;
  readonly failure: AttemptFailure;
  readonly retryAfterSeconds?: number | undefined;
  /** Milliseconds since the operation began. */
  readonly elapsedMs: number;
  /** Milliseconds that the whole operation may take. */
  readonly deadlineMs: number;
  /** At least 0, below 1. */
  readonly random: number;
}

export type RetryDecision = { readonly retry: false } | { readonly retry: true; readonly delayMs: number };

const NO: RetryDecision = { retry: false };
export const MOST_ATTEMPTS = 4;
const BASE_MS = 100;
/** Throttling calls for more room than a lost connection. */
const THROTTLED_BASE_MS = 500;
const LONGEST_MS = 5_000;
/** An attempt that would start with less than this could only time out. */
const ROOM_FOR_AN_ATTEMPT_MS = 100;
/** Spreads callers that were all told the same `Retry-After`. */
const AFTER_JITTER_MS = 250;

const RETRIED_STATUS: ReadonlySet<number> = new Set([429, 500, 502, 503]);

export function decideRetry(question: RetryQuestion): RetryDecision {
  if (question.attempt >= MOST_ATTEMPTS || !mayRepeat(question.method, question.failure)) {
    return NO;
  }
  const delayMs = delayOf(question);
  const left = question.deadlineMs - question.elapsedMs - delayMs;
  return left < ROOM_FOR_AN_ATTEMPT_MS ? NO : { retry: true, delayMs };
}

function mayRepeat(method: string, { kind, outcome, status, code }: AttemptFailure): boolean {
  if (kind === 'credential_stopped' || kind === 'auth' || kind === 'token_refused') {
    // Never a second signature for the same refusal: the key gets locked (NOTES.md, "Hosts, identity").
    return false;
  }
  if (status === undefined) {
    // No answer. A read may always be repeated; anything else only if it never left.
    return method === 'GET' ? kind === 'connection' || kind === 'timeout' : outcome === 'not_sent';
  }
  // The code decides before the status: EndPoint.0011 and 0012 are 504s for a caller's mistake, 0022 is a 400 for
  // throttling.
  const known = code === undefined ? undefined : meaningOf(code, status);
  if (known !== undefined) {
    return known.retry === 'yes' && (method === 'GET' || known.kind === 'throttled');
  }
  return method === 'GET' ? RETRIED_STATUS.has(status) : status === 429;
}

function delayOf({ attempt, failure, retryAfterSeconds, random }: RetryQuestion): number {
  if (retryAfterSeconds !== undefined) {
    return retryAfterSeconds * 1000 + Math.floor(random * AFTER_JITTER_MS);
  }
  const base = failure.kind === 'throttled' ? THROTTLED_BASE_MS : BASE_MS;
  // Full jitter: anything from nothing to the exponential step.
  return Math.floor(random * Math.min(LONGEST_MS, base * 2 ** (attempt - 1)));
}
