/** The parts of the status feed: who polls, who reads, who follows. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { EventLog } from '../events/event-log.ts';
import { Tails } from '../events/follow/log-reader.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import { CreationWatch } from '../watch/calls/creation-watch.ts';
import { ObservedCalls } from '../watch/calls/endpoint-calls.ts';
import { ObservedEdits } from '../watch/calls/endpoint-edits.ts';
import { FeedAccess } from '../watch/feed/authorize.ts';
import { Feed } from '../watch/feed/feed.ts';
import { ColdReader } from '../watch/feed/first-read.ts';
import { WatchCredentials, WatchingUpstream } from '../watch/poll/poll-credentials.ts';
import type { PollNote } from '../watch/poll/poller.ts';
import { Watchers } from '../watch/poll/watchers.ts';
import type { UpstreamParts } from './upstream.ts';

interface WatchingParts {
  readonly log: EventLog;
  readonly upstream: UpstreamParts;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lingerMs: number | undefined;
  /** Callers bring tokens of their own. */
  readonly ownTokens: boolean;
}

export function createWatching({ log, upstream, logger, metrics, lingerMs, ownTokens }: WatchingParts) {
  const tails = new Tails({ log, logger });
  const versionFloor = (projectId: string): number => tails.versionFloor(projectId);
  const { endpoints } = upstream.client;
  const keysOf = (projectId: string) => upstream.projects.keys(projectId);
  const credentials = ownTokens ? new WatchCredentials({ keysOf, now: Date.now }) : undefined;
  const reads = credentials === undefined ? endpoints : new WatchingUpstream(endpoints, credentials);
  const shared = { log, versionFloor, logger, nowMs: Date.now };
  const watchers = new Watchers({
    ...shared,
    upstream: reads,
    // Not the time of day: a clock that steps back must not stop confirmations until it has caught up.
    nowMs: () => performance.now(),
    replica: `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`,
    random: Math.random,
    onPoll: (note) => count(metrics, note),
    ...(lingerMs === undefined ? {} : { lingerMs }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  const access = new FeedAccess({ upstream: endpoints, elapsed: () => performance.now() });
  const feed = new Feed({
    log,
    tails,
    watchers,
    coldReader: new ColdReader({ ...shared, upstream: reads }),
    logger,
    ...(credentials === undefined ? {} : { callers: { access, credentials } }),
  });
  const canFollow = (projectId: string) => !ownTokens || keysOf(projectId) !== undefined;
  const creations = new CreationWatch({ feed, logger, canFollow });
  const calls = new ObservedCalls({
    ...shared,
    upstream: endpoints,
    shared: upstream.client.shared,
    watchers,
    creations,
  });
  const edits = new ObservedEdits({ ...shared, upstream: endpoints, watchers });
  return {
    calls,
    edits,
    feed,
    held: () => ({
      ...prefixed('tail', tails.held()),
      ...prefixed('watch', watchers.held()),
      ...prefixed('tokens', credentials?.held() ?? {}),
      creations: creations.size,
    }),
    close: async () => {
      creations.close();
      await watchers.close();
      credentials?.close();
      tails.close();
    },
  };
}

function count(metrics: Metrics, { projectId, outcome, transitions }: PollNote): void {
  metrics.polls.inc({ project: projectId, outcome });
  for (const status of transitions) metrics.transitions.inc({ project: projectId, status });
}

export function prefixed(
  prefix: string,
  counts: { readonly [what: string]: number },
): { readonly [what: string]: number } {
  return Object.fromEntries(Object.entries(counts).map(([name, value]) => [`${prefix}.${name}`, value]));
}
