/** Pure: calls per second, as the limiters and lines of the budget need them. */
import type { LimiterWindow } from '../../redis/counter.ts';
import type { CallClass } from '../http/request.ts';

/** Calls per second, of one project. */
export type Rates = Readonly<Record<CallClass, number>>;

/** Seconds. More for polls: they fetch many tokens at once, and a whole list is read in one go. */
const LENGTH: Readonly<Record<CallClass, number>> = { read: 1, write: 1, poll: 10 };
/** Tokens that a poller fetches at once, at most, so that it asks the store once for many polls. */
const POLL_BATCH = 100;
/** Milliseconds for which fetched tokens count: longer than it takes to use them up at the slowest pace but one. */
const POLL_KEEP_MS = 30 * 60_000;
/** Milliseconds that a caller waits in line, at most. */
export const LONGEST_WAIT_MS = 2_000;

/** Never more than the rate; where that gives no whole call, the window is longer. */
export function windowOf(callClass: CallClass, perSecond: number): LimiterWindow {
  const seconds = LENGTH[callClass];
  const points = Math.floor(perSecond * seconds);
  return points >= 1 ? { points, seconds } : { points: 1, seconds: Math.ceil(1 / perSecond) };
}

export interface LineShape {
  /** Tokens to fetch at once, at least. */
  readonly batch: number;
  /** Milliseconds for which tokens that are left over count. */
  readonly keepMs: number;
  /** Calls that may wait: no more than can be served in the longest wait. */
  readonly most: number;
}

export function lineShapeOf(callClass: CallClass, { points, seconds }: LimiterWindow): LineShape {
  if (callClass === 'poll') {
    // They do not wait, they only stand in line while the store is asked.
    return { batch: Math.min(POLL_BATCH, Math.ceil(points / 2)), keepMs: POLL_KEEP_MS, most: 1_000 };
  }
  const windows = 1 + Math.floor(LONGEST_WAIT_MS / (seconds * 1000));
  return { batch: 1, keepMs: seconds * 1000, most: points * windows };
}
