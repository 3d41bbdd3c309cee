import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventLog } from '../../../src/events/event-log.ts';
import { LEASE_MS } from '../../../src/events/retention.ts';
import type { PollNote } from '../../../src/watch/poll/poller.ts';
import { Watcher } from '../../../src/watch/poll/watcher.ts';
import { endpointsIn } from '../../../src/watch/resources/watched-endpoints.ts';
import { deferred } from '../../support/deferred.ts';
import { type LogUnderTest, MicrosClock, redisLog } from '../../support/event-logs.ts';
import { answer, FakeUpstream } from '../../support/fake-upstream.ts';
import { type RedisServer, startRedis } from '../../support/start-redis.ts';

const SET = endpointsIn('project-1');

/** What one replica knows of its polls. */
class Notes {
  readonly all: PollNote[] = [];
  #changed: () => void = () => {};

  readonly add = (note: PollNote): void => {
    this.all.push(note);
    this.#changed();
  };

  async until(outcome: PollNote['outcome']): Promise<void> {
    while (!this.all.some((note) => note.outcome === outcome)) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}

describe('a holder that is paused in the middle of its poll', () => {
  let redis: RedisServer;
  let clock: MicrosClock;
  let logs: LogUnderTest[];
  beforeEach(async () => {
    redis = await startRedis();
    clock = new MicrosClock();
    logs = [await redisLog(redis.url, clock), await redisLog(redis.url, clock)];
  });
  afterEach(async () => {
    await Promise.all(logs.map((log) => log.close()));
    await redis.stop();
  });

  const watcher = (log: EventLog, upstream: FakeUpstream, replica: string, onPoll: (note: PollNote) => void) => {
    const nowMs = () => performance.now();
    const logger = pino({ level: 'silent' });
    const watching = new Watcher(
      {
        log,
        reads: upstream.reads,
        logger,
        replica,
        nowMs,
        random: () => 0,
        versionFloor: () => 0,
        onPoll,
      },
      SET,
    );
    watching.want(['e1'], true);
    return watching;
  };

  it('cannot commit what it saw before, and the successor’s observation stands', async () => {
    const asked = deferred();
    const answered = deferred();
    const stale = new FakeUpstream();
    stale.getEndpoint = async () => {
      asked.resolve();
      await answered.promise;
      return answer('e1', 'creating');
    };
    // The successor is in the middle of its second poll when the paused holder comes back.
    const askedAgain = deferred();
    const answeredAgain = deferred();
    const fresh = new FakeUpstream();
    fresh.getEndpoint = async (_project, id) => {
      fresh.gets.push(id);
      if (fresh.gets.length === 2) {
        askedAgain.resolve();
        await answeredAgain.promise;
      }
      return answer('e1', 'accepted');
    };
    const [a, b] = [new Notes(), new Notes()];
    const [logA, logB] = logs.map(({ log }) => log) as [EventLog, EventLog];

    const first = watcher(logA, stale, 'a', a.add);
    await asked.promise;
    clock.forwardMs(LEASE_MS + 1);
    const second = watcher(logB, fresh, 'b', b.add);
    await b.until('done');
    second.want(['e1'], true);
    await askedAgain.promise;
    answered.resolve();
    await a.until('fenced');
    answeredAgain.resolve();
    const { states } = await logA.state(SET.log);
    expect(states).toMatchObject([{ id: 'e1', status: 'accepted' }]);

    for (const one of [first, second]) one.want(null, false);
    await Promise.all([first.ended(), second.ended()]);
  });
});
