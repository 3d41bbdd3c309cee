import type { CommitRequest, CommitResult, EndpointState, Observation, TurnRequest, TurnResult } from './event-log.ts';
import { DELETED } from './event-log.ts';
import { MemoryEventLog } from './memory-event-log.ts';
import { entriesToKeep } from './retention.ts';

/** As many rows as one page of a list has. */
const MAX_ROWS = 1000;

/**
 * One project's log of a replica that is on its own, which can say afterwards what another log has missed: what was
 * committed here, with the time at which it was asked for.
 */
export class OwnLog extends MemoryEventLog {
  /** Commits of which something was new here, with only those rows; oldest first. */
  #journal: CommitRequest[] = [];
  #rows = 0;
  readonly #seen = new Set<string>();

  override async commit(project: string, request: CommitRequest): Promise<CommitResult> {
    const result = await super.commit(project, request);
    this.#note(request, result);
    return result;
  }

  override async turn(project: string, request: TurnRequest): Promise<TurnResult> {
    const result = await super.turn(project, request);
    for (const [i, committed] of result.commits.entries()) {
      const commit = request.done?.commits[i];
      if (commit !== undefined) this.#note(commit, committed);
    }
    return result;
  }

  /**
   * What another log needs to know of the project as well: first every status as it was seen, then the states as they are
   * now. It takes what is newer than what it has; so several replicas can hand over what all of them have seen, and one
   * of them can do it twice.
   */
  async handOver(project: string): Promise<readonly CommitRequest[]> {
    const { endpoints } = await this.state(project);
    // Above all of them: the other log may have another status, and one version must not stand for two.
    const versionFloor = 1 + endpoints.reduce((highest, { version }) => Math.max(highest, version), 0);
    const all = [...this.#journal, ...statesAsCommits(endpoints)];
    // Doubted: where the other log has lost writes meanwhile, its new epoch is to begin with this and not after it.
    return all.map((commit) => ({ ...commit, versionFloor, raiseVersions: true, doubted: true }));
  }

  #note({ asOf, source, firstSight, observations }: CommitRequest, { transitions }: CommitResult): void {
    const moved = new Set(transitions.map(({ endpointId }) => endpointId));
    const news = observations.filter((row) => moved.has(row.endpointId) || this.#isFirst(row));
    if (news.length === 0) return;
    this.#journal.push({ asOf, source, firstSight, observations: news });
    this.#rows += news.length;
    // The oldest first, like every log; the states at the end have what became of them.
    while (this.#rows > entriesToKeep(this.#seen.size) && this.#journal.length > 1)
      this.#rows -= this.#journal.shift()?.observations.length ?? 0;
  }

  /** The first row of an endpoint is always news: it is what was there when this log began. */
  #isFirst({ endpointId, status }: Observation): boolean {
    if (status === DELETED || this.#seen.has(endpointId)) return false;
    this.#seen.add(endpointId);
    return true;
  }
}

/** One commit for the states of one time. As rows of a list, so that none of them brings back what is gone there. */
function statesAsCommits(states: readonly EndpointState[]): readonly CommitRequest[] {
  const byTime = new Map<number, Observation[]>();
  for (const { endpointId, status, fields, asOf } of states) {
    const rows = byTime.get(asOf) ?? [];
    rows.push({ endpointId, status, fields });
    byTime.set(asOf, rows);
  }
  return [...byTime].flatMap(([asOf, rows]) =>
    Array.from({ length: Math.ceil(rows.length / MAX_ROWS) }, (_, i) => ({
      asOf,
      observations: rows.slice(i * MAX_ROWS, (i + 1) * MAX_ROWS),
      source: 'list' as const,
      firstSight: 'afterBaseline' as const,
    })),
  );
}
