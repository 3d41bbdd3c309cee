import type { CredentialSource } from '../signing/credentials.ts';

/** The end of a call that changes something, done or not. */
export interface WriteNote {
  /** Undefined when upstream has not answered, or did not say. */
  readonly requestId: string | undefined;
}

/** What matters for a call that is carried through, whoever leaves. */
export interface WriteOptions {
  /** The caller's own; left out: the project's keys. */
  readonly credential?: CredentialSource;
  /** Told once of each write that was tried. */
  readonly onWrite?: (note: WriteNote) => void;
  /** Told once of each call, reads included, just before it is made; whoever joins an equal one makes none. */
  readonly onCall?: () => void;
}

/** Of all that a caller gives; its signal above all is left out. */
export function writeOptions({ credential, onWrite, onCall }: WriteOptions): WriteOptions {
  return {
    ...(credential === undefined ? {} : { credential }),
    ...(onWrite === undefined ? {} : { onWrite }),
    ...(onCall === undefined ? {} : { onCall }),
  };
}
