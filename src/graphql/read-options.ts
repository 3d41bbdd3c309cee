import type { Identity } from '../auth/identity.ts';
import { type CredentialSource, tokenCredential } from '../vpcep/credentials.ts';

/** Whose call it is. */
export interface Caller {
  readonly identity: Identity;
  readonly signal?: AbortSignal | undefined;
}

export interface CallerOptions {
  /** Ends the call when the caller has gone. */
  readonly signal?: AbortSignal;
  /** The caller's own token; left out: the gateway's keys. */
  readonly credential?: CredentialSource;
}

/** Options of every upstream call that is made for a caller: ended when it has gone, and made with its own token if any. */
export function callOptions({ identity, signal }: Caller): CallerOptions {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(identity.token === null ? {} : { credential: tokenCredential(identity.token) }),
  };
}

/** Options of every read that is made for a caller: ended when it has gone, shared with equal ones of the same caller. */
export function readOptions(caller: Caller): CallerOptions & { readonly share: string } {
  return { share: shareOf(caller.identity), ...callOptions(caller) };
}

/** Whose answers are whose: of two tokens of one caller each may be allowed something else. */
function shareOf({ subject, token }: Identity): string {
  return token === null ? subject : JSON.stringify([subject, token.digest()]);
}
