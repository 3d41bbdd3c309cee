import { setTimeout as delay } from 'node:timers/promises';
import { DELETED, type EventLog, type Observation } from '../../events/event-log.ts';
import type { Scope } from '../../events/follow/scope.ts';
import { MAX_SINGLE_READS } from '../../events/retention.ts';
import { SingleFlight } from '../../shared/single-flight.ts';
import type { CredentialSource } from '../../vpcep/signing/credentials.ts';
import { CONFIRM_MS } from '../poll/interval.ts';
import { isNotFound, observed, type ResourceReads, readAllPages } from '../reads.ts';
import { DELETING, type ResourceSet } from '../resource.ts';

export interface FirstReadDeps {
  readonly log: EventLog;
  readonly reads: ResourceReads;
  readonly versionFloor: (log: string) => number;
}

/** As whom it is read. */
export interface Reader {
  /** Reads are shared by those that are equal in this; left out: the poll credentials. */
  readonly share?: string;
  /** Left out: the poll credentials. */
  readonly credential?: CredentialSource;
}

/** A deletion takes seconds to minutes. */
const DELETION_MS = 10 * 60_000;

/** Reads for the first subscriber of a set that is not polled yet. Equal reads in flight are one read. */
export class FirstRead {
  readonly #deps: FirstReadDeps;
  /** Resolve with the log's time before the read. */
  readonly #inFlight = new SingleFlight<number>();
  /** Single reads in flight, by log. */
  readonly #singles = new Map<string, number>();

  constructor(deps: FirstReadDeps) {
    this.#deps = deps;
  }

  /**
   * Reads the scope from upstream and commits the answers.
   * @throws UpstreamError: `not_found` for a single resource that is not there and was not `known`.
   */
  async load(set: ResourceSet, scope: Scope, known: boolean, reader: Reader = {}): Promise<void> {
    if (scope.kind === 'one') await this.#loadOne({ set, reader }, scope.id, known);
    else if (scope.kind === 'all' || scope.ids.size > MAX_SINGLE_READS) await this.#loadAll({ set, reader });
    else await this.#readSome({ set, reader }, scope.ids);
  }

  /** When many read at once, as after the loss of a log, one list serves them all. */
  async #loadOne(target: Target, id: string, known: boolean): Promise<void> {
    const { log } = target.set;
    const key = `${keyOf(target)}/${id}/${known}`;
    const isCrowded = (this.#singles.get(log) ?? 0) >= MAX_SINGLE_READS && !this.#inFlight.has(key);
    if (isCrowded && (await this.#isInList(target, id))) return;
    await this.#inFlight.run(key, () => this.#readOne(target, id, known));
  }

  async #loadAll(target: Target): Promise<number> {
    return await this.#inFlight.run(keyOf(target), () => this.#readAll(target));
  }

  /** False: a read of its own must show whether it exists, because a list proves no absence. */
  async #isInList(target: Target, id: string): Promise<boolean> {
    const asOf = await this.#loadAll(target);
    const [state] = (await this.#deps.log.state(target.set.log, [id])).states;
    return state !== undefined && state.asOf >= asOf;
  }

  async #readOne(target: Target, id: string, known: boolean): Promise<number> {
    this.#count(target.set.log, 1);
    try {
      const asOf = await this.#deps.log.now();
      await this.#readAt(asOf, target, id);
      return asOf;
    } catch (error) {
      if (!known || !isNotFound(error)) throw error;
      return await this.#confirmGone(target, id);
    } finally {
      this.#count(target.set.log, -1);
    }
  }

  async #confirmGone(target: Target, id: string): Promise<number> {
    await delay(CONFIRM_MS);
    const asOf = await this.#deps.log.now();
    try {
      await this.#readAt(asOf, target, id);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const gone = observed(asOf, 'read', [{ id, status: DELETED, fields: {} }]);
      // It existed, even where the log has lost its state.
      await this.#commit(target.set.log, { ...gone, firstSight: 'transition' });
    }
    return asOf;
  }

  async #readAt(asOf: number, target: Target, id: string): Promise<void> {
    const observation = await this.#deps.reads.read(target.set, id, as(target));
    await this.#commit(target.set.log, observed(asOf, 'read', [observation]));
  }

  async #readSome(target: Target, ids: ReadonlySet<string>): Promise<void> {
    const readOne = async (id: string): Promise<void> => {
      try {
        await this.#loadOne(target, id, false);
      } catch (error) {
        // Ids that do not exist yet are followed, too, from the position that this commit provides.
        if (!isNotFound(error)) throw error;
        await this.#commit(target.set.log, observed(0, 'read', []));
      }
    };
    await Promise.all([...ids].map(readOne));
  }

  async #readAll(target: Target): Promise<number> {
    const { log, reads } = this.#deps;
    const { set } = target;
    const asOf = await log.now();
    const rows: Observation[] = [];
    await readAllPages(reads, set, as(target), (page) => void rows.push(...page));
    rows.push(...(await this.#doneDeletions(set, new Set(rows.map(({ id }) => id)), asOf)));
    await this.#commit(set.log, { ...observed(asOf, set.kind.rows, rows), sweep: true });
    return asOf;
  }

  /** No poll has confirmed them where the set was not followed. So long after, a list without them is proof enough. */
  async #doneDeletions(set: ResourceSet, shown: ReadonlySet<string>, asOf: number): Promise<readonly Observation[]> {
    const { states } = await this.#deps.log.state(set.log);
    return states
      .filter((state) => state.status === DELETING && state.asOf < asOf - DELETION_MS * 1000 && !shown.has(state.id))
      .map(({ id }) => ({ id, status: DELETED, fields: {} }));
  }

  #count(log: string, by: 1 | -1): void {
    const count = (this.#singles.get(log) ?? 0) + by;
    if (count === 0) this.#singles.delete(log);
    else this.#singles.set(log, count);
  }

  async #commit(log: string, request: Parameters<EventLog['commit']>[1]): Promise<void> {
    await this.#deps.log.commit(log, { ...request, versionFloor: this.#deps.versionFloor(log) });
  }
}

interface Target {
  readonly set: ResourceSet;
  readonly reader: Reader;
}

function keyOf({ set, reader }: Target): string {
  return JSON.stringify([set.log, reader.share ?? null]);
}

function as({ reader: { credential } }: Target): { readonly credential?: CredentialSource } {
  return credential === undefined ? {} : { credential };
}
