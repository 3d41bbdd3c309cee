import type { Observation } from '../../events/event-log.ts';
import type { Logger } from '../../observability/logger.ts';
import { isSettled, type ResourceSet } from '../resource.ts';
import type { StatusEvent, StatusFeed } from '../watch.ts';

export interface CreationWatchDeps {
  readonly feed: StatusFeed;
  readonly logger: Logger;
  /** False: the gateway has no keys for it, and watches it for subscribers only. */
  readonly canFollow: (projectId: string) => boolean;
}

/** After so long, a resource that still waits for a person is left to its subscribers. */
const MAX_MS = 30 * 60_000;

/**
 * Follows what was created through this gateway until it settles, as a subscriber would: so the project is polled, and
 * a later subscriber finds every step in the log.
 */
export class CreationWatch {
  readonly #deps: CreationWatchDeps;
  readonly #running = new Set<() => void>();
  #closed = false;

  constructor(deps: CreationWatchDeps) {
    this.#deps = deps;
  }

  watch(set: ResourceSet, { id, status }: Pick<Observation, 'id' | 'status'>): void {
    if (isSettled(set, status) || !this.#deps.canFollow(set.projectId)) return;
    this.#follow(set, id).catch((error: unknown) => {
      this.#deps.logger.warn(
        { project: set.projectId, kind: set.kind.name, id, reason: String(error) },
        'a creation is not followed',
      );
    });
  }

  get size(): number {
    return this.#running.size;
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#running) stop();
  }

  async #follow(set: ResourceSet, id: string): Promise<void> {
    const events: AsyncIterator<StatusEvent> = await this.#deps.feed.follow({
      set,
      scope: { kind: 'one', id },
      until: 'SETTLED',
    });
    const stop = (): void => void events.return?.();
    if (this.#closed) return stop();
    this.#running.add(stop);
    const timer = setTimeout(stop, MAX_MS);
    timer.unref();
    try {
      while ((await events.next()).done !== true);
    } finally {
      clearTimeout(timer);
      stop();
      this.#running.delete(stop);
    }
  }
}
