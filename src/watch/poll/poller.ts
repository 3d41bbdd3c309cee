import type { EventLog, Interest, LeaseOutcome, LeaseRequest, LeaseResult } from '../../events/event-log.ts';
import type { Logger } from '../../observability/logger.ts';
import { isSettled, statusOf } from '../../vpcep/endpoint/model.ts';
import type { EndpointReads } from '../watch-upstream.ts';
import { nextWait } from './interval.ts';
import { isThrottled, type PollResult, poll, retryAfterMs } from './poll.ts';
import { newPollMemory, type PollMemory, suspect } from './poll-memory.ts';

export interface PollNote {
  readonly projectId: string;
  readonly mode: 'single' | 'list';
  readonly outcome: 'done' | 'failed' | 'fenced';
  readonly transitions: readonly string[];
  readonly waitMs: number;
}

export interface PollerDeps {
  readonly log: EventLog;
  readonly upstream: EndpointReads;
  readonly logger: Logger;
  /** Must not step: intervals are measured with it. */
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly versionFloor: (projectId: string) => number;
  readonly onPoll?: (note: PollNote) => void;
  /** When to poll next; left out: interval.ts. */
  readonly nextWait?: typeof nextWait;
}

export type Grant = Extract<LeaseOutcome, { kind: 'poll' }>;
export type Done = NonNullable<LeaseRequest['done']>;

/** Without an answer of upstream for so long a poll is given up. A list of many pages may take longer than that. */
const ANSWER_DEADLINE_MS = 15_000;
const RENEW_MS = 2_000;

/** The polls of one project on this replica: makes one when told to, and remembers what they have shown. */
export class Poller {
  readonly #deps: PollerDeps;
  readonly #projectId: string;
  #memory: PollMemory = newPollMemory();
  #baseMs = 0;
  #excitedMs = 0;
  #abort: AbortController | undefined;
  #polled: { readonly done: Done; readonly result: PollResult } | undefined;

  constructor(deps: PollerDeps, projectId: string) {
    this.#deps = deps;
    this.#projectId = projectId;
  }

  /** Something has happened or was asked for: the quick pace from now on. */
  excite(): void {
    this.#excitedMs = this.#deps.nowMs();
  }

  /** Ends the poll in flight. */
  abort(reason: string): void {
    this.#abort?.abort(new Error(reason));
  }

  /** Whether the last poll was committed is unknown, so what it has shown does not count. */
  forget(): void {
    this.#polled = undefined;
    this.#memory = newPollMemory();
  }

  /** `asOf`: the log's time now, µs. Never rejects: a failure is part of what comes of it. */
  async poll({ ticket, interest }: Grant, asOf: number): Promise<Done> {
    const abort = new AbortController();
    this.#abort = abort;
    const deadline = setTimeout(
      () => abort.abort(new Error(`no answer for ${ANSWER_DEADLINE_MS} ms in a poll`)),
      ANSWER_DEADLINE_MS,
    );
    const renewal = setInterval(() => void this.#renew(ticket, abort), RENEW_MS);
    const { upstream, nowMs } = this.#deps;
    try {
      const result = await poll(
        {
          upstream,
          projectId: this.#projectId,
          interest,
          asOf,
          signal: abort.signal,
          nowMs,
          onAnswer: () => deadline.refresh(),
        },
        this.#memory,
      );
      const done = this.#done(ticket, interest, result);
      this.#polled = { done, result };
      return done;
    } finally {
      clearTimeout(deadline);
      clearInterval(renewal);
      this.#abort = undefined;
    }
  }

  async #renew(ticket: number, abort: AbortController): Promise<void> {
    try {
      if (!(await this.#deps.log.renew(this.#projectId, ticket)))
        abort.abort(new Error('another replica polls this project now'));
    } catch {
      // The log is away: the commit will tell whether the lease is still ours.
    }
  }

  #done(ticket: number, interest: Interest, result: PollResult): Done {
    const { nowMs, random, logger, versionFloor } = this.#deps;
    const unsettled = [...this.#memory.statuses].flatMap(([id, status]) =>
      !isSettled(status) && (interest === 'project' || interest.includes(id)) ? [statusOf(status)] : [],
    );
    const retryAfter = retryAfterMs(result.failure);
    const { baseMs, waitMs } = (this.#deps.nextWait ?? nextWait)({
      mode: result.mode,
      sinceExcitedMs: nowMs() - this.#excitedMs,
      previousMs: this.#baseMs,
      onlyPendingAcceptance: unsettled.length > 0 && unsettled.every((status) => status === 'PENDING_ACCEPTANCE'),
      changing: unsettled.some((status) => status === 'CREATING' || status === 'DELETING'),
      confirming: [...this.#memory.suspects.values()].some((since) => since !== null),
      ...(result.failure === undefined
        ? {}
        : { failure: retryAfter === undefined ? {} : { retryAfterMs: retryAfter } }),
      random: random(),
    });
    this.#baseMs = baseMs;
    if (result.failure !== undefined) {
      logger.warn({ project: this.#projectId, waitMs, reason: String(result.failure) }, 'a poll failed');
    }
    const versionFloorNow = versionFloor(this.#projectId);
    return {
      ticket,
      waitMs,
      throttled: isThrottled(result.failure),
      commits: result.commits.map((commit) => ({ ...commit, versionFloor: versionFloorNow })),
    };
  }

  /** What the committed poll has shown changes how the next one is made. */
  settle({ fenced, commits }: Pick<LeaseResult, 'fenced' | 'commits'>): void {
    if (this.#polled === undefined) return;
    const { result, done } = this.#polled;
    this.#polled = undefined;
    const transitions = commits.flatMap((commit) => commit.transitions.map((transition) => transition.status));
    if (fenced) this.#memory = newPollMemory();
    if (transitions.length > 0) this.excite();
    const missing = commits.flatMap((commit) => commit.missing);
    suspect(this.#memory, missing, this.#deps.nowMs());
    const outcome = fenced ? 'fenced' : result.failure === undefined ? 'done' : 'failed';
    this.#deps.onPoll?.({
      projectId: this.#projectId,
      mode: result.mode,
      outcome,
      transitions,
      waitMs: done.waitMs,
    });
  }
}
