import type { Identity } from '../../auth/identity.ts';
import { tokenCredential } from '../../vpcep/signing/credentials.ts';
import type { WriteOptions } from '../../vpcep/transport/caller.ts';

/** Counts the calls to upstream that one operation makes, for a client that has asked what it costs. */
export class CallMeter {
  estimated: number;
  actual = 0;
  readonly count = (): void => {
    this.actual += 1;
  };

  constructor(estimated: number) {
    this.estimated = estimated;
  }

  /** As `extensions` of an answer has it. */
  report(): { readonly cost: { readonly estimated: number; readonly actual: number } } {
    return { cost: { estimated: this.estimated, actual: this.actual } };
  }
}

/**
 * @param extensions of the request: `{ cost: true }` asks.
 * @param estimated when it is known already.
 */
export function meterFor(extensions: unknown, estimated = 0): CallMeter | undefined {
  const { cost }: { readonly cost?: unknown } = Object(extensions);
  return cost === true ? new CallMeter(estimated) : undefined;
}

/** Whose call it is. */
export interface Caller {
  readonly identity: Identity;
  readonly signal?: AbortSignal | undefined;
  readonly onWrite?: WriteOptions['onWrite'] | undefined;
  readonly meter?: CallMeter | undefined;
}

interface CallerOptions extends WriteOptions {
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
const PATIENCE_MS = 2_000;

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
