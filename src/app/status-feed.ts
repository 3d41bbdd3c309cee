/** The parts of the status feed: polls, log readers, feeds. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { EventLog } from '../events/event-log.ts';
import { LogReaders } from '../events/follow/log-reader.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import { CreationWatch } from '../watch/calls/creation-watch.ts';
import { ObservedCalls } from '../watch/calls/endpoint-calls.ts';
import { ObservedEdits } from '../watch/calls/endpoint-edits.ts';
import { FeedAuthorization } from '../watch/feed/authorize.ts';
import { Feed } from '../watch/feed/feed.ts';
import { FirstRead } from '../watch/feed/first-read.ts';
import { PollCredentials, withPollCredentials } from '../watch/poll/poll-credentials.ts';
import type { PollNote } from '../watch/poll/poller.ts';
import { Watchers } from '../watch/poll/watchers.ts';
import type { UpstreamParts } from './upstream.ts';

interface WatchingParts {
  readonly log: EventLog;
  readonly upstream: UpstreamParts;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lingerMs: number | undefined;
  /** `AUTH_MODE=iam-token`: calls carry the callers' tokens. */
  readonly ownTokens: boolean;
}

export function createWatching({ log, upstream, logger, metrics, lingerMs, ownTokens }: WatchingParts) {
  const readers = new LogReaders({ log, logger });
  const versionFloor = (projectId: string): number => readers.versionFloor(projectId);
  const { endpoints } = upstream.client;
  const keysOf = (projectId: string) => upstream.projects.keys(projectId);
  const credentials = ownTokens ? new PollCredentials({ keysOf, now: Date.now }) : undefined;
  const reads = credentials === undefined ? endpoints : withPollCredentials(endpoints, credentials);
  const watchers = new Watchers({
    log,
    versionFloor,
    logger,
    upstream: reads,
    // Monotonic: a clock that steps back must not delay confirmations.
    nowMs: () => performance.now(),
    replica: `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`,
    random: Math.random,
    onPoll: (note) => count(metrics, note),
    ...(lingerMs === undefined ? {} : { lingerMs }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  const authorization = new FeedAuthorization({ upstream: endpoints, elapsed: () => performance.now() });
  const feed = new Feed({
    log,
    readers,
    watchers,
    firstRead: new FirstRead({ log, versionFloor, upstream: reads }),
    logger,
    ...(credentials === undefined ? {} : { callers: { authorization, credentials } }),
  });
  const canFollow = (projectId: string) => !ownTokens || keysOf(projectId) !== undefined;
  const creations = new CreationWatch({ feed, logger, canFollow });
  const recording = { log, watchers, versionFloor, logger, nowMs: Date.now };
  const calls = new ObservedCalls({ ...recording, upstream: endpoints, shared: upstream.client.shared, creations });
  const edits = new ObservedEdits({ ...recording, upstream: endpoints });
  return {
    calls,
    edits,
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
