import { BellPosts } from './bell-posts.ts';
import {
  type Bell,
  type CommitRequest,
  type CommitResult,
  type EntryPage,
  type EventLog,
  EventLogUnavailableError,
  type Position,
  type StateView,
  type TurnRequest,
  type TurnResult,
} from './event-log.ts';
import { LogClock } from './log-clock.ts';
import { OwnLog } from './own-log.ts';
import { Reachability } from './reachability.ts';

export interface DegradableLogOptions {
  /** The log that all replicas share. */
  readonly shared: EventLog;
  /** Rejects while the shared log takes no writes. */
  readonly probe: (project: string) => Promise<unknown>;
  /** Told once per change: this replica is on its own in at least one project, or in none any more. */
  readonly onChange?: (degraded: boolean) => void;
  /** Milliseconds for which the shared log may be away before this replica is on its own. */
  readonly graceMs?: number;
  /** Milliseconds between two attempts to reach it again, on average. */
  readonly probeMs?: number;
}

const GRACE_MS = 5_000;
const PROBE_MS = 1_000;
/** Projects handed over at a time. */
const HAND_OVERS = 8;

/**
 * The shared log, and while that is away a log of this replica's own for each project. One of another epoch, so that
 * followers start over with RESYNC at both changes. On the way back what was seen meanwhile is handed to the shared log
 * before anybody reads there again: docs/decisions/0007-degraded-not-dead.md.
 */
export class DegradableLog implements EventLog {
  readonly #shared: EventLog;
  readonly #onChange: (degraded: boolean) => void;
  readonly #reach: Reachability;
  readonly #posts: BellPosts;
  readonly #clock = new LogClock();
  /** Projects of this replica's own now. While they are handed over the shared log is not away any more. */
  readonly #own = new Map<string, OwnLog>();
  /** Settles when the project is handed over, or when that has failed. Whoever writes waits for it. */
  readonly #handingOver = new Map<string, Promise<void>>();
  #degraded = false;

  constructor({ shared, probe, onChange, graceMs, probeMs }: DegradableLogOptions) {
    this.#shared = shared;
    this.#onChange = onChange ?? (() => {});
    this.#posts = new BellPosts({
      attach: (project, onBell) => this.#onShared(project, (log) => log.listen(project, onBell)),
      isShared: (project) => !this.#reach.away && !this.#own.has(project),
    });
    this.#reach = new Reachability({
      probe,
      graceMs: graceMs ?? GRACE_MS,
      probeMs: probeMs ?? PROBE_MS,
      onAway: () => this.#leave(),
      onBack: () => this.#comeBack(),
    });
  }

  /** Why not everything is as it should be, in plain words; null when it is. */
  get trouble(): string | null {
    if (this.#degraded) return 'Redis cannot be used: this replica polls and delivers on its own';
    return this.#reach.doubtful ? 'Redis did not answer' : null;
  }

  /** The connection was lost: no need to wait for a step that fails. */
  doubt(): void {
    this.#reach.doubt();
  }

  async now(): Promise<number> {
    if (this.#reach.away) return this.#clock.now();
    try {
      const sentAt = this.#clock.own();
      const micros = await this.#onShared(undefined, (log) => log.now());
      this.#clock.learn(micros, sentAt);
      return micros;
    } catch (error) {
      if (this.#reach.away || this.#own.size > 0) return this.#clock.now();
      throw error;
    }
  }

  async commit(project: string, request: CommitRequest): Promise<CommitResult> {
    return await this.#write(project, (log) => log.commit(project, request));
  }

  async turn(project: string, request: TurnRequest): Promise<TurnResult> {
    return await this.#write(project, (log) => log.turn(project, request));
  }

  async renew(project: string, ticket: number): Promise<boolean> {
    return await this.#write(project, (log) => log.renew(project, ticket));
  }

  async census(replica: string, polls: number): Promise<ReadonlyMap<string, number>> {
    if (this.#reach.away) return new Map([[replica, polls]]);
    return await this.#onShared(undefined, (log) => log.census(replica, polls));
  }

  async state(project: string, endpointIds?: readonly string[]): Promise<StateView> {
    return await this.#use(project, (log) => log.state(project, endpointIds));
  }

  async position(project: string): Promise<Position | null> {
    return await this.#use(project, (log) => log.position(project));
  }

  async entries(project: string, after: number, limit: number): Promise<EntryPage> {
    return await this.#use(project, (log) => log.entries(project, after, limit));
  }

  async history(project: string, endpointIds: readonly string[], last: number): Promise<EntryPage> {
    return await this.#use(project, (log) => log.history(project, endpointIds, last));
  }

  async listen(project: string, onBell: (bell: Bell) => void): Promise<() => void> {
    return await this.#posts.add(project, onBell);
  }

  held(): { readonly listeners: number; readonly channels: number; readonly timers: number; readonly own: number } {
    const { channels, timers } = this.#shared.held();
    return { listeners: this.#posts.size, channels, timers: timers + this.#reach.timers, own: this.#own.size };
  }

  async close(): Promise<void> {
    this.#reach.close();
    await this.#shared.close();
  }

  async #use<T>(project: string, step: (log: EventLog) => Promise<T>): Promise<T> {
    const own = this.#ownLog(project);
    return await (own === undefined ? this.#onShared(project, step) : step(own));
  }

  async #onShared<T>(project: string | undefined, step: (log: EventLog) => Promise<T>): Promise<T> {
    try {
      return await step(this.#shared);
    } catch (error) {
      if (error instanceof EventLogUnavailableError) this.#reach.doubt(project);
      throw error;
    }
  }

  /** What is written while its project is handed over would be missing there. */
  async #write<T>(project: string, step: (log: EventLog) => Promise<T>): Promise<T> {
    await this.#handingOver.get(project);
    return await this.#use(project, step);
  }

  #ownLog(project: string): OwnLog | undefined {
    const own = this.#own.get(project);
    if (own !== undefined || !this.#reach.away) return own;
    const made = new OwnLog({ now: this.#clock.now });
    void made.listen(project, (bell) => this.#posts.ring(bell, project));
    this.#own.set(project, made);
    return made;
  }

  #leave(): void {
    this.#note(true);
    this.#posts.ring({ kind: 'check' });
  }

  async #comeBack(): Promise<void> {
    while (this.#own.size > 0) {
      const some = [...this.#own].slice(0, HAND_OVERS);
      // To its end for each of them, also when one has failed: none may be handed over twice at a time.
      const ends = await Promise.allSettled(some.map(([project, own]) => this.#handOver(project, own)));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
    this.#note(false);
  }

  async #handOver(project: string, own: OwnLog): Promise<void> {
    const done = this.#handOverNow(project, own);
    this.#handingOver.set(
      project,
      done.catch(() => {}),
    );
    try {
      await done;
    } finally {
      this.#handingOver.delete(project);
    }
    this.#posts.ring({ kind: 'check' }, project);
  }

  async #handOverNow(project: string, own: OwnLog): Promise<void> {
    // First, so that nothing that others do from now on goes unheard.
    await this.#posts.attachAll(project);
    for (const request of await own.handOver(project)) await this.#shared.commit(project, request);
    this.#own.delete(project);
  }

  #note(degraded: boolean): void {
    if (this.#degraded === degraded) return;
    this.#degraded = degraded;
    this.#onChange(degraded);
  }
}
