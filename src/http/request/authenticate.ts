import {
  AuthenticationUnavailableError,
  type Authenticator,
  type Credentials,
  UnauthenticatedError,
} from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';
import { type Exchange, type Refusal, refuse } from '../core/http-exchange.ts';

/** The caller, or why it is refused: 401, or 429 and 503, which are no statement about its token. */
export async function identify(
  authenticator: Authenticator,
  credentials: Credentials,
): Promise<{ readonly identity: Identity } | { readonly refusal: Refusal }> {
  try {
    return { identity: await authenticator.authenticate(credentials) };
  } catch (error) {
    return { refusal: refusalOf(error) };
  }
}

/** @throws any other error. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof UnauthenticatedError) {
    return { status: 401, code: 'UNAUTHENTICATED', message: error.message };
  }
  if (error instanceof RateLimitedError) {
    const { message, retryAfterSeconds } = error;
    return { status: 429, code: 'RATE_LIMITED', message, retryAfterSeconds };
  }
  if (error instanceof AuthenticationUnavailableError) {
    return { status: 503, code: 'UPSTREAM_UNAVAILABLE', message: error.message };
  }
  throw error;
}

/** @returns the caller, at once when its token is known; null when it was refused, and answered. */
export function identifyOrRefuse(
  authenticator: Authenticator,
  { request, response, address }: Exchange,
): Identity | Promise<Identity | null> {
  const credentials: Credentials = { headers: request.headers, address };
  return authenticator.known(credentials) ?? checkOrRefuse(authenticator, credentials, response);
}

async function checkOrRefuse(
  authenticator: Authenticator,
  credentials: Credentials,
  response: Exchange['response'],
): Promise<Identity | null> {
  const result = await identify(authenticator, credentials);
  if ('identity' in result) {
    return result.identity;
  }
  if (result.refusal.status === 401) {
    response.setHeader('www-authenticate', 'Bearer');
  }
  refuse(response, result.refusal);
  return null;
}
