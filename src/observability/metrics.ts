/** Every metric of the gateway. No label holds a secret or a client's text. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export type Metrics = ReturnType<typeof createMetrics>;

/** @param processMetrics also measure the process itself (memory, event loop); once per process, it cannot be undone. */
export function createMetrics(processMetrics = false) {
  const registry = new Registry();
  const registers = [registry];
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const histogram = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Histogram({ name, help, labelNames, registers, buckets: SECONDS });
  return {
    registry,
    httpRequests: counter('vpcep_gateway_http_requests_total', 'HTTP requests by route and status', [
      'route',
      'status',
    ]),
    httpSeconds: histogram('vpcep_gateway_http_request_duration_seconds', 'Time from request to end of response', [
      'route',
    ]),
    /** `outcome` is `ok` or the code of the first error. */
    operations: counter(
      'vpcep_gateway_graphql_operations_total',
      'GraphQL operations by type and outcome (ok, or the code of the first error)',
      ['type', 'outcome'],
    ),
    operationSeconds: histogram(
      'vpcep_gateway_graphql_operation_duration_seconds',
      'Time that queries and mutations take',
      ['type'],
    ),
    subscriptions: gauge('vpcep_gateway_subscriptions_active', 'Subscriptions that run now'),
    eventsRendered: counter('vpcep_gateway_events_rendered_total', 'GraphQL executions for events of subscriptions'),
    eventsSent: counter(
      'vpcep_gateway_events_sent_total',
      'Events sent to subscribers; the ratio to the rendered ones is what sharing saves',
    ),
    slowSockets: counter(
      'vpcep_gateway_websockets_slow_total',
      'WebSockets closed with 1013 because their client did not keep up',
    ),
    eventStreams: gauge(
      'vpcep_gateway_event_streams_open',
      'Answers over HTTP that bring events and are open now (SSE, multipart)',
    ),
    sockets: gauge('vpcep_gateway_websockets_open', 'WebSockets that are open now'),
    upstreamCalls: counter('vpcep_gateway_upstream_calls_total', 'Calls of the VPCEP API by operation and outcome', [
      'operation',
      'outcome',
    ]),
    upstreamSeconds: histogram(
      'vpcep_gateway_upstream_call_duration_seconds',
      'Time that each attempt at a call of the VPCEP API takes',
      ['operation', 'outcome'],
    ),
    degraded: gauge(
      'vpcep_gateway_degraded',
      '1 while Redis is unavailable: the status feed pauses, limits are per replica; else 0',
    ),
    /** `what` is `cost` or `failures`: wrong tokens. */
    rateLimited: counter(
      'vpcep_gateway_rate_limited_total',
      'Operations refused because their caller has caused too much (cost), and callers refused because of wrong tokens (failures)',
      ['what'],
    ),
    auditBroken: gauge(
      'vpcep_gateway_audit_broken',
      '1 while lines of the audit stream cannot be written and are lost, else 0',
    ),
    /** `what` is `waited` or `refused`. */
    budgetShort: counter(
      'vpcep_gateway_upstream_budget_short_total',
      "Calls that had to wait for the gateway's own budget, or were refused by it",
      ['class', 'what'],
    ),
    /** 0 closed, 1 half open, 2 open. `host` is from the configuration. */
    breakerState: gauge(
      'vpcep_gateway_upstream_breaker_state',
      'Whether calls to a host are stopped: 0 no, 1 one call tries it out, 2 yes',
      ['host'],
    ),
    /** `reason` is of a closed set: src/observability/unreachable-hosts.ts. */
    upstreamUnreachable: counter(
      'vpcep_gateway_upstream_unreachable_total',
      'Attempts at calling VPCEP, IAM or the issuer of tokens that got no answer, by host and reason',
      ['host', 'reason'],
    ),
    polls: counter('vpcep_gateway_polls_total', 'Polls by project, kind of resource and outcome', [
      'project',
      'kind',
      'outcome',
    ]),
    transitions: counter(
      'vpcep_gateway_transitions_total',
      'Observed transitions by project, kind of resource and new status',
      ['project', 'kind', 'status'],
    ),
  };
}
