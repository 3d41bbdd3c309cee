/**
 * How many calls the gateway makes: a budget for each project and class of calls that all replicas share, and a pause
 * for all of them when upstream throttles (docs/decisions/0011-upstream-budget.md).
 */
import { LRUCache } from 'lru-cache';
import { type Count, Limiter, type LimiterStore, type LimiterWindow } from '../../redis/counter.ts';
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
/** Of a window's tokens that all replicas together may hold ahead, so that calls find one at hand. */
const AHEAD = 1 / 10;
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
  /** Tokens to hold ahead, at most: those for a tenth of a window at the pace of late. */
  readonly ahead: number;
  readonly windowMs: number;
  /** Calls that may wait: no more than can be served in the longest wait. */
  readonly most: number;
}

export function queueShapeOf(callClass: CallClass, { points, seconds }: LimiterWindow, replicas: number): QueueShape {
  const windowMs = seconds * 1000;
  // Polls do not wait for a token; they only queue while the store is asked.
  if (callClass === 'poll')
    return { batch: Math.min(POLL_BATCH, Math.ceil(points / 2)), ahead: 0, windowMs, most: 1_000 };
  const windows = 1 + Math.floor(LONGEST_WAIT_MS / windowMs);
  return { batch: 1, ahead: Math.floor((points * AHEAD) / replicas), windowMs, most: points * windows };
}

export interface Tokens {
  readonly granted: number;
  /** Milliseconds until there may be more; 0 when all were granted. */
  readonly waitMs: number;
  /** When tokens that are left over end, by the monotonic clock. */
  readonly untilMs: number;
}

interface TokenQueueOptions extends QueueShape {
  /** MUST NOT throw or reject. */
  readonly fetch: (count: number) => Tokens | Promise<Tokens>;
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
  /** No more tokens are fetched ahead before. */
  #dryUntilMs = 0;
  #isServing = false;
  /** How often tokens that were fetched or on their way have become worthless. */
  #pauses = 0;
  /** Tokens taken in the window that began at `#paceFromMs`, and in the one before. */
  #taken = 0;
  #takenBefore = 0;
  #paceFromMs = 0;

  constructor(options: TokenQueueOptions) {
    this.#options = options;
  }

