import { isFatal } from './failure.ts';

export interface Result {
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors?: readonly unknown[] | undefined;
}

export interface ResultSink {
  next(result: Result): void;
  error(cause: unknown): void;
  complete(): void;
}

export interface Payload {
  readonly query: string;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/** The part of a client that is needed; those of graphql-ws and graphql-sse have it. */
export interface Subscriber {
  subscribe(payload: Payload, sink: ResultSink): () => void;
}

export interface ResumeOptions {
  /** Failures in a row before the feed ends; unlimited by default. */
  readonly retries?: number;
  /**
   * Also retries GraphQL errors without a code. This gateway gives all of its errors a code; a federating gateway in front of
   * it reports a lost connection without one.
   */
  readonly retryUncoded?: boolean;
  /**
   * Called for failures that do not end the feed: a lost connection (close event or error), retryable GraphQL errors,
   * and GraphQL errors of single fields of an event.
   */
  readonly onTrouble?: (cause: unknown) => void;
}

export interface Resumable {
  /** Begins, or continues behind the last event that was passed on. */
  start(): void;
  stop(): void;
}

const FIRST_MS = 1_000;
/** The longest wait. An attempt that lasted longer resets the failure count. */
const LONGEST_MS = 30_000;

interface Wait {
  readonly starts: Set<() => void>;
  end(): void;
}

/** Browsers have it, Node.js does not. */
interface OnlineTarget {
  addEventListener?(type: 'online', listener: () => void): void;
  removeEventListener?(type: 'online', listener: () => void): void;
}

/** Subscriptions of one client share its socket, so they share one wait: a hundred of them make one attempt. */
const waits = new WeakMap<object, Wait>();

/** Full jitter, doubling from one second up to half a minute. */
function beginWait(client: object, failures: number): Wait {
  const target = globalThis as OnlineTarget;
  const starts = new Set<() => void>();
  const end = (): void => {
    waits.delete(client);
    clearTimeout(timer);
    target.removeEventListener?.('online', go);
  };
  const go = (): void => {
    end();
    for (const start of starts) start();
  };
  const timer = setTimeout(go, Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures));
  target.addEventListener?.('online', go);
  const wait = { starts, end };
  waits.set(client, wait);
  return wait;
}

/** Calls `start` once, after the client's current wait or a new one. @returns cancels it */
function startLater(client: object, failures: number, start: () => void): () => void {
  const { starts, end } = waits.get(client) ?? beginWait(client, failures);
  starts.add(start);
  return () => {
    if (starts.delete(start) && starts.size === 0) end();
  };
}

/** A subscription has one field, under any name. */
export function eventOf(result: Result): unknown {
  return Object.values(result.data ?? {})[0];
}

/**
 * One subscription over any number of connections. Each attempt continues behind the last event that was passed on, so
 * no event is lost or repeated. A SNAPSHOT or RESYNC set is passed on once it is complete, and else requested anew.
 */
export function resume(
  client: Subscriber,
  payload: Payload,
  sink: ResultSink,
  { retries = Number.POSITIVE_INFINITY, retryUncoded, onTrouble }: ResumeOptions,
): Resumable {
  let cursor = payload.variables?.after;
  /** The set so far. */
  let held: Result[] = [];
  let failures = 0;
  /** Results of any other attempt are ignored. */
  let current = 0;
  /** Cancels the running attempt, or the wait for the next one. */
  let leave: (() => void) | undefined;
  /** A message is being handled; the next one may follow before any microtask. */
  let isReading = false;

  function stop(): void {
    current++;
    // graphql-ws, told between an error and its `complete`, would count the subscription out twice, and close the socket of all.
    if (isReading && leave) queueMicrotask(leave);
    else leave?.();
    leave = undefined;
  }

  function start(): void {
    const attempt = ++current;
    const startedAt = Date.now();

    function fail(cause: unknown): void {
      // Also after an error: graphql-ws keeps its socket until the subscription is disposed of.
      stop();
      if (Date.now() - startedAt > LONGEST_MS) failures = 0;
      if (isFatal(cause, retryUncoded) || failures >= retries) {
        sink.error(cause);
      } else {
        leave = startLater(client, failures++, start);
        onTrouble?.(cause);
      }
    }

    const variables = {
      ...payload.variables,
      // A getter: a client that reconnects by itself serializes the same payload again.
      get after() {
        held = [];
        return cursor;
      },
    };
    function read(result: Result): void {
      if (result.errors && eventOf(result) == null) {
        // The cursor stays before the event that could not be executed.
        fail(result.errors);
        return;
      }
      failures = 0;
      held.push(result);
      const event = Object(eventOf(result)) as { readonly cursor?: string; readonly more?: boolean };
      if (event.more) return;
      // An empty set has no event, and so no cursor.
      cursor = event.cursor ?? cursor;
      for (const complete of held.splice(0)) sink.next(complete);
    }

    const left = client.subscribe(
      { ...payload, variables },
      {
        next(result) {
          if (attempt !== current) return;
          isReading = true;
          try {
            read(result);
          } finally {
            isReading = false;
          }
        },
        error(cause) {
          if (attempt === current) fail(cause);
        },
        complete() {
          if (attempt !== current) return;
          stop();
          sink.complete();
        },
      },
    );
    if (attempt === current) leave = left;
    else left();
  }

  return { start, stop };
}
