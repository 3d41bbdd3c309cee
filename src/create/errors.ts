/** What a creation can end in beside an answer and upstream's own failures. src/graphql/errors/format-error.ts gives the codes. */

/** The same idempotency key was used with another input. */
export class KeyReusedError extends Error {
  override readonly name = 'KeyReusedError' as const;

  constructor() {
    super('This idempotencyKey was used with another input: repeat that input, or choose a new key');
  }
}

/** Another request with the same key is still at it. Try again. */
export class KeyInProgressError extends Error {
  override readonly name = 'KeyInProgressError' as const;

  constructor() {
    super('A request with this idempotencyKey is still in progress: try again with the same key');
  }
}

/** It was sent, its answer never came, and looking for it has not settled whether it was done. */
export class UnresolvedCreationError extends Error {
  override readonly name = 'UnresolvedCreationError' as const;
  /** Ids of resources that it may have made; at most MAX_CANDIDATES. */
  readonly candidates: readonly string[];

  /** @param cause the UpstreamError of the call or of the search, when there is one */
  constructor(candidates: readonly string[], hasKey: boolean, cause: unknown) {
    const next = hasKey ? 'Repeat it with the same idempotencyKey to look again.' : 'Look before repeating it.';
    super(`The request was sent, but its answer never came: it may or may not have been done. ${next}`, { cause });
    this.candidates = candidates.slice(0, MAX_CANDIDATES);
  }
}

const MAX_CANDIDATES = 20;
