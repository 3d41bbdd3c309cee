import {
  type CommitRequest,
  type CommitResult,
  DELETED,
  type EndpointState,
  type Entry,
  type Observation,
  type Position,
  type Transition,
} from '../event-log.ts';
import { firstOfEach } from '../observations.ts';
import { entriesToKeep, MAX_MISSING, RETENTION_MS } from '../retention.ts';

/** One project's log in memory. The same rules in Lua: events/redis/commit-script.ts; one suite and a random comparison hold both. */
export class MemoryProject {
  readonly states = new Map<string, EndpointState>();
  #entries: Entry[] = [];
  #seq = 0;
  #baseline = false;
  /** Endpoints in the state that are not deleted. */
  #alive = 0;
  readonly #epoch: string;

  constructor(epoch: string) {
    this.#epoch = epoch;
  }

  get position(): Position {
    return { epoch: this.#epoch, seq: this.#seq };
  }

  get baseline(): boolean {
    return this.#baseline;
  }

  commit(request: CommitRequest, now: number): CommitResult {
    const before = this.position;
    const transitions = firstOfEach(request.observations).flatMap((row) => this.#observe(row, request, now) ?? []);
    const missing = request.sweep === true ? this.#afterSweep(request.asOf, now) : [];
    this.#trim();
    return { before, after: this.position, transitions, missing };
  }

  entriesAfter(seq: number, limit: number): readonly Entry[] {
    const first = this.#entries[0]?.seq ?? this.#seq + 1;
    const from = Math.max(0, seq + 1 - first);
    return this.#entries.slice(from, from + limit);
  }

  history(endpointIds: readonly string[], last: number): readonly Entry[] {
    const wanted = new Map(endpointIds.map((id) => [id, last]));
    const found = this.#entries.toReversed().filter(({ endpointId }) => {
      const left = wanted.get(endpointId) ?? 0;
      wanted.set(endpointId, left - 1);
      return left > 0;
    });
    return found.toReversed();
  }

  #observe(row: Observation, request: CommitRequest, now: number): Transition | undefined {
    const known = this.states.get(row.endpointId);
    if (known === undefined ? isUnknownDeletion(row, request) : isStale(request.asOf, known.asOf, now))
      return undefined;
    if (known?.status === DELETED && request.source === 'list') return undefined;
    const firstSight = known === undefined;
    const moved = firstSight ? request.firstSight === 'transition' || this.#baseline : known.status !== row.status;
    const version =
      moved || firstSight ? Math.max((known?.version ?? 0) + 1, (request.versionFloor ?? 0) + 1, now) : known.version;
    const fields = { ...known?.fields, ...row.fields };
    const seq = moved ? ++this.#seq : (known?.seq ?? 0);
    this.#alive += Number(row.status !== DELETED) - Number(known !== undefined && known.status !== DELETED);
    this.states.set(row.endpointId, {
      endpointId: row.endpointId,
      status: row.status,
      version,
      seq,
      asOf: request.asOf,
      fields,
    });
    if (!moved) return undefined;
    const previousStatus = known?.status ?? null;
    this.#entries.push({
      seq,
      endpointId: row.endpointId,
      status: row.status,
      previousStatus,
      version,
      observedAt: now,
      fields,
    });
    return { endpointId: row.endpointId, status: row.status, firstSight };
  }

  #afterSweep(asOf: number, now: number): readonly string[] {
    this.#baseline = true;
    const missing: string[] = [];
    for (const state of this.states.values()) {
      if (state.status === DELETED) {
        if (state.asOf < now - RETENTION_MS * 1000) this.states.delete(state.endpointId);
      } else if ((state.asOf < asOf || state.asOf > now) && missing.length < MAX_MISSING) {
        missing.push(state.endpointId);
      }
    }
    return missing;
  }

  #trim(): void {
    const keep = entriesToKeep(this.#alive);
    if (this.#entries.length > keep) this.#entries = this.#entries.slice(-keep);
  }
}

/**
 * True when the answer is not newer than the state. A state from the future was written before the clock stepped back:
 * it must not silence the endpoint until the clock has caught up.
 */
function isStale(asOf: number, known: number, now: number): boolean {
  return asOf <= known && (known <= now || asOf > now);
}

/** That an endpoint which nobody has ever seen is not there says nothing. */
function isUnknownDeletion(row: Observation, request: CommitRequest): boolean {
  return row.status === DELETED && request.firstSight === 'afterBaseline';
}
