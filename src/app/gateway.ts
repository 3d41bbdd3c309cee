/** Composes the parts of the gateway. */
import type { Config } from '../config/config.ts';
import { CreateOnce } from '../create/create-once.ts';
import { type EndpointCreations, EndpointCreator } from '../create/endpoint-creations.ts';
import { type ServiceCreations, ServiceCreator } from '../create/service-creations.ts';
import { audited } from '../graphql/audit/audit.ts';
import { createContextFactory } from '../graphql/core/context.ts';
import { buildServedSchema } from '../graphql/schema.ts';
import { createCallerLimits } from '../http/limits/caller-rates.ts';
import { TrustedDocuments } from '../http/operation/trusted-documents.ts';
import { createHttpServer } from '../http/server.ts';
import { openAuditLog } from '../observability/audit-log.ts';
import type { Logger } from '../observability/logger.ts';
import { createMetrics } from '../observability/metrics.ts';
import type { Tracing } from '../observability/tracing.ts';
import { UnreachableHosts } from '../observability/unreachable-hosts.ts';
import { sleep, systemClock } from '../shared/clock.ts';
import { ServiceDescriptions } from '../vpcep/service/descriptions.ts';
import { createAuthentication } from './authentication.ts';
import { createWatching, prefixed } from './status-feed.ts';
import { openStores, type Stores } from './stores.ts';
import { createUpstream, type UpstreamParts } from './upstream.ts';

/** How long operations may take after the last answer of upstream: they have only records to write. */
const RECORD_MS = 3_000;

export interface GatewayOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Adds metrics of the process itself; once per process. */
  readonly processMetrics?: boolean;
  /** Milliseconds for which a project is polled after its last subscriber. */
  readonly lingerMs?: number;
  /** Milliseconds for which a creation without an answer is searched for. */
  readonly lookForMs?: number;
}

export interface Gateway {
  /** Where clients reach it, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Counts of what subscriptions hold; all zero without subscriptions. */
  held(): { readonly [what: string]: number };
  /** Takes over projects, keys, trusted documents, the metrics token and the headers of traces of a new configuration. All else needs a restart. */
  reload(config: Config): Promise<void>;
  /** After a rotation of the audit file. */
  reopenAuditLog(): void;
  close(): Promise<void>;
}

/** @throws when Redis cannot be reached or the port is taken. Started parts are closed again. */
export async function startGateway({
  config,
  logger,
  processMetrics,
  lingerMs,
  lookForMs,
}: GatewayOptions): Promise<Gateway> {
  const metrics = createMetrics(processMetrics);
  // A reload replaces the token, but cannot open or close /metrics.
  const metricsToken = config.metricsToken === null ? null : { current: config.metricsToken };
  const otlpHeaders = { current: config.tracing?.headers };
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const tracing = await startTracing(config.tracing, () => otlpHeaders.current?.reveal() ?? '', logger);
    if (tracing !== null) closers.push(() => tracing.close());
    const audit = openAuditLog({ target: config.auditLog, logger, metrics });
    closers.push(async () => audit.close());
    const stores = await openStores({ redis: config.redis, logger, metrics, tracing });
    closers.push(stores.close);
    // After upstream's last answers, and before what records them is closed.
    let operationsEnded = async (): Promise<void> => {};
    closers.push(() => operationsEnded());
    const hosts = new UnreachableHosts({ logger, metrics, elapsed: systemClock.elapsed });
    const ownTokens = config.auth.mode === 'iam-token';
    const upstream = await createUpstream({
      upstream: config.upstream,
      proxy: config.outboundProxy,
      budget: config.budget,
      ownTokens,
      hosts,
      limiterStore: stores.limiterStore,
      logger,
      metrics,
      tracing,
    });
    closers.push(upstream.close);
    const authentication = await createAuthentication({
      settings: config.auth,
      iamUrl: config.upstream.kind === 'remote' ? config.upstream.iamUrl : null,
      projects: upstream.projects,
      hosts,
      proxy: config.outboundProxy,
      logger,
    });
    closers.push(authentication.close);
    const watching = createWatching({ log: stores.log, upstream, logger, metrics, tracing, lingerMs, ownTokens });
    closers.push(watching.close);
    const trustedDocuments = new TrustedDocuments(config.trustedDocuments, logger);
    const limits =
      config.rates &&
      createCallerLimits({
        settings: config.rates,
        budget: config.budget,
        limiterStore: stores.limiterStore,
        metrics,
      });
    const schema = await buildServedSchema(config.federation);
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
        authMode: config.auth.mode,
        oidc: config.auth.mode === 'jwt' ? config.auth.oidc : null,
        fastPath: config.fastPath,
        maxCost: config.maxCost,
        maxOperations: config.maxOperations,
        ...(metricsToken === null ? {} : { metricsToken: () => metricsToken.current }),
      },
      schema: audited(schema, audit),
      contextFor: createContextFactory({
        served: upstream.projects,
        calls: watching.calls,
        edits: watching.edits,
        services: watching.services,
        connections: watching.connections,
        ...createCreations({ stores, upstream, watching, logger, lookForMs }),
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
        ...upstream.readiness,
        ...stores.readiness,
        ...authentication.readiness,
        { name: 'hosts', degrades: true, check: () => hosts.reason },
      ],
      sleep,
      metrics,
      tracing,
      logger,
    });
    operationsEnded = () => http.operationsEnded(RECORD_MS);
    const url = await http.listen();
    closers.push(() => http.close());
    const held = () => ({
      ...watching.held(),
      ...prefixed('log', stores.log.held()),
      ...prefixed('http', http.held()),
    });
    const reload = async (next: Config): Promise<void> => {
      await upstream.reload(next.upstream);
      hosts.forget();
      trustedDocuments.replace(next.trustedDocuments);
      otlpHeaders.current = next.tracing?.headers;
      if (metricsToken !== null && next.metricsToken !== null) metricsToken.current = next.metricsToken;
    };
    return { url, held, reload, reopenAuditLog: () => audit.reopen(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The SDK is loaded only where traces are recorded. */
async function startTracing(
  settings: Config['tracing'],
  headers: () => string,
  logger: Logger,
): Promise<Tracing | null> {
  if (settings === null) return null;
  const { Tracing } = await import('../observability/tracing.ts');
  return new Tracing({ url: settings.url, headers }, logger);
}

interface CreationParts {
  readonly stores: Pick<Stores, 'records' | 'claims'>;
  readonly upstream: UpstreamParts;
  readonly watching: Pick<ReturnType<typeof createWatching>, 'calls' | 'services'>;
  readonly logger: Logger;
  readonly lookForMs: number | undefined;
}

function createCreations({ stores, upstream, watching, logger, lookForMs }: CreationParts): {
  readonly creations: EndpointCreations;
  readonly serviceCreations: ServiceCreations;
} {
  const { records, claims } = stores;
  const timing = { now: Date.now, sleep, ...(lookForMs === undefined ? {} : { lookForMs }) };
  const once = new CreateOnce({ records, claims, logger, ...timing });
  const { endpoints, services } = upstream.client;
  return {
    creations: new EndpointCreator(once, watching.calls, endpoints),
    serviceCreations: new ServiceCreator(once, watching.services, services),
  };
}
