import type { Identity } from '../../auth/identity.ts';
import { tokenCredential } from '../../vpcep/signing/credentials.ts';
import type { WriteOptions } from '../../vpcep/transport/write-options.ts';
import type { CallMeter } from './call-meter.ts';

/** Whose call it is. */
export interface Caller {
  readonly identity: Identity;
  readonly signal?: AbortSignal | undefined;
  readonly onWrite?: WriteOptions['onWrite'] | undefined;
  readonly meter?: CallMeter | undefined;
}

export interface CallerOptions extends WriteOptions {
  /** Ends the call when the caller has gone. */
  readonly signal?: AbortSignal;
}

/** Options of every upstream call that is made for a caller: ended when it has gone, and made with its own token if any. */
export function callOptions({ identity, signal, onWrite, meter }: Caller): CallerOptions {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(onWrite === undefined ? {} : { onWrite }),
    ...(meter === undefined ? {} : { onCall: meter.count }),
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

/** Milliseconds that a write waits for a check before it: what is not known by then is left to upstream. */
export const PATIENCE_MS = 2_000;

/** Null when it fails or takes too long: a check before a write is no reason not to send it. */
export async function quietly<T>(read: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, null);
  });
  try {
    return await Promise.race([read, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
