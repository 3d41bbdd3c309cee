/** Sequential writes, where upstream takes one at a time: each has its own outcome. */
import { UpstreamError, type UpstreamErrorKind } from '../../vpcep/errors/upstream-error.ts';
import { type Failure, failureOf } from '../errors/format-error.ts';
import { OutcomeUnknownError } from '../errors/gateway-errors.ts';

/**
 * Marks an upstream call as a write: only there does an unknown outcome forbid a repeat.
 * @throws OutcomeUnknownError with the UpstreamError as its cause.
 */
export async function asWrite<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof UpstreamError && error.outcome === 'unknown') {
      throw new OutcomeUnknownError(error.message, { cause: error });
    }
    throw error;
  }
}

export type ItemOutcome<T> =
  | { readonly done: true; readonly value: T }
  | { readonly done: false; readonly failure: Failure };

/** Failures that are not about the one item: the next would meet the same, and make it worse. */
const STOPPING: ReadonlySet<UpstreamErrorKind> = new Set([
  'auth',
  'token_refused',
  'credential_stopped',
  'throttled',
  'connection',
  'timeout',
  'unavailable',
]);

/**
 * Outcomes in the order of `items`. After a failure of the way to upstream nothing more is sent: the rest is reported as
 * not sent, which is safe to repeat.
 */
export async function writeSequentially<Item, T>(
  items: readonly Item[],
  write: (item: Item) => Promise<T>,
): Promise<readonly ItemOutcome<T>[]> {
  const outcomes: ItemOutcome<T>[] = [];
  let stopped: Failure | undefined;
  for (const item of items) {
    if (stopped !== undefined) {
      outcomes.push({ done: false, failure: notSent(stopped) });
      continue;
    }
    try {
      outcomes.push({ done: true, value: await asWrite(write(item)) });
    } catch (error) {
      const failure = failureOf(error);
      outcomes.push({ done: false, failure });
      if (stops(error)) {
        stopped = failure;
      }
    }
  }
  return outcomes;
}

function stops(error: unknown): boolean {
  const cause = error instanceof OutcomeUnknownError ? error.cause : error;
  return cause instanceof UpstreamError && STOPPING.has(cause.kind);
}

function notSent({ code, message }: Failure): Failure {
  return {
    // That nothing is known is true of the one before, not of these.
    code: code === 'UPSTREAM_OUTCOME_UNKNOWN' ? 'UPSTREAM_UNAVAILABLE' : code,
    message: `Not sent, because the one before it failed: ${message}`,
    retryable: true,
  };
}
