/** When to poll next. Pure; times in milliseconds. The figures are explained in docs/ARCHITECTURE.md, "One poll". */

const EXCITED_MS = 30_000;
const QUICK_MS = { single: 1_000, list: 2_000 } as const;
const SLOWDOWN = 1.5;
const CAP_MS = 15_000;
/** A creation takes VPCEP a minute or two, and that somebody is waiting for; after so long it is stuck. */
const CAP_CHANGING_MS = 5_000;
const CHANGING_MS = 300_000;
/** `pendingAcceptance` waits for a person. */
const CAP_PENDING_MS = 60_000;
const CAP_FAILURE_MS = 60_000;
const JITTER = 0.1;
/** Between the two 404s that make a deletion at least 1 s must pass. */
export const CONFIRM_MS = 1_000;
/** The same for an endpoint that has only just been created, or was never seen. */
export const CONFIRM_NEW_MS = 5_000;

export interface PaceInput {
  readonly mode: 'single' | 'list';
  /** Time since the last wake-up or transition. */
  readonly sinceExcitedMs: number;
  /** The wait before this poll, without jitter. */
  readonly previousMs: number;
  readonly onlyPendingAcceptance: boolean;
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
export function nextWait(input: PaceInput): { readonly baseMs: number; readonly waitMs: number } {
  const baseMs = base(input);
  const jittered = Math.round(baseMs * (1 - JITTER + 2 * JITTER * input.random));
  const floor = Math.max(input.failure?.retryAfterMs ?? 0, input.confirming ? CONFIRM_MS : 0);
  return { baseMs, waitMs: Math.max(jittered, floor) };
}

function base(input: PaceInput): number {
  const quick = QUICK_MS[input.mode];
  if (input.failure !== undefined) return Math.min(CAP_FAILURE_MS, Math.max(quick, input.previousMs) * 2);
  if (input.confirming || input.sinceExcitedMs < EXCITED_MS) return quick;
  return Math.min(cap(input), Math.max(quick, input.previousMs) * SLOWDOWN);
}

function cap({ onlyPendingAcceptance, changing, sinceExcitedMs }: PaceInput): number {
  if (changing && sinceExcitedMs < CHANGING_MS) return CAP_CHANGING_MS;
  return onlyPendingAcceptance ? CAP_PENDING_MS : CAP_MS;
}
