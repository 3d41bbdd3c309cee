import {
  type CommitResult,
  type EventLog,
  EventLogUnavailableError,
  type Interest,
  type TurnOutcome,
  type TurnRequest,
} from '../events/event-log.ts';
import type { Logger } from '../observability/logger.ts';
import { isSettled, statusOf } from '../vpcep/model.ts';
import { nextWait } from './pace.ts';
import { isThrottled, type PollResult, poll, retryAfterMs } from './poll.ts';
import { compareCounts, newPollMemory, type PollMemory } from './poll-memory.ts';
import { pause, type Sleep } from './sleep.ts';
import type { EndpointUpstream } from './upstream.ts';

export interface PollNote {
  readonly projectId: string;
  readonly mode: 'single' | 'list';
  readonly outcome: 'done' | 'failed' | 'fenced';
  readonly transitions: readonly string[];
  readonly waitMs: number;
}

export interface WatcherDeps {
  readonly log: EventLog;
  readonly upstream: EndpointUpstream;
  readonly logger: Logger;
  /** This replica's name in the leases. */
  readonly replica: string;
  /** Must not step: intervals are measured with it. */
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly versionFloor: (projectId: string) => number;
  readonly onPoll?: (note: PollNote) => void;
}

type Poll = Extract<TurnOutcome, { kind: 'poll' }>;
type Done = NonNullable<TurnRequest['done']>;

const POLL_DEADLINE_MS = 15_000;
const RENEW_MS = 2_000;
/** A turn at least this often keeps the interest alive (retention.ts, INTEREST_MS). */
const MAX_SLEEP_MS = 30_000;
const STANDBY_JITTER_MS = 250;
const LOG_RETRY_MS = 1_000;

/** One project's loop on this replica: take a turn, poll if it is ours, sleep, again; until nobody here wants it. */
export class Watcher {
  readonly #deps: WatcherDeps;
  readonly #projectId: string;
  #interest: Interest | null = null;
  #wake = false;
  /** A bell has rung since the last turn was asked for. */
  #nudged = false;
  #memory: PollMemory = newPollMemory();
  #baseMs = 0;
  #excitedMs = 0;
  #running: Promise<void> | undefined;
  #sleep: Sleep | undefined;
  #abort: AbortController | undefined;

  constructor(deps: WatcherDeps, projectId: string) {
    this.#deps = deps;
    this.#projectId = projectId;
  }

  get active(): boolean {
    return this.#running !== undefined;
  }

