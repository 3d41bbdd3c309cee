/** Whether a signature was refused because of our clock, and by how much it is off (docs/upstream/SIGNING.md, "X-Sdk-Date"). */
import { httpDate } from '../http/retry-after.ts';

/** The API gateway tolerates 15 minutes, so a difference well below that is not the reason. */
const SUSPICIOUS_MS = 5 * 60_000;

export interface RefusedSignature {
  readonly status: number;
  readonly body: string;
  /** The response's `Date` header, one-second resolution. */
  readonly date: string | undefined;
  /** Milliseconds since 1970 that the request was signed with, offset included. */
  readonly signedAt: number;
  /** Our clock when the answer came, milliseconds since 1970. */
  readonly now: number;
}

/** @returns the offset to add to our clock from now on (milliseconds), or undefined when the clock is not to blame. */
export function skewOf(refusal: RefusedSignature): number | undefined {
  const theirs = httpDate(refusal.date);
  if (theirs === undefined || refusal.status !== 401) {
    return undefined;
  }
  // No code distinguishes "expired" from "wrong" (NOTES.md, "Errors"). The word is enough for one more attempt, and so
  // is a clock that is far off.
  const blamed = /expired/i.test(refusal.body) || Math.abs(theirs - refusal.signedAt) >= SUSPICIOUS_MS;
  return blamed ? theirs - refusal.now : undefined;
}
