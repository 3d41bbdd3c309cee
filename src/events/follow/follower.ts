import { type FeedEvent, fromStates, type LoggedEvent, loggedEvents } from '../cursor.ts';
import { DELETED, EventLogUnavailableError } from '../event-log.ts';
import type { LogListener, LogReader } from './log-reader.ts';
import { type FollowDeps, type FollowRequest, freshState, inScope, newestSeq, positionAndState } from './scope.ts';

const FIRST_MS = 1_000;
const MAX_MS = 15_000;

/**
 * Milliseconds before a follower tries again after so many attempts in vain: doubling, with a quarter of jitter either
 * way, because thousands that were lost together must not come back together.
 * @param random 0 to 1
 */
export function retryMs(attempts: number, random: number): number {
  return Math.min(MAX_MS, FIRST_MS * 2 ** attempts) * (0.75 + random / 2);
}

/** Transitions kept for a slow consumer; later ones it reads from the log. */
const MAX_QUEUE = 256;
const PAGE = 200;
/** Makes sure that there is an epoch that can be followed: a new one where Redis has lost writes. */
const NOTHING = { asOf: 0, observations: [], source: 'read', firstSight: 'afterBaseline' } as const;

/** Takes events as they happen, while the follower is live. */
export interface FlowTarget {
  /** @returns false when the next events must be pulled: then `pulls` follows. MUST NOT throw. */
  take(event: FeedEvent): boolean;
  /** The flow has ended: events must be pulled, or the follower is closed. Called once for each flow. */
  pulls(): void;
}

/**
 * Snapshot or catch-up, then live, as one iterator: in order, nothing lost between the parts, memory bounded however
 * slow the consumer. Written by hand because an async generator would hold its listener until the next event.
 */
export class Follower implements AsyncIterableIterator<FeedEvent>, LogListener {
  readonly #deps: FollowDeps;
  readonly #request: FollowRequest;
  #reader: LogReader | undefined;
  #queue: FeedEvent[] = [];
  #epoch = '';
  /** Every entry up to here was queued or did not concern this follower. */
  #seq = 0;
  #status: string | undefined;
  /** `live`: the reader pushes. `behind`: read the log from `#seq` on. `lost`: start over with a RESYNC. */
  #mode: 'starting' | 'live' | 'behind' | 'lost' = 'starting';
  #closed = false;
  /** A state has existed: its absence now is a deletion and not a wrong id. */
  #known = false;
  /** Attempts at a fresh state since the last one that brought it. */
  #attempts = 0;
  #wake: (() => void) | undefined;
  #target: FlowTarget | undefined;

  private constructor(deps: FollowDeps, request: FollowRequest) {
    this.#deps = deps;
    this.#request = request;
  }

