/** Limits of the event log, in memory and in Redis. Times in milliseconds. */

/** How long log, state and tombstones are kept after the last commit. */
export const RETENTION_MS = 24 * 3600_000;
/** Entries kept per log: at least this many, or three for each resource. */
export const MIN_ENTRIES = 1000;
export const ENTRIES_PER_RESOURCE = 3;
/**
 * A log with so many states more than its last full list left begins a new epoch. Only a full list shows that resources are
 * gone, so a log without one would grow for ever. This is far more than the quotas of resources allow.
 */
export const MAX_UNLISTED_STATES = 1500;
/** A poll in flight is renewed within this time. A holder that misses its due time by as much loses the lease. */
export const LEASE_MS = 5_000;
/** Wake-ups make no two polls of a log begin closer together than this. */
export const WAKE_SPACING_MS = 250;
/** The interest of a replica ends when it has not asked for the lease for this long. */
export const INTEREST_MS = 90_000;
/** No wait is longer; a due time further ahead means that the clock has stepped back. */
export const MAX_WAIT_MS = 300_000;
/** Two clocks drift apart by at most this share: NTP slews by half as much. */
export const DRIFT = 1 / 1000;
/** Up to this many resources are read one by one; more are read as a list. */
export const MAX_SINGLE_READS = 3;
/** Missing resources reported after a sweep. */
export const MAX_MISSING = 100;
