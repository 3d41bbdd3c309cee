import type { Cursor } from '../cursor.ts';
import type { EndpointState, EventLog, Position } from '../event-log.ts';
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

/** Of the last transition in the scope; `top` is the last of the whole log. */
export function newestSeq(scope: Scope, states: readonly EndpointState[], top: number): number {
  return scope.kind === 'all' ? top : Math.max(0, ...states.map((state) => state.seq));
}
