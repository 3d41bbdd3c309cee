/** One line and one count per operation, over HTTP and WebSocket alike. Never variables, headers or tokens. */
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';

export interface OperationEnd {
  readonly type: string;
  readonly name: string | null | undefined;
  readonly errors: readonly GraphQLFormattedError[] | undefined;
  /** From `performance.now()`. */
  readonly startedAt: number;
  /** True when nobody waits for the answer any more: what failed then is no news. */
  readonly abandoned?: boolean;
  /** Events sent; subscriptions only. */
  readonly events?: number;
}

/** Client text in logs stays short. */
const NAME_MAX = 64;

function levelFor(codes: readonly string[]): 'debug' | 'warn' | 'error' {
  if (codes.includes('INTERNAL_SERVER_ERROR')) {
    return 'error';
  }
  return codes.some((code) => code.startsWith('UPSTREAM_')) ? 'warn' : 'debug';
}

export function noteOperation(metrics: Metrics, logger: Logger, end: OperationEnd): void {
  const codes = (end.errors ?? []).map((error) => String(error.extensions?.code ?? 'INTERNAL_SERVER_ERROR'));
  const milliseconds = performance.now() - end.startedAt;
  metrics.operations.inc({ type: end.type, outcome: codes[0] ?? 'ok' });
  if (end.type !== 'subscription') {
    metrics.operationSeconds.observe({ type: end.type }, milliseconds / 1000);
  }
  const level = end.abandoned === true ? 'debug' : levelFor(codes);
  if (!logger.isLevelEnabled(level)) {
    return;
  }
  const line = {
    operation: end.name?.slice(0, NAME_MAX) ?? null,
    type: end.type,
    ms: Math.round(milliseconds),
    ...(codes.length > 0 ? { codes } : {}),
    ...(end.events === undefined ? {} : { events: end.events }),
  };
  logger[level](line, 'operation');
}
