import { type Finding, fail, ok, warn } from './finding.ts';

/** Well above what NTP leaves, and what a `Date` header in whole seconds can show. */
const SUSPICIOUS_MS = 5_000;
/** VPCEP refuses a signature whose time is further off (docs/upstream/SIGNING.md, "X-Sdk-Date"). */
const MOST_MS = 15 * 60_000;

/** @param aheadMs how far the clock of this machine is ahead of the other one. */
export function judgeClock(other: string, aheadMs: number): Finding {
  const subject = `clock against ${other}`;
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const found = seconds === 0 ? 'less than 1 s off' : `${seconds} s ${aheadMs < 0 ? 'behind' : 'ahead'}`;
  if (Math.abs(aheadMs) < SUSPICIOUS_MS) return ok(subject, found);
  const mend = 'Synchronise both clocks by NTP';
  if (Math.abs(aheadMs) < MOST_MS) return warn(subject, found, mend);
  return fail(subject, `${found}, and a signature may be ${MOST_MS / 60_000} minutes off`, mend);
}
