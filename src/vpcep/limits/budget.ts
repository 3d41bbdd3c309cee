/**
 * Pure: calls per second, as the limiters and lines of the budget need them. Calls of one project and class that wait
 * for their tokens, in the order in which they came. The counters behind the budget: in Redis for all replicas, and
 * in this process while Redis is unavailable. How many calls the gateway makes: for each project and class of calls a
 * budget that all replicas share, and a pause for everybody when upstream throttles
 * (docs/decisions/0011-upstream-budget.md).
 */

import { type Count, Limiter, type LimiterStore, type LimiterWindow } from '../../redis/counter.ts';
import { type Clock, type Sleep, sleep } from '../../shared/clock.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import { CALL_CLASSES, type CallClass } from '../http/request.ts';

/** Calls per second, of one project. */
export type Rates = Readonly<Record<CallClass, number>>;

/** Seconds. More for polls: they fetch many tokens at once, and a whole list is read in one go. */
const LENGTH: Readonly<Record<CallClass, number>> = { read: 1, write: 1, poll: 10 };
/** Tokens that a poller fetches at once, at most, so that it asks the store once for many polls. */
const POLL_BATCH = 100;
/** Milliseconds for which fetched tokens count: longer than it takes to use them up at the slowest pace but one. */
const POLL_KEEP_MS = 30 * 60_000;
/** Milliseconds that a caller waits in line, at most. */
const LONGEST_WAIT_MS = 2_000;

/** Never more than the rate; where that gives no whole call, the window is longer. */
export function windowOf(callClass: CallClass, perSecond: number): LimiterWindow {
  const seconds = LENGTH[callClass];
  const points = Math.floor(perSecond * seconds);
  return points >= 1 ? { points, seconds } : { points: 1, seconds: Math.ceil(1 / perSecond) };
}

interface LineShape {
  /** Tokens to fetch at once, at least. */
  readonly batch: number;
  /** Milliseconds for which tokens that are left over count. */
  readonly keepMs: number;
  /** Calls that may wait: no more than can be served in the longest wait. */
  readonly most: number;
}

export function lineShapeOf(callClass: CallClass, { points, seconds }: LimiterWindow): LineShape {
  if (callClass === 'poll') {
    // They do not wait, they only stand in line while the store is asked.
    return { batch: Math.min(POLL_BATCH, Math.ceil(points / 2)), keepMs: POLL_KEEP_MS, most: 1_000 };
  }
  const windows = 1 + Math.floor(LONGEST_WAIT_MS / (seconds * 1000));
  return { batch: 1, keepMs: seconds * 1000, most: points * windows };
}

export interface Tokens {
  readonly granted: number;
  /** Milliseconds until there may be more; 0 when as many were given as asked for. */
  readonly waitMs: number;
}

interface TokenLineOptions {
  readonly shape: LineShape;
  /** MUST NOT reject. */
  readonly fetch: (count: number) => Promise<Tokens>;
  readonly clock: Clock;
  readonly sleep: Sleep;
}

interface TakeLimits {
  /** Milliseconds that the call can wait. 0: it is served with what can be had now. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface Waiter {
  readonly untilMs: number;
  waited: boolean;
  grant(): void;
  refuse(error: UpstreamError): void;
}

export class TokenLine {
  readonly #options: TokenLineOptions;
  #waiters: Waiter[] = [];
  #stock = 0;
  #stockUntilMs = 0;
  #serving = false;

  constructor(options: TokenLineOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the call may go: true when it had to wait for a token.
   * @throws UpstreamError `throttled` with `retryAfterSeconds`, as soon as it is known that none comes in time;
   * `connection` when `signal` is aborted. `not_sent`, both.
   */
  take({ waitMs, signal }: TakeLimits): Promise<boolean> {
    const { clock, shape } = this.#options;
    if (signal?.aborted === true) return Promise.reject(cancelled());
    if (this.#waiters.length === 0 && this.#stock > 0 && clock.elapsed() < this.#stockUntilMs) {
      this.#stock--;
      return Promise.resolve(false);
    }
    if (this.#waiters.length >= shape.most) return Promise.reject(overBudget(waitMs));
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        signal?.removeEventListener('abort', leave);
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
      };
      const leave = (): void => {
        settle();
        reject(cancelled());
      };
      const waiter: Waiter = {
        untilMs: clock.elapsed() + waitMs,
        waited: false,
        grant: () => {
          settle();
          resolve(waiter.waited);
        },
        refuse: (error) => {
          settle();
          reject(error);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiters.push(waiter);
      void this.#serve();
    });
  }

