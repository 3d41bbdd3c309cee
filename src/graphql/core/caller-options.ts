import type { Identity } from '../../auth/identity.ts';
import type { CancelSignal } from '../../shared/cancellation.ts';
import { within } from '../../shared/clock.ts';
import { tokenCredential } from '../../vpcep/signing/credentials.ts';
import type { CallOptions } from '../../vpcep/transport/transport.ts';

/** Counts the upstream calls of one operation, for a client that asks for its cost. */
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

/** Of every upstream call of one operation. */
export type CallerOptions = CallOptions & { readonly share: string };

/** Made once per operation: its calls use the caller's own token, if any, and end when the caller has gone. */
export function callerOptions(
  identity: Identity,
  { signal, meter }: { readonly signal?: CancelSignal | undefined; readonly meter?: CallMeter | undefined },
): CallerOptions {
  const { token } = identity;
  return {
    share: shareOf(identity),
    signal,
    onCall: meter?.count,
    credential: token === null ? undefined : tokenCredential(token),
  };
}

/** The token is part of it, because two tokens of one caller can have different rights. */
function shareOf({ subject, token }: Identity): string {
  return token === null ? subject : JSON.stringify([subject, token.digest()]);
}

/** Milliseconds that a write waits for a check before it; after that the check is left to upstream. */
const PATIENCE_MS = 2_000;

/** Null when it fails or takes too long: a check that cannot be made does not stop a write. */
export async function quietly<T>(read: Promise<T>): Promise<T | null> {
  return await within(PATIENCE_MS, read, () => new Error('late')).catch(() => null);
}
