/** A feed that tests push events into. Counts its followers, so that tests can check that all have ended. */
import type { ResourceEvent } from '../../src/events/cursor.ts';
import type { FlowTarget } from '../../src/events/follow/follower.ts';
import type { ResourceSet } from '../../src/watch/resource.ts';
import { endpointsIn } from '../../src/watch/resources/watched-endpoints.ts';
import type { FeedRequest, StatusEvent, StatusFeed, StatusStream } from '../../src/watch/watch.ts';

export function statusEvent(change: Partial<StatusEvent> = {}): StatusEvent {
  return {
    kind: 'SNAPSHOT',
    id: 'ep-1',
    log: endpointsIn('project-1').log,
    rawStatus: 'creating',
    previousRawStatus: null,
    version: 1_700_000_000_000_000,
    cursor: 'cursor-1',
    more: false,
    observedAt: 1_700_000_000_123_456,
    fields: {},
    ...change,
  };
}

type Waiting = { resolve: (result: IteratorResult<StatusEvent>) => void; reject: (error: unknown) => void };

/** One subscriber's iterator; `return()` settles a pending `next()` at once, as the interface demands. */
export class FakeFollower implements StatusStream {
  readonly request: FeedRequest;
  ended = false;
  lastStatus: string | undefined;
  readonly #queue: StatusEvent[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #onEnd: () => void;
  #failure: { readonly error: unknown } | null = null;
  #target: FlowTarget | undefined;

  constructor(request: FeedRequest, onEnd: () => void) {
    this.request = request;
    this.#onEnd = onEnd;
  }

  push(event: StatusEvent): void {
    if (this.#target !== undefined) {
      if (!this.#target.take(event)) this.#interrupt();
      return;
    }
    const waiting = this.#waiting.shift();
    if (waiting === undefined) {
      this.#queue.push(event);
    } else {
      waiting.resolve({ done: false, value: event });
    }
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.#interrupt();
    for (const waiting of this.#waiting.splice(0)) {
      waiting.reject(error);
    }
  }

  next(): Promise<IteratorResult<StatusEvent>> {
    const event = this.#queue.shift();
    if (event !== undefined) {
      return Promise.resolve({ done: false, value: event });
    }
    if (this.#failure !== null) {
      return Promise.reject(this.#failure.error);
    }
    if (this.ended) {
      return Promise.resolve({ done: true, value: undefined });
    }
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async flow(target: FlowTarget): Promise<boolean> {
    if (this.#queue.length > 0 || this.#failure !== null || this.ended) {
      return false;
    }
    this.#target = target;
    return true;
  }

  return(): Promise<IteratorResult<StatusEvent>> {
    if (!this.ended) {
      this.ended = true;
      this.#onEnd();
    }
    this.#interrupt();
    for (const waiting of this.#waiting.splice(0)) {
      waiting.resolve({ done: true, value: undefined });
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #interrupt(): void {
    const target = this.#target;
    this.#target = undefined;
    target?.pulls();
  }
}

export class FakeStatusFeed implements StatusFeed {
  readonly followers: FakeFollower[] = [];
  readonly histories: { readonly projectId: string; readonly ids: readonly string[]; readonly last: number }[] = [];
  transitions: readonly StatusEvent[] = [];
  #failure: unknown;
  readonly #arrived: ((follower: FakeFollower) => void)[] = [];
  readonly #ended: (() => void)[] = [];

  failNext(error: unknown): void {
    this.#failure = error;
  }

  /** Resolves with the next follower. */
  arrival(): Promise<FakeFollower> {
    return new Promise((resolve) => this.#arrived.push(resolve));
  }

  /** Resolves when the next follower has ended. */
  departure(): Promise<void> {
    return new Promise((resolve) => this.#ended.push(resolve));
  }

  async follow(request: FeedRequest): Promise<StatusStream> {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) {
      throw failure;
    }
    const follower = new FakeFollower(request, () => {
      for (const resolve of this.#ended.splice(0)) {
        resolve();
      }
    });
    this.followers.push(follower);
    this.#arrived.shift()?.(follower);
    return follower;
  }

  async history({ projectId }: ResourceSet, ids: readonly string[], last: number): Promise<readonly ResourceEvent[]> {
    this.histories.push({ projectId, ids, last });
    return ids.flatMap((id) => this.transitions.slice(-last).map((event) => ({ ...event, id })));
  }
}
