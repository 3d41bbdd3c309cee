/** The parts and how they hang together. Nothing else makes long-lived things. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { ANONYMOUS } from './auth/identity.ts';
import type { Config } from './config.ts';
import type { EventLog } from './events/event-log.ts';
import { MemoryEventLog } from './events/memory-event-log.ts';
import { RedisBells } from './events/redis-bells.ts';
import { RedisEventLog } from './events/redis-event-log.ts';
import { Tails } from './events/tails.ts';
import { createContextFactory } from './graphql/context.ts';
import { buildGatewaySchema } from './graphql/schema.ts';
import type { ReadinessCheck } from './http/deps.ts';
import { createHttpServer } from './http/server.ts';
import type { Logger } from './observability/logger.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { connectRedis } from './redis.ts';
import { createUpstream, type UpstreamParts } from './upstream.ts';
import { ColdReader } from './watch/cold-reader.ts';
import { CreationWatch } from './watch/creation-watch.ts';
import { ObservedCalls } from './watch/endpoint-calls.ts';
import { Feed } from './watch/feed.ts';
import type { PollNote } from './watch/watcher.ts';
import { Watchers } from './watch/watchers.ts';

export interface GatewayOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Also measure the process itself; once per process. */
  readonly processMetrics?: boolean;
  /** Milliseconds for which a project stays watched after its last subscriber. */
  readonly lingerMs?: number;
}

export interface Gateway {
  /** Where clients reach it, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** What subscriptions hold right now; all zero when there are none. */
  held(): { readonly [what: string]: number };
  close(): Promise<void>;
}

/** @throws when Redis cannot be reached or the port is taken. What was already started is closed again. */
export async function startGateway({ config, logger, processMetrics, lingerMs }: GatewayOptions): Promise<Gateway> {
  const metrics = createMetrics(processMetrics);
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const upstream = await createUpstream(config, logger, metrics);
    closers.push(upstream.close);
    const events = await openEventLog(config, logger);
    closers.push(events.close);
    const watching = createWatching({ log: events.log, upstream, logger, metrics, lingerMs });
    closers.push(watching.close);
    const { projectId } = config.upstream;
    const http = await createHttpServer({
      options: {
        host: config.host,
        port: config.port,
        allowedOrigins: config.allowedOrigins,
        checkHost: config.auth.mode === 'none',
        introspection: config.introspection,
        graphiql: config.graphiql,
        ...(config.metricsToken === null ? {} : { metricsToken: config.metricsToken }),
        callerToken: false,
      },
      schema: await buildGatewaySchema(),
      contextFor: createContextFactory({
        projectIds: [projectId],
        defaultProjectId: projectId,
        calls: watching.calls,
        client: upstream.client,
        feed: watching.feed,
      }),
      authenticate: () => ANONYMOUS,
      readiness: [upstream.readiness, events.readiness],
      metrics,
      logger,
    });
    const url = await http.listen();
    closers.push(() => http.close());
    return { url, held: () => ({ ...watching.held(), ...events.held() }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Events {
  readonly log: EventLog;
  readonly readiness: ReadinessCheck;
  held(): { readonly [what: string]: number };
  close(): Promise<void>;
}

async function openEventLog(config: Config, logger: Logger): Promise<Events> {
  if (config.redisUrl === null) {
    const log = new MemoryEventLog();
    return {
      log,
      readiness: { name: 'events', check: () => null },
      held: () => prefixed('log', log.held()),
      close: () => log.close(),
    };
  }
  const redis = await connectRedis({ url: config.redisUrl, logger });
  const echoChannel = `vpcep-gateway:echo:${randomBytes(8).toString('hex')}`;
  const bells = new RedisBells({ ...redis, echoChannel, logger });
  const log = new RedisEventLog({ redis: redis.commands, bells });
  return {
    log,
    readiness: { name: 'events', check: () => (redis.commands.status === 'ready' ? null : 'Redis cannot be reached') },
    held: () => prefixed('log', log.held()),
    close: async () => {
      await log.close();
      await redis.close();
    },
  };
}

interface WatchingParts {
  readonly log: EventLog;
  readonly upstream: UpstreamParts;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lingerMs: number | undefined;
}

function createWatching({ log, upstream, logger, metrics, lingerMs }: WatchingParts) {
  const tails = new Tails({ log, logger });
  const versionFloor = (projectId: string): number => tails.versionFloor(projectId);
  const shared = { log, upstream: upstream.client.endpoints, versionFloor, logger, nowMs: Date.now };
  const watchers = new Watchers({
    ...shared,
    replica: `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`,
    random: Math.random,
    onPoll: (note) => count(metrics, note),
    ...(lingerMs === undefined ? {} : { lingerMs }),
  });
  const feed = new Feed({ log, tails, watchers, coldReader: new ColdReader(shared), logger });
  const creations = new CreationWatch({ feed, logger });
  const calls = new ObservedCalls({ ...shared, watchers, creations });
  return {
    calls,
    feed,
    held: () => ({
      ...prefixed('tail', tails.held()),
      ...prefixed('watch', watchers.held()),
      creations: creations.size,
    }),
    close: async () => {
      creations.close();
      await watchers.close();
      tails.close();
    },
  };
}

function count(metrics: Metrics, { projectId, outcome, transitions }: PollNote): void {
  metrics.polls.inc({ project: projectId, outcome });
  for (const status of transitions) metrics.transitions.inc({ project: projectId, status });
}

function prefixed(prefix: string, counts: { readonly [what: string]: number }): { readonly [what: string]: number } {
  return Object.fromEntries(Object.entries(counts).map(([name, value]) => [`${prefix}.${name}`, value]));
}
