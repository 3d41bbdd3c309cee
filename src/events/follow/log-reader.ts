import { setImmediate as nextTick } from 'node:timers/promises';
import type { Logger } from '../../observability/logger.ts';
import type { Tracing } from '../../observability/tracing.ts';
import { type LoggedEvent, loggedEvents } from '../cursor.ts';
import type { EventLog, Notification, Position } from '../event-log.ts';

export interface LogListener {
  /**
   * Contiguous events, oldest first, each the same object for all listeners. The reader's `position` is already at the
   * newest of them, and a listener that also reads by itself may have got there first. MUST NOT throw.
   * @returns how many of them it handed on: this decides when the event loop gets a break.
   */
  onEvents(events: readonly LoggedEvent[]): number;
  /** The log's history is another one (new epoch, or entries trimmed before they were read). */
  onReset(): void;
}

const PAGE = 500;
const RETRY_MS = 500;
/** Of one delivery; more are not linked. */
const MOST_CAUSES = 16;
/** Listeners called, and events handed on by them, before other work gets the event loop: some 5 ms. */
const SLICE = 500;

/** Reads one log as it grows, once per replica for all its followers. */
export class LogReader {
  /** Of the log. */
  readonly name: string;
  /** Resolves once it is attached. */
  readonly opened: Promise<void>;
  readonly #options: LogReadersOptions;
  readonly #listeners = new Set<LogListener>();
  #position: Position | null = null;
  #leave: (() => void) | undefined;
  #reading = false;
  #again = false;
  /** What has appended entries that are to be read: number of the last one, `traceparent`. */
  #causes: (readonly [seq: number, cause: string])[] = [];
  #closed = false;
  #retry: NodeJS.Timeout | undefined;
  /** Highest version read: a floor for the commits of this replica. */
  highestVersion = 0;

  constructor(options: LogReadersOptions, name: string) {
    this.#options = options;
    this.name = name;
    this.opened = this.#open();
  }

  /** States read elsewhere raise the floor as well. */
  saw(version: number): void {
    this.highestVersion = Math.max(this.highestVersion, version);
  }

