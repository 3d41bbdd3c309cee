import type { Position } from './event-log.ts';

/** Where to continue: after an entry, or at the start of a set that was cut off. */
export type Cursor = ({ readonly kind: 'after' } & Position) | { readonly kind: 'restart' };

const RESTART = 'restart';

/** Opaque to clients. */
export function encodeCursor(cursor: Cursor): string {
  return cursor.kind === 'restart' ? RESTART : `${cursor.epoch}:${cursor.seq}`;
}

/** Null: not a cursor that this gateway ever gave out. */
export function decodeCursor(text: string): Cursor | null {
  if (text === RESTART) return { kind: 'restart' };
  const parts = /^([0-9a-f]{12}):(0|[1-9][0-9]{0,15})$/.exec(text);
  const [, epoch, seq] = parts ?? [];
  return epoch === undefined || !Number.isSafeInteger(Number(seq)) ? null : { kind: 'after', epoch, seq: Number(seq) };
}
