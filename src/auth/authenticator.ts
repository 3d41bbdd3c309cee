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

/** Longer ones are not looked at: hashing and decoding them would be work that anybody can ask for. */
const MAX_LENGTH = 8 * 1024;
/** RFC 6750, section 2.1. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/**
 * The token of `Authorization: Bearer …`. What a payload says counts more than the header: a browser cannot set headers
 * on a WebSocket, and a payload can be newer than the upgrade.
 * @throws UnauthenticatedError unless there is exactly one
 */
export function bearerToken({ headers, connectionParams = {} }: Credentials): string {
  const [given, ...more] = Object.keys(connectionParams).filter((name) => name.toLowerCase() === 'authorization');
  const value = given === undefined ? headers.authorization : connectionParams[given];
  if (value === undefined) {
    throw new UnauthenticatedError('A token is needed: send it as "Authorization: Bearer …"');
  }
  if (typeof value === 'string' && value.length > MAX_LENGTH) {
    throw new UnauthenticatedError(`A token may have at most ${MAX_LENGTH} characters`);
  }
  const token = typeof value === 'string' && more.length === 0 ? BEARER.exec(value)?.[1] : undefined;
  if (token === undefined) throw new UnauthenticatedError('Authorization must be "Bearer", a space and one token');
  return token;
}
