import { LONGEST_MS, startLater } from './backoff.ts';
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

/** What is needed of a client: that of graphql-ws has it, and that of graphql-sse. */
export interface Subscriber {
  subscribe(payload: Payload, sink: ResultSink): () => void;
}

export interface ResumeOptions {
  /** How many failures in a row are put up with; without it there is no end to trying. */
  readonly retries?: number;
  /**
   * Told of what does not end the feed: a lost connection (close event or error) or retryable GraphQL errors before
   * trying again, and GraphQL errors of single fields of an event.
   */
  readonly onTrouble?: (cause: unknown) => void;
}

export interface Resumable {
  /** Begins, or goes on behind what was passed on. */
  start(): void;
  /** Lets go of everything at once. */
  stop(): void;
}

/** A subscription has one field, whatever name the document gives it. */
export function eventOf(result: Result): unknown {
  return Object.values(result.data ?? {})[0];
}

/**
 * One subscription over as many connections as it takes. Each attempt goes on behind the last event that was passed on,
 * so nothing is lost and nothing comes twice. The events of a SNAPSHOT or RESYNC set are passed on once the set is
 * complete: of a set that breaks off nothing is seen, and the next attempt brings a whole one.
 */
export function resume(
  client: Subscriber,
  payload: Payload,
  sink: ResultSink,
  { retries = Number.POSITIVE_INFINITY, onTrouble }: ResumeOptions,
): Resumable {
  let cursor = payload.variables?.after;
  /** The set so far. */
  let held: Result[] = [];
  let failures = 0;
  /** What comes from any other attempt is ignored. */
  let current = 0;
  /** Gives up the running attempt, or the wait for the next one. */
  let leave: (() => void) | undefined;

  function stop(): void {
    current++;
    leave?.();
    leave = undefined;
  }

  function start(): void {
    const attempt = ++current;
    const startedAt = Date.now();

    function fail(cause: unknown): void {
      // Also after an error: graphql-ws counts a subscription until it is let go of, and keeps its socket for it.
      stop();
      if (Date.now() - startedAt > LONGEST_MS) failures = 0;
      if (isFatal(cause) || failures >= retries) {
        sink.error(cause);
      } else {
        leave = startLater(client, failures++, start);
        onTrouble?.(cause);
      }
    }

    const variables = {
      ...payload.variables,
      // Read for every attempt: a client that reconnects by itself makes JSON of the same payload again.
      get after() {
        held = [];
        return cursor;
      },
    };
    const left = client.subscribe(
      { ...payload, variables },
      {
        next(result) {
          if (attempt !== current) return;
          if (!result.data && result.errors) {
            // An event that could not be made is still to come: the cursor stays before it.
            fail(result.errors);
            return;
          }
          failures = 0;
          held.push(result);
          const event = Object(eventOf(result)) as { readonly cursor?: string; readonly more?: boolean };
          if (event.more) return;
          cursor = event.cursor;
          for (const complete of held.splice(0)) sink.next(complete);
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
