const MAX_BACKOFF_MS = 2_000;

/** Milliseconds before retry `attempt`, which counts from 1: doubling, with jitter, at most 2.4 s. */
export function backoffMs(attempt: number): number {
  return Math.min(MAX_BACKOFF_MS, 50 * 2 ** Math.min(attempt, 6)) * (0.8 + 0.4 * Math.random());
}
