import type { EventLog, Interest, LeaseOutcome, LeaseRequest, LeaseResult } from '../../events/event-log.ts';
import type { Logger } from '../../observability/logger.ts';
import type { TracedSpan, Tracing } from '../../observability/tracing.ts';
import { UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import type { ResourceReads } from '../reads.ts';
import type { ResourceSet } from '../resource.ts';
import { nextWait } from './interval.ts';
import { type PollResult, poll } from './poll.ts';
import { PollMemory } from './poll-memory.ts';

export interface PollNote {
  readonly set: ResourceSet;
  readonly outcome: 'done' | 'failed' | 'fenced';
  readonly transitions: readonly string[];
  readonly durationMs: number;
  /** How late it began. */
  readonly lagMs: number;
}

export interface PollerDeps {
  readonly log: EventLog;
  readonly reads: ResourceReads;
  readonly logger: Logger;
  /** Must not step: intervals are measured with it. */
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly versionFloor: (log: string) => number;
  readonly onPoll?: (note: PollNote) => void;
  readonly tracing?: Tracing | null | undefined;
  /** Left out: interval.ts. */
  readonly nextWait?: typeof nextWait;
}

export type Grant = Extract<LeaseOutcome, { kind: 'poll' }>;
export type Done = NonNullable<LeaseRequest['done']>;

/** A poll is given up after so long without an answer of upstream. A list of many pages may take longer in all. */
const ANSWER_DEADLINE_MS = 15_000;
const RENEW_MS = 2_000;

/** The polls of one set on this replica: what they have shown, and when the next one is due. */
export class Poller {
  readonly #deps: PollerDeps;
  readonly #set: ResourceSet;
  #memory = new PollMemory();
  #baseMs = 0;
  #excitedMs = 0;
  #abort: AbortController | undefined;
  #polled: (PollResult & Pick<PollNote, 'durationMs' | 'lagMs'>) | undefined;
  /** Of the poll that is not settled yet. */
  #span: TracedSpan | undefined;

  constructor(deps: PollerDeps, set: ResourceSet) {
    this.#deps = deps;
    this.#set = set;
  }

  /** After a transition or a wake-up the poll interval is short. */
  excite(): void {
    this.#excitedMs = this.#deps.nowMs();
  }

  /** Ends the poll in flight. */
  abort(reason: string): void {
    this.#abort?.abort(new Error(reason));
  }

  /** Whether the last poll was committed is unknown, so its memory does not count. */
  forget(): void {
    this.#span?.end('unknown');
    this.#span = undefined;
    this.#polled = undefined;
    this.#memory = new PollMemory();
  }

  /** `asOf`: the log's time now, µs. Never rejects: a failure is part of the result. */
  async poll({ ticket, interest }: Grant, asOf: number, lagMs = 0): Promise<Done> {
    const abort = new AbortController();
    this.#abort = abort;
    const deadline = setTimeout(
      () => abort.abort(new Error(`no answer for ${ANSWER_DEADLINE_MS} ms in a poll`)),
      ANSWER_DEADLINE_MS,
    );
    const renewal = setInterval(() => void this.#renew(ticket, abort), RENEW_MS);
    const { reads, nowMs, tracing } = this.#deps;
    const set = this.#set;
    const begunMs = nowMs();
    // Of its own trace: the loop runs in the context of the subscription that it began with.
    this.#span = tracing?.begin('vpcep.poll', {
      parent: null,
      attributes: { 'vpcep.project_id': set.projectId, 'vpcep.kind': set.kind.name },
    });
    const request = {
      reads,
      set,
      interest,
      asOf,
      signal: abort.signal,
      nowMs,
      onAnswer: () => void deadline.refresh(),
    };
    try {
      const result = await this.within(() => poll(request, this.#memory));
      this.#polled = { ...result, lagMs, durationMs: nowMs() - begunMs };
      return this.#done(ticket, interest, result);
    } finally {
      clearTimeout(deadline);
      clearInterval(renewal);
      this.#abort = undefined;
    }
  }

  /** Runs work that belongs to the poll that is not settled yet. */
  within<T>(work: () => T): T {
    return this.#span === undefined ? work() : this.#span.run(work);
  }

  async #renew(ticket: number, abort: AbortController): Promise<void> {
    try {
      if (!(await this.#deps.log.renew(this.#set.log, ticket))) abort.abort(new Error('another replica polls now'));
    } catch {
      // The log is unavailable: the commit will show whether this replica still has the lease.
    }
  }

  #done(ticket: number, interest: Interest, result: PollResult): Done {
    const { nowMs, random, logger, versionFloor } = this.#deps;
    const { kind, log, projectId } = this.#set;
    const phases = [...this.#memory.statuses].flatMap(([id, status]) =>
      interest === 'all' || interest.includes(id) ? [kind.phaseOf(status)] : [],
    );
    const unsettled = phases.filter((phase) => phase !== 'settled');
    const { failure } = result;
    const { baseMs, waitMs } = (this.#deps.nextWait ?? nextWait)({
      mode: interest === 'all' ? 'list' : 'single',
      sinceExcitedMs: nowMs() - this.#excitedMs,
      previousMs: this.#baseMs,
      onlyWaiting: unsettled.length > 0 && unsettled.every((phase) => phase === 'waiting'),
      changing: unsettled.includes('changing'),
      confirming: this.#memory.isConfirming,
      ...(failure === undefined ? {} : { failure: retryAfter(failure) }),
      random: random(),
    });
    this.#baseMs = baseMs;
    if (failure !== undefined) {
      logger.warn({ project: projectId, kind: kind.name, waitMs, reason: String(failure) }, 'a poll failed');
    }
    const versionFloorNow = versionFloor(log);
    return {
      ticket,
      waitMs,
      throttled: failure instanceof UpstreamError && failure.kind === 'throttled',
      commits: result.commits.map((commit) => ({ ...commit, versionFloor: versionFloorNow })),
    };
  }

  /** Takes the result of the commit into account. */
  settle({ fenced, commits }: Pick<LeaseResult, 'fenced' | 'commits'>): void {
    if (this.#polled === undefined) return;
    const { failure, durationMs, lagMs } = this.#polled;
    this.#polled = undefined;
    const transitions = commits.flatMap((commit) => commit.transitions.map((transition) => transition.status));
    if (fenced) this.#memory = new PollMemory();
    if (transitions.length > 0) this.excite();
    this.#memory.suspect(
      commits.flatMap((commit) => commit.missing),
      this.#deps.nowMs(),
    );
    const outcome = fenced ? 'fenced' : failure === undefined ? 'done' : 'failed';
    this.#deps.onPoll?.({ set: this.#set, outcome, transitions, durationMs, lagMs });
    this.#span?.set({ 'vpcep.poll.transitions': transitions.length });
    this.#span?.end(outcome === 'done' ? undefined : outcome);
    this.#span = undefined;
  }
}

/** The wait that upstream asked for. */
function retryAfter(failure: unknown): { readonly retryAfterMs?: number } {
  return failure instanceof UpstreamError && failure.retryAfterSeconds !== undefined
    ? { retryAfterMs: failure.retryAfterSeconds * 1000 }
    : {};
}
