/** Every metric of the gateway. No label holds a secret or a client's text. */
import { createRequire } from 'node:module';
import { Counter, collectDefaultMetrics, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client';

/** Names of operations, and projects that are not configured, that get series of their own; later ones are `other`. */
const MOST_NAMES = 200;
const COUNTS = [0, 1, 2, 3, 5, 10, 20, 50, 100, 1_000, 10_000];
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Why a subscription has ended. */
export type EndReason = (typeof END_REASONS)[number];
const END_REASONS = ['client', 'expired', 'slow', 'deploy', 'settled', 'deleted', 'error'] as const;

/** The trace of what was measured; undefined: it is not recorded. */
export type Exemplar = { readonly trace_id: string } | undefined;

export type Metrics = ReturnType<typeof createMetrics>;

/** @param processMetrics also measure the process itself (memory, event loop); once per process, it cannot be undone. */
export function createMetrics(processMetrics = false) {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const registers = [registry];
  if (processMetrics) collectDefaultMetrics({ register: registry });
  /** @param begun series that exist from the start with 0: an increase from nothing to 1 is none for Prometheus. */
  const counter = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    begun: readonly Readonly<Record<Label, string>>[] = [],
  ) => {
    const own = new Counter({ name, help, labelNames, registers });
    for (const labels of begun) own.inc(labels, 0);
    return own;
  };
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    buckets = SECONDS,
  ) => new Histogram({ name, help, labelNames, registers, buckets });
  /** The observations of each bucket name the latest trace. */
  const traced = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) => {
    // The types want the labels of the exemplar among those of the metric.
    const own = new Histogram<string>({
      name,
      help,
      labelNames: [...labelNames],
      registers,
      buckets: SECONDS,
      enableExemplars: true,
    });
    return {
      observe(labels: Readonly<Record<Label, string>>, value: number, exemplar: Exemplar): void {
        own.observe({ labels, value, ...(exemplar && { exemplarLabels: exemplar }) });
      },
    };
  };
  const { version } = createRequire(import.meta.url)('vpcep-gateway/package.json') as { readonly version: string };
  gauge('vpcep_gateway_build_info', 'Always 1; the labels are what runs here', ['version', 'node']).set(
    { version, node: process.versions.node },
    1,
  );
  const samplers: (() => void)[] = [];
  return {
    registry,
    /** @param sampler sets gauges; called at each scrape. */
    beforeScrape(sampler: () => void): void {
      samplers.push(sampler);
    },
    /** Everything, in the format of OpenMetrics or in the older one of Prometheus. */
    async text(format: 'openmetrics' | 'prometheus' = 'prometheus'): Promise<string> {
      for (const sample of samplers) sample();
      const text = await registry.metrics();
      return format === 'openmetrics' ? text : toPrometheus(text);
    },
    /** Requests whose answer is not complete, event streams included. */
    httpInFlight: gauge('vpcep_gateway_http_requests_in_flight', 'HTTP requests that are not answered completely'),
    /** `reason`: address, caller (too many open), connections (of the process), stopping. */
    connectionsRefused: counter(
      'vpcep_gateway_connections_refused_total',
      'WebSockets, event streams and connections that were refused, by reason',
      ['reason'],
      ['address', 'caller', 'connections', 'stopping'].map((reason) => ({ reason })),
    ),
    stopping: gauge('vpcep_gateway_stopping', '1 from the signal to stop on, else 0'),
    /** `name` is of a trusted document, never of a client; `outcome` is `ok` or `error`. */
    namedOperations: counter(
      'vpcep_gateway_graphql_named_operations_total',
      'Operations of trusted documents by name and outcome (ok, error)',
      ['name', 'outcome'],
    ),
    nameOf: bounded(MOST_NAMES),
    /** For projects that are not configured: those of any accepted token. */
    projectOf: bounded(MOST_NAMES),
    subscriptionsEnded: counter(
      'vpcep_gateway_subscriptions_ended_total',
      'Subscriptions that have ended, by reason',
      ['reason'],
      END_REASONS.map((reason) => ({ reason })),
    ),
    subscriptionEvents: histogram(
      'vpcep_gateway_subscription_events',
      'Events that each subscription got until its end',
      [],
      COUNTS,
    ),
    resyncs: counter(
      'vpcep_gateway_resyncs_total',
      'Sets of states that subscribers got because events are lost to them',
    ),
    gapsFilled: counter(
      'vpcep_gateway_gaps_filled_total',
      'Times that events were found by looking, because their notification was lost',
    ),
    /** `from`: `updated_at` of VPCEP (its clock, whole seconds), or `observed_at` of the log. */
    deliveryLag: histogram(
      'vpcep_gateway_delivery_lag_seconds',
      'Time from a change until it was handed to all subscribers of this replica',
      ['from'],
    ),
    pollSeconds: histogram('vpcep_gateway_poll_duration_seconds', 'Time that a poll takes, with its calls', ['kind']),
    pollLag: histogram('vpcep_gateway_poll_lag_seconds', 'How late polls begin', ['kind']),
    projectsWatched: gauge('vpcep_gateway_projects_watched', 'Projects with subscribers here, or until lately'),
    projectsLed: gauge('vpcep_gateway_projects_led', 'Projects of which this replica polls a resource set'),
    upstreamRetries: counter('vpcep_gateway_upstream_retries_total', 'Repeated attempts at calls, by operation', [
      'operation',
    ]),
    budgetLeft: gauge(
      'vpcep_gateway_upstream_budget_left_ratio',
      'Part of the budget of calls that was left when it was last asked for, by project and class',
      ['project', 'class'],
    ),
    redisSeconds: histogram('vpcep_gateway_redis_command_duration_seconds', 'Time until Redis answers, by command', [
      'command',
    ]),
    /** `connection`: commands, or subscriber for pub/sub. */
    redisReconnects: counter(
      'vpcep_gateway_redis_reconnects_total',
      'Connections to Redis that were made again',
      ['connection'],
      [{ connection: 'commands' }, { connection: 'subscriber' }],
    ),
    httpRequests: counter(
      'vpcep_gateway_http_requests_total',
      'HTTP requests by route and status',
      ['route', 'status'],
      [{ route: '/graphql', status: '500' }],
    ),
    httpSeconds: traced('vpcep_gateway_http_request_duration_seconds', 'Time from request to end of response', [
      'route',
    ]),
    /** `outcome` is `ok` or the code of the first error. */
    operations: counter(
      'vpcep_gateway_graphql_operations_total',
      'GraphQL operations by type and outcome (ok, or the code of the first error)',
      ['type', 'outcome'],
      ['query', 'mutation', 'subscription'].map((type) => ({ type, outcome: 'INTERNAL_SERVER_ERROR' })),
    ),
    operationSeconds: traced(
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
    upstreamSeconds: traced(
      'vpcep_gateway_upstream_call_duration_seconds',
      'Time that each attempt at a call of the VPCEP API takes',
      ['operation', 'outcome'],
    ),
    degraded: gauge(
      'vpcep_gateway_degraded',
      '1 while Redis is unavailable: the status feed pauses, limits are per replica; else 0',
    ),
    /** `what` is `cost`, `overload`, or `failures`: wrong tokens. */
    rateLimited: counter(
      'vpcep_gateway_rate_limited_total',
      'Operations refused because their caller has caused too much (cost) or the replica has too many (overload), and callers refused because of wrong tokens (failures)',
      ['what'],
      ['cost', 'overload', 'failures'].map((what) => ({ what })),
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
      ['read', 'write', 'poll'].map((name) => ({ class: name, what: 'refused' })),
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

/** OpenMetrics names counters without `_total` in their heads, and has exemplars and an end mark. */
function toPrometheus(text: string): string {
  return text
    .replace(/^# HELP (\S+) (.*)\n# TYPE \1 counter$/gm, '# HELP $1_total $2\n# TYPE $1_total counter')
    .replace(/ # \{trace_id="[0-9a-f]+"\} \S+ \S+$/gm, '')
    .replace(/# EOF\n$/, '');
}

/** The first names stay themselves, all others become `other`. */
function bounded(most: number): (name: string) => string {
  const names = new Set<string>();
  return (name) => {
    if (names.size < most) names.add(name);
    return names.has(name) ? name : 'other';
  };
}
