/**
 * Which calls of one structure are still without an answer, and which resources were answered to whom: what keeps a call
 * from adopting what another call has made. Only calls whose resource carries no tag of ours need it. Two
 * implementations (memory, Redis) pass one suite.
 */

/** How long a call without an answer counts as open, milliseconds: longer than it takes and than it is looked for. */
export const OPEN_MS = 60_000;
/** How long it is remembered to whom a resource was answered, milliseconds: as long as a record may be looked for. */
export const CLAIM_MS = 24 * 3600_000;
/** The same where no call with a key is without an answer: the others are looked for within a minute, and never again. */
export const SHORT_CLAIM_MS = 3 * OPEN_MS;

export interface ClaimCall {
  readonly projectId: string;
  /** Hash of the structure. */
  readonly structure: () => string;
  /** Name of the call, the same each time it looks. */
  readonly call: string;
  /** It may be repeated, and so looked for as long as its record is kept. */
  readonly hasKey: boolean;
}

export type TakeStep =
  | { readonly kind: 'taken'; readonly id: string }
  /** None or several are left: `ids`. */
  | { readonly kind: 'left'; readonly ids: readonly string[] }
  /** Another equal call has no answer yet: it may be the one that made them. */
  | { readonly kind: 'busy' };

/** Every method throws RecordsUnavailableError when the store cannot be reached. */
export interface CreateClaims {
  open(call: ClaimCall): Promise<void>;
  /** The call's answer came: what it made, or null when it was refused. */
  close(call: ClaimCall, id: string | null): Promise<void>;
  /** Takes the candidate that was answered to no other call, if it is the only one, and closes the call. */
  take(call: ClaimCall, candidates: readonly string[]): Promise<TakeStep>;
}

/**
 * What is remembered of an idempotency key. Two implementations (memory, Redis) pass one suite. A record goes
 * `pending → done | unknown`; a definite refusal removes it, because nothing was created and the key is free again.
 */

/** How long a record is kept after its last step, milliseconds. */
export const RECORD_MS = 24 * 3600_000;
/**
 * How long a pending record belongs to the attempt that began it, milliseconds: 15 s for the call, 10 s to look for what it may
 * have made, and three steps in Redis of at most 5 s. An owner that is slower does no harm: the next one only looks.
 */
export const PENDING_MS = 40_000;

export interface RecordRef {
  readonly projectId: string;
  /** SHA-256 in hex; see fingerprint.ts. */
  readonly hash: string;
}

export interface RecordAttempt {
  /** Hash of the defaulted input. */
  readonly input: string;
  /** Random name of this attempt: only it may end what it began. */
  readonly token: string;
}

export type BeginStep =
  /** Never seen: this attempt may send. `sentAtMs` is the store's time, milliseconds since 1970. */
  | { readonly kind: 'granted'; readonly sentAtMs: number }
  /** Sent before at `sentAtMs`, outcome unknown: search for it, and never send again. */
  | { readonly kind: 'reconcile'; readonly sentAtMs: number }
  /** Another attempt is at it. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'done'; readonly answer: string }
  | { readonly kind: 'otherInput' };

/** Every method throws RecordsUnavailableError when the store cannot be reached; the step may then have been taken. */
export interface CreateRecords {
  begin(ref: RecordRef, attempt: RecordAttempt): Promise<BeginStep>;
  /** Keeps the first answer: a later one for the same key is dropped, and so is one for another input. */
  finish(ref: RecordRef, attempt: RecordAttempt, answer: string): Promise<void>;
  /** After a definite refusal. Does nothing when the record has moved on. */
  release(ref: RecordRef, token: string): Promise<void>;
  /** The outcome stays open: repeats only look. Does nothing when the record has moved on. */
  markUnknown(ref: RecordRef, token: string): Promise<void>;
}

/** The store could not be reached or did not answer. */
export class RecordsUnavailableError extends Error {
  override readonly name = 'RecordsUnavailableError' as const;

  constructor(cause: unknown) {
    super('the idempotency records cannot be reached', { cause });
  }
}
