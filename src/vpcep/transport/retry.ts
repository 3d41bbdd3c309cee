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

type RetryDecision = { readonly retry: false } | { readonly retry: true; readonly delayMs: number };

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

/**
 * Pure: a token bucket that keeps retries a small part of a project's calls to one host, so that a host in trouble is
 * not given several times its usual load.
 */
export interface RetryBudget {
  readonly tokens: number;
  /** Milliseconds, of any clock that only goes forward. */
  readonly updatedAt: number;
}

const CAPACITY = 20;
/** Each first attempt earns this much: in the long run one retry for five calls. */
const PER_CALL = 0.2;
/** A quiet host may still be retried now and then. */
const PER_SECOND = 0.5;

export function fullBudget(nowMs: number): RetryBudget {
  return { tokens: CAPACITY, updatedAt: nowMs };
}

export function earn(budget: RetryBudget, nowMs: number): RetryBudget {
  return { tokens: Math.min(CAPACITY, refilled(budget, nowMs) + PER_CALL), updatedAt: nowMs };
}

/** @returns the budget after one retry, or undefined when there is nothing left for it. */
export function spend(budget: RetryBudget, nowMs: number): RetryBudget | undefined {
  const tokens = refilled(budget, nowMs);
  return tokens < 1 ? undefined : { tokens: tokens - 1, updatedAt: nowMs };
}

function refilled(budget: RetryBudget, nowMs: number): number {
  const elapsed = Math.max(0, nowMs - budget.updatedAt);
  return Math.min(CAPACITY, budget.tokens + (elapsed / 1000) * PER_SECOND);
}
