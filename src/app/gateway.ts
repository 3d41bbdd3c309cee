/** The parts and how they hang together. Nothing else makes long-lived things. */

import type { Config } from '../config/config.ts';
import { CreateOnce } from '../create/create-once.ts';
import { type EndpointCreations, OnceOnlyEndpoints } from '../create/endpoint-creations.ts';
import { OnceOnlyServices, type ServiceCreations } from '../create/service-creations.ts';
import { audited } from '../graphql/audit/audit.ts';
import { createContextFactory } from '../graphql/core/context.ts';
import { buildGatewaySchema } from '../graphql/schema.ts';
import { createCallerLimits } from '../http/operation/admission.ts';
import { TrustedDocuments } from '../http/operation/trusted-documents.ts';
import { createHttpServer } from '../http/server.ts';
import { openAuditLog } from '../observability/audit-log.ts';
import type { Logger } from '../observability/logger.ts';
import { createMetrics, type Metrics } from '../observability/metrics.ts';
import { UnreachableHosts } from '../observability/unreachable-hosts.ts';
import { sleep, systemClock } from '../shared/clock.ts';
import { ServiceDescriptions } from '../vpcep/service/descriptions.ts';
import type { ObservedCalls } from '../watch/calls/endpoint-calls.ts';
import { createAuthentication } from './authentication.ts';
import { createWatching, prefixed } from './status-feed.ts';
import { openStores, type Stores } from './stores.ts';
import { createUpstream, type UpstreamParts } from './upstream.ts';

export interface GatewayOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Also measure the process itself; once per process. */
  readonly processMetrics?: boolean;
  /** Milliseconds for which a project stays watched after its last subscriber. */
  readonly lingerMs?: number;
  /** Milliseconds for which a creation without an answer is looked for. */
  readonly lookForMs?: number;
}

export interface Gateway {
  /** Where clients reach it, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** What subscriptions hold right now; all zero when there are none. */
  held(): { readonly [what: string]: number };
  /** Takes over the projects, the keys, the trusted documents and the metrics token of a configuration that was read again; everything else needs a new start. */
  reload(config: Config): Promise<void>;
  /** Goes on in a new audit file, after a rotation. */
  reopenAuditLog(): void;
  close(): Promise<void>;
}

/** @throws when Redis cannot be reached or the port is taken. What was already started is closed again. */
export async function startGateway({
  config,
  logger,
  processMetrics,
  lingerMs,
  lookForMs,
}: GatewayOptions): Promise<Gateway> {
  const metrics = createMetrics(processMetrics);
  // Whether there is one is decided at the start; which one, at every reload.
  const metricsToken = config.metricsToken === null ? null : { current: config.metricsToken };
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const audit = openAuditLog({
      target: config.auditLog,
      onTrouble: (reason) => noteAudit(reason, { logger, metrics }),
    });
    closers.push(async () => audit.close());
    const stores = await openStores({ redis: config.redis, logger, metrics });
    closers.push(stores.close);
    noteProxy(config, logger);
    const hosts = new UnreachableHosts({ logger, metrics, elapsed: systemClock.elapsed });
    const upstream = await createUpstream({ config, logger, metrics, hosts, limiterStore: stores.limiterStore });
    closers.push(upstream.close);
    const ownTokens = config.auth.mode === 'iam-token';
    const authentication = createAuthentication({
      settings: config.auth,
      iamUrl: config.upstream.kind === 'remote' ? config.upstream.iamUrl : null,
      projects: upstream.projects,
      hosts,
      proxy: config.outboundProxy,
      logger,
    });
    closers.push(authentication.close);
    const watching = createWatching({ log: stores.log, upstream, logger, metrics, lingerMs, ownTokens });
    closers.push(watching.close);
    const trustedDocuments = new TrustedDocuments(config.trustedDocuments, logger);
    const limits = config.rates && createCallerLimits({ ...config, settings: config.rates, ...stores, metrics });
    const http = await createHttpServer({
      options: {
        host: config.host,
        port: config.port,
        allowedOrigins: config.allowedOrigins,
        trustedProxies: config.trustedProxies,
        sockets: config.sockets,
        patience: { idleMs: config.keepAliveSeconds * 1000 },
        shutdownDelayMs: config.shutdownDelaySeconds * 1000,
        checkHost: config.auth.mode === 'none',
        introspection: config.introspection,
        graphiql: config.graphiql,
        maxCost: config.maxCost,
        ...(metricsToken === null ? {} : { metricsToken: () => metricsToken.current }),
      },
      schema: audited(await buildGatewaySchema(), audit),
      contextFor: createContextFactory({
        served: upstream.projects,
        calls: watching.calls,
        edits: watching.edits,
        ...createCreations({ stores, upstream, calls: watching.calls, logger, lookForMs }),
        descriptions: new ServiceDescriptions({ client: upstream.client.services, now: () => performance.now() }),
        client: upstream.client,
        feed: watching.feed,
      }),
      authenticator: limits?.failures.around(authentication.authenticator) ?? authentication.authenticator,
      trustedDocuments,
      rateLimits: limits?.rates ?? null,
      audit,
      // Other replicas call the same hosts, so taking this one out of service gains nothing.
      readiness: [
        upstream.readiness,
        ...stores.readiness,
        ...authentication.readiness,
        { name: 'hosts', degrades: true, check: () => hosts.reason },
      ],
      sleep,
      metrics,
      logger,
    });
    const url = await http.listen();
    closers.push(() => http.close());
    const held = () => ({
      ...watching.held(),
      ...prefixed('log', stores.log.held()),
      ...prefixed('http', http.held()),
    });
    const reload = async (next: Config): Promise<void> => {
      await upstream.reload(next);
      hosts.forget();
      trustedDocuments.replace(next.trustedDocuments);
      if (metricsToken !== null && next.metricsToken !== null) metricsToken.current = next.metricsToken;
    };
    return { url, held, reload, reopenAuditLog: () => audit.reopen(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface CreationParts {
  readonly stores: Pick<Stores, 'records' | 'claims'>;
  readonly upstream: UpstreamParts;
  readonly calls: ObservedCalls;
  readonly logger: Logger;
  readonly lookForMs: number | undefined;
}

function createCreations({ stores, upstream, calls, logger, lookForMs }: CreationParts): {
  readonly creations: EndpointCreations;
  readonly serviceCreations: ServiceCreations;
} {
  const { records, claims } = stores;
  const timing = { now: Date.now, sleep, ...(lookForMs === undefined ? {} : { lookForMs }) };
  const once = new CreateOnce({ records, claims, logger, ...timing });
  const { endpoints, services } = upstream.client;
  return {
    creations: new OnceOnlyEndpoints(once, calls, endpoints),
    serviceCreations: new OnceOnlyServices(once, services),
  };
}

function noteProxy({ outboundProxy, upstream }: Config, logger: Logger): void {
  // The built-in simulator is on this machine, and never called through a proxy.
  if (outboundProxy === null || upstream.kind === 'simulator') return;
  const { http, https } = outboundProxy;
  const forTargets = { http: http?.address ?? null, https: (https ?? http)?.address ?? null };
  logger.info(forTargets, 'VPCEP, IAM and the issuer of tokens are called through a proxy');
}

function noteAudit(reason: string | null, { logger, metrics }: { readonly logger: Logger; readonly metrics: Metrics }) {
  metrics.auditBroken.set(reason === null ? 0 : 1);
  if (reason === null) logger.info({}, 'the audit stream can be written again');
  else logger.error({ reason }, 'the audit stream cannot be written: lines are lost');
}
