/** Pure: what an attempt says about the host. */
import type { AttemptResult, UpstreamError, UpstreamFaultKind } from '../errors/upstream-error.ts';
import { ExchangeError } from '../http/exchange.ts';

/** `unclear`: it says nothing, because it was not given the time. */
export type HostVerdict = 'up' | 'down' | 'unclear';

/** Told with a 5xx, but about the request: `EndPoint.0011` and `0012` are 504s for a caller's mistake. */
const ABOUT_THE_HOST: ReadonlySet<UpstreamFaultKind> = new Set(['internal', 'timeout', 'unavailable']);

/** Milliseconds: who gives up sooner has not waited for an answer. */
const FAIR_MS = 1_000;

/** Faults of our own: a closed pool, a header that HTTP does not allow. */
const OWN_FAULT = /UND_ERR_(?:CLOSED|DESTROYED|INVALID_ARG)$/;

/**
 * Whether the host has answered, in whatever way; the error when it could not be reached.
 * @param givenMs how long the attempt was allowed to take.
 */
export function contactIn(result: AttemptResult, givenMs: number): 'answered' | 'unclear' | ExchangeError {
  if (result.ok || result.error.status !== undefined) return 'answered';
  const { cause } = result.error;
  if (!(cause instanceof ExchangeError)) return 'unclear';
  const { fault, code } = cause;
  const isGivenUp = fault === 'timeout' && code === undefined && givenMs < FAIR_MS;
  if (fault === 'cancelled' || isGivenUp || (code !== undefined && OWN_FAULT.test(code))) return 'unclear';
  return fault === 'too_large' ? 'answered' : cause;
}

/** @param givenMs as for `contactIn`. */
export function verdictOn(result: AttemptResult, givenMs: number): HostVerdict {
  const contact = contactIn(result, givenMs);
  if (contact !== 'answered') return contact === 'unclear' ? 'unclear' : 'down';
  return result.ok || !speaksOfTheHost(result.error) ? 'up' : 'down';
}

function speaksOfTheHost({ status = 0, kind }: UpstreamError): boolean {
  return status >= 500 && ABOUT_THE_HOST.has(kind);
}
