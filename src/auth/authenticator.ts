/** The contract of the AUTH_MODEs, and what they share. */
import type { IncomingHttpHeaders } from 'node:http';
import { ANONYMOUS, type Identity } from './identity.ts';

/** What a caller sends about itself. */
export interface Credentials {
  readonly headers: IncomingHttpHeaders;
  /** Payload of `connection_init` or of a later `ping`; WebSocket only. */
  readonly connectionParams?: Readonly<Record<string, unknown>>;
  /** The caller's address where it is known: wrong tokens are counted for each address. */
  readonly address?: string;
}

/** The caller sends no token, or one that is not accepted. The message is for the caller and holds no secret. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError' as const;
}

/** The identity provider is unavailable, so the caller cannot be verified. Retryable. */
export class AuthenticationUnavailableError extends Error {
  override readonly name = 'AuthenticationUnavailableError' as const;
}

export interface Authenticator {
  /**
   * The caller whose token was verified before and is still accepted; undefined when `authenticate` has to find out.
   * Every request pays for it, so it makes no promise. Never throws.
   */
  known(credentials: Credentials): Identity | undefined;
  /**
   * The same object for the same token while nothing about it has changed: connections of one token are revalidated
   * together (http/limits/token-expiry.ts).
   * @throws UnauthenticatedError, AuthenticationUnavailableError
   */
  authenticate(credentials: Credentials): Promise<Identity>;
  /**
   * Verifies a caller of a long-lived connection again. The same object where nothing has changed.
   * @throws UnauthenticatedError when it has expired or was revoked, AuthenticationUnavailableError
   */
  revalidate(identity: Identity): Promise<Identity>;
}

/** `AUTH_MODE=none`. */
export const OPEN_DOOR: Authenticator = {
  known: () => ANONYMOUS,
  authenticate: async () => ANONYMOUS,
  revalidate: async (identity) => identity,
};

/**
 * The token in `header`. The payload of a WebSocket message wins over the header: browsers cannot set headers on a
 * WebSocket, and the payload can be newer than the upgrade. Undefined: none was sent. Null: more than one, or no text.
 */
export function sentToken({ headers, connectionParams = {} }: Credentials, header: string): string | null | undefined {
  const [name, ...more] = Object.keys(connectionParams).filter((key) => key.toLowerCase() === header);
  const value = name === undefined ? headers[header] : connectionParams[name];
  if (value === undefined) return undefined;
  return typeof value === 'string' && more.length === 0 ? value : null;
}

export function isExpired({ expiresAt }: Pick<Identity, 'expiresAt'>, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** @throws UnauthenticatedError */
export function checkExpiry(token: Pick<Identity, 'expiresAt'>, now: number): void {
  if (isExpired(token, now)) throw new UnauthenticatedError('The token has expired: fetch a new one');
}