  /** Tokens that were fetched ahead are worth nothing any more. */
  forgetStock(): void {
    this.#stock = 0;
  }

  async #serve(): Promise<void> {
    if (this.#serving) return;
    this.#serving = true;
    const { clock, fetch, shape, sleep } = this.#options;
    while (this.#waiters.length > 0) {
      const { granted, waitMs } = await fetch(Math.max(this.#waiters.length, shape.batch));
      this.#stock = granted;
      this.#stockUntilMs = clock.elapsed() + shape.keepMs;
      for (const waiter of this.#waiters.slice(0, granted)) {
        this.#stock--;
        waiter.grant();
      }
      if (waitMs === 0) continue;
      const nextMs = clock.elapsed() + waitMs;
      for (const waiter of this.#waiters) {
        waiter.waited = true;
        if (waiter.untilMs < nextMs) waiter.refuse(overBudget(waitMs));
      }
      if (this.#waiters.length > 0) await sleep(waitMs);
    }
    this.#serving = false;
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

interface BudgetLimitersOptions {
  readonly rates: Rates;
  /** Null: this process is the only one, and the whole budget is its own. */
  readonly store: LimiterStore | null;
  /** Into how many parts the budget falls while the store is unavailable. */
  readonly replicas: number;
  readonly clock: Clock;
}

class BudgetLimiters {
  readonly #limiters: ReadonlyMap<CallClass, Limiter>;

  constructor({ rates, store, replicas }: BudgetLimitersOptions) {
    const limiterOf = (callClass: CallClass): Limiter =>
      new Limiter({
        store,
        window: windowOf(callClass, rates[callClass]),
        localWindow: windowOf(callClass, rates[callClass] / replicas),
      });
    this.#limiters = new Map(CALL_CLASSES.map((callClass) => [callClass, limiterOf(callClass)]));
  }

  /** Takes as many as there are, `count` at most. Never rejects. */
  async take(projectId: string, callClass: CallClass, count: number): Promise<Tokens> {
    return tokensOf(await this.#limiter(callClass).consume(keyOf(projectId, callClass), count), count);
  }

  /** Nobody gets any for so many whole seconds, at least 1. Never rejects. */
  async block(projectId: string, callClass: CallClass, seconds: number): Promise<void> {
    await this.#limiter(callClass).block(keyOf(projectId, callClass), seconds);
  }

  #limiter(callClass: CallClass): Limiter {
    const limiter = this.#limiters.get(callClass);
    if (limiter === undefined) throw new Error(`no limiter for ${callClass}`);
    return limiter;
  }
}

/** What is beyond the window's points was counted too, so what was left before is ours. */
function tokensOf({ consumed, window: { points, seconds }, msLeft }: Count, count: number): Tokens {
  const before = consumed - count;
  const granted = Math.min(count, Math.max(0, points - before));
  if (granted === count) return { granted, waitMs: 0 };
  return { granted, waitMs: msLeft > 0 ? msLeft : seconds * 1000 };
}

/** One key for each class; the braces keep those of a project together in a cluster. */
function keyOf(projectId: string, callClass: CallClass): string {
  return `{${projectId}}:budget:${callClass}`;
}

/** Pure: for how long everybody is held back when upstream throttles. Times by the forward-only clock. */

interface Pause {
  /** Whole seconds. */
  readonly seconds: number;
  readonly untilMs: number;
}

/** Upstream documents no `Retry-After` (docs/upstream/NOTES.md, "Throttling"), so this is what mostly counts. */
const FIRST_SECONDS = 1;
const LONGEST_SECONDS = 30;
/** What upstream asks for counts up to here: a misread header must not stop a project for a day. */
const LONGEST_ASKED_SECONDS = 300;

/**
 * The pause after one more throttled call; undefined when the last one covers it: calls that were on their way together
 * are throttled together. One that follows closely on the last is twice as long.
 */
export function nextPause(
  last: Pause | undefined,
  nowMs: number,
  retryAfterSeconds: number | undefined,
): Pause | undefined {
  const seconds = secondsOf(last, nowMs, retryAfterSeconds);
  const untilMs = nowMs + seconds * 1000;
  if (last !== undefined && nowMs < last.untilMs) {
    const isAskedForMore = retryAfterSeconds !== undefined && untilMs > last.untilMs;
    if (!isAskedForMore) return undefined;
  }
  return { seconds, untilMs };
}

function secondsOf(last: Pause | undefined, nowMs: number, retryAfterSeconds: number | undefined): number {
  if (retryAfterSeconds !== undefined)
    return Math.min(LONGEST_ASKED_SECONDS, Math.max(FIRST_SECONDS, retryAfterSeconds));
  if (last === undefined || nowMs >= last.untilMs + last.seconds * 1000) return FIRST_SECONDS;
  return Math.min(LONGEST_SECONDS, Math.max(FIRST_SECONDS, last.seconds * 2));
}

interface UpstreamBudgetOptions extends BudgetLimitersOptions {
  /** A call had to wait for its token, or did not get one. */
  readonly onShort: (callClass: CallClass, what: 'waited' | 'refused') => void;
  readonly sleep?: Sleep;
}

export class UpstreamBudget {
  readonly #options: UpstreamBudgetOptions;
  readonly #limiters: BudgetLimiters;
  readonly #lines = new Map<string, TokenLine>();
  readonly #pauses = new Map<string, Pause>();

  constructor(options: UpstreamBudgetOptions) {
    this.#options = options;
    this.#limiters = new BudgetLimiters(options);
  }

  /**
   * Resolves when one attempt may be made. A caller waits in line, 2 s at most; a poll does not wait.
   * @throws UpstreamError `not_sent`: `throttled` with `retryAfterSeconds`, or `connection` when the caller has gone.
   */
  async take(projectId: string, callClass: CallClass, { waitMs, signal }: TakeLimits): Promise<void> {
    const { onShort } = this.#options;
    const limits = { waitMs: callClass === 'poll' ? 0 : Math.min(waitMs, LONGEST_WAIT_MS), signal };
    try {
      if (await this.#line(projectId, callClass).take(limits)) onShort(callClass, 'waited');
    } catch (error) {
      if (error instanceof UpstreamError && error.kind === 'throttled') onShort(callClass, 'refused');
      throw error;
    }
  }

  /**
   * Upstream has throttled a call: everybody pauses, other replicas from their next call on.
   * @returns the whole seconds after which calls of this class go on.
   */
  async throttled(projectId: string, callClass: CallClass, failure: UpstreamError): Promise<number> {
    const sides: readonly Side[] = isServiceWide(failure) ? ['read', 'write'] : [sideOf(callClass)];
    await Promise.all(sides.map((side) => this.#pause(projectId, side, failure.retryAfterSeconds)));
    const untilMs = this.#pauses.get(nameOf(projectId, sideOf(callClass)))?.untilMs ?? 0;
    return Math.ceil(Math.max(0, untilMs - this.#options.clock.elapsed()) / 1000) + laterSeconds(callClass);
  }

  async #pause(projectId: string, side: Side, retryAfterSeconds: number | undefined): Promise<void> {
    const name = nameOf(projectId, side);
    const pause = nextPause(this.#pauses.get(name), this.#options.clock.elapsed(), retryAfterSeconds);
    if (pause === undefined) return;
    this.#pauses.set(name, pause);
    const held = CALL_CLASSES.filter((callClass) => sideOf(callClass) === side);
    for (const callClass of held) this.#lines.get(nameOf(projectId, callClass))?.forgetStock();
    await Promise.all(
      held.map((callClass) => this.#limiters.block(projectId, callClass, pause.seconds + laterSeconds(callClass))),
    );
  }

  #line(projectId: string, callClass: CallClass): TokenLine {
    const name = nameOf(projectId, callClass);
    let line = this.#lines.get(name);
    if (line === undefined) {
      const { rates, clock } = this.#options;
      line = new TokenLine({
        shape: lineShapeOf(callClass, windowOf(callClass, rates[callClass])),
        fetch: (count) => this.#limiters.take(projectId, callClass, count),
        clock,
        sleep: this.#options.sleep ?? sleep,
      });
      this.#lines.set(name, line);
    }
    return line;
  }
}

/** Upstream's gateway limits each API: a write that is throttled says nothing of reads, but reads and polls are alike. */
type Side = 'read' | 'write';

function sideOf(callClass: CallClass): Side {
  return callClass === 'write' ? 'write' : 'read';
}

/** Users go first when a pause ends. */
function laterSeconds(callClass: CallClass): number {
  return callClass === 'poll' ? 1 : 0;
}

/** `EndPoint.0022` is the service itself: it has had enough of everything. */
function isServiceWide({ code }: UpstreamError): boolean {
  return code?.toLowerCase() === 'endpoint.0022';
}

function nameOf(projectId: string, what: CallClass | Side): string {
  return `${projectId}\n${what}`;
}