  /** `wake`: poll now instead of at the next due time. Null ends the loop, and the poll in flight. */
  want(interest: Interest | null, wake: boolean): void {
    this.#interest = interest;
    this.#wake ||= wake;
    if (interest === null) this.#abort?.abort(new Error('nobody watches any more'));
    if (wake || interest === null) this.#sleep?.end();
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#interest !== null) this.want(this.#interest, true);
    });
  }

  /** The turn may be free: look. */
  nudge(): void {
    this.#nudged = true;
    this.#sleep?.end();
  }

  /** Resolves when the loop has ended; `want(null, …)` first. */
  async ended(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    let leave: (() => void) | undefined;
    this.#excitedMs = this.#deps.nowMs();
    let done: Done | undefined;
    let result: PollResult | undefined;
    for (;;) {
      const wake = this.#wake;
      this.#wake = false;
      this.#nudged = false;
      const interest = this.#interest;
      try {
        leave ??= await this.#listen();
        const turn = await this.#deps.log.turn(this.#projectId, {
          replica: this.#deps.replica,
          interest,
          ...(done && { done }),
          ...(wake && { wake }),
        });
        if (done !== undefined && result !== undefined) this.#settle(result, turn.commits, turn.fenced, done.waitMs);
        if (turn.woken || wake) this.#excitedMs = this.#deps.nowMs();
        done = undefined;
        if (turn.next.kind === 'idle' && this.#interest === null) break;
        if (turn.next.kind === 'poll') {
          result = await this.#poll(turn.next);
          done = this.#done(turn.next, result);
        } else {
          await this.#rest(turn.next.kind === 'wait' ? turn.next.waitMs : MAX_SLEEP_MS);
        }
      } catch (error) {
        if (!(error instanceof EventLogUnavailableError))
          this.#deps.logger.error({ project: this.#projectId, err: error }, 'the watcher failed');
        // Whether the commit was done is unknown: the next poll reads everything anew.
        done = undefined;
        this.#memory = newPollMemory(this.#memory);
        if (this.#interest === null) break;
        await this.#rest(LOG_RETRY_MS);
        // Not before: what was asked for is still wanted, but not at the price of a loop without a pause.
        this.#wake ||= wake;
      }
    }
    leave?.();
  }

  /** Undefined: not now. Bells only shorten the wait for a turn, so the next round tries again. */
  async #listen(): Promise<(() => void) | undefined> {
    try {
      return await this.#deps.log.listen(this.#projectId, (bell) => {
        if (bell.kind !== 'moved') this.nudge();
      });
    } catch (error) {
      if (!(error instanceof EventLogUnavailableError)) throw error;
      return undefined;
    }
  }

  async #poll(turn: Poll): Promise<PollResult> {
    const abort = new AbortController();
    this.#abort = abort;
    const deadline = setTimeout(
      () => abort.abort(new Error(`the poll took longer than ${POLL_DEADLINE_MS} ms`)),
      POLL_DEADLINE_MS,
    );
    const renewal = setInterval(() => void this.#renew(turn.ticket, abort), RENEW_MS);
    try {
      const { upstream, nowMs } = this.#deps;
      return await poll(
        { upstream, projectId: this.#projectId, interest: turn.interest, asOf: turn.asOf, signal: abort.signal, nowMs },
        this.#memory,
      );
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
      // The log is away: the commit will tell whether the turn is still ours.
    }
  }

  #done(turn: Poll, result: PollResult): Done {
    const { nowMs, random, logger, versionFloor } = this.#deps;
    const unsettled = [...this.#memory.statuses].filter(
      ([id, status]) => !isSettled(status) && (turn.interest === 'project' || turn.interest.includes(id)),
    );
    const retryAfter = retryAfterMs(result.failure);
    const { baseMs, waitMs } = nextWait({
      mode: result.mode,
      sinceExcitedMs: nowMs() - this.#excitedMs,
      previousMs: this.#baseMs,
      onlyPendingAcceptance:
        unsettled.length > 0 && unsettled.every(([, status]) => statusOf(status) === 'PENDING_ACCEPTANCE'),
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
      ticket: turn.ticket,
      waitMs,
      throttled: isThrottled(result.failure),
      commits: result.commits.map((commit) => ({ ...commit, versionFloor: versionFloorNow })),
    };
  }

  /** What the committed poll has shown changes how the next one is made. */
  #settle(result: PollResult, commits: readonly CommitResult[], fenced: boolean, waitMs: number): void {
    const transitions = commits.flatMap((commit) => commit.transitions.map((transition) => transition.status));
    if (fenced) {
      this.#memory = newPollMemory(this.#memory);
    } else {
      if (transitions.length > 0) this.#excitedMs = this.#deps.nowMs();
      for (const commit of commits) {
        for (const id of commit.missing) if (!this.#memory.suspects.has(id)) this.#memory.suspects.set(id, null);
      }
      const alive = commits.at(-1)?.alive;
      if (result.total !== undefined && alive !== undefined) {
        compareCounts(this.#memory, alive - result.total, result.swept === true);
      }
      if (result.hiddenMoves.length > 0 && !this.#memory.wholePages) this.#distrust(result.hiddenMoves);
    }
    const outcome = fenced ? 'fenced' : result.failure === undefined ? 'done' : 'failed';
    this.#deps.onPoll?.({ projectId: this.#projectId, mode: result.mode, outcome, transitions, waitMs });
  }

  #distrust(ids: readonly string[]): void {
    this.#memory.wholePages = true;
    this.#deps.logger.warn(
      { project: this.#projectId, endpoints: ids.slice(0, 5) },
      'updated_at does not show every change of a status: reading whole pages from now on',
    );
  }

  async #rest(ms: number): Promise<void> {
    if (this.#wake || this.#nudged || this.#interest === null) return;
    const jitter = this.#deps.random() * STANDBY_JITTER_MS;
    this.#sleep = pause(Math.min(MAX_SLEEP_MS, ms + (ms > RENEW_MS ? jitter : 0)));
    await this.#sleep.done;
    this.#sleep = undefined;
  }
}
