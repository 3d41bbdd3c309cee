/** Pure: what an attempt says about the host. */
import type { AttemptResult } from './attempt.ts';
import type { UpstreamError, UpstreamFaultKind } from './errors.ts';
import { ExchangeError } from './exchange.ts';

/** `unclear`: it says nothing, because it was not given the time. */
export type HostVerdict = 'up' | 'down' | 'unclear';

/** Told with a 5xx, but about the request: `EndPoint.0011` and `0012` are 504s for a caller's mistake. */
const ABOUT_THE_HOST: ReadonlySet<UpstreamFaultKind> = new Set(['internal', 'timeout', 'unavailable']);

/** Milliseconds: who gives up sooner has not waited for an answer. */
const FAIR_MS = 1_000;

/** @param givenMs how long the attempt was allowed to take. */
export function verdictOn(result: AttemptResult, givenMs: number): HostVerdict {
  return result.ok ? 'up' : verdictOnFailure(result.error, givenMs);
}

function verdictOnFailure({ status, kind, cause }: UpstreamError, givenMs: number): HostVerdict {
  if (status !== undefined) return status >= 500 && ABOUT_THE_HOST.has(kind) ? 'down' : 'up';
  if (!(cause instanceof ExchangeError)) return 'unclear';
  const isGivenUp = cause.fault === 'timeout' && cause.code === undefined && givenMs < FAIR_MS;
  if (cause.fault === 'cancelled' || isGivenUp) return 'unclear';
  return cause.fault === 'too_large' ? 'up' : 'down';
}
