import { EventLogUnavailableError, type Interest, type LeaseResult } from '../../events/event-log.ts';
import { backoffMs } from '../../shared/retry-delay.ts';
import type { ResourceSet } from '../resource.ts';
import { isOverslept, requestTime, sleepMs, takeOverDelayMs } from './interval.ts';
import { type Done, type Grant, Poller, type PollerDeps } from './poller.ts';

export interface WatcherDeps extends PollerDeps {
  /** This replica's name in the leases. */
  readonly replica: string;
}

/** Asking for the lease at least this often keeps the interest alive (events/retention.ts, INTEREST_MS). */
const MAX_SLEEP_MS = 30_000;

/** One set's loop on this replica: ask for the lease, poll when it is granted, and again until the interest ends. */
export class Watcher {
  readonly #deps: WatcherDeps;
  readonly #set: ResourceSet;
  readonly #poller: Poller;
  #interest: Interest | null = null;
  #wake = false;
  /** Milliseconds within which to ask again, because of notifications since the lease was last asked for. */
  #askWithinMs = Number.POSITIVE_INFINITY;
  #polls = false;
  #running: Promise<void> | undefined;
  #sleep: Sleep | undefined;

  constructor(deps: WatcherDeps, set: ResourceSet) {
    this.#deps = deps;
    this.#set = set;
    this.#poller = new Poller(deps, set);
  }

  get active(): boolean {
    return this.#running !== undefined;
  }

  /** This replica polls the set, as far as it knows. */
  get polls(): boolean {
    return this.#polls;
  }

  /** `wake`: poll now instead of at the next due time. Null ends the loop, and the poll in flight. */
  want(interest: Interest | null, wake: boolean): void {
    this.#interest = interest;
    this.#wake ||= wake;
    if (interest === null) this.#poller.abort('the set is not watched any more');
    if (wake || interest === null) this.#sleep?.endWithin(0);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      this.#polls = false;
      if (this.#interest !== null) this.want(this.#interest, true);
    });
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
    /** Of the next poll, as of its first grant: asking again does not move it, so that `lagMs` counts all of the delay. */
    let dueMs: number | undefined;
    for (;;) {
      const wake = this.#wake;
      this.#wake = false;
      this.#askWithinMs = Number.POSITIVE_INFINITY;
      try {
        leave ??= await this.#listen();
        const { woken, next } = await this.#lease(this.#interest, wake, done);
        const heardMs = this.#deps.nowMs();
        failures = 0;
        if (woken || wake) this.#poller.excite();
        if (done !== undefined || next.kind !== 'poll') dueMs = undefined;
        done = undefined;
        this.#polls = next.kind === 'poll';
        if (next.kind === 'idle' && this.#interest === null) break;
        if (next.kind === 'poll') {
          dueMs = Math.min(dueMs ?? Number.POSITIVE_INFINITY, heardMs + next.afterMs);
          done = await this.#pollWhenDue(next, heardMs, dueMs);
          if (done !== undefined) dueMs = this.#deps.nowMs() + done.waitMs;
        } else await this.#rest(next.kind === 'wait' ? next.waitMs + this.#takeOverDelayMs() : MAX_SLEEP_MS);
      } catch (error) {
        if (!(error instanceof EventLogUnavailableError))
          this.#deps.logger.error({ log: this.#set.log, err: error }, 'the watcher failed');
        done = undefined;
        this.#polls = false;
        this.#poller.forget();
        if (this.#interest === null) break;
        await this.#rest(backoffMs(++failures));
        // Only after the pause: the wake-up is still wanted, but must not make this a busy loop.
        this.#wake ||= wake;
      }
    }
    leave?.();
  }

  async #lease(interest: Interest | null, wake: boolean, done: Done | undefined): Promise<LeaseResult> {
    const { log, replica } = this.#deps;
    const request = { replica, interest, ...(done && { done }), ...(wake && { wake }) };
    const lease = await this.#poller.within(() => log.lease(this.#set.log, request));
    this.#poller.settle(lease);
    return lease;
  }

  /** Undefined: the log is unavailable. Notifications only shorten waits, so the next round tries again. */
  async #listen(): Promise<(() => void) | undefined> {
    const { log, replica } = this.#deps;
    try {
      return await log.listen(this.#set.log, (notification) => {
        if (notification.kind === 'check' || (notification.kind === 'lease' && notification.replica === replica))
          this.#askWithin(0);
        else if (notification.kind === 'lease' && notification.replica === undefined)
          this.#askWithin(this.#polls ? 0 : this.#takeOverDelayMs());
      });
    } catch (error) {
      if (!(error instanceof EventLogUnavailableError)) throw error;
      return undefined;
    }
  }

  /** Undefined: ask for the lease again, because of a wake-up or because the interest is to be renewed. */
  async #pollWhenDue(grant: Grant, heardMs: number, dueMs: number): Promise<Done | undefined> {
    const elapsed = (): number => this.#deps.nowMs() - heardMs;
    if (grant.afterMs > 0) {
      await this.#rest(sleepMs(grant.afterMs));
      if (this.#wake || this.#askWithinMs === 0 || elapsed() < grant.afterMs || isOverslept(grant.afterMs, elapsed()))
        return undefined;
    }
    if (this.#interest === null) return undefined;
    return await this.#poller.poll(grant, requestTime(grant.asOf, elapsed()), Math.max(0, this.#deps.nowMs() - dueMs));
  }

  #takeOverDelayMs(): number {
    return takeOverDelayMs(this.#deps.random());
  }

  /** The lease may be free, or lost. */
  #askWithin(ms: number): void {
    if (ms >= this.#askWithinMs) return;
    this.#askWithinMs = ms;
    this.#sleep?.endWithin(ms);
  }

  async #rest(ms: number): Promise<void> {
    if (this.#wake || this.#askWithinMs === 0 || this.#interest === null) return;
    this.#sleep = pause(Math.min(MAX_SLEEP_MS, ms, this.#askWithinMs));
    await this.#sleep.done;
    this.#sleep = undefined;
  }
}

interface Sleep {
  readonly done: Promise<void>;
  /** Ends it in so many milliseconds, unless it ends before. */
  endWithin(ms: number): void;
}

/** A sleep that can be cut short and leaves no timer behind. */
function pause(ms: number): Sleep {
  const timers: NodeJS.Timeout[] = [];
  let wake = (): void => {};
  const endWithin = (withinMs: number): void => void timers.push(setTimeout(() => wake(), withinMs));
  const done = new Promise<void>((resolve) => {
    wake = resolve;
  });
  endWithin(ms);
  return { done: done.finally(() => timers.forEach(clearTimeout)), endWithin };
}
