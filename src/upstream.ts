/** The signed client for the upstream that the configuration names, or for a simulator inside this process. */
import type { Config } from './config.ts';
import type { CredentialSource as ConfiguredCredentials } from './config-upstream.ts';
import type { ReadinessCheck } from './http/deps.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import { startSimulator } from './simulator/server.ts';
import { VpcepClient } from './vpcep/client.ts';
import { systemClock } from './vpcep/clock.ts';
import { credentialChain, environmentCredential } from './vpcep/credential-chain.ts';
import type { CredentialSource } from './vpcep/credentials.ts';
import { MetadataCredential } from './vpcep/credentials-metadata.ts';
import { profileCredential } from './vpcep/credentials-profile.ts';
import { Transport } from './vpcep/transport.ts';

export interface UpstreamParts {
  readonly client: VpcepClient;
  readonly readiness: ReadinessCheck;
  close(): Promise<void>;
}

export async function createUpstream(config: Config, logger: Logger, metrics: Metrics): Promise<UpstreamParts> {
  const simulator = config.upstream.kind === 'simulator' ? await startOwnSimulator(config.upstream, logger) : null;
  const baseUrl = config.upstream.kind === 'simulator' ? (simulator?.url ?? '') : config.upstream.url;
  const credential = credentialsOf(config);
  const transport = new Transport({
    target: () => ({ baseUrl, credential }),
    observe: ({ operation, outcome, durationMs, attempt, status, code, requestId }) => {
      metrics.upstreamCalls.inc({ operation, outcome });
      metrics.upstreamSeconds.observe({ operation, outcome }, durationMs / 1000);
      logger.debug(
        { operation, outcome, durationMs: Math.round(durationMs), attempt, status, code, requestId },
        'upstream call',
      );
    },
  });
  return {
    client: new VpcepClient({ transport }),
    readiness: { name: 'upstream', check: () => transport.guard.state()?.reason ?? null },
    close: async () => {
      await transport.close();
      await simulator?.close();
    },
  };
}

async function startOwnSimulator(settings: Extract<Config['upstream'], { kind: 'simulator' }>, logger: Logger) {
  const { host, port, ak, sk, speed, projectId } = settings;
  const simulator = await startSimulator({ host, port, speed, projectId, credentials: [{ ak, sk }] });
  logger.info({ url: simulator.url, project: projectId }, 'simulator started in this process');
  return simulator;
}

function credentialsOf(config: Config): CredentialSource {
  const { upstream } = config;
  if (upstream.kind === 'simulator') return environmentCredential(upstream);
  return credentialChain([fromConfig(upstream.credentials)]);
}

function fromConfig(credentials: ConfiguredCredentials): CredentialSource {
  switch (credentials.source) {
    case 'environment': {
      const { ak, sk, securityToken } = credentials;
      return environmentCredential({ ak, sk, ...(securityToken === undefined ? {} : { securityToken }) });
    }
    case 'profile':
      return profileCredential({ path: credentials.path });
    case 'metadata':
      return new MetadataCredential({ clock: systemClock });
  }
}
