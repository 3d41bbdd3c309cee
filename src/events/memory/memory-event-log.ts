import { randomBytes } from 'node:crypto';
import type { Tracing } from '../../observability/tracing.ts';
import {
  type CommitRequest,
  type CommitResult,
  DELETED,
  type Entry,
  type EntryPage,
  type EventLog,
  firstOfEach,
  type LeaseRequest,
  type LeaseResult,
  type Notification,
  type Observation,
  type Position,
  type StateView,
  type StoredState,
  type Transition,
} from '../event-log.ts';
import { ENTRIES_PER_RESOURCE, MAX_MISSING, MAX_UNLISTED_STATES, MIN_ENTRIES, RETENTION_MS } from '../retention.ts';
import { endPoll, type LeaseState, noLease, renewPoll, takeLease } from './lease.ts';

/** Fields stay in the observation until the log is read: of most new resources they never are. */
interface Source {
  readonly source: Pick<Observation, 'fields'>;
}
type KeptState = Omit<StoredState, 'fields'> & Source;
type KeptEntry = Omit<Entry, 'fields'> & Source;

function withFields<Kept extends Source>({
  source,
  ...rest
}: Kept): Omit<Kept, 'source'> & Pick<Observation, 'fields'> {
  return { ...rest, fields: source.fields };
}

/** One log. The same rules in Lua: events/redis/commit-script.ts. A contract suite and a random comparison hold both. */
class MemoryLog {
  readonly states = new Map<string, KeptState>();
  #entries: KeptEntry[] = [];
  #seq = 0;
  #baseline = false;
  /** Resources in the state that are not deleted. */
  #alive = 0;
  /** States that the last full list left. */
  #listed = 0;
  readonly #epoch: string;

  constructor(epoch: string) {
    this.#epoch = epoch;
  }

  get position(): Position {
    return { epoch: this.#epoch, seq: this.#seq };
  }

  get baseline(): boolean {
    return this.#baseline;
  }

  commit(request: CommitRequest, now: number): CommitResult {
    const before = this.position;
    const transitions: Transition[] = [];
    for (const row of firstOfEach(request.observations)) {
      const transition = this.#observe(row, request, now);
      if (transition !== undefined) transitions.push(transition);
    }
    const missing = request.sweep === true ? this.#afterSweep(request.asOf, now) : [];
    this.#trim();
    return { before, after: this.position, transitions, missing };
  }

  get isOvergrown(): boolean {
    return this.states.size > this.#listed + MAX_UNLISTED_STATES;
  }

  entriesAfter(seq: number, limit: number): readonly Entry[] {
    const first = this.#entries[0]?.seq ?? this.#seq + 1;
    const from = Math.max(0, seq + 1 - first);
    return this.#entries.slice(from, from + limit).map(withFields);
  }

  history(ids: readonly string[], last: number): readonly Entry[] {
    const wanted = new Map(ids.map((id) => [id, last]));
    const found = this.#entries.toReversed().filter(({ id }) => {
      const left = wanted.get(id) ?? 0;
      wanted.set(id, left - 1);
      return left > 0;
    });
    return found.toReversed().map(withFields);
  }

  #observe(row: Observation, request: CommitRequest, now: number): Transition | undefined {
    const known = this.states.get(row.id);
    if (known === undefined ? isUnknownDeletion(row, request) : isStale(request.asOf, known.asOf, now))
      return undefined;
    if (known?.status === DELETED && request.source === 'list') return undefined;
    const firstSight = known === undefined;
    const moved = firstSight ? request.firstSight === 'transition' || this.#baseline : known.status !== row.status;
    const version =
      moved || firstSight ? Math.max((known?.version ?? 0) + 1, (request.versionFloor ?? 0) + 1, now) : known.version;
    const source = known === undefined ? row : { fields: { ...known.source.fields, ...row.fields } };
    const seq = moved ? ++this.#seq : (known?.seq ?? 0);
    this.#alive += Number(row.status !== DELETED) - Number(known !== undefined && known.status !== DELETED);
    this.states.set(row.id, {
      id: row.id,
      status: row.status,
      version,
      seq,
      asOf: request.asOf,
      source,
    });
    if (!moved) return undefined;
    const previousStatus = known?.status ?? null;
    this.#entries.push({
      seq,
      id: row.id,
      status: row.status,
      previousStatus,
      version,
      observedAt: now,
      source,
    });
    return { id: row.id, status: row.status, firstSight };
  }

  #afterSweep(asOf: number, now: number): readonly string[] {
    this.#baseline = true;
    const missing: string[] = [];
    for (const state of this.states.values()) {
      if (state.status === DELETED) {
        if (state.asOf < now - RETENTION_MS * 1000) this.states.delete(state.id);
      } else if ((state.asOf < asOf || state.asOf > now) && missing.length < MAX_MISSING) {
        missing.push(state.id);
      }
    }
    this.#listed = this.states.size;
    return missing;
  }

  #trim(): void {
    const keep = Math.max(MIN_ENTRIES, ENTRIES_PER_RESOURCE * this.#alive);
    if (this.#entries.length > keep) this.#entries = this.#entries.slice(-keep);
  }
}

/**
 * True when the answer is not newer than the state. A state from the future was written before the clock stepped back,
 * and must not block the resource until the clock has caught up.
 */
function isStale(asOf: number, known: number, now: number): boolean {
  return asOf <= known && (known <= now || asOf > now);
}

/** The absence of a resource without state is no deletion: it may never have existed. */
function isUnknownDeletion(row: Observation, request: CommitRequest): boolean {
  return row.status === DELETED && request.firstSight === 'afterBaseline';
}

