import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PollNote } from '../../../src/watch/poll/poller.ts';
import { endpointsIn } from '../../../src/watch/resources/watched-endpoints.ts';
import { type RedisServer, startRedis } from '../../support/start-redis.ts';
import { Events, SlowUpstream, type WatchingReplica, watchingReplica } from './watching-replicas.ts';

const PROJECTS = ['p1', 'p2', 'p3', 'p4'];
const TICKS = 1_000;
const REPLICAS = ['a', 'b', 'c'];

interface Poll extends PollNote {
  readonly replica: string;
  /** When its read was in flight. */
  readonly from: number;
  readonly to: number;
}

interface Options {
  readonly intervalMs: number;
  readonly pollMs: number;
  readonly deaf: boolean;
  readonly onPoll?: (poll: Poll) => void;
}

describe('three replicas with polls slower than the interval', () => {
  let redis: RedisServer;
  let replicas: WatchingReplica[];
  let polls: Poll[];
  let polled: Events;
  beforeEach(async () => {
    redis = await startRedis();
    polls = [];
    polled = new Events();
  });
  afterEach(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await redis.stop();
  });

  const start = async ({ intervalMs, pollMs, deaf, onPoll }: Options) => {
    const startOne = (replica: string) => {
      const upstream = new SlowUpstream(pollMs);
      return watchingReplica({
        redisUrl: redis.url,
        replica,
        upstream,
        deaf,
        onPoll: (note) => {
          const read = upstream.answered.findLast(({ projectId }) => projectId === note.set.projectId);
          if (read === undefined) throw new Error('a poll without a read');
          const poll = { ...note, ...read, replica };
          polls.push(poll);
          onPoll?.(poll);
          polled.happened();
        },
        nextWait: () => ({ baseMs: intervalMs, waitMs: intervalMs }),
      });
    };
    replicas = await Promise.all(REPLICAS.map(startOne));
    for (const { watchers } of replicas) {
      for (const project of PROJECTS) watchers.want(endpointsIn(project), [`${project}-e1`]);
    }
  };
  const of = (project: string, outcome?: PollNote['outcome']) =>
    polls.filter((poll) => poll.set.projectId === project && (outcome === undefined || poll.outcome === outcome));
  const overlaps = (some: readonly Poll[]) => {
    const inOrder = some.toSorted((a, b) => a.from - b.from);
    return inOrder.filter((poll, i) => poll.from < (inOrder[i - 1]?.to ?? 0)).length;
  };

  it('never have two polls of a project in flight, over 1,000 ticks', async () => {
    await start({ intervalMs: 4, pollMs: 10, deaf: false });
    await polled.until(() => polls.length >= TICKS);
    for (const project of PROJECTS) {
      expect(overlaps(of(project))).toBe(0);
      expect(of(project, 'done')).toEqual(of(project));
      expect(new Set(of(project).map(({ replica }) => replica)).size).toBe(1);
    }
  });

  it('refuse the poll of a replica that missed the loss of its lease', async () => {
    const takeOver = ({ replica, set, outcome }: Poll) => {
      const before = of(set.projectId).length;
      // The first polls answer the wake-ups of the first wants: nothing is reserved after them.
      if (outcome === 'fenced' || before < 5 || before > 7) return;
      replicas[(REPLICAS.indexOf(replica) + 1) % REPLICAS.length]?.watchers.wake(set);
    };
    // A wake-up takes the lease at once when the last poll began more than a quarter of a second ago.
    await start({ intervalMs: 270, pollMs: 300, deaf: true, onPoll: takeOver });
    await polled.until(() => PROJECTS.every((project) => of(project, 'fenced').length > 0));
    await Promise.all(replicas.map(({ watchers }) => watchers.close()));
    for (const project of PROJECTS) {
      expect(overlaps(of(project))).toBeGreaterThan(0);
      expect(overlaps(of(project, 'done'))).toBe(0);
    }
  });
});
