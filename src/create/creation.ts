import type { Tag } from '../vpcep/core/model.ts';
import type { CallOptions } from '../vpcep/transport/transport.ts';
import type { Candidate } from './find-lost-creation.ts';

/** Whatever is created: it can carry the gateway's mark in a tag. */
export interface Taggable {
  readonly tags?: readonly Tag[];
}

export interface Identified {
  readonly id: string;
}

export interface Created<Resource extends Identified> {
  readonly resource: Resource;
  readonly statusCursor: string;
}

/** The upstream calls of one kind of creation. Every method throws UpstreamError. */
export interface CreationCalls<Input extends Taggable, Resource extends Identified> {
  send(projectId: string, input: Input, options: CallOptions): Promise<Created<Resource>>;
  /** The resources that a lost creation may have made, as upstream lists them now. */
  list(projectId: string, input: Input, options: CallOptions): Promise<readonly Candidate[]>;
  /** Reads and records what was found, as the answer of `send` would have been. */
  find(projectId: string, id: string, options: CallOptions): Promise<Created<Resource>>;
}

/** Whose creation it is: an idempotency key belongs to its caller. */
export interface CreationKey {
  readonly subject: string;
  /** 1 to 255 characters. */
  readonly idempotencyKey: string | undefined;
}

/** One creation, of any kind. */
export interface Creation<Input extends Taggable> extends CreationKey {
  readonly projectId: string;
  readonly operation: string;
  readonly input: Input;
  /** The input with upstream's defaults, so that giving a default is no other input. */
  readonly defaulted: () => Input;
  /** Hash of what candidates are compared by. Only a search needs it, so it is not worked out before. */
  readonly structure: () => string;
  /** Its signal ends waiting for another request; a creation that was sent is carried through. */
  readonly options: CallOptions;
}

/** How a creation can end besides an answer and upstream's own failures. src/graphql/errors/format-error.ts gives the codes. */

/** The same idempotency key was used with another input. */
export class KeyReusedError extends Error {
  override readonly name = 'KeyReusedError' as const;

  constructor() {
    super('This idempotencyKey was used with another input: repeat that input, or choose a new key');
  }
}

/** Another request with the same key is still running. Retryable. */
export class KeyInProgressError extends Error {
  override readonly name = 'KeyInProgressError' as const;

  constructor() {
    super('A request with this idempotencyKey is still in progress: try again with the same key');
  }
}

/** It was sent without an answer, and the search has not shown whether it was done. */
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

/** Characters. A longer answer (a policy can be long) is stored as a reference, and read again for a repeat. */
const MOST_CHARACTERS = 65_536;

type Stored<Resource extends Identified> =
  | { readonly kind: 'whole'; readonly created: Created<Resource> }
  | { readonly kind: 'reference'; readonly id: string };

export function writeStored<Resource extends Identified>(created: Created<Resource>): string {
  const { resource, statusCursor } = created;
  const whole = JSON.stringify({ kind: 'whole', created: { resource, statusCursor } } satisfies Stored<Resource>);
  return whole.length <= MOST_CHARACTERS ? whole : referenceOf(resource.id);
}

/** What is stored instead of a whole answer: a repeat reads the resource again. */
export function shortened(text: string): string {
  const stored = readStored(text);
  return stored.kind === 'whole' ? referenceOf(stored.created.resource.id) : text;
}

function referenceOf(id: string): string {
  return JSON.stringify({ kind: 'reference', id } satisfies Stored<Identified>);
}

/** @param text what `writeStored` gave; nothing else writes records */
export function readStored<Resource extends Identified>(text: string): Stored<Resource> {
  return JSON.parse(text) as Stored<Resource>;
}
