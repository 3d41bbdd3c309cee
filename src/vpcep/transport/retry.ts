/**
 * Whether a failed attempt is repeated, and when (docs/upstream/SIGNING.md, "Retries"; NOTES.md, "Errors",
 * "Throttling"). A write is only repeated when the first one cannot have been carried out.
 */
import { meaningOf } from '../errors/error-table.ts';
import type { UpstreamErrorKind, UpstreamOutcome } from '../errors/upstream-error.ts';

export interface AttemptFailure {
  readonly kind: UpstreamErrorKind;
  readonly outcome: UpstreamOutcome;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

export interface RetryQuestion {
  /** As `effectOf` gives it. */
  readonly method: string;
  readonly isPoll: boolean;
  /** Attempts made so far, from 1. */
  readonly attempt: number;
  readonly failure: AttemptFailure;
  /** Milliseconds that are left for the whole call. */
  readonly leftMs: number;
  /** At least 0, below 1. */
  readonly random: number;
}

export const MOST_ATTEMPTS = 4;
const BASE_MS = 100;
/** Longer, because throttling needs more room than a lost connection. */
const THROTTLED_BASE_MS = 500;
const LONGEST_MS = 5_000;
/** An attempt that would start with less than this could only time out. */
const ROOM_FOR_AN_ATTEMPT_MS = 100;
/** Spreads callers that all got the same `Retry-After`. */
const AFTER_JITTER_MS = 250;

const RETRIED_STATUS: ReadonlySet<number> = new Set([429, 500, 502, 503]);

/** Milliseconds until the next attempt; undefined: there is none. */
export function retryDelay(question: RetryQuestion): number | undefined {
  const { method, isPoll, attempt, failure, leftMs } = question;
  // A poll that is throttled comes again by itself, after the callers.
  if (attempt >= MOST_ATTEMPTS || !mayRepeat(method, failure) || (isPoll && failure.kind === 'throttled')) return;
  const delayMs = delayOf(question);
  return leftMs - delayMs < ROOM_FOR_AN_ATTEMPT_MS ? undefined : delayMs;
}

function mayRepeat(method: string, { kind, outcome, status, code }: AttemptFailure): boolean {
  if (kind === 'credential_stopped' || kind === 'auth' || kind === 'token_refused') {
    // Never a second signature for the same refusal: the key gets locked (NOTES.md, "Hosts, identity").
    return false;
  }
  if (status === undefined) {
    // No answer: a read may be repeated, anything else only if it was not sent.
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

function delayOf({ attempt, failure: { kind, retryAfterSeconds }, random }: RetryQuestion): number {
  if (retryAfterSeconds !== undefined) return retryAfterSeconds * 1000 + Math.floor(random * AFTER_JITTER_MS);
  const base = kind === 'throttled' ? THROTTLED_BASE_MS : BASE_MS;
  // Full jitter: anything from nothing to the exponential step.
  return Math.floor(random * Math.min(LONGEST_MS, base * 2 ** (attempt - 1)));
}

const CAPACITY = 20;
/** Each first attempt earns this much: in the long run one retry for five calls. */
const PER_CALL = 0.2;
/** A quiet host may still be retried now and then. */
const PER_SECOND = 0.5;

/**
 * A token bucket that keeps retries a small part of a project's calls to one host, so that a host in trouble does not
 * get several times its usual load.
 */
export class RetryBudget {
  #tokens = CAPACITY;
  #at: number;

  /** @param now milliseconds of a monotonic clock, as in the methods. */
  constructor(now: number) {
    this.#at = now;
  }

  earn(now: number): void {
    this.#refill(now, PER_CALL);
  }

  /** True when there was room for one more retry. */
  spend(now: number): boolean {
    this.#refill(now, 0);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #refill(now: number, extra: number): void {
    this.#tokens = Math.min(CAPACITY, this.#tokens + ((now - this.#at) / 1000) * PER_SECOND + extra);
    this.#at = now;
  }
}
