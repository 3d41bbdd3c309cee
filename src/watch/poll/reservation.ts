/** Rules for a poll that was granted ahead of its time: when it begins, and what time its observations carry. Pure. */
import { LEASE_MS } from '../../events/retention.ts';

/** No two clocks run more than this apart, in parts of what they measure: NTP slews by half as much at most. */
const DRIFT = 1 / 1000;
/** A sleeper that is late by more than this asks again: its lease ends soon, or has ended. */
const LATE_MS = LEASE_MS / 2;
const TAKE_OVER_MS = 500;

/**
 * How long to sleep on a reservation, from the receipt of the answer. The log counts from before that and its clock may
 * be the slower one; a poll that begins before the log thinks it due would be refused.
 */
export function sleepMs(afterMs: number): number {
  return afterMs === 0 ? 0 : Math.ceil(afterMs * (1 + DRIFT)) + 1;
}

/**
 * The log's time (µs) for an upstream request that is sent `elapsedMs` after the receipt of an answer with `asOf`. It must
 * never be later than the log's own clock is at that moment, because then the poll would overrule calls that were sent
 * after it. `asOf` was taken before the receipt, and what was measured since is shortened by what clocks can drift apart:
 * being early only means that a row waits for the next poll.
 */
export function requestTime(asOf: number, elapsedMs: number): number {
  return asOf + Math.floor(Math.max(0, elapsedMs) * (1 - DRIFT) * 1000);
}

/**
 * Milliseconds to wait before asking for a lease that has fallen free. At random, so that the leases of a replica that has
 * left are spread over the others. `random`: 0 to 1.
 */
export function takeOverDelayMs(random: number): number {
  return Math.round(random * TAKE_OVER_MS);
}

export function isOverslept(afterMs: number, elapsedMs: number): boolean {
  return elapsedMs > afterMs + LATE_MS;
}
