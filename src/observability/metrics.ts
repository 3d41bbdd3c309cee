/** Every metric of the gateway. No label holds a secret or a client's text. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface Metrics {
  readonly registry: Registry;
  readonly httpRequests: Counter<'route' | 'status'>;
  readonly httpSeconds: Histogram<'route'>;
  /** `outcome` is `ok` or the code of the first error. */
  readonly operations: Counter<'type' | 'outcome'>;
  readonly operationSeconds: Histogram<'type'>;
  readonly subscriptions: Gauge;
  readonly eventsRendered: Counter;
  readonly eventsSent: Counter;
  readonly sockets: Gauge;
  readonly eventStreams: Gauge;
  readonly slowSockets: Counter;
  readonly upstreamCalls: Counter<'operation' | 'outcome'>;
  readonly upstreamSeconds: Histogram<'operation' | 'outcome'>;
  /** 1 while Redis is unavailable. */
  readonly degraded: Gauge;
  /** `what` is `cost` or `failures`: wrong tokens. */
  readonly rateLimited: Counter<'what'>;
  /** 1 while lines of the audit stream are lost. */
  readonly auditBroken: Gauge;
  /** `what` is `waited` or `refused`. */
  readonly budgetShort: Counter<'class' | 'what'>;
  /** 0 closed, 1 half open, 2 open. `host` is from the configuration. */
  readonly breakerState: Gauge<'host'>;
  /** `reason` is of a closed set: src/observability/unreachable-hosts.ts. */
  readonly upstreamUnreachable: Counter<'host' | 'reason'>;
  readonly polls: Counter<'project' | 'outcome'>;
  readonly transitions: Counter<'project' | 'status'>;
}

/** @param processMetrics also measure the process itself (memory, event loop); once per process, it cannot be undone. */
export function createMetrics(processMetrics = false): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (processMetrics) {
    collectDefaultMetrics({ register: registry });
  }
  return {
    registry,
    httpRequests: new Counter({
      name: 'vpcep_gateway_http_requests_total',
      help: 'HTTP requests by route and status',
      labelNames: ['route', 'status'],
      registers,
    }),
    httpSeconds: new Histogram({
      name: 'vpcep_gateway_http_request_duration_seconds',
      help: 'Time from request to end of response',
      labelNames: ['route'],
      buckets: SECONDS,
      registers,
    }),
    operations: new Counter({
      name: 'vpcep_gateway_graphql_operations_total',
      help: 'GraphQL operations by type and outcome (ok, or the code of the first error)',
      labelNames: ['type', 'outcome'],
      registers,
    }),
    operationSeconds: new Histogram({
      name: 'vpcep_gateway_graphql_operation_duration_seconds',
      help: 'Time that queries and mutations take',
      labelNames: ['type'],
      buckets: SECONDS,
      registers,
    }),
    subscriptions: new Gauge({
      name: 'vpcep_gateway_subscriptions_active',
      help: 'Subscriptions that run now',
      registers,
    }),
    eventsRendered: new Counter({
      name: 'vpcep_gateway_events_rendered_total',
      help: 'GraphQL executions for events of subscriptions',
      registers,
    }),
    eventsSent: new Counter({
      name: 'vpcep_gateway_events_sent_total',
      help: 'Events sent to subscribers; the ratio to the rendered ones is what sharing saves',
      registers,
    }),
    slowSockets: new Counter({
      name: 'vpcep_gateway_websockets_slow_total',
      help: 'WebSockets closed with 1013 because their client did not keep up',
      registers,
    }),
    eventStreams: new Gauge({
      name: 'vpcep_gateway_event_streams_open',
      help: 'Answers over HTTP that bring events and are open now (SSE, multipart)',
      registers,
    }),
    sockets: new Gauge({ name: 'vpcep_gateway_websockets_open', help: 'WebSockets that are open now', registers }),
    upstreamCalls: new Counter({
      name: 'vpcep_gateway_upstream_calls_total',
      help: 'Calls of the VPCEP API by operation and outcome',
      labelNames: ['operation', 'outcome'],
      registers,
    }),
    upstreamSeconds: new Histogram({
      name: 'vpcep_gateway_upstream_call_duration_seconds',
      help: 'Time that each attempt at a call of the VPCEP API takes',
      labelNames: ['operation', 'outcome'],
      buckets: SECONDS,
      registers,
    }),
    degraded: new Gauge({
      name: 'vpcep_gateway_degraded',
      help: '1 while Redis is unavailable: the status feed pauses, limits are per replica; else 0',
      registers,
    }),
    rateLimited: new Counter({
      name: 'vpcep_gateway_rate_limited_total',
      help: 'Operations refused because their caller has caused too much (cost), and callers refused because of wrong tokens (failures)',
      labelNames: ['what'],
      registers,
    }),
    auditBroken: new Gauge({
      name: 'vpcep_gateway_audit_broken',
      help: '1 while lines of the audit stream cannot be written and are lost, else 0',
      registers,
    }),
    budgetShort: new Counter({
      name: 'vpcep_gateway_upstream_budget_short_total',
      help: "Calls that had to wait for the gateway's own budget, or were refused by it",
      labelNames: ['class', 'what'],
      registers,
    }),
    breakerState: new Gauge({
      name: 'vpcep_gateway_upstream_breaker_state',
      help: 'Whether calls to a host are stopped: 0 no, 1 one call tries it out, 2 yes',
      labelNames: ['host'],
      registers,
    }),
    upstreamUnreachable: new Counter({
      name: 'vpcep_gateway_upstream_unreachable_total',
      help: 'Attempts at calling VPCEP, IAM or the issuer of tokens that got no answer, by host and reason',
      labelNames: ['host', 'reason'],
      registers,
    }),
    polls: new Counter({
      name: 'vpcep_gateway_polls_total',
      help: 'Polls by project and outcome',
      labelNames: ['project', 'outcome'],
      registers,
    }),
    transitions: new Counter({
      name: 'vpcep_gateway_transitions_total',
      help: 'Observed transitions by project and new status',
      labelNames: ['project', 'status'],
      registers,
    }),
  };
}
