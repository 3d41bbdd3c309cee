import type { Candidate } from './find-lost-creation.ts';

export interface Created<Resource extends { readonly id: string }> {
  readonly resource: Resource;
  readonly statusCursor: string;
}

/** One creation, of whatever kind: the calls that make it and find it again. */
export interface Creation<Resource extends { readonly id: string }> {
  readonly projectId: string;
  readonly operation: string;
  readonly subject: string;
  readonly idempotencyKey: string | undefined;
  /** With its defaults and without the key. */
  readonly input: unknown;
  /** Hash of what candidates are compared by. */
  readonly structure: string;
  /** Whether upstream can carry our mark on it. */
  readonly markable: boolean;
  readonly signal?: AbortSignal;
  /** Sends it once. @throws UpstreamError */
  post(mark: string | null): Promise<Created<Resource>>;
  /** What upstream has now. @throws UpstreamError */
  find(deadlineMs: number): Promise<readonly Candidate[]>;
  /** Reads and records what was found, as the answer of `post` would have been. @throws UpstreamError */
  adopt(id: string): Promise<Created<Resource>>;
}

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

/** Characters. What is longer (a policy can be) is read again when it is asked for. */
const MOST_CHARACTERS = 65_536;

type Stored<Resource extends { readonly id: string }> =
  | { readonly kind: 'whole'; readonly created: Created<Resource> }
  | { readonly kind: 'reference'; readonly id: string };

export function writeStored<Resource extends { readonly id: string }>(created: Created<Resource>): string {
  const { resource, statusCursor } = created;
  const whole = JSON.stringify({ kind: 'whole', created: { resource, statusCursor } } satisfies Stored<Resource>);
  if (whole.length <= MOST_CHARACTERS) return whole;
  return JSON.stringify({ kind: 'reference', id: resource.id } satisfies Stored<Resource>);
}

/** @param text what `writeStored` gave; nothing else writes records */
export function readStored<Resource extends { readonly id: string }>(text: string): Stored<Resource> {
  return JSON.parse(text) as Stored<Resource>;
}
