import { setTimeout as delay } from 'node:timers/promises';
import { DELETED, type EventLog } from '../../events/event-log.ts';
import type { Scope } from '../../events/follow/scope.ts';
import { MAX_SINGLE_READS } from '../../events/retention.ts';
import { SingleFlight } from '../../shared/single-flight.ts';
import type { CredentialSource } from '../../vpcep/signing/credentials.ts';
import { CONFIRM_MS } from '../poll/interval.ts';
import { type EndpointReads, isNotFound, observed, readAllPages, toObservation } from '../watch-upstream.ts';

export interface FirstReadDeps {
  readonly log: EventLog;
  readonly upstream: EndpointReads;
  readonly versionFloor: (projectId: string) => number;
}

/** As whom it is read. */
export interface Reader {
  /** Reads are shared by those that are equal in this; left out: the poll credentials. */
  readonly share?: string;
  /** Left out: the poll credentials. */
  readonly credential?: CredentialSource;
}

/** Reads for the first subscriber of a project that is not polled yet. Equal reads in flight are one read. */
export class FirstRead {
  readonly #deps: FirstReadDeps;
  /** Resolve with the log's time before the read. */
  readonly #inFlight = new SingleFlight<number>();
  /** Reads of single endpoints in flight, by project. */
  readonly #singles = new Map<string, number>();

  constructor(deps: FirstReadDeps) {
    this.#deps = deps;
  }

  /**
   * Reads the scope from upstream and commits the answers.
   * @throws UpstreamError: `not_found` for a single endpoint that is not there and was not `known`.
   */
  async load(projectId: string, scope: Scope, known: boolean, reader: Reader = {}): Promise<void> {
    if (scope.kind === 'one') await this.#loadOne({ projectId, reader }, scope.endpointId, known);
    else if (scope.kind === 'all' || scope.endpointIds.size > MAX_SINGLE_READS)
      await this.#loadAll({ projectId, reader });
    else await this.#readSome({ projectId, reader }, scope.endpointIds);
  }

  /** When many read at once, as after the loss of a log, one list serves them all. */
  async #loadOne(target: Target, endpointId: string, known: boolean): Promise<void> {
    const { projectId } = target;
    const key = `${keyOf(target)}/${endpointId}/${known}`;
    const isCrowded = (this.#singles.get(projectId) ?? 0) >= MAX_SINGLE_READS && !this.#inFlight.has(key);
    if (isCrowded && (await this.#isInList(target, endpointId))) return;
    await this.#inFlight.run(key, () => this.#readOne(target, endpointId, known));
  }

  async #loadAll(target: Target): Promise<number> {
    return await this.#inFlight.run(keyOf(target), () => this.#readAll(target));
  }

  /** False: a read of its own must show whether the endpoint exists, because a list proves no absence. */
  async #isInList(target: Target, endpointId: string): Promise<boolean> {
    const asOf = await this.#loadAll(target);
    const [state] = (await this.#deps.log.state(target.projectId, [endpointId])).endpoints;
    return state !== undefined && state.asOf >= asOf;
  }

  async #readOne(target: Target, endpointId: string, known: boolean): Promise<number> {
    this.#count(target.projectId, 1);
    try {
      const asOf = await this.#deps.log.now();
      await this.#readAt(asOf, target, endpointId);
      return asOf;
    } catch (error) {
      if (!known || !isNotFound(error)) throw error;
      return await this.#confirmGone(target, endpointId);
    } finally {
      this.#count(target.projectId, -1);
    }
  }

  async #confirmGone(target: Target, endpointId: string): Promise<number> {
    await delay(CONFIRM_MS);
    const asOf = await this.#deps.log.now();
    try {
      await this.#readAt(asOf, target, endpointId);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const gone = observed(asOf, 'read', [{ endpointId, status: DELETED, fields: {} }]);
      // It existed, even where the log has lost its state.
      await this.#commit(target.projectId, { ...gone, firstSight: 'transition' });
    }
    return asOf;
  }

  async #readAt(asOf: number, target: Target, endpointId: string): Promise<void> {
    const answer = await this.#deps.upstream.getEndpoint(target.projectId, endpointId, as(target));
    await this.#commit(target.projectId, observed(asOf, 'read', [toObservation(answer)]));
  }

  async #readSome(target: Target, endpointIds: ReadonlySet<string>): Promise<void> {
    const readOne = async (id: string): Promise<void> => {
      try {
        await this.#loadOne(target, id, false);
      } catch (error) {
        // Ids that do not exist yet are followed, too, from the position that this commit provides.
        if (!isNotFound(error)) throw error;
        await this.#commit(target.projectId, observed(0, 'read', []));
      }
    };
    await Promise.all([...endpointIds].map(readOne));
  }

  async #readAll(target: Target): Promise<number> {
    const { log, upstream } = this.#deps;
    const { projectId } = target;
    const asOf = await log.now();
    await readAllPages(upstream, projectId, as(target), async (page, isLast) => {
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
}

interface Target {
  readonly projectId: string;
  readonly reader: Reader;
}

function keyOf({ projectId, reader }: Target): string {
  return JSON.stringify([projectId, reader.share ?? null]);
}

function as({ reader: { credential } }: Target): { readonly credential?: CredentialSource } {
  return credential === undefined ? {} : { credential };
}
