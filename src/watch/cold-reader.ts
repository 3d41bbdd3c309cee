import { setTimeout as delay } from 'node:timers/promises';
import { DELETED, type EventLog } from '../events/event-log.ts';
import type { Scope } from '../events/follow-types.ts';
import { MAX_SINGLE_READS } from '../events/retention.ts';
import { CONFIRM_MS } from './pace.ts';
import { type EndpointUpstream, isNotFound, observed, readAllPages, toObservation } from './upstream.ts';

export interface ColdReaderDeps {
  readonly log: EventLog;
  readonly upstream: EndpointUpstream;
  readonly versionFloor: (projectId: string) => number;
}

/** Reads for a subscriber who comes where nothing has been polled yet. Equal reads in flight are one read. */
export class ColdReader {
  readonly #deps: ColdReaderDeps;
  readonly #inFlight = new Map<string, Promise<void>>();

  constructor(deps: ColdReaderDeps) {
    this.#deps = deps;
  }

  /**
   * Commits what upstream says about the scope.
   * @throws UpstreamError: `not_found` for a single endpoint that is not there and was not `known`.
   */
  load(projectId: string, scope: Scope, known: boolean): Promise<void> {
    if (scope.kind === 'one')
      return this.#share(`${projectId}/${scope.endpointId}/${known}`, () =>
        this.#readOne(projectId, scope.endpointId, known),
      );
    if (scope.kind === 'all' || scope.endpointIds.size > MAX_SINGLE_READS)
      return this.#share(projectId, () => this.#readAll(projectId));
    return this.#readSome(projectId, scope.endpointIds);
  }

  async #readOne(projectId: string, endpointId: string, known: boolean): Promise<void> {
    const { log, upstream } = this.#deps;
    const asOf = await log.now();
    try {
      const answer = await upstream.getEndpoint(projectId, endpointId);
      await this.#commit(projectId, observed(asOf, 'read', [toObservation(answer)]));
    } catch (error) {
      if (!known || !isNotFound(error)) throw error;
      await this.#confirmGone(projectId, endpointId);
    }
  }

  async #confirmGone(projectId: string, endpointId: string): Promise<void> {
    const { log, upstream } = this.#deps;
    await delay(CONFIRM_MS);
    const asOf = await log.now();
    try {
      const answer = await upstream.getEndpoint(projectId, endpointId);
      await this.#commit(projectId, observed(asOf, 'read', [toObservation(answer)]));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const gone = observed(asOf, 'read', [{ endpointId, status: DELETED, fields: {} }]);
      // It has been there, even where the log has lost all it knew.
      await this.#commit(projectId, { ...gone, firstSight: 'transition' });
    }
  }

  async #readSome(projectId: string, endpointIds: ReadonlySet<string>): Promise<void> {
    const readOne = async (id: string): Promise<void> => {
      try {
        await this.load(projectId, { kind: 'one', endpointId: id }, false);
      } catch (error) {
        // Ids that do not exist yet are followed all the same, from a position that this makes sure of.
        if (!isNotFound(error)) throw error;
        await this.#commit(projectId, observed(0, 'read', []));
      }
    };
    await Promise.all([...endpointIds].map(readOne));
  }

  async #readAll(projectId: string): Promise<void> {
    const { log, upstream } = this.#deps;
    const asOf = await log.now();
    await readAllPages(upstream, projectId, undefined, async (page, isLast) => {
      await this.#commit(projectId, { ...observed(asOf, 'list', page.endpoints.map(toObservation)), sweep: isLast });
    });
  }

  async #commit(projectId: string, request: Parameters<EventLog['commit']>[1]): Promise<void> {
    await this.#deps.log.commit(projectId, { ...request, versionFloor: this.#deps.versionFloor(projectId) });
  }

  async #share(key: string, read: () => Promise<void>): Promise<void> {
    const running = this.#inFlight.get(key);
    if (running !== undefined) return await running;
    const started = read().finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, started);
    return await started;
  }
}