  /**
   * False: the call may go at once. Else resolves when it may: true when it had to wait for a token.
   * @param waitMs how long the call can wait. 0: only for the answer of the store.
   * @throws UpstreamError, as a rejection: `throttled` with `retryAfterSeconds`, as soon as it is known that no token comes
   * in time; `connection` when `signal` is aborted. `not_sent`, both.
   */
  take(waitMs: number, signal?: CancelSignal): false | Promise<boolean> {
    if (signal?.aborted === true) return Promise.reject(cancelled());
    const { clock, fetch, most } = this.#options;
    const now = clock.elapsed();
    this.#countPace(now);
    let first: Tokens | Promise<Tokens> | undefined;
    if (this.#waiters.size === 0) {
      if (!this.#isServing && !this.#hasStock(now)) {
        first = fetch(this.#size());
        if (!(first instanceof Promise)) this.#put(first, now);
      }
      if (this.#hasStock(now)) {
        this.#stock--;
        this.#refill(now);
        return false;
      }
    }
    if (this.#waiters.size >= most) return Promise.reject(overBudget(waitMs));
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
      if (!this.#isServing) void this.#serve(first);
    });
  }

  /** Tokens that were fetched ahead no longer count, nor do those that are on their way. */
  forgetStock(): void {
    this.#stock = 0;
    this.#pauses++;
  }

  /** Hands out the tokens of a fetch, then fetches until no call waits. */
  async #serve(first?: Tokens | Promise<Tokens>): Promise<void> {
    this.#isServing = true;
    const { clock, fetch, batch, sleep } = this.#options;
    let fetched = first;
    do {
      const pauses = this.#pauses;
      const tokens = await (fetched ?? fetch(Math.max(this.#waiters.size, batch)));
      const now = clock.elapsed();
      fetched = undefined;
      if (pauses !== this.#pauses) continue;
      this.#put(tokens, now);
      for (const waiter of this.#waiters) {
        if (this.#stock > 0) {
          this.#stock--;
          waiter.end();
        } else if (tokens.waitMs > 0) {
          waiter.waited = true;
          if (waiter.untilMs < now + tokens.waitMs) waiter.end(overBudget(tokens.waitMs));
        }
      }
      if (tokens.waitMs > 0 && this.#waiters.size > 0) await sleep(tokens.waitMs);
    } while (this.#waiters.size > 0);
    this.#isServing = false;
    this.#refill(clock.elapsed());
  }

  /** Fetches more before the stock is used up, so that no call has to wait for them. */
  #refill(now: number): void {
    const size = this.#size();
    if (this.#options.ahead === 0 || this.#stock > size / 2 || this.#isServing || now < this.#dryUntilMs) return;
    const fetched = this.#options.fetch(size - this.#stock);
    if (fetched instanceof Promise) void this.#serve(fetched);
    else this.#put(fetched, now);
  }

  #hasStock(now: number): boolean {
    return this.#stock > 0 && now < this.#stockUntilMs;
  }

  /** Old and new tokens end together, with those that end first: none counts in the next window. */
  #put({ granted, waitMs, untilMs }: Tokens, now: number): void {
    const isEmpty = !this.#hasStock(now);
    this.#stock = isEmpty ? granted : this.#stock + granted;
    this.#stockUntilMs = isEmpty ? untilMs : Math.min(untilMs, this.#stockUntilMs);
    if (waitMs > 0) this.#dryUntilMs = now + waitMs;
  }

  #countPace(now: number): void {
    const { windowMs } = this.#options;
    const windows = Math.floor((now - this.#paceFromMs) / windowMs);
    if (windows > 0) {
      this.#takenBefore = windows === 1 ? this.#taken : 0;
      this.#taken = 0;
      this.#paceFromMs = now;
    }
    this.#taken++;
  }

  /** Tokens to fetch when no call waits. */
  #size(): number {
    const { batch, ahead } = this.#options;
    return Math.max(batch, Math.min(ahead, Math.ceil(Math.max(this.#taken, this.#takenBefore) / 10)));
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

/** The calls of one project. */
interface ProjectBudget {
  readonly queues: Readonly<Record<CallClass, TokenQueue>>;
  readonly pauses: Record<Side, Pause>;
  readonly left: Map<CallClass, { readonly ratio: number; readonly untilMs: number }>;
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
  /** A forgotten project loses the tokens that it holds ahead, and the length of its last pause. */
  readonly #projects = new LRUCache<string, ProjectBudget>({ max: 10_000 });

  constructor(options: UpstreamBudgetOptions) {
    this.#options = options;
    const { rates, store, replicas } = options;
    const limiterOf = (callClass: CallClass): Limiter =>
      new Limiter({
        store,
        // The braces keep the keys of a project together in a Redis Cluster.
        keyOf: (projectId) => `{${projectId}}:budget:${callClass}`,
        window: windowOf(callClass, rates[callClass]),
        localWindow: windowOf(callClass, rates[callClass] / replicas),
      });
    this.#limiters = { read: limiterOf('read'), write: limiterOf('write'), poll: limiterOf('poll') };
  }

  /**
   * One attempt may be made at once, or when the promise resolves. A caller waits in order, 2 s at most; a poll does not
   * wait.
   * @param waitMs how long the call can wait.
   * @throws UpstreamError, as a rejection, `not_sent`: `throttled` with `retryAfterSeconds`, or `connection` when the caller
   * has left.
   */
  take(projectId: string, callClass: CallClass, waitMs: number, signal?: CancelSignal): void | Promise<void> {
    const longestMs = callClass === 'poll' ? 0 : Math.min(waitMs, LONGEST_WAIT_MS);
    const taken = this.#project(projectId).queues[callClass].take(longestMs, signal);
    if (taken !== false) return this.#reported(taken, callClass);
  }

  /** Of each project and class: what was left when tokens were fetched last. Without a fetch for long they are as new. */
  left(): readonly { readonly project: string; readonly callClass: CallClass; readonly ratio: number }[] {
    const now = this.#options.clock.elapsed();
    return [...this.#projects].flatMap(([project, { left }]) =>
      [...left]
        .filter(([, { untilMs }]) => now < untilMs + POLL_KEEP_MS)
        .map(([callClass, { ratio, untilMs }]) => ({ project, callClass, ratio: now < untilMs ? ratio : 1 })),
    );
  }

  async #reported(taken: Promise<boolean>, callClass: CallClass): Promise<void> {
    try {
      if (await taken) this.#options.onShort(callClass, 'waited');
    } catch (error) {
      if (error instanceof UpstreamError && error.kind === 'throttled') this.#options.onShort(callClass, 'refused');
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
    const { untilMs } = this.#project(projectId).pauses[sideOf(callClass)];
    return Math.ceil(Math.max(0, untilMs - this.#options.clock.elapsed()) / 1000) + laterSeconds(callClass);
  }

  async #pause(projectId: string, side: Side, askedSeconds: number | undefined): Promise<void> {
    const { pauses, queues } = this.#project(projectId);
    const pause = nextPause(pauses[side], this.#options.clock.elapsed(), askedSeconds);
    if (pause === undefined) return;
    pauses[side] = pause;
    const held = CALL_CLASSES.filter((callClass) => sideOf(callClass) === side);
    for (const callClass of held) queues[callClass].forgetStock();
    await Promise.all(
      held.map((callClass) => this.#limiters[callClass].block(projectId, pause.seconds + laterSeconds(callClass))),
    );
  }

  #project(projectId: string): ProjectBudget {
    const known = this.#projects.get(projectId);
    if (known !== undefined) return known;
    const left: ProjectBudget['left'] = new Map();
    const queueOf = (callClass: CallClass): TokenQueue => this.#queue(projectId, callClass, left);
    const project: ProjectBudget = {
      left,
      queues: { read: queueOf('read'), write: queueOf('write'), poll: queueOf('poll') },
      pauses: { read: NO_PAUSE, write: NO_PAUSE },
    };
    this.#projects.set(projectId, project);
    return project;
  }

  #queue(projectId: string, callClass: CallClass, left: ProjectBudget['left']): TokenQueue {
    const { rates, replicas, clock, sleep: wait = sleep } = this.#options;
    const limiter = this.#limiters[callClass];
    const tokensOf = ({ consumed, window, msLeft }: Count, count: number, begunAt: number): Tokens => {
      // What is beyond the window's points was counted too, so what was left before is ours.
      const granted = Math.min(count, Math.max(0, window.points - (consumed - count)));
      const ratio = Math.max(0, window.points - consumed) / window.points;
      left.set(callClass, { ratio, untilMs: begunAt + msLeft });
      const keepMs = callClass === 'poll' ? POLL_KEEP_MS : msLeft;
      return { granted, waitMs: granted === count ? 0 : Math.max(1, msLeft), untilMs: begunAt + keepMs };
    };
    return new TokenQueue({
      ...queueShapeOf(callClass, windowOf(callClass, rates[callClass]), replicas),
      clock,
      sleep: wait,
      fetch: (count) => {
        const begunAt = clock.elapsed();
        const counted = limiter.consume(projectId, count);
        return counted instanceof Promise
          ? counted.then((later) => tokensOf(later, count, begunAt))
          : tokensOf(counted, count, begunAt);
      },
    });
  }
}
