/** The rules of the budget, and its queue of waiting calls, over time that the test moves. */
import { beforeEach, describe, expect, it } from 'vitest';
import { nextPause, queueShapeOf, TokenQueue, type Tokens, windowOf } from '../../../src/vpcep/limits/budget.ts';
import { FakeTime } from '../../support/fake-time.ts';

describe('windows', () => {
  it('never allow more than the rate', () => {
    expect(windowOf('read', 100)).toEqual({ points: 100, seconds: 1 });
    expect(windowOf('write', 6.9)).toEqual({ points: 6, seconds: 1 });
    expect(windowOf('write', 0.16)).toEqual({ points: 1, seconds: 7 });
    expect(windowOf('poll', 10)).toEqual({ points: 100, seconds: 10 });
    expect(windowOf('poll', 0.01)).toEqual({ points: 1, seconds: 100 });
  });

  it('let as many calls wait as two seconds can serve', () => {
    expect(queueShapeOf('read', windowOf('read', 100)).most).toBe(300);
    expect(queueShapeOf('write', windowOf('write', 0.1)).most).toBe(1);
  });

  it('give a poller many tokens at once, but not all of them', () => {
    expect(queueShapeOf('poll', windowOf('poll', 10)).batch).toBe(50);
    expect(queueShapeOf('poll', windowOf('poll', 1_000)).batch).toBe(100);
    expect(queueShapeOf('poll', windowOf('poll', 0.05)).batch).toBe(1);
    expect(queueShapeOf('read', windowOf('read', 100)).batch).toBe(1);
  });
});

describe('the pause after throttling', () => {
  it('is what upstream asks for, within bounds', () => {
    expect(nextPause(undefined, 0, 7)).toEqual({ seconds: 7, untilMs: 7_000 });
    expect(nextPause(undefined, 0, 0)?.seconds).toBe(1);
    expect(nextPause(undefined, 0, 86_400)?.seconds).toBe(300);
  });

  it('doubles when one follows on the other, and starts again at 1 s after a quiet time', () => {
    let now = 0;
    let pause = nextPause(undefined, now, undefined);
    const lengths = [pause?.seconds];
    for (let i = 0; i < 6; i++) {
      now = pause?.untilMs ?? 0;
      pause = nextPause(pause, now, undefined);
      lengths.push(pause?.seconds);
    }
    expect(lengths).toEqual([1, 2, 4, 8, 16, 30, 30]);
    expect(nextPause(pause, (pause?.untilMs ?? 0) + 30_000, undefined)?.seconds).toBe(1);
  });

  it('is one for calls that were throttled together, unless upstream asks for more', () => {
    const pause = nextPause(undefined, 0, undefined);
    expect(nextPause(pause, 10, undefined)).toBeUndefined();
    expect(nextPause(pause, 10, 5)).toEqual({ seconds: 5, untilMs: 5_010 });
    expect(nextPause({ seconds: 60, untilMs: 60_000 }, 10, 5)).toBeUndefined();
  });
});

describe('the token queue', () => {
  let time: FakeTime;
  let fetches: number[];
  /** What the store answers next; everything when empty. */
  let answers: Tokens[];
  let events: string[];
  beforeEach(() => {
    time = new FakeTime();
    fetches = [];
    answers = [];
    events = [];
  });

  function queue(shape: { batch?: number; keepMs?: number; most?: number } = {}): TokenQueue {
    return new TokenQueue({
      ...{ batch: 1, keepMs: 1_000, most: 10, ...shape },
      fetch: async (count) => {
        fetches.push(count);
        return answers.shift() ?? { granted: count, waitMs: 0 };
      },
      clock: time,
      sleep: time.sleep,
    });
  }

  /** Takes a token, and notes under `name` what became of it. */
  const take = (from: TokenQueue, name: string, waitMs = 2_000, signal?: AbortSignal): void => {
    from.take(waitMs, signal).then(
      (waited) => events.push(`${name} ${waited ? 'waited' : 'went'}`),
      ({ kind, outcome, retryable, retryAfterSeconds }) =>
        events.push(`${name} ${kind} ${outcome} ${retryable} ${retryAfterSeconds}`),
    );
  };

  it('serves in order, and fetches once for all calls that came meanwhile', async () => {
    const own = queue();
    for (const name of ['a', 'b', 'c']) take(own, name);
    await time.pass(0);
    expect(events).toEqual(['a went', 'b went', 'c went']);
    expect(fetches).toEqual([1, 2]);
  });

  it('waits until there are more', async () => {
    answers = [{ granted: 0, waitMs: 700 }];
    const own = queue();
    take(own, 'a');
    take(own, 'b');
    await time.pass(699);
    expect(events).toEqual([]);
    await time.pass(1);
    await time.pass(0);
    expect(events).toEqual(['a waited', 'b waited']);
  });

  it('refuses a call at once when no token comes in time, and says when to retry', async () => {
    answers = [{ granted: 0, waitMs: 1_500 }];
    const own = queue();
    take(own, 'patient', 2_000);
    take(own, 'hasty', 100);
    take(own, 'poll', 0);
    await time.pass(0);
    expect(events).toEqual(['hasty throttled not_sent true 2', 'poll throttled not_sent true 2']);
    await time.pass(1_500);
    await time.pass(0);
    expect(events.at(-1)).toBe('patient waited');
  });

  it('has a limit', async () => {
    answers = [{ granted: 0, waitMs: 1_000 }];
    const own = queue({ most: 2 });
    for (const name of ['a', 'b', 'c']) take(own, name);
    await time.pass(0);
    expect(events).toEqual(['c throttled not_sent true 2']);
  });

  it('gives the token of a cancelled call to the next one', async () => {
    answers = [
      { granted: 0, waitMs: 500 },
      { granted: 1, waitMs: 500 },
    ];
    const own = queue();
    const gone = new AbortController();
    take(own, 'a', 2_000, gone.signal);
    take(own, 'b');
    await time.pass(100);
    gone.abort();
    await time.pass(400);
    await time.pass(0);
    expect(events).toEqual(['a connection not_sent false undefined', 'b waited']);
    take(own, 'c', 2_000, gone.signal);
    await time.pass(0);
    expect(events.at(-1)).toBe('c connection not_sent false undefined');
  });

  it('keeps tokens that were fetched ahead for a while, unless a pause drops them', async () => {
    const own = queue({ batch: 20, keepMs: 1_000 });
    for (let i = 0; i < 20; i++) {
      take(own, `${i}`, 0);
      await time.pass(0);
    }
    expect(fetches).toEqual([20]);
    take(own, 'next', 0);
    await time.pass(0);
    own.forgetStock();
    take(own, 'after a pause', 0);
    await time.pass(0);
    expect(fetches).toEqual([20, 20, 20]);
    await time.pass(1_000);
    take(own, 'later', 0);
    await time.pass(0);
    expect(fetches).toHaveLength(4);
    expect(events.filter((event) => event.endsWith('went'))).toHaveLength(23);
  });
});
