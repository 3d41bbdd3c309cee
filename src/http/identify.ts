import type { Identity } from '../auth/identity.ts';
import { AccessError } from '../graphql/gateway-error.ts';
import type { HttpDeps } from './deps.ts';
import { sendError } from './respond.ts';
import type { Exchange } from './router.ts';

/** @returns null when it has answered: this caller is not let in. */
export async function identifyOrRefuse(
  { authenticate }: HttpDeps,
  { request, response }: Exchange,
): Promise<Identity | null> {
  try {
    return await authenticate({ headers: request.headers });
  } catch (error) {
    if (!(error instanceof AccessError)) {
      throw error;
    }
    const unknown = error.code === 'UNAUTHENTICATED';
    if (unknown) {
      response.setHeader('www-authenticate', 'Bearer');
    }
    sendError(response, unknown ? 401 : 403, error.code, error.message);
    return null;
  }
}
