import type { Cursor } from './cursor.ts';
import { encodeCursor } from './cursor.ts';
import type { EndpointState, Entry, EventLog, Fields, Position } from './event-log.ts';
import type { Tails } from './tails.ts';

export type Scope =
  | { readonly kind: 'one'; readonly endpointId: string }
  | { readonly kind: 'some'; readonly endpointIds: ReadonlySet<string> }
  | { readonly kind: 'all' };

export interface FollowRequest {
  readonly project: string;
  readonly scope: Scope;
  readonly after?: Cursor;
  /** Ends the feed once it is true of the current state and nothing is left to send. Only with the scope `one`. */
  readonly until?: (status: string) => boolean;
}

export interface FollowDeps {
  readonly log: EventLog;
  readonly tails: Tails;
  /**
   * Asks upstream and commits what it says, so that the log has a state for the scope. `known`: the endpoint has been
   * there before, so that its absence is a deletion and not a wrong id.
   */
  readonly load: (project: string, scope: Scope, known: boolean) => Promise<void>;
  /** Milliseconds after which a stored state is read anew before it is given out as a snapshot. */
  readonly maxAgeMs: number;
  /** Told of failures that the feed lives through. */
  readonly onTrouble: (error: unknown) => void;
  readonly onClose?: () => void;
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

export interface View {
  readonly position: Position | null;
  readonly baseline: boolean;
  readonly states: readonly EndpointState[];
  readonly now: number;
}

export function idsOf(scope: Scope): readonly string[] | undefined {
  if (scope.kind === 'one') return [scope.endpointId];
  return scope.kind === 'some' ? [...scope.endpointIds] : undefined;
}

export function inScope(scope: Scope, endpointId: string): boolean {
  if (scope.kind === 'one') return scope.endpointId === endpointId;
  return scope.kind === 'all' || scope.endpointIds.has(endpointId);
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
