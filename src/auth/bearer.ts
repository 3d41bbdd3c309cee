import { type Credentials, UnauthenticatedError } from './authenticator.ts';

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
