import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Deferred, deferred } from '../support/deferred.ts';
import { FakeUpstream } from '../support/fake-upstream.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';
import { Happenings, type WatchingReplica, watchingReplica } from '../support/watching-replicas.ts';

const PROJECTS = Array.from({ length: 100 }, (_, i) => `p${i}`);
/** More than the quarter of a second that wake-ups leave between two polls, or none would take a turn from another. */
const INTERVAL_MS = 400;
const SPREAD_MS = 400;

describe('the projects of three replicas', () => {
  let redis: RedisServer;
  let replicas: WatchingReplica[];
  let polled: Happenings;
  let count: number;
  let counted: Deferred<void>;
  beforeEach(async () => {
    redis = await startRedis();
    polled = new Happenings();
    count = 0;
    counted = deferred<void>();
    const upstream = new FakeUpstream();
    replicas = await Promise.all(
      ['a', 'b', 'c'].map((replica) =>
        watchingReplica({
          redisUrl: redis.url,
          replica,
          upstream,
          onPoll: () => {
            count++;
            polled.happened();
          },
          spreadMs: SPREAD_MS,
          censusAfter: counted.promise,
          nextWait: () => ({ baseMs: INTERVAL_MS, waitMs: INTERVAL_MS }),
        }),
      ),
    );
  });
  afterEach(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await redis.stop();
  });

  const polls = () => replicas.map(({ watchers }) => watchers.polls());
  const want = (replica: WatchingReplica | undefined) => {
    for (const project of PROJECTS) replica?.watchers.want(project, { endpointIds: ['e1'] });
  };
  const isEven = () => {
    const mean = PROJECTS.length / replicas.length;
    return polls().every((one) => Math.abs(one - mean) <= 0.2 * mean);
  };

  it('are spread evenly, although one replica had them all', async () => {
    const [first, ...others] = replicas;
    for (const other of others) want(other);
    // Until the wake-ups of the first wants have been answered.
    await polled.until(() => count >= 4 * PROJECTS.length);
    // Whoever wants a project last wakes it, and so gets it, unless a poll is in flight just then.
    want(first);
    await polled.until(() => (polls()[0] ?? 0) > 0.5 * PROJECTS.length);
    counted.resolve();
    await polled.until(isEven);
    expect(polls().reduce((sum, one) => sum + one)).toBeLessThanOrEqual(PROJECTS.length);
  });

  it('stay where they are as long as nobody else wants them', async () => {
    const [first, second] = replicas;
    counted.resolve();
    for (const project of PROJECTS.slice(0, 20)) first?.watchers.want(project, { endpointIds: ['e1'] });
    second?.watchers.want('other', { endpointIds: ['e1'] });
    // Some five polls of each: the second look at the census has decided by then.
    await polled.until(() => count >= 100);
    expect(polls()).toEqual([20, 1, 0]);
  });
});
