/** Makes the client for the configured upstreams, or for a simulator inside this process. */
import type { BudgetSettings } from '../config/limits.ts';
import type { OutboundProxy } from '../config/outbound-proxy.ts';
import type { SimulatorUpstream, Upstream } from '../config/upstream.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { ReadinessCheck } from '../observability/readiness.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { UnreachableHosts } from '../observability/unreachable-hosts.ts';
import type { LimiterStore } from '../redis/counter.ts';
import { systemClock } from '../shared/clock.ts';
import type { Simulator } from '../simulator/server.ts';
import { VpcepClient } from '../vpcep/client.ts';
import type { PolicyNotice } from '../vpcep/core/policy.ts';
import { type BreakerState, HostBreaker } from '../vpcep/limits/breaker.ts';
import { UpstreamBudget } from '../vpcep/limits/budget.ts';
import type { CredentialGuard } from '../vpcep/signing/credential-guard.ts';
import { Transport } from '../vpcep/transport/transport.ts';
import { Projects, type ProjectsToServe } from './projects.ts';

export interface UpstreamParts {
  readonly client: VpcepClient;
  readonly projects: Projects;
  /** For labels of metrics. */
  readonly labelOf: (projectId: string) => string;
  readonly readiness: readonly ReadinessCheck[];
  /** Serves the projects of a new configuration. @throws ProjectLookupError */
  reload(upstream: Upstream): Promise<void>;
  close(): Promise<void>;
}

export interface UpstreamOptions extends Reporting {
  readonly tracing: Tracing | null;
  readonly upstream: Upstream;
  readonly proxy: OutboundProxy | null;
  readonly budget: BudgetSettings;
  /** `AUTH_MODE=iam-token`: calls carry the callers' tokens. */
  readonly ownTokens: boolean;
  readonly hosts: UnreachableHosts;
  /** Null: this process is the only one. */
  readonly limiterStore: LimiterStore | null;
}

