/** /livez, /readyz and /metrics. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Registry } from 'prom-client';
import type { Metrics } from '../observability/metrics.ts';
import type { ReadinessCheck } from '../observability/readiness.ts';
import type { Secret } from '../shared/secret.ts';
import type { Handler } from './core/http-exchange.ts';
import { refuse, sendJson, sendText } from './core/http-exchange.ts';
import { accepts } from './request/accepts.ts';

/** This process answers. No dependency is checked, so that its failure does not restart the process. */
export const live: Handler = ({ response }) => sendJson(response, 200, { status: 'ok' });

export function createReadyHandler(readiness: readonly ReadinessCheck[], stopping: () => boolean): Handler {
  return async ({ response, logger }) => {
    const judged = await Promise.all(
      readiness.map(async ({ name, check, degrades = false }) => {
        try {
          return { name, degrades, reason: await check() };
        } catch (error) {
          logger.warn({ err: error, check: name }, 'readiness check failed');
          return { name, degrades, reason: 'the check itself failed; see the log' };
        }
      }),
    );
    const all = [...judged, { name: 'shutdown', degrades: false, reason: stopping() ? 'shutting down' : null }];
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

const TYPES = { openmetrics: Registry.OPENMETRICS_CONTENT_TYPE, prometheus: Registry.PROMETHEUS_CONTENT_TYPE } as const;

/** Metrics name projects, so without a metrics token they are open only when callers are not authenticated (`checkHost`). */
export interface MetricsHandlerOptions {
  readonly metrics: Pick<Metrics, 'text'>;
  /** Called at each request: a reload can replace it. */
  readonly metricsToken: (() => Secret) | undefined;
  readonly checkHost: boolean;
}

export function createMetricsHandler({ metrics, metricsToken, checkHost }: MetricsHandlerOptions): Handler {
  return async ({ request, response }) => {
    const open = metricsToken === undefined && checkHost;
    const given = request.headers.authorization ?? '';
    if (!open && (metricsToken === undefined || !sameSecret(given, `Bearer ${metricsToken().reveal()}`))) {
      const fix =
        metricsToken === undefined ? 'Set METRICS_TOKEN at the gateway, and send it' : 'Send the metrics token';
      response.setHeader('www-authenticate', 'Bearer');
      refuse(response, { status: 401, code: 'UNAUTHENTICATED', message: `${fix}: Authorization: Bearer …` });
      return;
    }
    // Among formats that are accepted OpenMetrics is better, because it has exemplars.
    const format = accepts(request.headers.accept, 'application/openmetrics-text') ? 'openmetrics' : 'prometheus';
    sendText(response, 200, TYPES[format], await metrics.text(format));
  };
}
