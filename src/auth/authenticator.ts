/** Who is let in, and for how long: one of these per AUTH_MODE. */
import type { IncomingHttpHeaders } from 'node:http';
import { ANONYMOUS, type Identity } from './identity.ts';

/** What a caller shows of itself. */
export interface Credentials {
  readonly headers: IncomingHttpHeaders;
  /** Payload of `connection_init` or of a later `ping`; WebSocket only. */
  readonly connectionParams?: Readonly<Record<string, unknown>>;
  /** Where it comes from, as far as that can be known: wrong tokens are counted for each address. */
  readonly address?: string;
}

/** The caller does not say who it is, or cannot prove it. The message is for the caller and holds no secret. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError' as const;
}

/** Whether a caller is who it says cannot be found out right now: who asks must be asked. It may try again. */
export class AuthenticationUnavailableError extends Error {
  override readonly name = 'AuthenticationUnavailableError' as const;
}

export interface Authenticator {
  /**
   * The same object for the same token while nothing about it has changed: who stays is looked at once for all that was
   * opened with it (http/limits/token-expiry.ts).
   * @throws UnauthenticatedError, AuthenticationUnavailableError
   */
  authenticate(credentials: Credentials): Promise<Identity>;
  /**
   * Looks again at somebody who was let in before: what holds for it now, the same object where nothing has changed.
   * @throws UnauthenticatedError when it has expired or was revoked, AuthenticationUnavailableError
   */
  revalidate(identity: Identity): Promise<Identity>;
}

/** `AUTH_MODE=none`: everybody who reaches the port is the operator. */
export const OPEN_DOOR: Authenticator = {
  authenticate: async () => ANONYMOUS,
  revalidate: async (identity) => identity,
};