  /** Resolves once the first event can be given. @throws what `deps.load` throws, EventLogUnavailableError */
  static async start(deps: FollowDeps, request: FollowRequest): Promise<Follower> {
    const follower = new Follower(deps, request);
    try {
      follower.#reader = await deps.readers.join(request.log, follower);
      if (request.after?.kind === 'after') await follower.#resume(request.after.epoch, request.after.seq);
      else if (request.after === undefined) await follower.#startSet('SNAPSHOT');
      // A mutation during an outage of the log is missing in it, so upstream is read again.
      else await follower.#startSet('RESYNC', 0);
      return follower;
    } catch (error) {
      follower.#close();
      throw error;
    }
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<FeedEvent>> {
    while (!this.#closed) {
      const event = this.#queue.shift();
      if (event !== undefined) {
        this.#status = event.rawStatus;
        return { done: false, value: event };
      }
      await this.#advance();
    }
    return { done: true, value: undefined };
  }

  get lastStatus(): string | undefined {
    return this.#status;
  }

  async return(): Promise<IteratorResult<FeedEvent>> {
    this.#close();
    return { done: true, value: undefined };
  }

  /**
   * Catches up. Resolves with true when `target` gets the events from now on, with nothing kept for each; with false when
   * the next must be pulled, or the follower is closed.
   */
  async flow(target: FlowTarget): Promise<boolean> {
    while (!this.#closed && this.#queue.length === 0) {
      if (this.#mode !== 'live') await this.#advance();
      else if (this.#isOver()) this.#close();
      else {
        this.#target = target;
        return true;
      }
    }
    return false;
  }

  onEvents(events: readonly LoggedEvent[]): number {
    // In any other mode the follower reads by itself, and must not wake from its pause before a retry.
    if (this.#closed || this.#mode !== 'live') return 0;
    if ((events[0]?.seq ?? 0) > this.#seq + 1) this.#mode = 'behind';
    const taken = this.#mode === 'live' ? this.#take(events) : 0;
    if (this.#target === undefined || this.#mode !== 'live') this.#interrupt();
    else if (this.#isOver()) this.#close();
    return taken;
  }

  onReset(): void {
    if (this.#mode === 'starting') return;
    this.#mode = this.#reader?.position?.epoch === this.#epoch ? 'behind' : 'lost';
    this.#interrupt();
  }

  /** One step towards the next event; returns when there may be one. */
  async #advance(): Promise<void> {
    try {
      if (this.#mode === 'lost') return await this.#startSet('RESYNC');
      if (this.#mode === 'behind') return await this.#readPage();
    } catch (error) {
      if (this.#closed) return;
      // The consumer keeps its feed while Redis or the upstream is unavailable, and catches up afterwards.
      const isLogUnavailable = error instanceof EventLogUnavailableError;
      if (!isLogUnavailable) this.#deps.onTrouble(error);
      return await this.#pause(retryMs(isLogUnavailable ? 0 : this.#attempts++, Math.random()));
    }
    if (this.#isOver()) return this.#close();
    await this.#pause();
  }

  async #resume(epoch: string, seq: number): Promise<void> {
    const { scope } = this.#request;
    let view = await positionAndState(this.#deps, this.#request);
    if (scope.kind === 'one' && view.states.length === 0) {
      await this.#deps.load(scope, false);
      view = await positionAndState(this.#deps, this.#request);
    }
    this.#known = view.states.length > 0;
    const { position, baseline, states } = view;
    if (position === null || position.epoch !== epoch || seq > position.seq) return await this.#startSet('RESYNC');
    // Before the baseline, resources come into the state without a transition: a log cannot be followed from there.
    if (scope.kind === 'all' && !baseline) return await this.#startSet('RESYNC');
    const newest = newestSeq(scope, states, position.seq);
    this.#epoch = epoch;
    this.#status = states[0]?.status;
    this.#seq = newest > seq ? seq : position.seq;
    this.#mode = 'behind';
    // Read now, not at the first `next`: the subscription must know whether the history is still there.
    if (newest > seq) await this.#readPage();
  }

  async #startSet(kind: 'SNAPSHOT' | 'RESYNC', maxAgeMs = this.#deps.maxAgeMs): Promise<void> {
    this.#mode = 'starting';
    const isResync = kind === 'RESYNC';
    try {
      const { log, scope } = this.#request;
      // A log that is not there may never be: of the connections of a service that does not exist. So it is read first.
      if (isResync) {
        if ((await this.#deps.log.position(log)) === null) await this.#deps.load(scope, this.#known);
        else await this.#deps.log.commit(log, NOTHING);
      }
      const { position, states: stored } = await freshState(this.#deps, this.#request, this.#known, maxAgeMs);
      if (this.#closed) return;
      if (position === null) throw new EventLogUnavailableError('the last commit is lost');
      this.#known ||= stored.length > 0;
      this.#attempts = 0;
      this.#epoch = position.epoch;
      this.#seq = position.seq;
      const states = stored.filter(({ status }) => scope.kind !== 'all' || status !== DELETED);
      for (const { version } of states) this.#reader?.saw(version);
      this.#queue = fromStates(log, kind, states, position);
      this.#mode = 'behind';
      if (isResync) this.#deps.onResync?.();
    } finally {
      if (this.#mode === 'starting') this.#mode = 'lost';
    }
  }

  async #readPage(): Promise<void> {
    const readerBefore = this.#reader?.position;
    const page = await this.#deps.log.entries(this.#request.log, this.#seq, PAGE);
    if (this.#closed || this.#mode !== 'behind') return;
    const { position, entries } = page;
    const other = position === null || position.epoch !== this.#epoch || position.seq < this.#seq;
    if (other || (position.seq > this.#seq && entries[0]?.seq !== this.#seq + 1)) {
      this.#mode = 'lost';
      return;
    }
    this.#take(loggedEvents(this.#request.log, entries, this.#epoch));
    // Live only if the reader has not passed this point already: what it pushed meanwhile was not taken.
    const reader = this.#reader?.position;
    const passed = reader?.epoch === this.#epoch && reader.seq > this.#seq;
    // A reader that was ahead of the log before this page was read shows that the log has lost writes.
    const logWentBack = readerBefore?.epoch === this.#epoch && readerBefore.seq > position.seq;
    if (logWentBack) void this.#reader?.check();
    if (this.#seq >= position.seq && (!passed || logWentBack)) this.#mode = 'live';
  }

  /** @returns how many were in scope */
  #take(events: readonly LoggedEvent[]): number {
    const target = this.#target;
    let flows = target !== undefined;
    let taken = 0;
    for (const { seq, event } of events) {
      if (this.#closed) break;
      if (seq <= this.#seq) continue;
      if (this.#queue.length >= MAX_QUEUE) {
        this.#mode = 'behind';
        break;
      }
      this.#seq = seq;
      if (!inScope(this.#request.scope, event.id)) continue;
      taken++;
      if (target !== undefined && flows) {
        this.#status = event.rawStatus;
        flows = target.take(event);
      } else this.#queue.push(event);
    }
    if (!flows) this.#interrupt();
    return taken;
  }

  /** Ends a flow and the wait of `next`. */
  #interrupt(): void {
    const target = this.#target;
    this.#target = undefined;
    target?.pulls();
    this.#wake?.();
  }

  #isOver(): boolean {
    return this.#status !== undefined && this.#request.until?.(this.#status) === true;
  }

  /** Until it is woken, or for so many milliseconds, if given. */
  async #pause(ms?: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (ms !== undefined) timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.#wake = undefined;
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue = [];
    if (this.#reader !== undefined) this.#deps.readers.leave(this.#reader, this);
    this.#interrupt();
    this.#deps.onClose?.();
  }
}
