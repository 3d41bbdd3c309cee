import type { Interest } from '../../events/event-log.ts';
import { MAX_SINGLE_READS } from '../../events/retention.ts';
import type { ResourceSet } from '../resource.ts';
import { linger } from './linger.ts';
import type { PollCredentials } from './poll-credentials.ts';
import { Watcher, type WatcherDeps } from './watcher.ts';

export interface WatchersOptions extends WatcherDeps {
  /** Milliseconds for which a set stays watched after its last subscriber, while something there is not settled. */
  readonly lingerMs?: number;
  /** Which projects this replica can poll; left out: all. */
  readonly credentials?: Pick<PollCredentials, 'canPoll' | 'onChange'>;
}

const LINGER_MS = 300_000;

interface Watched {
  readonly set: ResourceSet;
  readonly watcher: Watcher;
  readonly wants: WantCount;
  interest: Interest | null;
  /** Ends the time after the last subscriber. */
  stopLinger: (() => void) | undefined;
}

/** Which sets this replica wants polled, and which resources of them. */
export class Watchers {
  readonly #options: WatchersOptions;
  readonly #sets = new Map<string, Watched>();
  readonly #stopListening: (() => void) | undefined;
  #closed = false;

  constructor(options: WatchersOptions) {
    this.#options = options;
    this.#stopListening = options.credentials?.onChange((projectId) => this.#reconsider(projectId));
  }

  /** The returned function takes the want back. After the last one the set lingers. */
  want(set: ResourceSet, want: Interest): () => void {
    if (this.#closed) return () => {};
    const watched = this.#watched(set);
    watched.wants.add(want, 1);
    watched.stopLinger?.();
    watched.stopLinger = undefined;
    const before = watched.interest;
    watched.interest = watched.wants.interest();
    // New resources are polled now, not at the slow poll interval of those that were watched before.
    this.#poll(watched, !covers(before, watched.interest));
    let given = true;
    return () => {
      if (!given) return;
      given = false;
      watched.wants.add(want, -1);
      this.#release(watched, want);
    };
  }

  /** A call through the gateway may have changed something: poll now. */
  wake({ log: name, projectId }: ResourceSet): void {
    const watched = this.#sets.get(name);
    if (watched?.interest != null && this.#canPoll(projectId)) {
      watched.watcher.want(watched.interest, true);
      return;
    }
    const { log, replica, logger } = this.#options;
    log.lease(name, { replica, interest: null, wake: true }).catch((error: unknown) => {
      logger.debug({ log: name, reason: String(error) }, 'other replicas could not be woken');
    });
  }

  /** Sets with subscribers on this replica, and those that linger. */
  sets(): readonly ResourceSet[] {
    return [...this.#sets.values()].map(({ set }) => set);
  }

  isWatched({ log }: ResourceSet): boolean {
    return this.#sets.has(log);
  }

  held(): { readonly sets: number; readonly wants: number; readonly lingering: number; readonly polling: number } {
    let [wants, lingering, polling] = [0, 0, 0];
    for (const watched of this.#sets.values()) {
      wants += watched.wants.total;
      if (watched.stopLinger !== undefined) lingering++;
      if (watched.watcher.polls) polling++;
    }
    return { sets: this.#sets.size, wants, lingering, polling };
  }

  /** Projects with a set that is watched here, and with one that this replica polls. */
  projects(): { readonly watched: number; readonly led: number } {
    const watched = new Set<string>();
    const led = new Set<string>();
    for (const { set, watcher } of this.#sets.values()) {
      watched.add(set.projectId);
      if (watcher.polls) led.add(set.projectId);
    }
    return { watched: watched.size, led: led.size };
  }

  /** Gives every lease back, so that other replicas take over at once. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening?.();
    const all = [...this.#sets.values()];
    this.#sets.clear();
    for (const watched of all) {
      watched.stopLinger?.();
      watched.interest = null;
      watched.watcher.want(null, false);
    }
    await Promise.all(all.map((watched) => watched.watcher.ended()));
  }

  #watched(set: ResourceSet): Watched {
    const known = this.#sets.get(set.log);
    if (known !== undefined) return known;
    const watched: Watched = {
      set,
      watcher: new Watcher(this.#options, set),
      wants: new WantCount(),
      interest: null,
      stopLinger: undefined,
    };
    this.#sets.set(set.log, watched);
    return watched;
  }

  #canPoll(projectId: string): boolean {
    return this.#options.credentials?.canPoll(projectId) ?? true;
  }

  /** Without credentials the lease is left to other replicas: to hold it would keep them from polling. */
  #poll({ set, watcher, interest }: Watched, wake: boolean): void {
    const canPoll = this.#canPoll(set.projectId);
    if (canPoll) watcher.want(interest, wake);
    else if (watcher.active) watcher.want(null, false);
  }

  #reconsider(projectId: string): void {
    for (const watched of this.#sets.values()) {
      if (watched.set.projectId === projectId && watched.interest !== null) this.#poll(watched, true);
    }
  }

  #release(watched: Watched, last: Interest): void {
    const { set } = watched;
    if (this.#sets.get(set.log) !== watched) return;
    if (watched.wants.total > 0) {
      watched.interest = watched.wants.interest();
      this.#poll(watched, false);
      return;
    }
    const { log, logger, lingerMs: maxMs = LINGER_MS } = this.#options;
    watched.stopLinger = linger({
      log,
      logger,
      set,
      ids: last === 'all' ? undefined : last,
      maxMs,
      onEnd: () => void this.#end(watched),
    });
  }

  async #end(watched: Watched): Promise<void> {
    watched.stopLinger = undefined;
    watched.interest = null;
    watched.watcher.want(null, false);
    await watched.watcher.ended();
    // A new subscriber may have come meanwhile.
    const { log } = watched.set;
    if (watched.wants.total === 0 && this.#sets.get(log) === watched) this.#sets.delete(log);
  }
}

function covers(before: Interest | null, after: Interest): boolean {
  if (before === null) return false;
  if (before === 'all') return true;
  return after !== 'all' && after.every((id) => before.includes(id));
}

/** Counts instead of a list: ten thousand subscribers of one resource cost one entry. */
class WantCount {
  readonly #byId = new Map<string, number>();
  #whole = 0;
  total = 0;

  add(want: Interest, by: 1 | -1): void {
    this.total += by;
    if (want === 'all') {
      this.#whole += by;
      return;
    }
    for (const id of want) {
      const count = (this.#byId.get(id) ?? 0) + by;
      if (count === 0) this.#byId.delete(id);
      else this.#byId.set(id, count);
    }
  }

  interest(): Interest {
    if (this.#whole > 0 || this.#byId.size > MAX_SINGLE_READS) return 'all';
    return [...this.#byId.keys()].sort();
  }
}
