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
  /** Give the log's time before the read. */
  readonly #inFlight = new Map<string, Promise<number>>();
  /** Reads of single endpoints in flight, by project. */
  readonly #singles = new Map<string, number>();

  constructor(deps: ColdReaderDeps) {
    this.#deps = deps;
  }

  /**
   * Commits what upstream says about the scope.
   * @throws UpstreamError: `not_found` for a single endpoint that is not there and was not `known`.
   */
  async load(projectId: string, scope: Scope, known: boolean): Promise<void> {
    if (scope.kind === 'one') await this.#loadOne(projectId, scope.endpointId, known);
    else if (scope.kind === 'all' || scope.endpointIds.size > MAX_SINGLE_READS) await this.#loadAll(projectId);
    else await this.#readSome(projectId, scope.endpointIds);
  }

  /** When many come at once, as after the loss of a log, one list serves them all. */
  async #loadOne(projectId: string, endpointId: string, known: boolean): Promise<void> {
    const key = `${projectId}/${endpointId}/${known}`;
    const isCrowded = (this.#singles.get(projectId) ?? 0) >= MAX_SINGLE_READS && !this.#inFlight.has(key);
    if (isCrowded && (await this.#isInList(projectId, endpointId))) return;
    await this.#share(key, () => this.#readOne(projectId, endpointId, known));
  }

  async #loadAll(projectId: string): Promise<number> {
    return await this.#share(projectId, () => this.#readAll(projectId));
  }

  /** Reads the list. What it does not show need not be gone: that takes a read of its own. */
  async #isInList(projectId: string, endpointId: string): Promise<boolean> {
    const asOf = await this.#loadAll(projectId);
    const [state] = (await this.#deps.log.state(projectId, [endpointId])).endpoints;
    return state !== undefined && state.asOf >= asOf;
  }

  async #readOne(projectId: string, endpointId: string, known: boolean): Promise<number> {
    const { log, upstream } = this.#deps;
    this.#count(projectId, 1);
    try {
      const asOf = await log.now();
      const answer = await upstream.getEndpoint(projectId, endpointId);
      await this.#commit(projectId, observed(asOf, 'read', [toObservation(answer)]));
      return asOf;
    } catch (error) {
      if (!known || !isNotFound(error)) throw error;
      return await this.#confirmGone(projectId, endpointId);
    } finally {
      this.#count(projectId, -1);
    }
  }

  async #confirmGone(projectId: string, endpointId: string): Promise<number> {
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
    return asOf;
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

  async #readAll(projectId: string): Promise<number> {
    const { log, upstream } = this.#deps;
    const asOf = await log.now();
    await readAllPages(upstream, projectId, {}, async (page, isLast) => {
      await this.#commit(projectId, { ...observed(asOf, 'list', page.endpoints.map(toObservation)), sweep: isLast });
    });
    return asOf;
  }

  #count(projectId: string, by: 1 | -1): void {
    const count = (this.#singles.get(projectId) ?? 0) + by;
    if (count === 0) this.#singles.delete(projectId);
    else this.#singles.set(projectId, count);
  }

  async #commit(projectId: string, request: Parameters<EventLog['commit']>[1]): Promise<void> {
    await this.#deps.log.commit(projectId, { ...request, versionFloor: this.#deps.versionFloor(projectId) });
  }

  async #share(key: string, read: () => Promise<number>): Promise<number> {
    const running = this.#inFlight.get(key);
    if (running !== undefined) return await running;
    const started = read().finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, started);
    return await started;
  }
}
