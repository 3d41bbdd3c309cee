import { AuthenticationUnavailableError, type Authenticator, UnauthenticatedError } from '../../auth/authenticator.ts';
import type { Identity } from '../../auth/identity.ts';
import { RateLimitedError } from '../../graphql/errors/gateway-errors.ts';
import type { Exchange } from '../core/http-exchange.ts';
import { sendError, sendTooMany } from '../core/http-exchange.ts';

/** @returns null when it has answered: this caller is not let in. */
export async function identifyOrRefuse(
  authenticator: Authenticator,
  { request, response, address }: Exchange,
): Promise<Identity | null> {
  try {
    return await authenticator.authenticate({ headers: request.headers, address });
  } catch (error) {
    if (error instanceof UnauthenticatedError) {
      response.setHeader('www-authenticate', 'Bearer');
      sendError(response, 401, 'UNAUTHENTICATED', error.message);
      return null;
    }
    if (error instanceof RateLimitedError) {
      sendTooMany(response, error.message, error.retryAfterSeconds);
      return null;
    }
    if (error instanceof AuthenticationUnavailableError) {
      sendError(response, 503, 'UPSTREAM_UNAVAILABLE', error.message);
      return null;
    }
    throw error;
  }
}
