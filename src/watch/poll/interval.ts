/** When to poll. Pure; times in milliseconds. The figures are explained in docs/reference/status-feed.md, "Polls". */
import { DRIFT, LEASE_MS } from '../../events/retention.ts';

const EXCITED_MS = 30_000;
const QUICK_MS = { single: 1_000, list: 2_000 } as const;
const SLOWDOWN = 1.5;
const CAP_MS = 15_000;
/** A creation takes VPCEP a minute or two; after so long it is stuck. */
const CAP_CHANGING_MS = 5_000;
const CHANGING_MS = 300_000;
/** All that is not settled waits for a person. */
const CAP_WAITING_MS = 60_000;
const CAP_FAILURE_MS = 60_000;
const JITTER = 0.1;
/** Between the two 404s that make a deletion at least 1 s must pass. */
export const CONFIRM_MS = 1_000;
/** The same for a resource that has only just been created, or was never seen. */
export const CONFIRM_NEW_MS = 5_000;

export interface IntervalInput {
  readonly mode: 'single' | 'list';
  /** Time since the last wake-up or transition. */
  readonly sinceExcitedMs: number;
  /** The wait before this poll, without jitter. */
  readonly previousMs: number;
  readonly onlyWaiting: boolean;
  /** Something is being created or deleted. */
  readonly changing: boolean;
  /** A 404 waits for its confirmation. */
  readonly confirming: boolean;
  /** The poll failed: back off. `retryAfterMs` is what upstream asked for. */
  readonly failure?: { readonly retryAfterMs?: number };
  /** 0 to 1. */
  readonly random: number;
}

/** `baseMs` is the next `previousMs`; `waitMs` has the jitter. */
export function nextWait(input: IntervalInput): { readonly baseMs: number; readonly waitMs: number } {
  const baseMs = base(input);
  const jittered = Math.round(baseMs * (1 - JITTER + 2 * JITTER * input.random));
  const floor = Math.max(input.failure?.retryAfterMs ?? 0, input.confirming ? CONFIRM_MS : 0);
  return { baseMs, waitMs: Math.max(jittered, floor) };
}

function base(input: IntervalInput): number {
  const quick = QUICK_MS[input.mode];
  if (input.failure !== undefined) return Math.min(CAP_FAILURE_MS, Math.max(quick, input.previousMs) * 2);
  if (input.confirming || input.sinceExcitedMs < EXCITED_MS) return quick;
  return Math.min(cap(input), Math.max(quick, input.previousMs) * SLOWDOWN);
}

function cap({ onlyWaiting, changing, sinceExcitedMs }: IntervalInput): number {
  if (changing && sinceExcitedMs < CHANGING_MS) return CAP_CHANGING_MS;
  return onlyWaiting ? CAP_WAITING_MS : CAP_MS;
}

/** A sleeper that is later than this asks again, because its lease ends soon or has ended. */
const LATE_MS = LEASE_MS / 2;
const TAKE_OVER_MS = 500;

/**
 * How long to sleep on a reservation, from the receipt of the answer. The log's clock may be the slower one, and it
 * refuses a poll that begins before it is due.
 */
export function sleepMs(afterMs: number): number {
  return afterMs === 0 ? 0 : Math.ceil(afterMs * (1 + DRIFT)) + 1;
}

/**
 * The log's time (µs) for an upstream request that is sent `elapsedMs` after the receipt of an answer with `asOf`. Never
 * later than the log's own clock, else the poll would overrule calls that were sent after it. Being early only means that
 * a row waits for the next poll.
 */
export function requestTime(asOf: number, elapsedMs: number): number {
  return asOf + Math.floor(Math.max(0, elapsedMs) * (1 - DRIFT) * 1000);
}

/**
 * How long to wait before asking for a lease that has fallen free. Random, so that the leases of a replica that has left
 * are spread over the others. `random`: 0 to 1.
 */
export function takeOverDelayMs(random: number): number {
  return Math.round(random * TAKE_OVER_MS);
}

export function isOverslept(afterMs: number, elapsedMs: number): boolean {
  return elapsedMs > afterMs + LATE_MS;
}
