/** The events of a feed, made from the entries and states of the log, and the cursors that they carry. */
import type { Entry, Fields, Position, StoredState } from './event-log.ts';

/** Where to continue: after an entry, or at the start of a set that was cut off. */
export type Cursor = ({ readonly kind: 'after' } & Position) | { readonly kind: 'restart' };

const RESTART = 'restart';

/** Opaque to clients. */
export function encodeCursor(cursor: Cursor): string {
  return cursor.kind === 'restart' ? RESTART : `${cursor.epoch}:${cursor.seq}`;
}

/** Null: no cursor of this gateway. */
export function decodeCursor(text: string): Cursor | null {
  if (text === RESTART) return { kind: 'restart' };
  const parts = /^([0-9a-f]{12}):(0|[1-9][0-9]{0,15})$/.exec(text);
  const [, epoch, seq] = parts ?? [];
  return epoch === undefined || !Number.isSafeInteger(Number(seq)) ? null : { kind: 'after', epoch, seq: Number(seq) };
}

/** What a subscriber gets. */
export interface FeedEvent {
  readonly kind: 'SNAPSHOT' | 'TRANSITION' | 'RESYNC';
  /** Null: a SNAPSHOT or RESYNC set without members. Then `cursor` alone means something besides. */
  readonly id: string | null;
  /** The log that it comes from. */
  readonly log: string;
  readonly rawStatus: string;
  readonly previousRawStatus: string | null;
  readonly version: number;
  /** Opaque to clients; resume with it. */
  readonly cursor: string;
  /** True while further events of this SNAPSHOT or RESYNC set follow. */
  readonly more: boolean;
  /** Microseconds since 1970. */
  readonly observedAt: number;
  readonly fields: Fields;
}

/** The state of a resource, or one change of it. */
export type ResourceEvent = FeedEvent & { readonly id: string };

/** A transition with its place in the log. */
export interface LoggedEvent {
  readonly seq: number;
  readonly event: ResourceEvent;
}

export function fromEntry(log: string, entry: Entry, epoch: string): ResourceEvent {
  const { seq, id, status: rawStatus, previousStatus: previousRawStatus, version, observedAt, fields } = entry;
  return {
    kind: 'TRANSITION',
    id,
    log,
    rawStatus,
    previousRawStatus,
    version,
    cursor: encodeCursor({ kind: 'after', epoch, seq }),
    more: false,
    observedAt,
    fields,
  };
}

export function loggedEvents(log: string, entries: readonly Entry[], epoch: string): readonly LoggedEvent[] {
  return entries.map((entry) => ({ seq: entry.seq, event: fromEntry(log, entry, epoch) }));
}

const NO_MEMBER = { id: null, status: '', version: 0, asOf: 0, fields: {} };

/** The events of one set, one where it is empty; all but the last carry a cursor that begins it again. */
export function fromStates(
  log: string,
  kind: 'SNAPSHOT' | 'RESYNC',
  states: readonly StoredState[],
  position: Position,
): FeedEvent[] {
  const end = encodeCursor({ kind: 'after', ...position });
  const members = states.length === 0 ? [NO_MEMBER] : states;
  return members.map(({ id, status, version, asOf, fields }, i) => {
    const more = i < states.length - 1;
    return {
      kind,
      id,
      log,
      rawStatus: status,
      previousRawStatus: null,
      version,
      cursor: more ? encodeCursor({ kind: 'restart' }) : end,
      more,
      observedAt: asOf,
      fields,
    };
  });
}