interface Held {
  log: MemoryLog | null;
  touchedAt: number;
  readonly lease: LeaseState;
}

function isExpired({ touchedAt }: Held, now: number): boolean {
  return touchedAt < now - RETENTION_MS * 1000;
}

interface MemoryEventLogOptions {
  /** Microseconds since 1970. */
  readonly now?: () => number;
  /** Commits name the span that they belong to, so that deliveries join its trace. */
  readonly tracing?: Pick<Tracing, 'cause'> | null;
}

/** The event log of a single replica: the same as in Redis, without durability. */
export class MemoryEventLog implements EventLog {
  readonly #logs = new Map<string, Held>();
  readonly #listeners = new Map<string, Set<(notification: Notification) => void>>();
  readonly #now: () => number;
  readonly #tracing: MemoryEventLogOptions['tracing'];

  constructor(options: MemoryEventLogOptions = {}) {
    this.#tracing = options.tracing;
    this.#now = options.now ?? microsecondClock();
  }

  async now(): Promise<number> {
    return this.#now();
  }

  async recently(): Promise<number> {
    return this.#now();
  }

  async commit(name: string, request: CommitRequest): Promise<CommitResult> {
    const held = this.#held(name);
    if (!this.#logs.has(name)) this.#forgetExpired();
    this.#logs.set(name, held);
    if (held.log?.isOvergrown === true) held.log = null;
    return this.#commit(name, held, request, this.#now());
  }

  async lease(name: string, request: LeaseRequest): Promise<LeaseResult> {
    const held = this.#held(name);
    const now = this.#now();
    const done = request.done;
    const ended = done === undefined ? null : endPoll(held.lease, done, now);
    const commits = ended === null ? [] : (done?.commits.map((commit) => this.#commit(name, held, commit, now)) ?? []);
    const { next, notify } = takeLease(held.lease, request, now);
    if (held.lease.interests.size > 0) this.#logs.set(name, held);
    else if (held.log === null) this.#logs.delete(name);
    if (notify !== null) this.#notify(name, { kind: 'lease', ...(notify !== '' && { replica: notify }) });
    return { fenced: done !== undefined && ended === null, woken: ended?.woken ?? false, commits, next };
  }

  async renew(name: string, ticket: number): Promise<boolean> {
    return renewPoll(this.#held(name).lease, ticket, this.#now());
  }

  async state(name: string, ids?: readonly string[]): Promise<StateView> {
    const log = this.#held(name).log;
    if (log === null) return { position: null, baseline: false, states: [] };
    const kept = ids?.flatMap((id) => log.states.get(id) ?? []) ?? [...log.states.values()];
    return { position: log.position, baseline: log.baseline, states: kept.map(withFields) };
  }

  async position(name: string): Promise<Position | null> {
    return this.#held(name).log?.position ?? null;
  }

  async entries(name: string, after: number, limit: number): Promise<EntryPage> {
    const log = this.#held(name).log;
    return { position: log?.position ?? null, entries: log?.entriesAfter(after, limit) ?? [] };
  }

  async history(name: string, ids: readonly string[], last: number): Promise<EntryPage> {
    const log = this.#held(name).log;
    return { position: log?.position ?? null, entries: log?.history(ids, last) ?? [] };
  }

  async listen(name: string, onNotification: (notification: Notification) => void): Promise<() => void> {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    const listener = (notification: Notification): void => onNotification(notification);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(name) === listeners) this.#listeners.delete(name);
    };
  }

  /** How many logs it keeps. */
  get size(): number {
    return this.#logs.size;
  }

  held(): { readonly listeners: number; readonly channels: number; readonly timers: number } {
    let listeners = 0;
    for (const set of this.#listeners.values()) listeners += set.size;
    return { listeners, channels: this.#listeners.size, timers: 0 };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#logs.clear();
  }

  #commit(name: string, held: Held, request: CommitRequest, now: number): CommitResult {
    const log = held.log ?? new MemoryLog(randomBytes(6).toString('hex'));
    const fresh = held.log === null;
    held.log = log;
    held.touchedAt = now;
    const baseline = log.baseline;
    const result = log.commit(request, now);
    if (fresh || baseline !== log.baseline || result.after.seq !== result.before.seq) {
      const cause = this.#tracing?.cause;
      this.#notify(name, { kind: 'moved', position: result.after, ...(cause !== undefined && { cause }) });
    }
    return result;
  }

  /** Not kept yet when it is new: names that are only asked for, such as of services that do not exist, leave nothing. */
  #held(name: string): Held {
    const held = this.#logs.get(name);
    if (held === undefined) return { log: null, touchedAt: this.#now(), lease: noLease() };
    if (held.log !== null && isExpired(held, this.#now())) held.log = null;
    return held;
  }

  /** Services come and go: their logs are not used again once these are gone. */
  #forgetExpired(): void {
    const now = this.#now();
    for (const [name, held] of this.#logs) {
      if (isExpired(held, now) && held.lease.interests.size === 0) this.#logs.delete(name);
    }
  }

  #notify(name: string, notification: Notification): void {
    const listeners = this.#listeners.get(name);
    if (listeners === undefined) return;
    // Not within the commit: a listener must not run before the committer has its promise.
    queueMicrotask(() => {
      for (const listener of [...listeners]) if (listeners.has(listener)) listener(notification);
    });
  }
}

/** Strictly increasing: two requests in the same microsecond would otherwise have the same age. */
function microsecondClock(): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Math.floor((performance.timeOrigin + performance.now()) * 1000));
    return last;
  };
}