interface Reporting {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** @throws ProjectLookupError when a project without an id cannot be found at IAM */
export async function createUpstream({
  upstream,
  proxy,
  budget,
  ownTokens,
  hosts,
  limiterStore,
  logger,
  metrics,
  tracing,
}: UpstreamOptions): Promise<UpstreamParts> {
  // The built-in simulator is on this machine, and never called through a proxy.
  if (proxy !== null && upstream.kind === 'remote') logProxy(proxy, logger);
  const simulator = upstream.kind === 'simulator' ? await startOwnSimulator(upstream, logger) : null;
  const projects: Projects = new Projects({
    logger,
    ownTokens,
    onRetired: (key) => transport.guard.retire(key),
    connect: (target) => new Transport({ target: () => target, hosts, proxy }),
  });
  try {
    await projects.serve(served(upstream, simulator));
  } catch (error) {
    await simulator?.close();
    throw error;
  }
  const labelOf = (id: string): string => (projects.names.has(id) ? id : metrics.projectOf(id));
  const transport = new Transport({
    target: (projectId) => projects.target(projectId),
    budget: createBudget(budget, limiterStore, metrics, labelOf),
    breaker: (host) => createBreaker(host, { logger, metrics }),
    hosts,
    proxy,
    tracing,
    observe: ({ operation, outcome, durationMs, attempt, status, code, requestId, exemplar }) => {
      metrics.upstreamCalls.inc({ operation, outcome });
      metrics.upstreamSeconds.observe({ operation, outcome }, durationMs / 1000, exemplar);
      if (attempt > 1) metrics.upstreamRetries.inc({ operation });
      if (!logger.isLevelEnabled('debug')) return;
      const rounded = Math.round(durationMs);
      logger.debug({ operation, outcome, durationMs: rounded, attempt, status, code, requestId }, 'upstream call');
    },
  });
  return {
    client: new VpcepClient({ transport, onDeviation: onceEach(logger) }),
    projects,
    labelOf,
    readiness: keyChecks(transport.guard, ownTokens),
    reload: (next) => projects.serve(served(next, simulator)),
    close: async () => {
      await transport.close();
      await simulator?.close();
    },
  };
}

/** One key of many stops its own projects only. Of callers with tokens of their own, keys serve nothing but polls. */
function keyChecks(guard: CredentialGuard, ownTokens: boolean): readonly ReadinessCheck[] {
  const check = (name: string, degrades: boolean, when: CredentialGuard['refused'], keys: string): ReadinessCheck => ({
    ...{ name, degrades },
    check: () => (guard.refused === when ? `upstream refused the signature of ${keys} in use` : null),
  });
  return [check('upstream', ownTokens, 'all', 'every access key'), check('keys', true, 'some', 'an access key')];
}

function logProxy({ http, https }: OutboundProxy, logger: Logger): void {
  const forTargets = { http: http?.address ?? null, https: (https ?? http)?.address ?? null };
  logger.info(forTargets, 'VPCEP, IAM and the issuer of tokens are called through a proxy');
}

/** Logs each kind once per process, because polls read the same endpoint again and again. */
function onceEach(logger: Logger): PolicyNotice {
  const logged = new Set<string>();
  return (deviation) => {
    if (logged.has(deviation)) return;
    logged.add(deviation);
    logger.warn({ deviation }, 'upstream sent a policy outside of its contract: it is passed on unchanged');
  };
}

function createBudget(
  { readsPerSecond, writesPerSecond, pollsPerSecond, replicas }: BudgetSettings,
  store: LimiterStore | null,
  metrics: Metrics,
  labelOf: UpstreamParts['labelOf'],
): UpstreamBudget {
  const ours = new UpstreamBudget({
    rates: { read: readsPerSecond, write: writesPerSecond, poll: pollsPerSecond },
    store,
    replicas,
    clock: systemClock,
    onShort: (callClass, what) => metrics.budgetShort.inc({ class: callClass, what }),
  });
  metrics.beforeScrape(() => {
    metrics.budgetLeft.reset();
    // The lowest last: it stands for all that share a label.
    for (const { project, callClass, ratio } of ours.left().toSorted((a, b) => b.ratio - a.ratio))
      metrics.budgetLeft.set({ project: labelOf(project), class: callClass }, ratio);
  });
  return ours;
}

const BREAKER_VALUES = { closed: 0, halfOpen: 1, open: 2 } as const;

function createBreaker(host: string, { logger, metrics }: Reporting): HostBreaker {
  const show = (state: BreakerState): void => metrics.breakerState.set({ host }, BREAKER_VALUES[state]);
  let stopped = false;
  show('closed');
  return new HostBreaker({
    clock: systemClock,
    random: Math.random,
    onChange: (state) => {
      show(state);
      // A failed probe changes half-open to open again: no new outage.
      if (stopped === (state !== 'closed')) return;
      stopped = !stopped;
      if (!stopped) logger.info({ host }, 'upstream answers again: calls go on');
      else logger.warn({ host }, 'nearly all calls to upstream fail: nothing is sent but one probe now and then');
    },
  });
}

async function startOwnSimulator(settings: SimulatorUpstream, logger: Logger): Promise<Simulator> {
  const { startSimulator } = await import('../simulator/server.ts');
  const { host, port, ak, sk, speed, projectId } = settings;
  const simulator = await startSimulator({ host, port, speed, projectId, credentials: [{ ak, sk: sk.reveal() }] });
  logger.info({ url: simulator.url, project: projectId }, 'simulator started in this process');
  return simulator;
}

/** @throws Error when a reload would start or stop the simulator. */
function served(upstream: Upstream, simulator: Simulator | null): ProjectsToServe {
  if ((upstream.kind === 'simulator') !== (simulator !== null)) {
    throw new Error('the built-in simulator starts and stops with the process: restart it');
  }
  if (upstream.kind === 'remote') return upstream;
  const { projectId, region, ak, sk } = upstream;
  const url = simulator?.url ?? '';
  const credentials = { source: 'keys', ak, sk, securityToken: undefined } as const;
  const project = { id: projectId, name: region, region, url, iamUrl: url, credentials };
  return { projects: [project], defaultProject: 0, others: null };
}
