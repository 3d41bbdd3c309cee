/** Pure: what a failed attempt says about the signature that it carried. */
import type { UpstreamError } from '../errors/upstream-error.ts';

/**
 * `unobjected`: an answer that may have been given before the signature was looked at (overload, failure). It lets an
 * untried key pass, so that a host in trouble does not make calls queue up, but re-opens nothing. `unclear`: no answer.
 */
export type SignatureVerdict = 'accepted' | 'refused' | 'unobjected' | 'unclear';

const BEFORE_THE_CHECK: ReadonlySet<number> = new Set([408, 429]);

/** The token of APIGW.0307 is no signature; every other 401 is counted as one, to be on the safe side of the lock. */
export function verdictOf({ status, code }: Pick<UpstreamError, 'status' | 'code'>): SignatureVerdict {
  if (status === undefined) {
    return 'unclear';
  }
  if (status === 401 && code?.toLowerCase() !== 'apigw.0307') {
    return 'refused';
  }
  return status >= 500 || BEFORE_THE_CHECK.has(status) ? 'unobjected' : 'accepted';
}
