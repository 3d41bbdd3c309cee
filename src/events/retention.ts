/** Limits that both event logs share. Times in milliseconds unless the name says otherwise. */

/** How long log, state and tombstones are kept after the last commit. */
export const RETENTION_MS = 24 * 3600_000;
/** Entries kept per project: at least this many, or three for each endpoint. */
export const MIN_ENTRIES = 1000;
export const ENTRIES_PER_ENDPOINT = 3;
/** A poll in flight is renewed within this time, and a holder that misses its due time by as much loses its turn. */
export const LEASE_MS = 5_000;
/** Wake-ups make no two polls of a project begin closer together than this. */
export const WAKE_SPACING_MS = 250;
/** A replica that has not taken a turn for this long wants nothing any more. */
export const INTEREST_MS = 90_000;
/** No wait is longer; a due time further ahead means that the clock has stepped back. */
export const MAX_WAIT_MS = 300_000;
/** Up to this many endpoints are read one by one; more are read as a list. */
export const MAX_SINGLE_READS = 3;
/** Missing endpoints told after a sweep. */
export const MAX_MISSING = 100;

export function entriesToKeep(endpoints: number): number {
  return Math.max(MIN_ENTRIES, ENTRIES_PER_ENDPOINT * endpoints);
}
