/** Pure: an exchange without an answer → UpstreamError. */

import type { ExchangeError, ExchangeFault } from '../http/exchange.ts';
import { UpstreamError, type UpstreamFaultKind, type UpstreamOutcome } from './upstream-error.ts';

const KINDS: Readonly<Record<ExchangeFault, UpstreamFaultKind>> = {
  cancelled: 'connection',
  failed: 'connection',
  timeout: 'timeout',
  too_large: 'malformed',
};

const MESSAGES: Readonly<Record<ExchangeFault, string>> = {
  cancelled: 'The call was cancelled before upstream had answered.',
  failed: 'The connection to upstream failed.',
  timeout: 'Upstream did not answer in time.',
  too_large: 'Upstream sent more than the gateway takes.',
};

export function failureOf(error: ExchangeError, method: string): UpstreamError {
  const outcome = outcomeWithoutAnswer(method, error.sent);
  return new UpstreamError({
    kind: KINDS[error.fault],
    outcome,
    message: MESSAGES[error.fault],
    retryable: (error.fault === 'failed' || error.fault === 'timeout') && outcome !== 'unknown',
    cause: error,
  });
}

/** A read changes nothing, so that nobody needs to wonder whether it was carried out. */
export function outcomeWithoutAnswer(method: string, sent: boolean): UpstreamOutcome {
  if (!sent) {
    return 'not_sent';
  }
  return method === 'GET' ? 'refused' : 'unknown';
}
