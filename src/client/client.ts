/**
 * The status feed in programs: subscriptions that outlive their connections. For browsers and Node.js, over the client
 * of graphql-ws. docs/guides/subscriptions.md has examples.
 */
import { type Client, type ClientOptions, createClient } from 'graphql-ws/client';
import { WATCH_CONNECTIONS, WATCH_ENDPOINT, WATCH_PROJECT, WATCH_SERVICE } from './documents.ts';
import { FeedError } from './failure.ts';
import type {
  WatchConnectionsSubscription,
  WatchConnectionsSubscriptionVariables,
  WatchEndpointSubscription,
  WatchEndpointSubscriptionVariables,
  WatchProjectSubscription,
  WatchProjectSubscriptionVariables,
  WatchServiceSubscription,
  WatchServiceSubscriptionVariables,
} from './generated/feed.ts';
import { eventOf, type Payload, type ResultSink, type ResumeOptions, resume, type Subscriber } from './resume.ts';

/** One event of `watchEndpoint` and `watchProject`. */
export type EndpointEvent = WatchEndpointSubscription['endpointStatus'];

/** A document as text, or as the typed text that graphql-codegen writes with `documentMode: string`. */
export interface SubscriptionDocument<Data, Variables> {
  toString(): string;
  readonly __apiType?: (variables: Variables) => Data;
}

export interface WatchRequest<Data, Variables> {
  /** A subscription that declares `$after: String`, hands it to its field, and selects `cursor` (and `more`). */
  readonly query: SubscriptionDocument<Data, Variables>;
  readonly variables?: Variables;
}

export interface WatchOptions extends ResumeOptions {
  /**
   * How many events may wait for a slow consumer; 1000 by default. Beyond it the subscription is stopped, and resumed at
   * its cursor once all of them are read. Only a SNAPSHOT or RESYNC set can be larger.
   */
  readonly buffer?: number;
}

const PING_MS = 10_000;

/**
 * A client of graphql-ws that detects dead connections (no pong within `keepAlive`, 10 s by default). The functions below
 * decide when it reconnects.
 * @throws TypeError when `url` is not the address of a WebSocket (`ws:`, `wss:`, or the same as `http:`, `https:`).
 */
export function connect(options: Omit<ClientOptions, 'retryAttempts' | 'retryWait' | 'shouldRetry'>): Client {
  const { url, keepAlive = PING_MS } = options;
  const address = typeof url === 'string' ? url.replace(/^http/, 'ws') : url;
  if (typeof address === 'string' && !/^wss?:\/\/[^/]/.test(address)) {
    throw new TypeError(`url must be like ws://host:port/graphql; it is ${address}`);
  }
  const client = createClient({ ...options, keepAlive, url: address, retryAttempts: 0 });
  let unanswered: ReturnType<typeof setTimeout> | undefined;
  client.on('ping', (received) => {
    if (!received) unanswered = setTimeout(client.terminate, keepAlive);
  });
  for (const event of ['pong', 'closed'] as const) client.on(event, () => clearTimeout(unanswered));
  return client;
}

const RESUMABLE = /\$after\b/;

/**
 * The events of any subscription to the status feed, each once, over all interruptions. The first `next()` subscribes;
 * `return()` (or leaving the loop) unsubscribes at once. Ends when the gateway completes the feed.
 * @throws TypeError for a document that cannot be resumed; from `next()`: FeedError when a retry cannot help.
 */
