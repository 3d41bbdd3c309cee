/** Pure: for how long everybody is held back when upstream throttles. Times by the forward-only clock. */

export interface Pause {
  /** Whole seconds. */
  readonly seconds: number;
  readonly untilMs: number;
}

/** Upstream documents no `Retry-After` (docs/upstream/NOTES.md, "Throttling"), so this is what mostly counts. */
const FIRST_SECONDS = 1;
const LONGEST_SECONDS = 30;
/** What upstream asks for counts up to here: a misread header must not stop a project for a day. */
const LONGEST_ASKED_SECONDS = 300;

/**
 * The pause after one more throttled call; undefined when the last one covers it: calls that were on their way together
 * are throttled together. One that follows closely on the last is twice as long.
 */
export function nextPause(
  last: Pause | undefined,
  nowMs: number,
  retryAfterSeconds: number | undefined,
): Pause | undefined {
  const seconds = secondsOf(last, nowMs, retryAfterSeconds);
  const untilMs = nowMs + seconds * 1000;
  if (last !== undefined && nowMs < last.untilMs) {
    const isAskedForMore = retryAfterSeconds !== undefined && untilMs > last.untilMs;
    if (!isAskedForMore) return undefined;
  }
  return { seconds, untilMs };
}

function secondsOf(last: Pause | undefined, nowMs: number, retryAfterSeconds: number | undefined): number {
  if (retryAfterSeconds !== undefined)
    return Math.min(LONGEST_ASKED_SECONDS, Math.max(FIRST_SECONDS, retryAfterSeconds));
  if (last === undefined || nowMs >= last.untilMs + last.seconds * 1000) return FIRST_SECONDS;
  return Math.min(LONGEST_SECONDS, Math.max(FIRST_SECONDS, last.seconds * 2));
}
