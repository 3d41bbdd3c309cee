import type { Cursor } from '../cursor.ts';
import { DELETED, type EventLog, type StateView, type StoredState } from '../event-log.ts';
import type { LogReaders } from './log-reader.ts';

export type Scope =
  | { readonly kind: 'one'; readonly id: string }
  | { readonly kind: 'some'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'all' };

export interface FollowRequest {
  readonly log: string;
  readonly scope: Scope;
  readonly after?: Cursor;
  /** Ends the feed once it is true of the current state and no event is left to send. Only with the scope `one`. */
  readonly until?: (status: string) => boolean;
}

export interface FollowDeps {
  readonly log: EventLog;
  readonly readers: LogReaders;
  /**
   * Reads upstream and commits the answer, so that the log has a state for the scope. `known`: the resource has existed,
   * so that its absence is a deletion and not a wrong id.
   */
  readonly load: (scope: Scope, known: boolean) => Promise<void>;
  /** Milliseconds after which a stored state is read anew before it becomes a snapshot. */
  readonly maxAgeMs: number;
  /** Called with failures that do not end the feed, unless this throws. */
  readonly onTrouble: (error: unknown) => void;
  readonly onClose?: () => void;
  /** The follower gets a RESYNC. */
  readonly onResync?: () => void;
}

/** Undefined: all. */
export function idsOf(scope: Scope): readonly string[] | undefined {
  if (scope.kind === 'one') return [scope.id];
  return scope.kind === 'some' ? [...scope.ids] : undefined;
}

export function inScope(scope: Scope, id: string): boolean {
  if (scope.kind === 'one') return scope.id === id;
  return scope.kind === 'all' || scope.ids.has(id);
}

/** Of the last transition in the scope; `top` is the last of the whole log. */
export function newestSeq(scope: Scope, states: readonly StoredState[], top: number): number {
  // A resource without state may have been forgotten together with its transitions.
  if (scope.kind === 'all' || (scope.kind === 'some' && states.length < scope.ids.size)) return top;
  return Math.max(0, ...states.map((state) => state.seq));
}

/** Of a whole log only the position: a resume does not need its states. */
export function positionAndState(deps: FollowDeps, { log, scope }: FollowRequest): Promise<StateView> {
  return deps.log.state(log, idsOf(scope) ?? []);
}

/**
 * Reads upstream first where the log has no state for the scope, or none that is younger than `maxAgeMs`; and where the state
 * would end the feed, because no later poll could correct it then.
 */
export async function freshState(
  deps: FollowDeps,
  { log, scope, until }: FollowRequest,
  known: boolean,
  maxAgeMs: number,
): Promise<StateView> {
  const stored = await deps.log.state(log, idsOf(scope));
  const oldest = (await deps.log.now()) - maxAgeMs * 1000;
  const isComplete = scope.kind === 'one' ? stored.states.length > 0 : stored.baseline;
  const alive = stored.states.filter(({ status }) => status !== DELETED);
  // Where nothing is left, nothing says how old that is.
  const isDated = scope.kind === 'one' || alive.length > 0;
  if (isComplete && isDated && alive.every(({ asOf, status }) => asOf >= oldest && until?.(status) !== true))
    return stored;
  try {
    await deps.load(scope, known || stored.states.length > 0);
  } catch (error) {
    // While upstream is unavailable an old state is better than none.
    if (!isComplete) throw error;
    deps.onTrouble(error);
  }
  return await deps.log.state(log, idsOf(scope));
}
