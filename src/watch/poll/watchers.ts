import type { Interest } from '../../events/event-log.ts';
import { MAX_SINGLE_READS } from '../../events/retention.ts';
import { linger } from './linger.ts';
import type { PollCredentials } from './poll-credentials.ts';
import { Watcher, type WatcherDeps } from './watcher.ts';

/** What one subscriber wants watched. */
export type Want = { readonly endpointIds: readonly string[] } | 'project';

export interface WatchersOptions extends WatcherDeps {
  /** Milliseconds for which a project stays watched after its last subscriber, while something there is not settled. */
  readonly lingerMs?: number;
  /** Which projects this replica can poll; left out: all. */
  readonly credentials?: Pick<PollCredentials, 'canPoll' | 'onChange'>;
}

const LINGER_MS = 300_000;

interface Watched {
  readonly watcher: Watcher;
  readonly wants: WantCount;
  interest: Interest | null;
  /** Ends the time after the last subscriber. */
  stopLinger: (() => void) | undefined;
}

/** Which projects this replica wants polled, and which endpoints of them. */
export class Watchers {
  readonly #options: WatchersOptions;
  readonly #projects = new Map<string, Watched>();
  readonly #stopListening: (() => void) | undefined;
  #closed = false;

  constructor(options: WatchersOptions) {
    this.#options = options;
    this.#stopListening = options.credentials?.onChange((projectId) => this.#reconsider(projectId));
  }

  /** The returned function takes the want back. After the last one the project lingers. */
  want(projectId: string, want: Want): () => void {
    if (this.#closed) return () => {};
    const watched = this.#watched(projectId);
    watched.wants.add(want, 1);
    watched.stopLinger?.();
    watched.stopLinger = undefined;
    const before = watched.interest;
    watched.interest = watched.wants.interest();
    // New endpoints are polled now, not at the slow poll interval of those that were watched before.
    this.#poll(projectId, watched, !covers(before, watched.interest));
    let given = true;
    return () => {
      if (!given) return;
      given = false;
      watched.wants.add(want, -1);
      this.#release(projectId, watched, want);
    };
  }

  /** A call through the gateway may have changed something: poll now. */
  wake(projectId: string): void {
    const watched = this.#projects.get(projectId);
    if (watched?.interest != null && this.#canPoll(projectId)) {
      watched.watcher.want(watched.interest, true);
      return;
    }
    const { log, replica, logger } = this.#options;
    log.lease(projectId, { replica, interest: null, wake: true }).catch((error: unknown) => {
      logger.debug({ project: projectId, reason: String(error) }, 'other replicas could not be woken');
    });
  }

  /** Projects with subscribers on this replica, and those that linger. */
  projectIds(): Iterable<string> {
    return this.#projects.keys();
  }

  isWatched(projectId: string): boolean {
    return this.#projects.has(projectId);
  }

  held(): { readonly projects: number; readonly wants: number; readonly lingering: number; readonly polling: number } {
    let [wants, lingering, polling] = [0, 0, 0];
    for (const watched of this.#projects.values()) {
      wants += watched.wants.total;
      if (watched.stopLinger !== undefined) lingering++;
      if (watched.watcher.polls) polling++;
    }
    return { projects: this.#projects.size, wants, lingering, polling };
  }

  /** Gives every lease back, so that other replicas take over at once. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening?.();
    const all = [...this.#projects.values()];
    this.#projects.clear();
    for (const watched of all) {
      watched.stopLinger?.();
      watched.interest = null;
      watched.watcher.want(null, false);
    }
    await Promise.all(all.map((watched) => watched.watcher.ended()));
  }

  #watched(projectId: string): Watched {
    const known = this.#projects.get(projectId);
    if (known !== undefined) return known;
    const watched: Watched = {
      watcher: new Watcher(this.#options, projectId),
      wants: new WantCount(),
      interest: null,
      stopLinger: undefined,
    };
    this.#projects.set(projectId, watched);
    return watched;
  }

  #canPoll(projectId: string): boolean {
    return this.#options.credentials?.canPoll(projectId) ?? true;
  }

  /** Without credentials the lease is left to other replicas: to hold it would keep them from polling. */
  #poll(projectId: string, { watcher, interest }: Watched, wake: boolean): void {
    const canPoll = this.#canPoll(projectId);
    if (canPoll) watcher.want(interest, wake);
    else if (watcher.active) watcher.want(null, false);
  }

  #reconsider(projectId: string): void {
    const watched = this.#projects.get(projectId);
    if (watched !== undefined && watched.interest !== null) this.#poll(projectId, watched, true);
  }

  #release(projectId: string, watched: Watched, last: Want): void {
    if (this.#projects.get(projectId) !== watched) return;
    if (watched.wants.total > 0) {
      watched.interest = watched.wants.interest();
      this.#poll(projectId, watched, false);
      return;
    }
    const { log, logger, lingerMs: maxMs = LINGER_MS } = this.#options;
    watched.stopLinger = linger({
      log,
      logger,
      projectId,
      endpointIds: last === 'project' ? undefined : last.endpointIds,
      maxMs,
      onEnd: () => void this.#end(projectId, watched),
    });
  }

  async #end(projectId: string, watched: Watched): Promise<void> {
    watched.stopLinger = undefined;
    watched.interest = null;
    watched.watcher.want(null, false);
    await watched.watcher.ended();
    // A new subscriber may have come meanwhile.
    if (watched.wants.total === 0 && this.#projects.get(projectId) === watched) this.#projects.delete(projectId);
  }
}

function covers(before: Interest | null, after: Interest): boolean {
  if (before === null) return false;
  if (before === 'project') return true;
  return after !== 'project' && after.every((id) => before.includes(id));
}

/** Counts instead of a list: ten thousand subscribers of one endpoint cost one entry. */
class WantCount {
  readonly #byEndpoint = new Map<string, number>();
  #whole = 0;
  total = 0;

  add(want: Want, by: 1 | -1): void {
    this.total += by;
    if (want === 'project') {
      this.#whole += by;
      return;
    }
    for (const id of want.endpointIds) {
      const count = (this.#byEndpoint.get(id) ?? 0) + by;
      if (count === 0) this.#byEndpoint.delete(id);
      else this.#byEndpoint.set(id, count);
    }
  }

  interest(): Interest {
    if (this.#whole > 0 || this.#byEndpoint.size > MAX_SINGLE_READS) return 'project';
    return [...this.#byEndpoint.keys()].sort();
  }
}
