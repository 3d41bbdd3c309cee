/** /livez, /readyz and /metrics. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpDeps } from './deps.ts';
import { sendError, sendJson, sendText } from './respond.ts';
import type { Handler } from './router.ts';

/** Alive: this process answers. Says nothing about others, so that their failure restarts nobody. */
export const live: Handler = ({ response }) => sendJson(response, 200, { status: 'ok' });

export function createReadyHandler(deps: Pick<HttpDeps, 'readiness'>, draining: () => boolean): Handler {
  return async ({ response, logger }) => {
    const judged = await Promise.all(
      deps.readiness.map(async ({ name, check, degrades = false }) => {
        try {
          return { name, degrades, reason: await check() };
        } catch (error) {
          logger.warn({ err: error, check: name }, 'readiness check failed');
          return { name, degrades, reason: 'the check itself failed; see the log' };
        }
      }),
    );
    const all = [...judged, { name: 'shutdown', degrades: false, reason: draining() ? 'shutting down' : null }];
    const wrong = all.filter(({ reason }) => reason !== null);
    if (wrong.length === 0) {
      sendJson(response, 200, { status: 'ok' });
      return;
    }
    const usable = wrong.every(({ degrades }) => degrades);
    const reasons = Object.fromEntries(wrong.map(({ name, reason }) => [name, reason]));
    sendJson(response, usable ? 200 : 503, { status: usable ? 'degraded' : 'unavailable', reasons });
  };
}

function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

export function createMetricsHandler(deps: Pick<HttpDeps, 'metrics' | 'options'>): Handler {
  const { metricsToken } = deps.options;
  return async ({ request, response }) => {
    if (
      metricsToken !== undefined &&
      !sameSecret(request.headers.authorization ?? '', `Bearer ${metricsToken().reveal()}`)
    ) {
      response.setHeader('www-authenticate', 'Bearer');
      sendError(response, 401, 'UNAUTHENTICATED', 'Send the metrics token: Authorization: Bearer …');
      return;
    }
    sendText(response, 200, deps.metrics.registry.contentType, await deps.metrics.registry.metrics());
  };
}
