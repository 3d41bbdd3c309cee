import { AuthenticationUnavailableError, UnauthenticatedError } from '../auth/authenticator.ts';
import type { Identity } from '../auth/identity.ts';
import type { HttpDeps } from './deps.ts';
import { sendError } from './respond.ts';
import type { Exchange } from './router.ts';

/** @returns null when it has answered: this caller is not let in. */
export async function identifyOrRefuse(
  { authenticator }: HttpDeps,
  { request, response }: Exchange,
): Promise<Identity | null> {
  try {
    return await authenticator.authenticate({ headers: request.headers });
  } catch (error) {
    if (error instanceof UnauthenticatedError) {
      response.setHeader('www-authenticate', 'Bearer');
      sendError(response, 401, 'UNAUTHENTICATED', error.message);
      return null;
    }
    if (error instanceof AuthenticationUnavailableError) {
      sendError(response, 503, 'UPSTREAM_UNAVAILABLE', error.message);
      return null;
    }
    throw error;
  }
}
