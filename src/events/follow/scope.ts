import type { Cursor } from '../cursor.ts';
import { DELETED, type EndpointState, type EventLog, type StateView } from '../event-log.ts';
import type { LogReaders } from './log-reader.ts';

export type Scope =
  | { readonly kind: 'one'; readonly endpointId: string }
  | { readonly kind: 'some'; readonly endpointIds: ReadonlySet<string> }
  | { readonly kind: 'all' };

export interface FollowRequest {
  readonly project: string;
  readonly scope: Scope;
  readonly after?: Cursor;
  /** Ends the feed once it is true of the current state and no event is left to send. Only with the scope `one`. */
  readonly until?: (status: string) => boolean;
}

export interface FollowDeps {
  readonly log: EventLog;
  readonly readers: LogReaders;
  /**
   * Reads upstream and commits the answer, so that the log has a state for the scope. `known`: the endpoint has existed,
   * so that its absence is a deletion and not a wrong id.
   */
  readonly load: (project: string, scope: Scope, known: boolean) => Promise<void>;
  /** Milliseconds after which a stored state is read anew before it becomes a snapshot. */
  readonly maxAgeMs: number;
  /** Called with failures that do not end the feed. */
  readonly onTrouble: (project: string, error: unknown) => void;
  readonly onClose?: () => void;
}

function idsOf(scope: Scope): readonly string[] | undefined {
  if (scope.kind === 'one') return [scope.endpointId];
  return scope.kind === 'some' ? [...scope.endpointIds] : undefined;
}

export function inScope(scope: Scope, endpointId: string): boolean {
  if (scope.kind === 'one') return scope.endpointId === endpointId;
  return scope.kind === 'all' || scope.endpointIds.has(endpointId);
}

/** Of the last transition in the scope; `top` is the last of the whole log. */
export function newestSeq(scope: Scope, states: readonly EndpointState[], top: number): number {
  // An endpoint without state may have been forgotten together with its transitions.
  if (scope.kind === 'all' || (scope.kind === 'some' && states.length < scope.endpointIds.size)) return top;
  return Math.max(0, ...states.map((state) => state.seq));
}

/** Of a whole project only the position: a resume does not need its states. */
export function positionAndState({ log }: FollowDeps, { project, scope }: FollowRequest): Promise<StateView> {
  return log.state(project, idsOf(scope) ?? []);
}

/** Reads upstream first where the log has no state for the scope, or none that is younger than `maxAgeMs`. */
export async function freshState(
  deps: FollowDeps,
  { project, scope }: FollowRequest,
  known: boolean,
  maxAgeMs: number,
): Promise<StateView> {
  const stored = await deps.log.state(project, idsOf(scope));
  const oldest = (await deps.log.now()) - maxAgeMs * 1000;
  const isComplete = scope.kind === 'one' ? stored.endpoints.length > 0 : stored.baseline;
  if (isComplete && stored.endpoints.every(({ status, asOf }) => status === DELETED || asOf >= oldest)) return stored;
  try {
    await deps.load(project, scope, known || stored.endpoints.length > 0);
  } catch (error) {
    // While upstream is unavailable an old state is better than none.
    if (!isComplete) throw error;
    deps.onTrouble(project, error);
  }
  return await deps.log.state(project, idsOf(scope));
}
