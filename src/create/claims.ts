/**
 * Which calls of one structure are still without an answer, and which resources were answered to whom: what keeps a call
 * from adopting what another call has made. Only calls whose resource carries no tag of ours need it. Two
 * implementations (memory, Redis) pass one suite.
 */

/** How long a call without an answer counts as open, milliseconds: longer than it takes and than it is looked for. */
export const OPEN_MS = 60_000;
/** How long it is remembered to whom a resource was answered, milliseconds: as long as a record may be looked for. */
export const CLAIM_MS = 24 * 3600_000;

export interface ClaimCall {
  readonly projectId: string;
  /** Hash of the structure. */
  readonly structure: string;
  /** Name of the call, the same each time it looks. */
  readonly call: string;
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