export function watch<Data, Variables>(
  client: Subscriber,
  request: WatchRequest<Data, Variables>,
  options: WatchOptions = {},
): AsyncIterableIterator<Data[keyof Data]> {
  const query = request.query.toString();
  if (!RESUMABLE.test(query) || !/\bcursor\b/.test(query)) {
    throw new TypeError('the subscription must declare $after, pass it to its field as `after`, and select `cursor`');
  }
  const payload = { query, variables: (request.variables ?? {}) as Record<string, unknown> };
  type Item = Data[keyof Data];
  const items: Item[] = [];
  const waiting: ((result: IteratorResult<Item> | Promise<never>) => void)[] = [];
  let running = false;
  /** What `next()` gives once all items are read: an error once, then the end. */
  let end: (() => IteratorResult<Item> | Promise<never>) | undefined;

  const done = (): IteratorResult<Item> => ({ done: true, value: undefined });
  const pause = (): void => {
    running = false;
    subscription.stop();
  };
  const finish = (how: typeof end): void => {
    end = how;
    serve();
  };
  const subscription = resume(
    client,
    payload,
    {
      next(result) {
        if (result.errors) options.onTrouble?.(result.errors);
        items.push(eventOf(result) as Item);
        serve();
        if (items.length >= (options.buffer ?? 1_000)) pause();
      },
      error: (cause) => finish(() => Promise.reject(new FeedError(cause))),
      complete: () => finish(done),
    },
    options,
  );

  function serve(): void {
    while (waiting.length > 0) {
      if (items.length > 0) {
        waiting.shift()?.({ done: false, value: items.shift() as Item });
      } else if (end) {
        waiting.shift()?.(end());
        end = done;
      } else {
        if (!running) {
          running = true;
          subscription.start();
        }
        return;
      }
    }
  }

  // By hand: the `return()` of an async generator takes effect only at its next event.
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        serve();
      }),
    async return() {
      items.length = 0;
      pause();
      finish(done);
      return done();
    },
  };
}

/** One endpoint, until it is settled or (by default) deleted. See `watch`. */
export function watchEndpoint(
  client: Subscriber,
  variables: WatchEndpointSubscriptionVariables,
  options?: WatchOptions,
): AsyncIterableIterator<EndpointEvent> {
  return watch<WatchEndpointSubscription, WatchEndpointSubscriptionVariables>(
    client,
    { query: WATCH_ENDPOINT, variables },
    options,
  );
}

/** The endpoints of a project, or up to 100 of them, without end. Null: there is none. See `watch`. */
export function watchProject(
  client: Subscriber,
  variables: WatchProjectSubscriptionVariables = {},
  options?: WatchOptions,
): AsyncIterableIterator<EndpointEvent | null> {
  return watch<WatchProjectSubscription, WatchProjectSubscriptionVariables>(
    client,
    { query: WATCH_PROJECT, variables },
    options,
  );
}

/** One event of `watchService`. */
export type ServiceEvent = WatchServiceSubscription['endpointServiceStatus'];

/** One own endpoint service, until it is settled or (by default) deleted. See `watch`. */
export function watchService(
  client: Subscriber,
  variables: WatchServiceSubscriptionVariables,
  options?: WatchOptions,
): AsyncIterableIterator<ServiceEvent> {
  return watch<WatchServiceSubscription, WatchServiceSubscriptionVariables>(
    client,
    { query: WATCH_SERVICE, variables },
    options,
  );
}

/** One event of `watchConnections`. */
export type ConnectionEvent = NonNullable<WatchConnectionsSubscription['serviceConnectionStatus']>;

/** Who connects to an own endpoint service, without end. Null: there is no connection. See `watch`. */
export function watchConnections(
  client: Subscriber,
  variables: WatchConnectionsSubscriptionVariables,
  options?: WatchOptions,
): AsyncIterableIterator<ConnectionEvent | null> {
  return watch<WatchConnectionsSubscription, WatchConnectionsSubscriptionVariables>(
    client,
    { query: WATCH_CONNECTIONS, variables },
    options,
  );
}

/**
 * The same client for libraries that take one of graphql-ws (Apollo's `GraphQLWsLink`, urql's `subscriptionExchange`),
 * or the client of graphql-sse: its `subscribe` resumes what declares `$after` as `watch` does, and passes everything else through.
 */
export function resumable<Kind extends Subscriber>(client: Kind, options: ResumeOptions = {}): Kind {
  return {
    ...client,
    subscribe(payload: Payload, sink: ResultSink) {
      if (!RESUMABLE.test(payload.query)) return client.subscribe(payload, sink);
      const { start, stop } = resume(client, payload, sink, options);
      start();
      return stop;
    },
  };
}

export { FeedError };
