import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import type { EndpointAnswer } from '../../../src/vpcep/endpoint/model.ts';
import type { PollerDeps, PollNote } from '../../../src/watch/poll/poller.ts';
import { Watchers } from '../../../src/watch/poll/watchers.ts';
import { type LogUnderTest, redisLog } from '../../support/event-logs.ts';
import { answer, FakeUpstream } from '../../support/fake-upstream.ts';

interface Answered {
  readonly projectId: string;
  readonly from: number;
  readonly to: number;
}

/** Answers reads of single endpoints after a while, and notes when each was in flight. */
export class SlowUpstream extends FakeUpstream {
  readonly #answerMs: number;
  readonly answered: Answered[] = [];

  constructor(answerMs: number) {
    super();
    this.#answerMs = answerMs;
  }

  override async getEndpoint(projectId: string, id: string): Promise<EndpointAnswer> {
    const from = performance.now();
    await delay(this.#answerMs);
    this.answered.push({ projectId, from, to: performance.now() });
    return answer(id, 'creating');
  }
}

export interface WatchingReplica {
  readonly watchers: Watchers;
  close(): Promise<void>;
}

export interface ReplicaOptions {
  readonly redisUrl: string;
  readonly replica: string;
  readonly upstream: FakeUpstream;
  readonly onPoll: (note: PollNote) => void;
  /** Gets no notifications. */
  readonly deaf?: boolean;
  readonly nextWait: NonNullable<PollerDeps['nextWait']>;
}

/** What a gateway process has of its own: connections to Redis and watchers. */
export async function watchingReplica({
  redisUrl,
  deaf,
  upstream,
  ...options
}: ReplicaOptions): Promise<WatchingReplica> {
  const held: LogUnderTest = await redisLog(redisUrl);
  const { log } = held;
  if (deaf === true) log.listen = async () => () => {};
  const watchers = new Watchers({
    ...options,
    log,
    reads: upstream.reads,
    logger: pino({ level: 'silent' }),
    nowMs: () => performance.now(),
    random: () => 0.5,
    versionFloor: () => 0,
    lingerMs: 0,
  });
  return {
    watchers,
    close: async () => {
      await watchers.close();
      await held.close();
    },
  };
}

/** Waits for conditions that are checked after each event. */
export class Events {
  #changed: () => void = () => {};

  happened(): void {
    this.#changed();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}
