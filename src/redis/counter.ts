import { within } from '../shared/clock.ts';
import type { RedisConnections } from './connect.ts';
import { RedisScript } from './script.ts';

export type LimiterStore = Pick<RedisConnections, 'commands' | 'health'>;

/** Both are whole numbers. */
export interface LimiterWindow {
  readonly points: number;
  readonly seconds: number;
}

/** Limits the wait for a Redis that hangs. */
const STORE_TIMEOUT_MS = 500;
const LATE = `no answer within ${STORE_TIMEOUT_MS} ms`;
const PREFIX = 'vpcep-gateway';
/** Milliseconds for which points that nothing waits for are collected, so that many of one name are one command. */
const COLLECT_MS = 20;
/** Names whose windows have ended are dropped when there are so many, and again when there are twice as many as stayed. */
const FIRST_SWEEP = 1_000;

const COUNT = new RedisScript(`
local consumed = redis.call('INCRBY', KEYS[1], ARGV[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  left = tonumber(ARGV[2])
end
return {consumed, left}`);

/** The count of the current window. */
export interface Count {
  /** With the points of this call, also those beyond the limit. */
  readonly consumed: number;
  readonly window: LimiterWindow;
  /** Milliseconds until the window ends. */
  readonly msLeft: number;
  /** Counted for all replicas, or for this one only. */
  readonly isShared: boolean;
}

export interface LimiterOptions {
  /** Null: this process is the only one. */
  readonly store: LimiterStore | null;
  readonly window: LimiterWindow;
  /** The share of this replica, used while the store is unavailable. */
  readonly localWindow: LimiterWindow;
  /** The key of a name in Redis, computed once for as long as the name is in use. */
  readonly keyOf: (name: string) => string;
  /**
   * Points of one name that may be counted here before Redis confirms them; the fewer, the less of the limit is left. It is
   * what each replica can let through beyond the limit. 0 by default: every call waits for Redis.
   */
  readonly lead?: number;
}

/** A window in which points are counted, by the monotonic clock. */
class Span {
  consumed = 0;
  endsAt = Number.NEGATIVE_INFINITY;

  /** Begins a new window if the last one has ended. */
  enter(now: number, seconds: number): this {
    if (now >= this.endsAt) {
      this.consumed = 0;
      this.endsAt = now + seconds * 1000;
    }
    return this;
  }
}

interface Entry {
  readonly key: string;
  /** Counted by this process while Redis is absent or unavailable. */
  readonly own: Span;
  /** As of the last answer of Redis. */
  readonly shared: Span;
  /** Points that Redis has not confirmed, with those that were not sent yet. */
  unconfirmed: number;
  unsent: number;
}

/** Counts points in fixed windows: in Redis for all replicas, and in this process while Redis is unavailable or absent. */
export class Limiter {
  readonly #options: LimiterOptions;
  readonly #localWindow: LimiterWindow;
  readonly #entries = new Map<string, Entry>();
  readonly #toSend = new Set<Entry>();
  #sweepAt = FIRST_SWEEP;

  constructor(options: LimiterOptions) {
    this.#options = options;
    this.#localWindow = options.store === null ? options.window : options.localWindow;
  }

  /** Counts `points` even beyond the limit. A promise only where Redis must be asked. Never throws or rejects. */
  consume(name: string, points: number): Count | Promise<Count> {
    const { store, window, lead = 0 } = this.#options;
    const now = performance.now();
    const entry = this.#entry(name, now);
    if (store === null || !store.health.available) return this.#countHere(entry, points, now);
    const { consumed, endsAt } = entry.shared.enter(now, window.seconds);
    const mayBeUnconfirmed = lead * (1 - consumed / window.points);
    if (entry.unconfirmed + points > mayBeUnconfirmed) return this.#send(store, entry, points);
    entry.unconfirmed += points;
    entry.unsent += points;
    this.#sendSoon(store, entry);
    return { consumed: consumed + entry.unconfirmed, window, msLeft: endsAt - now, isShared: true };
  }

  /** Returns `points` of the call that gave `count`, within the same window. Never rejects. */
  async giveBack(name: string, points: number, { isShared }: Count): Promise<void> {
    const { store } = this.#options;
    const now = performance.now();
    const entry = this.#entry(name, now);
    if (store !== null && isShared) await this.#send(store, entry, -points);
    else this.#countHere(entry, -points, now);
  }

  /** Refuses all points for so many whole seconds, at least 1. Never rejects. */
  async block(name: string, seconds: number): Promise<void> {
    const { store, window } = this.#options;
    const now = performance.now();
    const { key, own } = this.#entry(name, now);
    // Here as well, in case Redis becomes unavailable.
    own.consumed = this.#localWindow.points;
    own.endsAt = now + seconds * 1000;
    if (store !== null) await ask(store, () => store.commands.set(key, window.points, 'PX', seconds * 1000));
  }

  #countHere({ own }: Entry, points: number, now: number): Count {
    const window = this.#localWindow;
    own.enter(now, window.seconds).consumed += points;
    return { consumed: own.consumed, window, msLeft: own.endsAt - now, isShared: false };
  }

  /** Counts in Redis `points`, and what was collected before. */
  async #send(store: LimiterStore, entry: Entry, points: number): Promise<Count> {
    const { window } = this.#options;
    const { seconds } = window;
    const sent = points + entry.unsent;
    entry.unsent = 0;
    entry.unconfirmed += points;
    const sentAt = performance.now();
    const answer = await ask(store, () => COUNT.run(store.commands, [entry.key], [sent, seconds * 1000]));
    entry.unconfirmed -= sent;
    if (answer === undefined) return this.#countHere(entry, sent, performance.now());
    const [consumed, msLeft] = answer as readonly [number, number];
    entry.shared.consumed = consumed;
    // Rather too early than too late.
    entry.shared.endsAt = sentAt + msLeft;
    return { consumed, window, msLeft, isShared: true };
  }

  #sendSoon(store: LimiterStore, entry: Entry): void {
    if (this.#toSend.size === 0) {
      const send = (): void => {
        const due = [...this.#toSend];
        this.#toSend.clear();
        for (const each of due) if (each.unsent > 0) void this.#send(store, each, 0);
      };
      setTimeout(send, COLLECT_MS).unref();
    }
    this.#toSend.add(entry);
  }

  #entry(name: string, now: number): Entry {
    const known = this.#entries.get(name);
    if (known !== undefined) return known;
    if (this.#entries.size >= this.#sweepAt) this.#sweep(now);
    const key = `${PREFIX}:${this.#options.keyOf(name)}`;
    const entry: Entry = { key, own: new Span(), shared: new Span(), unconfirmed: 0, unsent: 0 };
    this.#entries.set(name, entry);
    return entry;
  }

  #sweep(now: number): void {
    for (const [name, { own, shared, unconfirmed }] of this.#entries) {
      if (own.endsAt <= now && shared.endsAt <= now && unconfirmed === 0) this.#entries.delete(name);
    }
    this.#sweepAt = Math.max(FIRST_SWEEP, 2 * this.#entries.size);
  }
}

/** Undefined when the store does not answer. */
async function ask<T>({ health }: LimiterStore, question: () => Promise<T>): Promise<T | undefined> {
  if (!health.available) return undefined;
  try {
    return await within(STORE_TIMEOUT_MS, question(), () => new Error(LATE));
  } catch (error) {
    health.failed(error);
    return undefined;
  }
}
