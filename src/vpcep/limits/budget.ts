/**
 * How many calls the gateway makes: a budget for each project and class of calls that all replicas share, and a pause
 * for all of them when upstream throttles (docs/decisions/0011-upstream-budget.md).
 */
import { Limiter, type LimiterStore, type LimiterWindow } from '../../redis/counter.ts';
import type { CancelSignal } from '../../shared/cancellation.ts';
import { type Clock, type Sleep, sleep } from '../../shared/clock.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import { CALL_CLASSES, type CallClass } from '../http/request.ts';

/** Calls per second, of one project. */
export type Rates = Readonly<Record<CallClass, number>>;

/** Seconds of a window. More for polls: they fetch many tokens at once, and a whole list is read in one go. */
const WINDOW_SECONDS: Rates = { read: 1, write: 1, poll: 10 };
/** Tokens that a poller fetches at once, at most, so that it asks the store once for many polls. */
const POLL_BATCH = 100;
/** Milliseconds for which fetched tokens count: longer than it takes to use them up at the slowest pace but one. */
const POLL_KEEP_MS = 30 * 60_000;
/** Milliseconds that a call waits for a token, at most. */
const LONGEST_WAIT_MS = 2_000;

/** Never more than the rate; where that gives no whole call, the window is longer. */
export function windowOf(callClass: CallClass, perSecond: number): LimiterWindow {
  const seconds = WINDOW_SECONDS[callClass];
  const points = Math.floor(perSecond * seconds);
  return points >= 1 ? { points, seconds } : { points: 1, seconds: Math.ceil(1 / perSecond) };
}

interface QueueShape {
  /** Tokens to fetch at once, at least. */
  readonly batch: number;
  /** Milliseconds for which tokens that are left over count. */
  readonly keepMs: number;
  /** Calls that may wait: no more than can be served in the longest wait. */
  readonly most: number;
}

export function queueShapeOf(callClass: CallClass, { points, seconds }: LimiterWindow): QueueShape {
  // Polls do not wait for a token; they only queue while the store is asked.
  if (callClass === 'poll')
    return { batch: Math.min(POLL_BATCH, Math.ceil(points / 2)), keepMs: POLL_KEEP_MS, most: 1_000 };
  const windows = 1 + Math.floor(LONGEST_WAIT_MS / (seconds * 1000));
  return { batch: 1, keepMs: seconds * 1000, most: points * windows };
}

export interface Tokens {
  readonly granted: number;
  /** Milliseconds until there may be more; 0 when all were granted. */
  readonly waitMs: number;
}

interface TokenQueueOptions extends QueueShape {
  /** MUST NOT reject. */
  readonly fetch: (count: number) => Promise<Tokens>;
  readonly clock: Clock;
  readonly sleep: Sleep;
}

interface Waiter {
  readonly untilMs: number;
  waited: boolean;
  /** Without an error: it has its token. */
  end(error?: UpstreamError): void;
}

/** Calls of one project and class that wait for their tokens, in the order in which they came. */
export class TokenQueue {
  readonly #options: TokenQueueOptions;
  readonly #waiters = new Set<Waiter>();
  #stock = 0;
  #stockUntilMs = 0;
  #isServing = false;

