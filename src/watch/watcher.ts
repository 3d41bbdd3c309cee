import { EventLogUnavailableError, type Interest, type TurnResult } from '../events/event-log.ts';
import { backoffMs } from '../redis-options.ts';
import { type Done, type Grant, Poller, type PollerDeps } from './poller.ts';
import { isOverslept, requestTime, sleepMs } from './reservation.ts';
import { pause, type Sleep } from './sleep.ts';
import type { Spread } from './spread.ts';

export interface WatcherDeps extends PollerDeps {
  /** This replica's name in the leases. */
  readonly replica: string;
  /** To whom this replica hands projects that it has too many of. */
  readonly spread: Pick<Spread, 'offer' | 'refused'>;
}

/** A turn at least this often keeps the interest alive (retention.ts, INTEREST_MS). */
const MAX_SLEEP_MS = 30_000;

/** One project's loop on this replica: take a turn, poll if it is ours, again; until nobody here wants it. */
export class Watcher {
  readonly #deps: WatcherDeps;
  readonly #projectId: string;
  readonly #poller: Poller;
  #interest: Interest | null = null;
  #wake = false;
  /** A bell has rung since the last turn was asked for. */
  #nudged = false;
  #polls = false;
  #running: Promise<void> | undefined;
  #sleep: Sleep | undefined;

  constructor(deps: WatcherDeps, projectId: string) {
    this.#deps = deps;
    this.#projectId = projectId;
    this.#poller = new Poller(deps, projectId);
  }

  get active(): boolean {
    return this.#running !== undefined;
  }

  /** This replica is the one that polls the project, as far as it knows. */
  get polls(): boolean {
    return this.#polls;
  }

  /** `wake`: poll now instead of at the next due time. Null ends the loop, and the poll in flight. */
  want(interest: Interest | null, wake: boolean): void {
    this.#interest = interest;
    this.#wake ||= wake;
    if (interest === null) this.#poller.abort('nobody watches any more');
    if (wake || interest === null) this.#sleep?.end();
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      this.#polls = false;
      if (this.#interest !== null) this.want(this.#interest, true);
    });
  }

  /** The turn may be free, or may be lost: look. */
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
    this.#poller.excite();
    let done: Done | undefined;
    let failures = 0;
    for (;;) {
      const wake = this.#wake;
      this.#wake = false;
      this.#nudged = false;
      try {
        leave ??= await this.#listen();
        const { woken, next } = await this.#turn(this.#interest, wake, done);
        const heardMs = this.#deps.nowMs();
        failures = 0;
        if (woken || wake) this.#poller.excite();
        done = undefined;
        this.#polls = next.kind === 'poll';
        if (next.kind === 'idle' && this.#interest === null) break;
        if (next.kind === 'poll') done = await this.#pollWhenDue(next, heardMs);
        else await this.#rest(next.kind === 'wait' ? next.waitMs : MAX_SLEEP_MS);
      } catch (error) {
        if (!(error instanceof EventLogUnavailableError))
          this.#deps.logger.error({ project: this.#projectId, err: error }, 'the watcher failed');
        done = undefined;
        this.#poller.forget();
        if (this.#interest === null) break;
        await this.#rest(backoffMs(++failures));
        // Not before: what was asked for is still wanted, but not at the price of a loop without a pause.
        this.#wake ||= wake;
      }
    }
    leave?.();
  }

  async #turn(interest: Interest | null, wake: boolean, done: Done | undefined): Promise<TurnResult> {
    const { log, replica, spread } = this.#deps;
    // Only between two polls: whoever wants one now should not wait for a bell to reach another replica.
    const offer = done !== undefined && interest !== null && !wake ? spread.offer() : undefined;
    const turn = await log.turn(this.#projectId, {
      replica,
      interest,
      ...(done && { done }),
      ...(wake && { wake }),
      ...(offer && { yieldTo: offer.replica }),
    });
    this.#poller.settle(turn);
    if (offer !== undefined && (turn.fenced || turn.next.kind !== 'wait')) spread.refused(offer);
    return turn;
  }

  /** Undefined: not now. Bells only shorten the wait for a turn, so the next round tries again. */
  async #listen(): Promise<(() => void) | undefined> {
    const { log, replica } = this.#deps;
    try {
      return await log.listen(this.#projectId, (bell) => {
        const concernsUs = bell.kind === 'check' || (bell.kind === 'turn' && (bell.replica ?? replica) === replica);
        if (concernsUs) this.nudge();
      });
    } catch (error) {
      if (!(error instanceof EventLogUnavailableError)) throw error;
      return undefined;
    }
  }

  /** Undefined: something has come up, or the wait is so long that the interest is to be renewed. Ask again. */
  async #pollWhenDue(grant: Grant, heardMs: number): Promise<Done | undefined> {
    const elapsed = (): number => this.#deps.nowMs() - heardMs;
    if (grant.afterMs > 0) {
      await this.#rest(sleepMs(grant.afterMs));
      if (this.#wake || this.#nudged || elapsed() < grant.afterMs || isOverslept(grant.afterMs, elapsed()))
        return undefined;
    }
    if (this.#interest === null) return undefined;
    return await this.#poller.poll(grant, requestTime(grant.asOf, elapsed()));
  }

  async #rest(ms: number): Promise<void> {
    if (this.#wake || this.#nudged || this.#interest === null) return;
    this.#sleep = pause(Math.min(MAX_SLEEP_MS, ms));
    await this.#sleep.done;
    this.#sleep = undefined;
  }
}
