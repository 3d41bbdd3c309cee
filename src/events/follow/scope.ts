import type { Cursor } from '../cursor.ts';
import { DELETED, type EndpointState, type EventLog, type Position } from '../event-log.ts';
import type { LogReaders } from './log-reader.ts';

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
  readonly readers: LogReaders;
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

interface View {
  readonly position: Position | null;
  readonly baseline: boolean;
  readonly states: readonly EndpointState[];
  readonly now: number;
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
  return scope.kind === 'all' ? top : Math.max(0, ...states.map((state) => state.seq));
}

const NOTHING = { asOf: 0, observations: [], source: 'read', firstSight: 'afterBaseline' } as const;

/** What the log knows about the endpoints that one follower asks for. */
export class ScopeState {
  readonly #deps: FollowDeps;
  readonly #request: FollowRequest;

  constructor(deps: FollowDeps, request: FollowRequest) {
    this.#deps = deps;
    this.#request = request;
  }

  /** `position`: without the states of a whole project, which a resume does not need. */
  async view(need: 'position' | 'state'): Promise<View> {
    const ids = idsOf(this.#request.scope) ?? (need === 'position' ? [] : undefined);
    const { position, baseline, endpoints } = await this.#deps.log.state(this.#request.project, ids);
    return { position, baseline, states: endpoints, now: await this.#deps.log.now() };
  }

  /** For a reader whose place the log does not have: where Redis has lost writes, a new epoch begins. */
  async ensureEpoch(): Promise<void> {
    await this.#deps.log.commit(this.#request.project, NOTHING);
  }

  /** Asks upstream first where the log knows nothing, or nothing that is young enough. `known`: see `FollowDeps.load`. */
  async fresh(known: boolean, maxAgeMs = this.#deps.maxAgeMs): Promise<View> {
    const view = await this.view('state');
    if (!this.#needsLoad(view, view.now - maxAgeMs * 1000)) return view;
    await this.#load(known || view.states.length > 0, view);
    return await this.view('state');
  }

  #needsLoad(view: View, oldest: number): boolean {
    const { scope } = this.#request;
    const stale = (state: EndpointState): boolean => state.status !== DELETED && state.asOf < oldest;
    if (scope.kind === 'one') return view.states.length === 0 || view.states.some(stale);
    return !view.baseline || view.states.some(stale);
  }

  async #load(known: boolean, view: View): Promise<void> {
    try {
      await this.#deps.load(this.#request.project, this.#request.scope, known);
    } catch (error) {
      // An old state is better than none while the upstream does not answer.
      const usable = this.#request.scope.kind === 'one' ? view.states.length > 0 : view.baseline;
      if (!usable) throw error;
      this.#deps.onTrouble(error);
    }
  }
}
