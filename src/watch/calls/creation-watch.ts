import type { Logger } from '../../observability/logger.ts';
import { type EndpointAnswer, isSettled } from '../../vpcep/endpoint/model.ts';
import type { StatusEvent, StatusFeed } from '../watch.ts';

export interface CreationWatchDeps {
  readonly feed: StatusFeed;
  readonly logger: Logger;
  /** False: the gateway has no keys for it, and watches it for subscribers only. */
  readonly canFollow?: (projectId: string) => boolean;
  /** Milliseconds after which an endpoint that still waits for a person is left to its subscribers. */
  readonly maxMs?: number;
}

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

  watch(projectId: string, { id: endpointId, rawStatus }: Pick<EndpointAnswer, 'id' | 'rawStatus'>): void {
    if (isSettled(rawStatus) || this.#deps.canFollow?.(projectId) === false) return;
    this.#follow(projectId, endpointId).catch((error: unknown) => {
      this.#deps.logger.warn(
        { project: projectId, endpoint: endpointId, reason: String(error) },
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

  async #follow(projectId: string, endpointId: string): Promise<void> {
    const events: AsyncIterator<StatusEvent> = await this.#deps.feed.follow({
      projectId,
      scope: { endpointId },
      until: 'SETTLED',
    });
    const stop = (): void => void events.return?.();
    if (this.#closed) return stop();
    this.#running.add(stop);
    const timer = setTimeout(stop, this.#deps.maxMs ?? MAX_MS);
    timer.unref();
    try {
      while ((await events.next()).done !== true);
    } finally {
      clearTimeout(timer);
      this.#running.delete(stop);
    }
  }
}
