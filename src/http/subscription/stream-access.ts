/** Event streams of callers: how many there may be, and what becomes of them when their caller's token ends. */
import type { ServerResponse } from 'node:http';
import { UnauthenticatedError } from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import { sendTooMany } from '../core/respond.ts';
import type { Admissions, Release } from '../limits/admissions.ts';
import type { Sessions } from '../limits/token-expiry.ts';
import type { TrackedOperation } from '../operation/operation-tracker.ts';

const RETRY_SECONDS = 10;

export interface StreamAccessParts {
  readonly admissions: Admissions;
  readonly sessions: Sessions;
}

export class StreamAccess {
  readonly #parts: StreamAccessParts;

  constructor(parts: StreamAccessParts) {
    this.#parts = parts;
  }

  /** @returns null when it has answered: this caller, or its address, has as many open as it may. */
  admitOrRefuse(response: ServerResponse, subject: string, address: string): Release | null {
    const release = this.#parts.admissions.stream(subject, address);
    if (release === null) {
      sendTooMany(response, 'This caller, or its address, has too many sockets and streams open', RETRY_SECONDS);
    }
    return release;
  }

  /**
   * Looks after an operation for as long as it runs.
   * @param ended when its caller is not let in any more; left out: the operation ends with an error.
   */
  watch(operation: TrackedOperation, identity: Identity, ended?: () => void): void {
    const session = this.#parts.sessions.open(identity, {
      changed: (now) => operation.changed(now),
      ended: (why) => {
        const message = why === 'expired' ? 'The token has expired' : 'The token is not accepted any more';
        return ended === undefined ? operation.refuse(new UnauthenticatedError(message)) : ended();
      },
    });
    operation.signal.addEventListener('abort', () => session.close(), { once: true });
  }

  /** Ends an answer with its caller's token, without a word: the client comes back with another. */
  endWith(response: ServerResponse, identity: Identity, end: () => void): void {
    const session = this.#parts.sessions.open(identity, { changed: () => {}, ended: end });
    response.once('close', () => session.close());
  }
}
