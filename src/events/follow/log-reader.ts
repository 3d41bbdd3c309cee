import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from '../../observability/logger.ts';
import { type LoggedEvent, loggedEvents } from '../cursor.ts';
import type { Bell, EventLog, Position } from '../event-log.ts';

export interface TailListener {
  /**
   * Contiguous entries, oldest first, each the same object for all listeners. The tail's `position` has already moved to
   * the newest of them, and a listener that reads by itself may have got there first. MUST NOT throw.
   * @returns how many of them it handed on: what decides when others get their turn.
   */
  onEvents(events: readonly LoggedEvent[]): number;
  /** The log's history is not the one followed so far (other epoch, or entries trimmed before they were read). */
  onReset(): void;
}

const PAGE = 500;
const RETRY_MS = 500;
/** Listeners told, and items handed on by them, before the event loop goes round: some 5 ms. */
const SLICE = 500;

/** Reads one project's log as it grows, once for this replica, however many follow. */
export class Tail {
  readonly #log: EventLog;
  readonly #project: string;
  readonly #logger: Logger;
  readonly #listeners = new Set<TailListener>();
  #position: Position | null = null;
  #leave: (() => void) | undefined;
  #reading = false;
  #again = false;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;
  /** Highest version read: a floor for what this replica commits. */
  highestVersion = 0;

  constructor(log: EventLog, project: string, logger: Logger) {
    this.#log = log;
    this.#project = project;
    this.#logger = logger;
  }

  /** States read elsewhere raise the floor as well. */
  saw(version: number): void {
    this.highestVersion = Math.max(this.highestVersion, version);
  }

  /** Attached to the bells first, then positioned: nothing can fall between the two. */
  async open(): Promise<void> {
    const leave = await this.#log.listen(this.#project, (bell) => this.#onBell(bell));
    if (this.#closed) {
      leave();
      return;
    }
    this.#leave = leave;
    this.#position = await this.#log.position(this.#project);
  }

  get position(): Position | null {
    return this.#position;
  }

  get size(): number {
    return this.#listeners.size;
  }

  add(listener: TailListener): void {
    this.#listeners.add(listener);
  }

  delete(listener: TailListener): void {
    this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#listeners.clear();
    this.#leave?.();
  }

  /** Looks at the log without having been told to: a lost last bell has no successor that would show the loss. */
  check(): void {
    void this.#look();
  }

  #onBell(bell: Bell): void {
    if (bell.kind === 'turn') return;
    if (
      bell.kind === 'moved' &&
      bell.position.epoch === this.#position?.epoch &&
      bell.position.seq <= this.#position.seq
    )
      return;
    void this.#read();
  }

  /** Nearly always nothing was lost, and the position alone costs Redis a fraction of a read. */
  async #look(): Promise<void> {
    const top = await this.#log.position(this.#project).catch(() => undefined);
    if (top !== undefined && top?.epoch === this.#position?.epoch && top?.seq === this.#position?.seq) return;
    await this.#read();
  }

  async #read(): Promise<void> {
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#again && !this.#closed) {
        this.#again = false;
        await this.#readOnce();
      }
    } catch (error) {
      // Followers keep what they have. The bell that led here rings once: after a reconnect it often rings before the
      // other connection is back.
      if (!this.#closed) this.#readLater();
      this.#logger.debug({ project: this.#project, reason: String(error) }, 'the event log could not be read');
    } finally {
      this.#reading = false;
    }
  }

  #readLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#read(), RETRY_MS);
    this.#retry.unref();
  }

  async #readOnce(): Promise<void> {
    const last = this.#position;
    const page = await this.#log.entries(this.#project, last?.seq ?? 0, PAGE);
    if (this.#closed) return;
    if (page.position === null || last === null || page.position.epoch !== last.epoch) {
      if (page.position?.epoch === last?.epoch) return;
      this.#reset(page.position);
      return;
    }
    const [first] = page.entries;
    const newest = page.entries.at(-1);
    if (first === undefined || newest === undefined) {
      if (page.position.seq !== last.seq) this.#reset(page.position);
      return;
    }
    if (first.seq !== last.seq + 1) {
      this.#reset(page.position);
      return;
    }
    this.#position = { epoch: last.epoch, seq: newest.seq };
    for (const entry of page.entries) this.saw(entry.version);
    await this.#dispatch(loggedEvents(this.#project, page.entries, last.epoch));
    if (newest.seq < page.position.seq) this.#again = true;
  }

  /** Resolves when every listener has been told: the next page must not overtake this one. */
  async #dispatch(events: readonly LoggedEvent[]): Promise<void> {
    let done = 0;
    for (const listener of [...this.#listeners]) {
      // It may have left while others were told.
      if (!this.#listeners.has(listener)) continue;
      done += 1 + listener.onEvents(events);
      if (done < SLICE) continue;
      done = 0;
      await nextTurn();
    }
  }

  #reset(position: Position | null): void {
    this.#position = position;
    for (const listener of [...this.#listeners]) listener.onReset();
  }
}

interface TailsOptions {
  readonly log: EventLog;
  readonly logger: Logger;
  /** Milliseconds between looks at the log that no bell asked for. */
  readonly checkMs?: number;
}

const CHECK_MS = 15_000;

/** The tails of this replica: opened with a project's first follower, closed with its last. */
export class Tails {
  readonly #options: TailsOptions;
  readonly #tails = new Map<string, { readonly tail: Tail; readonly opened: Promise<void>; users: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TailsOptions) {
    this.#options = options;
  }

  /** Resolves once the tail is attached; `leave` gives everything back at once. */
  async join(project: string, listener: TailListener): Promise<{ readonly tail: Tail; leave(): void }> {
    const held = this.#tails.get(project) ?? this.#open(project);
    held.users++;
    held.tail.add(listener);
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      held.tail.delete(listener);
      held.users--;
      if (held.users > 0) return;
      held.tail.close();
      if (this.#tails.get(project) === held) this.#tails.delete(project);
      this.#manageTimer();
    };
    try {
      await held.opened;
    } catch (error) {
      // A tail that could not be opened is of no use to the next follower either.
      if (this.#tails.get(project) === held) this.#tails.delete(project);
      leave();
      throw error;
    }
    return { tail: held.tail, leave };
  }

  /** Versions above this are new for this replica; 0 when the project is not followed here. */
  versionFloor(project: string): number {
    return this.#tails.get(project)?.tail.highestVersion ?? 0;
  }

  isFollowed(project: string): boolean {
    return this.#tails.has(project);
  }

  held(): { readonly tails: number; readonly followers: number; readonly timers: number } {
    let followers = 0;
    for (const { tail } of this.#tails.values()) followers += tail.size;
    return { tails: this.#tails.size, followers, timers: this.#timer === undefined ? 0 : 1 };
  }

  close(): void {
    for (const { tail } of this.#tails.values()) tail.close();
    this.#tails.clear();
    this.#manageTimer();
  }

  #open(project: string): { readonly tail: Tail; readonly opened: Promise<void>; users: number } {
    const tail = new Tail(this.#options.log, project, this.#options.logger);
    const held = { tail, opened: tail.open(), users: 0 };
    this.#tails.set(project, held);
    this.#manageTimer();
    return held;
  }

  #manageTimer(): void {
    if (this.#tails.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else if (this.#timer === undefined) {
      this.#timer = setInterval(() => {
        for (const { tail } of this.#tails.values()) tail.check();
      }, this.#options.checkMs ?? CHECK_MS);
      this.#timer.unref();
    }
  }
}
