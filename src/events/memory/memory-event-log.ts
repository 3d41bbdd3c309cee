import { randomBytes } from 'node:crypto';
import type {
  Bell,
  CommitRequest,
  CommitResult,
  EntryPage,
  EventLog,
  Position,
  StateView,
  TurnRequest,
  TurnResult,
} from '../event-log.ts';
import { RETENTION_MS } from '../retention.ts';
import { endPoll, noTurns, renewPoll, type Turns, takeTurn } from './lease.ts';
import { MemoryProject } from './memory-project.ts';

interface Held {
  log: MemoryProject | null;
  touchedAt: number;
  readonly turns: Turns;
}

export interface MemoryEventLogOptions {
  /** Microseconds since 1970. */
  readonly now?: () => number;
}

/** The event log of one machine: what Redis does for many replicas, without durability. */
export class MemoryEventLog implements EventLog {
  readonly #projects = new Map<string, Held>();
  readonly #listeners = new Map<string, Set<(bell: Bell) => void>>();
  readonly #now: () => number;

  constructor(options: MemoryEventLogOptions = {}) {
    this.#now = options.now ?? microsecondClock();
  }

  async now(): Promise<number> {
    return this.#now();
  }

  async commit(project: string, request: CommitRequest): Promise<CommitResult> {
    return this.#commit(project, this.#held(project), request, this.#now());
  }

  async turn(project: string, request: TurnRequest): Promise<TurnResult> {
    const held = this.#held(project);
    const now = this.#now();
    const done = request.done;
    const ended = done === undefined ? null : endPoll(held.turns, done, now);
    const commits =
      ended === null ? [] : (done?.commits.map((commit) => this.#commit(project, held, commit, now)) ?? []);
    const { next, ring } = takeTurn(held.turns, request, now);
    if (ring !== null) this.#ring(project, { kind: 'turn', ...(ring !== '' && { replica: ring }) });
    return { fenced: done !== undefined && ended === null, woken: ended?.woken ?? false, commits, next };
  }

  async renew(project: string, ticket: number): Promise<boolean> {
    return renewPoll(this.#held(project).turns, ticket, this.#now());
  }

  async state(project: string, endpointIds?: readonly string[]): Promise<StateView> {
    const log = this.#held(project).log;
    if (log === null) return { position: null, baseline: false, endpoints: [] };
    const endpoints = endpointIds?.flatMap((id) => log.states.get(id) ?? []) ?? [...log.states.values()];
    return { position: log.position, baseline: log.baseline, endpoints };
  }

  async position(project: string): Promise<Position | null> {
    return this.#held(project).log?.position ?? null;
  }

  async entries(project: string, after: number, limit: number): Promise<EntryPage> {
    const log = this.#held(project).log;
    return { position: log?.position ?? null, entries: log?.entriesAfter(after, limit) ?? [] };
  }

  async history(project: string, endpointIds: readonly string[], last: number): Promise<EntryPage> {
    const log = this.#held(project).log;
    return { position: log?.position ?? null, entries: log?.history(endpointIds, last) ?? [] };
  }

  async listen(project: string, onBell: (bell: Bell) => void): Promise<() => void> {
    const listeners = this.#listeners.get(project) ?? new Set();
    this.#listeners.set(project, listeners);
    const listener = (bell: Bell): void => onBell(bell);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(project) === listeners) this.#listeners.delete(project);
    };
  }

  held(): { readonly listeners: number; readonly channels: number; readonly timers: number } {
    let listeners = 0;
    for (const set of this.#listeners.values()) listeners += set.size;
    return { listeners, channels: this.#listeners.size, timers: 0 };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#projects.clear();
  }

  #commit(project: string, held: Held, request: CommitRequest, now: number): CommitResult {
    const log = held.log ?? new MemoryProject(randomBytes(6).toString('hex'));
    const fresh = held.log === null;
    held.log = log;
    held.touchedAt = now;
    const baseline = log.baseline;
    const result = log.commit(request, now);
    if (fresh || baseline !== log.baseline || result.after.seq !== result.before.seq) {
      this.#ring(project, { kind: 'moved', position: result.after });
    }
    return result;
  }

  #held(project: string): Held {
    const held = this.#projects.get(project);
    if (held === undefined) {
      const made: Held = { log: null, touchedAt: this.#now(), turns: noTurns() };
      this.#projects.set(project, made);
      return made;
    }
    if (held.log !== null && held.touchedAt < this.#now() - RETENTION_MS * 1000) held.log = null;
    return held;
  }

  #ring(project: string, bell: Bell): void {
    // Later, never inside the commit: a listener must not run before the committer has its answer's promise.
    const listeners = this.#listeners.get(project);
    if (listeners === undefined) return;
    queueMicrotask(() => {
      for (const listener of [...listeners]) if (listeners.has(listener)) listener(bell);
    });
  }
}

/** Strictly increasing: two requests in the same microsecond would otherwise look equally old. */
function microsecondClock(): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Math.floor((performance.timeOrigin + performance.now()) * 1000));
    return last;
  };
}
