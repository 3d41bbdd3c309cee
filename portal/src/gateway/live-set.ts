/** Which resources exist, out of the events of a feed. */

/** What all status events have. */
export interface SetEvent {
  readonly kind: 'SNAPSHOT' | 'TRANSITION' | 'RESYNC';
  readonly status: string;
  /** True while further events of the same set follow. */
  readonly more: boolean;
}

export interface LiveSet {
  /** Null until a whole set has arrived. */
  readonly ids: ReadonlySet<string> | null;
  /** A SNAPSHOT or RESYNC set that is still arriving. */
  readonly arriving: ReadonlySet<string> | null;
}

export const UNKNOWN_SET: LiveSet = { ids: null, arriving: null };

/** @param event Null: the set is empty (docs/reference/status-feed.md). */
export function applyEvent(set: LiveSet, id: string, event: SetEvent | null): LiveSet {
  if (event === null) return { ids: new Set(), arriving: null };
  const change = (ids: ReadonlySet<string>): ReadonlySet<string> => {
    if (ids.has(id) === (event.status !== 'DELETED')) return ids;
    const changed = new Set(ids);
    if (event.status === 'DELETED') changed.delete(id);
    else changed.add(id);
    return changed;
  };
  if (event.kind === 'TRANSITION') {
    return { ids: set.ids && change(set.ids), arriving: set.arriving && change(set.arriving) };
  }
  const arriving = change(set.arriving ?? new Set());
  return event.more ? { ids: set.ids, arriving } : { ids: arriving, arriving: null };
}
