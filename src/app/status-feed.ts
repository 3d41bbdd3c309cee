/** The parts of the status feed: polls, log readers, feeds. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { LoggedEvent } from '../events/cursor.ts';
import { DELETED, type EventLog } from '../events/event-log.ts';
import { LogReaders } from '../events/follow/log-reader.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Tracing } from '../observability/tracing.ts';
import { ObservedConnections } from '../watch/calls/connection-calls.ts';
import { CreationWatch } from '../watch/calls/creation-watch.ts';
import { ObservedEndpoints } from '../watch/calls/endpoint-calls.ts';
import { ObservedEdits } from '../watch/calls/endpoint-edits.ts';
import { ObservationRecorder } from '../watch/calls/observation-recorder.ts';
import { ObservedServices } from '../watch/calls/service-calls.ts';
import { FeedAuthorization } from '../watch/feed/authorize.ts';
import { Feed } from '../watch/feed/feed.ts';
import { FirstRead } from '../watch/feed/first-read.ts';
import { PollCredentials, withPollCredentials } from '../watch/poll/poll-credentials.ts';
import type { PollNote } from '../watch/poll/poller.ts';
import { Watchers } from '../watch/poll/watchers.ts';
import { resourceReads } from '../watch/reads.ts';
import { DELETING } from '../watch/resource.ts';
import type { UpstreamParts } from './upstream.ts';

interface WatchingParts {
  readonly log: EventLog;
  readonly upstream: UpstreamParts;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing | null;
  readonly lingerMs: number | undefined;
  /** `AUTH_MODE=iam-token`: calls carry the callers' tokens. */
  readonly ownTokens: boolean;
}

export function createWatching({ log, upstream, logger, metrics, tracing, lingerMs, ownTokens }: WatchingParts) {
  const readers = new LogReaders({
    log,
    logger,
    tracing,
    onGap: () => metrics.gapsFilled.inc(),
    onDelivered: (events) => measureLag(metrics, events),
  });
  const versionFloor = (name: string): number => readers.versionFloor(name);
  const { endpoints, services, connections, shared } = upstream.client;
  const direct = resourceReads(upstream.client);
  const keysOf = (projectId: string) => upstream.projects.keys(projectId);
  const credentials = ownTokens ? new PollCredentials({ keysOf, now: Date.now }) : undefined;
  const reads = credentials === undefined ? direct : withPollCredentials(direct, credentials);
  const watchers = new Watchers({
    log,
    versionFloor,
    logger,
    reads,
    // Monotonic: a clock that steps back must not delay confirmations.
    nowMs: () => performance.now(),
    replica: `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`,
    random: Math.random,
    tracing,
    onPoll: (note) => count(metrics, upstream.labelOf(note.set.projectId), note),
    ...(lingerMs === undefined ? {} : { lingerMs }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  metrics.beforeScrape(() => {
    const { watched, led } = watchers.projects();
    metrics.projectsWatched.set(watched);
    metrics.projectsLed.set(led);
  });
  const authorization = new FeedAuthorization({ reads: direct, elapsed: () => performance.now() });
  const feed = new Feed({
    log,
    readers,
    watchers,
    firstRead: new FirstRead({ log, versionFloor, reads }),
    logger,
    onResync: () => metrics.resyncs.inc(),
    ...(credentials === undefined ? {} : { callers: { authorization, credentials } }),
  });
  const canFollow = (projectId: string) => !ownTokens || keysOf(projectId) !== undefined;
  const creations = new CreationWatch({ feed, logger, canFollow });
  const recorder = new ObservationRecorder({ log, watchers, creations, shared, versionFloor, logger, nowMs: Date.now });
  return {
    calls: new ObservedEndpoints({ log, watchers, recorder, logger, upstream: endpoints }),
    edits: new ObservedEdits({ recorder, logger, upstream: endpoints }),
    services: new ObservedServices(services, recorder),
    connections: new ObservedConnections(connections, recorder),
    feed,
    held: () => ({
      ...prefixed('follow', readers.held()),
      ...prefixed('watch', watchers.held()),
      ...prefixed('tokens', credentials?.held() ?? {}),
      creations: creations.size,
    }),
    close: async () => {
      creations.close();
      await watchers.close();
      credentials?.close();
      readers.close();
    },
  };
}

/** Clocks differ, so a lag can be below 0: it counts as none. */
function measureLag({ deliveryLag }: Metrics, events: readonly LoggedEvent[]): void {
  const now = Date.now();
  for (const { event } of events) {
    deliveryLag.observe({ from: 'observed_at' }, Math.max(0, now - event.observedAt / 1000) / 1000);
    // The last known fields: they are as old as the last change before it.
    if (event.rawStatus === DELETING || event.rawStatus === DELETED) continue;
    const { updatedAt } = event.fields;
    const changedAt = typeof updatedAt === 'string' ? Date.parse(updatedAt) : Number.NaN;
    if (!Number.isNaN(changedAt)) deliveryLag.observe({ from: 'updated_at' }, Math.max(0, now - changedAt) / 1000);
  }
}

function count(metrics: Metrics, project: string, { set, outcome, transitions, durationMs, lagMs }: PollNote): void {
  const of = { project, kind: set.kind.name };
  metrics.polls.inc({ ...of, outcome });
  metrics.pollSeconds.observe({ kind: of.kind }, durationMs / 1000);
  metrics.pollLag.observe({ kind: of.kind }, lagMs / 1000);
  for (const status of transitions) metrics.transitions.inc({ ...of, status });
}

export function prefixed(
  prefix: string,
  counts: { readonly [what: string]: number },
): { readonly [what: string]: number } {
  return Object.fromEntries(Object.entries(counts).map(([name, value]) => [`${prefix}.${name}`, value]));
}
