import type { Logger } from '../../observability/logger.ts';
import type { EventLog } from '../event-log.ts';
import { Tail, type TailListener } from './tail.ts';

export interface TailsOptions {
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
