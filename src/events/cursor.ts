/** What a feed hands out, made from what the log holds. */
import type { EndpointState, Entry, Fields, Position } from './event-log.ts';

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

export interface FeedItem {
  readonly kind: 'SNAPSHOT' | 'TRANSITION' | 'RESYNC';
  readonly endpointId: string;
  readonly status: string;
  readonly previousStatus: string | null;
  readonly version: number;
  readonly cursor: string;
  readonly more: boolean;
  readonly observedAt: number;
  readonly fields: Fields;
}

/** A transition with its place in the log. */
export interface LogItem {
  readonly seq: number;
  readonly item: FeedItem;
}

export function fromEntry(entry: Entry, epoch: string): LogItem {
  const { seq, endpointId, status, previousStatus, version, observedAt, fields } = entry;
  const cursor = encodeCursor({ kind: 'after', epoch, seq });
  const kind = 'TRANSITION';
  return { seq, item: { kind, endpointId, status, previousStatus, version, cursor, more: false, observedAt, fields } };
}

/** The events of one set; all but the last carry a cursor that begins it again. */
export function fromStates(
  kind: 'SNAPSHOT' | 'RESYNC',
  states: readonly EndpointState[],
  position: Position,
): FeedItem[] {
  return states.map(({ endpointId, status, version, asOf, fields }, i) => {
    const more = i < states.length - 1;
    const cursor = encodeCursor(more ? { kind: 'restart' } : { kind: 'after', ...position });
    return { kind, endpointId, status, previousStatus: null, version, cursor, more, observedAt: asOf, fields };
  });
}
