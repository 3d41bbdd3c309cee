import { DELETED, type EndpointState } from '../event-log.ts';
import { type FollowDeps, type FollowRequest, idsOf, type View } from './follow-types.ts';

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
