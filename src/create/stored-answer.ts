import type { Created } from './creation.ts';

/** Characters. What is longer (a policy can be) is read again when it is asked for. */
const MOST_CHARACTERS = 65_536;

export type Stored<Resource extends { readonly id: string }> =
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
