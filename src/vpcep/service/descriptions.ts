/** What is known of other tenants' services: asked once a minute at most, and not of too many at once. */

import { LRUCache } from 'lru-cache';
import { withoutUndefined } from '../../shared/objects.ts';
import { isUnreadable } from '../errors/upstream-error.ts';
import type { CallOptions } from '../transport/transport.ts';
import type { DescribeServiceQuery, EndpointServiceDescription } from './model.ts';

export interface ServiceDescriptionsOptions {
  readonly client: {
    describeService(
      projectId: string,
      by: DescribeServiceQuery,
      options: CallOptions,
    ): Promise<EndpointServiceDescription>;
  };
  /** Milliseconds, of any epoch. */
  readonly now: () => number;
}

export interface DescriptionKey extends Pick<CallOptions, 'credential' | 'onCall'> {
  /** The caller's identity: answers are not shared between callers. */
  readonly share: string;
  readonly projectId: string;
  readonly serviceId: string;
}

/** How long an answer is used, milliseconds. */
const FRESH_MS = 60_000;
const MOST_ENTRIES = 2_000;
/** Calls of one project at once. */
const MOST_CALLS = 8;

interface Entry {
  /** Null: it does not exist, or may not be read. */
  readonly answer: Promise<EndpointServiceDescription | null>;
  readonly freshUntil: number;
}

interface Lane {
  running: number;
  readonly waiting: (() => void)[];
}

export class ServiceDescriptions {
  readonly #options: ServiceDescriptionsOptions;
  readonly #entries = new LRUCache<string, Entry>({ max: MOST_ENTRIES });
  readonly #lanes = new Map<string, Lane>();

  constructor(options: ServiceDescriptionsOptions) {
    this.#options = options;
  }

  /**
   * Null when it does not exist or may not be read. The call belongs to all who wait for it, so none of them can end it.
   * @throws UpstreamError for any other failure, which is not kept.
   */
  async read(key: DescriptionKey): Promise<EndpointServiceDescription | null> {
    const name = JSON.stringify([key.share, key.projectId, key.serviceId]);
    const now = this.#options.now();
    const known = this.#entries.get(name);
    const entry = known !== undefined && known.freshUntil > now ? known : this.#ask(key, now);
    if (entry !== known) this.#entries.set(name, entry);
    try {
      return await entry.answer;
    } catch (error) {
      if (this.#entries.peek(name) === entry) this.#entries.delete(name);
      throw error;
    }
  }

  #ask({ projectId, serviceId, credential, onCall }: DescriptionKey, now: number): Entry {
    const options = withoutUndefined({ credential, onCall });
    const call = () => this.#options.client.describeService(projectId, { id: serviceId }, options);
    const answer = this.#inLane(projectId, call).catch((error: unknown) => {
      if (isUnreadable(error)) return null;
      throw error;
    });
    return { answer, freshUntil: now + FRESH_MS };
  }

  async #inLane<T>(projectId: string, call: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(projectId) ?? { running: 0, waiting: [] };
    this.#lanes.set(projectId, lane);
    // A call that ends passes its place on, so that a newcomer cannot overtake the calls that wait.
    if (lane.running >= MOST_CALLS) await new Promise<void>((resolve) => lane.waiting.push(resolve));
    else lane.running += 1;
    try {
      return await call();
    } finally {
      const next = lane.waiting.shift();
      if (next !== undefined) next();
      else if (--lane.running === 0) this.#lanes.delete(projectId);
    }
  }
}