  /** Subscribed to notifications first, then positioned: nothing can fall between the two. */
  async #open(): Promise<void> {
    const leave = await this.#options.log.listen(this.name, (notification) => this.#onNotification(notification));
    if (this.#closed) {
      leave();
      return;
    }
    this.#leave = leave;
    this.#position = await this.#options.log.position(this.name);
  }

  get position(): Position | null {
    return this.#position;
  }

  get size(): number {
    return this.#listeners.size;
  }

  add(listener: LogListener): void {
    this.#listeners.add(listener);
  }

  /** False: it had left already. */
  delete(listener: LogListener): boolean {
    return this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#listeners.clear();
    this.#leave?.();
  }

  /** Reads without a notification: a lost last one has no successor that would reveal the loss. */
  async check(): Promise<void> {
    // The position alone costs Redis a fraction of a read, and nearly always nothing was lost.
    const top = await this.#options.log.position(this.name).catch(() => undefined);
    if (top !== undefined && top?.epoch === this.#position?.epoch && top?.seq === this.#position?.seq) return;
    if (top !== undefined && !this.#reading) this.#options.onGap?.();
    await this.#read();
  }

  #onNotification(notification: Notification): void {
    if (notification.kind === 'lease') return;
    if (
      notification.kind === 'moved' &&
      notification.position.epoch === this.#position?.epoch &&
      notification.position.seq <= this.#position.seq
    )
      return;
    if (notification.kind === 'moved' && notification.cause !== undefined && this.#causes.length < MOST_CAUSES)
      this.#causes.push([notification.position.seq, notification.cause]);
    void this.#read();
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
      // The notification is not repeated, and after a reconnect it often comes before the other connection is back.
      if (!this.#closed) this.#readLater();
      this.#options.logger.debug({ log: this.name, reason: String(error) }, 'the event log could not be read');
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
    const page = await this.#options.log.entries(this.name, last?.seq ?? 0, PAGE);
    if (this.#closed) return;
    if (page.position === null || last === null || page.position.epoch !== last.epoch) {
      if (page.position?.epoch !== last?.epoch) this.#reset(page.position);
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
    await this.#deliver(loggedEvents(this.name, page.entries, last.epoch));
    if (newest.seq < page.position.seq) this.#again = true;
  }

  /** One span for all subscribers of this replica, in the trace of what has caused the events. */
  async #deliver(events: readonly LoggedEvent[]): Promise<void> {
    const causes = this.#causes;
    const { tracing, onDelivered } = this.#options;
    if (!tracing || causes.length === 0) {
      if ((await this.#dispatch(events)) > 0) onDelivered?.(events);
      return;
    }
    const newest = this.#position?.seq ?? 0;
    this.#causes = causes.filter(([seq]) => seq > newest);
    const own = causes.flatMap(([seq, cause]) => (seq <= newest ? cause : []));
    const span = tracing.beginCaused('vpcep.deliver', own);
    const delivered = await span.run(() => this.#dispatch(events));
    span.set({ 'vpcep.log': this.name, 'vpcep.events': events.length, 'vpcep.delivered': delivered });
    span.end();
    if (delivered > 0) onDelivered?.(events);
  }

  /** Resolves when every listener has them: the next page must not overtake this one. @returns how many were handed on. */
  async #dispatch(events: readonly LoggedEvent[]): Promise<number> {
    let delivered = 0;
    let done = 0;
    for (const listener of [...this.#listeners]) {
      // It may have left during a break.
      if (!this.#listeners.has(listener)) continue;
      const handed = listener.onEvents(events);
      delivered += handed;
      done += 1 + handed;
      if (done < SLICE) continue;
      done = 0;
      await nextTick();
    }
    return delivered;
  }

  #reset(position: Position | null): void {
    this.#position = position;
    this.#causes = [];
    for (const listener of [...this.#listeners]) listener.onReset();
  }
}

interface LogReadersOptions {
  readonly log: EventLog;
  readonly logger: Logger;
  readonly tracing?: Tracing | null | undefined;
  /** Events were found without a notification. */
  readonly onGap?: () => void;
  /** Events were handed to all followers that they concern; not called where there is none. */
  readonly onDelivered?: (events: readonly LoggedEvent[]) => void;
  /** Milliseconds between checks for lost notifications. */
  readonly checkMs?: number;
}

const CHECK_MS = 15_000;

/** The log readers of this replica: opened with a log's first follower, closed with its last. */
export class LogReaders {
  readonly #options: LogReadersOptions;
  readonly #readers = new Map<string, LogReader>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LogReadersOptions) {
    this.#options = options;
  }

  /** Resolves once the reader is attached. `leave` releases it. */
  async join(name: string, listener: LogListener): Promise<LogReader> {
    const reader = this.#readers.get(name) ?? this.#open(name);
    reader.add(listener);
    try {
      await reader.opened;
    } catch (error) {
      // The next follower opens one of its own.
      this.#forget(reader);
      this.leave(reader, listener);
      throw error;
    }
    return reader;
  }

  /** Further calls do nothing. */
  leave(reader: LogReader, listener: LogListener): void {
    if (!reader.delete(listener) || reader.size > 0) return;
    reader.close();
    this.#forget(reader);
  }

  /** New versions of this replica are above this; 0 when the log is not followed here. */
  versionFloor(name: string): number {
    return this.#readers.get(name)?.highestVersion ?? 0;
  }

  held(): { readonly readers: number; readonly followers: number; readonly timers: number } {
    let followers = 0;
    for (const reader of this.#readers.values()) followers += reader.size;
    return { readers: this.#readers.size, followers, timers: this.#timer === undefined ? 0 : 1 };
  }

  close(): void {
    for (const reader of this.#readers.values()) reader.close();
    this.#readers.clear();
    this.#manageTimer();
  }

  #open(name: string): LogReader {
    const reader = new LogReader(this.#options, name);
    this.#readers.set(name, reader);
    this.#manageTimer();
    return reader;
  }

  #forget(reader: LogReader): void {
    if (this.#readers.get(reader.name) === reader) this.#readers.delete(reader.name);
    this.#manageTimer();
  }

  #manageTimer(): void {
    if (this.#readers.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else if (this.#timer === undefined) {
      this.#timer = setInterval(() => {
        for (const reader of this.#readers.values()) void reader.check();
      }, this.#options.checkMs ?? CHECK_MS);
      this.#timer.unref();
    }
  }
}