  constructor(options: TokenQueueOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the call may go: true when it had to wait for a token.
   * @param waitMs how long the call can wait. 0: only for the answer of the store.
   * @throws UpstreamError `throttled` with `retryAfterSeconds`, as soon as it is known that no token comes in time;
   * `connection` when `signal` is aborted. `not_sent`, both.
   */
  take(waitMs: number, signal?: CancelSignal): Promise<boolean> {
    const now = this.#options.clock.elapsed();
    if (signal?.aborted === true) return Promise.reject(cancelled());
    if (this.#waiters.size === 0 && this.#stock > 0 && now < this.#stockUntilMs) {
      this.#stock--;
      return Promise.resolve(false);
    }
    if (this.#waiters.size >= this.#options.most) return Promise.reject(overBudget(waitMs));
    return new Promise((resolve, reject) => {
      const onAbort = (): void => waiter.end(cancelled());
      const waiter: Waiter = {
        untilMs: now + waitMs,
        waited: false,
        end: (error) => {
          signal?.removeEventListener('abort', onAbort);
          this.#waiters.delete(waiter);
          if (error === undefined) resolve(waiter.waited);
          else reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(waiter);
      if (!this.#isServing) void this.#serve();
    });
  }

  /** Tokens that were fetched ahead no longer count. */
  forgetStock(): void {
    this.#stock = 0;
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    const { clock, fetch, batch, keepMs, sleep } = this.#options;
    while (this.#waiters.size > 0) {
      const { granted, waitMs } = await fetch(Math.max(this.#waiters.size, batch));
      const now = clock.elapsed();
      this.#stock = granted;
      this.#stockUntilMs = now + keepMs;
      for (const waiter of this.#waiters) {
        if (this.#stock > 0) {
          this.#stock--;
          waiter.end();
        } else if (waitMs > 0) {
          waiter.waited = true;
          if (waiter.untilMs < now + waitMs) waiter.end(overBudget(waitMs));
        }
      }
      if (waitMs > 0 && this.#waiters.size > 0) await sleep(waitMs);
    }
    this.#isServing = false;
  }
}

function overBudget(waitMs: number): UpstreamError {
  return new UpstreamError({
    kind: 'throttled',
    outcome: 'not_sent',
    message: "The gateway's own budget of calls for this project is used up, or held back because upstream throttles.",
    retryable: true,
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  });
}

function cancelled(): UpstreamError {
  return new UpstreamError({
    kind: 'connection',
    outcome: 'not_sent',
    message: 'The call was cancelled before it was sent.',
    retryable: false,
  });
}

interface Pause {
  /** Whole seconds. */
  readonly seconds: number;
  /** By the forward-only clock. */
  readonly untilMs: number;
}

const NO_PAUSE: Pause = { seconds: 0, untilMs: Number.NEGATIVE_INFINITY };
/** Upstream documents no `Retry-After` (docs/upstream/NOTES.md, "Throttling"), so these usually decide. */
const FIRST_PAUSE_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 30;
/** What upstream asks for counts up to here: a misread header must not stop a project for a day. */
const LONGEST_ASKED_SECONDS = 300;

/**
 * The pause after one more throttled call; undefined when the last one covers it: calls that were on their way together
 * are throttled together. One that follows closely on the last is twice as long.
 */
export function nextPause(last: Pause = NO_PAUSE, nowMs: number, askedSeconds?: number): Pause | undefined {
  const followsClosely = nowMs < last.untilMs + last.seconds * 1000;
  const usual = followsClosely ? Math.min(LONGEST_PAUSE_SECONDS, last.seconds * 2) : FIRST_PAUSE_SECONDS;
  const seconds = Math.max(FIRST_PAUSE_SECONDS, Math.min(LONGEST_ASKED_SECONDS, askedSeconds ?? usual));
  const untilMs = nowMs + seconds * 1000;
  const isCovered = nowMs < last.untilMs && (askedSeconds === undefined || untilMs <= last.untilMs);
  return isCovered ? undefined : { seconds, untilMs };
}

/** Upstream's gateway limits each API: a write that is throttled says nothing of reads, but reads and polls are alike. */
type Side = 'read' | 'write';

function sideOf(callClass: CallClass): Side {
  return callClass === 'write' ? 'write' : 'read';
}

/** Callers go first when a pause ends. */
function laterSeconds(callClass: CallClass): number {
  return callClass === 'poll' ? 1 : 0;
}

interface UpstreamBudgetOptions {
  readonly rates: Rates;
  /** Null: this process is the only one, and the whole budget is its own. */
  readonly store: LimiterStore | null;
  /** Into how many parts the budget falls while the store is unavailable. */
  readonly replicas: number;
  readonly clock: Clock;
  /** A call had to wait for its token, or did not get one. */
  readonly onShort: (callClass: CallClass, what: 'waited' | 'refused') => void;
  readonly sleep?: Sleep;
}

export class UpstreamBudget {
  readonly #options: UpstreamBudgetOptions;
  readonly #limiters: Readonly<Record<CallClass, Limiter>>;
  readonly #queues = new Map<string, TokenQueue>();
  readonly #pauses = new Map<string, Pause>();

  constructor(options: UpstreamBudgetOptions) {
    this.#options = options;
    const { rates, store, replicas } = options;
    const limiterOf = (callClass: CallClass): Limiter =>
      new Limiter({
        store,
        window: windowOf(callClass, rates[callClass]),
        localWindow: windowOf(callClass, rates[callClass] / replicas),
      });
    this.#limiters = { read: limiterOf('read'), write: limiterOf('write'), poll: limiterOf('poll') };
  }

  /**
   * Resolves when one attempt may be made. A caller waits in order, 2 s at most; a poll does not wait.
   * @param waitMs how long the call can wait.
   * @throws UpstreamError `not_sent`: `throttled` with `retryAfterSeconds`, or `connection` when the caller has left.
   */
  async take(projectId: string, callClass: CallClass, waitMs: number, signal?: CancelSignal): Promise<void> {
    const { onShort } = this.#options;
    const longestMs = callClass === 'poll' ? 0 : Math.min(waitMs, LONGEST_WAIT_MS);
    try {
      if (await this.#queue(projectId, callClass).take(longestMs, signal)) onShort(callClass, 'waited');
    } catch (error) {
      if (error instanceof UpstreamError && error.kind === 'throttled') onShort(callClass, 'refused');
      throw error;
    }
  }

  /**
   * Upstream has throttled a call: calls of this kind pause, those of other replicas from their next fetch on.
   * @returns the whole seconds after which calls of this class go on.
   */
  async throttled(projectId: string, callClass: CallClass, failure: UpstreamError): Promise<number> {
    // `EndPoint.0022` is the service itself, not one of its APIs.
    const isServiceWide = failure.code?.toLowerCase() === 'endpoint.0022';
    const sides: readonly Side[] = isServiceWide ? ['read', 'write'] : [sideOf(callClass)];
    await Promise.all(sides.map((side) => this.#pause(projectId, side, failure.retryAfterSeconds)));
    const { untilMs } = this.#pauses.get(keyOf(projectId, sideOf(callClass))) ?? NO_PAUSE;
    return Math.ceil(Math.max(0, untilMs - this.#options.clock.elapsed()) / 1000) + laterSeconds(callClass);
  }

  async #pause(projectId: string, side: Side, askedSeconds: number | undefined): Promise<void> {
    const key = keyOf(projectId, side);
    const pause = nextPause(this.#pauses.get(key), this.#options.clock.elapsed(), askedSeconds);
    if (pause === undefined) return;
    this.#pauses.set(key, pause);
    const held = CALL_CLASSES.filter((callClass) => sideOf(callClass) === side);
    for (const callClass of held) this.#queues.get(keyOf(projectId, callClass))?.forgetStock();
    await Promise.all(
      held.map((callClass) =>
        this.#limiters[callClass].block(keyOf(projectId, callClass), pause.seconds + laterSeconds(callClass)),
      ),
    );
  }

  #queue(projectId: string, callClass: CallClass): TokenQueue {
    const key = keyOf(projectId, callClass);
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      const { rates, clock, sleep: wait = sleep } = this.#options;
      const shape = queueShapeOf(callClass, windowOf(callClass, rates[callClass]));
      const fetch = (count: number) => this.#fetch(key, callClass, count);
      queue = new TokenQueue({ ...shape, fetch, clock, sleep: wait });
      this.#queues.set(key, queue);
    }
    return queue;
  }

  /** Takes as many tokens as there are, `count` at most. */
  async #fetch(key: string, callClass: CallClass, count: number): Promise<Tokens> {
    const { consumed, window, msLeft } = await this.#limiters[callClass].consume(key, count);
    // What is beyond the window's points was counted too, so what was left before is ours.
    const granted = Math.min(count, Math.max(0, window.points - (consumed - count)));
    if (granted === count) return { granted, waitMs: 0 };
    return { granted, waitMs: msLeft > 0 ? msLeft : window.seconds * 1000 };
  }
}

/** The braces keep the keys of a project together in a Redis Cluster. */
function keyOf(projectId: string, what: CallClass | Side): string {
  return `{${projectId}}:budget:${what}`;
}
