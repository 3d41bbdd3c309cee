/** The signed client for the upstreams that the configuration names, or for a simulator inside this process. */
import type { Config } from './config.ts';
import type { SimulatorUpstream } from './config-types.ts';
import type { ReadinessCheck } from './http/deps.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import { Projects, type ServedProjects } from './projects.ts';
import { type Simulator, startSimulator } from './simulator/server.ts';
import { VpcepClient } from './vpcep/client.ts';
import { SharedCalls } from './vpcep/shared-calls.ts';
import { Transport } from './vpcep/transport.ts';

export interface UpstreamParts {
  readonly client: VpcepClient;
  readonly shared: SharedCalls;
  readonly projects: Projects;
  readonly readiness: ReadinessCheck;
  /** Takes over the projects of a configuration that was read again. @throws ProjectLookupError */
  reload(config: Config): Promise<void>;
  close(): Promise<void>;
}

/** @throws ProjectLookupError when a project without an id cannot be found at IAM */
export async function createUpstream(config: Config, logger: Logger, metrics: Metrics): Promise<UpstreamParts> {
  const { upstream } = config;
  const simulator = upstream.kind === 'simulator' ? await startOwnSimulator(upstream, logger) : null;
  const projects = new Projects(logger);
  try {
    await projects.serve(served(config, simulator));
  } catch (error) {
    await simulator?.close();
    throw error;
  }
  const transport = new Transport({
    target: (projectId) => projects.target(projectId),
    observe: ({ operation, outcome, durationMs, attempt, status, code, requestId }) => {
      metrics.upstreamCalls.inc({ operation, outcome });
      metrics.upstreamSeconds.observe({ operation, outcome }, durationMs / 1000);
      const rounded = Math.round(durationMs);
      logger.debug({ operation, outcome, durationMs: rounded, attempt, status, code, requestId }, 'upstream call');
    },
  });
  const shared = new SharedCalls();
  return {
    client: new VpcepClient({ transport, shared }),
    shared,
    projects,
    readiness: { name: 'upstream', check: () => transport.guard.state()?.reason ?? null },
    reload: (next) => projects.serve(served(next, simulator)),
    close: async () => {
      await transport.close();
      await simulator?.close();
    },
  };
}

async function startOwnSimulator(settings: SimulatorUpstream, logger: Logger): Promise<Simulator> {
  const { host, port, ak, sk, speed, projectId } = settings;
  const simulator = await startSimulator({ host, port, speed, projectId, credentials: [{ ak, sk }] });
  logger.info({ url: simulator.url, project: projectId }, 'simulator started in this process');
  return simulator;
}

/** A running simulator stays the upstream: whether there is one is decided at the start. */
function served({ upstream }: Config, simulator: Simulator | null): ServedProjects {
  if (upstream.kind === 'remote') return upstream;
  const { projectId, region, ak, sk } = upstream;
  const url = simulator?.url ?? '';
  const credentials = { source: 'environment', ak, sk, securityToken: undefined } as const;
  return { projects: [{ id: projectId, name: region, region, url, iamUrl: url, credentials }], defaultProject: 0 };
}
