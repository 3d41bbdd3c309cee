/** The rules of the budget, and its queue of waiting calls, over time that the test moves. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  nextPause,
  queueShapeOf,
  TokenQueue,
  type Tokens,
  UpstreamBudget,
  windowOf,
} from '../../../src/vpcep/limits/budget.ts';
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
    expect(queueShapeOf('read', windowOf('read', 100), 3).most).toBe(300);
    expect(queueShapeOf('write', windowOf('write', 0.1), 3).most).toBe(1);
  });

  it('give a poller many tokens at once, but not all of them', () => {
    expect(queueShapeOf('poll', windowOf('poll', 10), 3).batch).toBe(50);
    expect(queueShapeOf('poll', windowOf('poll', 1_000), 3).batch).toBe(100);
    expect(queueShapeOf('poll', windowOf('poll', 0.05), 3).batch).toBe(1);
    expect(queueShapeOf('read', windowOf('read', 100), 3).batch).toBe(1);
  });
});

it('lets a call go without a promise while this process has tokens', async () => {
  const shorts: string[] = [];
  const budget = new UpstreamBudget({
    rates: { read: 2, write: 0.1, poll: 1 },
    store: null,
    replicas: 3,
    clock: new FakeTime(),
    onShort: (callClass, what) => shorts.push(`${callClass} ${what}`),
  });
  expect(budget.take('p', 'read', 0)).toBeUndefined();
  expect(budget.take('p', 'write', 0)).toBeUndefined();
  await expect(budget.take('p', 'write', 0)).rejects.toMatchObject({ kind: 'throttled', retryAfterSeconds: 10 });
  expect(budget.take('q', 'write', 0)).toBeUndefined();
  expect(shorts).toEqual(['write refused']);
});

it('shows no project that has not been called for long', async () => {
  const clock = new FakeTime();
  const rates = { read: 2, write: 2, poll: 2 };
  const budget = new UpstreamBudget({ rates, store: null, replicas: 1, clock, onShort: () => {} });
  const shown = () =>
    budget
      .left()
      .map(({ project, callClass }) => `${project} ${callClass}`)
      .toSorted();
  await budget.take('gone', 'read', 0);
  await budget.take('here', 'read', 0);
  await clock.pass(20 * 60_000);
  await budget.take('here', 'write', 0);
  expect(shown()).toEqual(['gone read', 'here read', 'here write']);
  await clock.pass(20 * 60_000);
  expect(shown()).toEqual(['here write']);
  await budget.take('gone', 'read', 0);
  expect(shown()).toEqual(['gone read', 'here write']);
});

it('remembers at most 10,000 projects, the last ones', () => {
  const rates = { read: 1, write: 1, poll: 1 };
  const clock = new FakeTime();
  const budget = new UpstreamBudget({ rates, store: null, replicas: 1, clock, onShort: () => {} });
  for (let i = 0; i <= 10_000; i++) void budget.take(`p${i}`, 'write', 0);
  const projects = budget.left().map(({ project }) => project);
  expect(projects).toHaveLength(10_000);
  expect(projects).not.toContain('p0');
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

type Shape = ReturnType<typeof queueShapeOf>;

describe('the token queue', () => {
  let time: FakeTime;
  let fetches: number[];
  /** What the store answers next; everything when empty. */
  let answers: Pick<Tokens, 'granted' | 'waitMs'>[];
  let events: string[];
  beforeEach(() => {
    time = new FakeTime();
    fetches = [];
    answers = [];
    events = [];
  });

  function queue({ keepMs = 1_000, ...shape }: Partial<Shape & { keepMs: number }> = {}): TokenQueue {
    return new TokenQueue({
      ...{ batch: 1, ahead: 0, windowMs: 1_000, most: 10, ...shape },
      fetch: async (count) => {
        fetches.push(count);
        return { untilMs: time.elapsed() + keepMs, ...(answers.shift() ?? { granted: count, waitMs: 0 }) };
      },
      clock: time,
      sleep: time.sleep,
    });
  }

  /** Takes a token, and notes under `name` what became of it. */
  const take = (from: TokenQueue, name: string, waitMs = 2_000, signal?: AbortSignal): void => {
    Promise.resolve(from.take(waitMs, signal)).then(
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

  it('fetches more before the last token is taken, so that no call waits', async () => {
    const own = queue({ ahead: 4 });
    take(own, 'first');
    await time.pass(0);
    // One more: enough for a tenth of a window at this pace.
    expect(fetches).toEqual([1, 1]);
    for (let i = 0; i < 40; i++) {
      expect(own.take(0)).toBe(false);
      await time.pass(0);
    }
    fetches = [];
    for (let i = 0; i < 40; i++) {
      expect(own.take(0)).toBe(false);
      await time.pass(0);
    }
    expect(fetches.length).toBeLessThanOrEqual(20);
    expect(Math.max(...fetches)).toBeLessThanOrEqual(4);
  });

  it('asks for no more ahead when there are none', async () => {
    answers = [
      { granted: 1, waitMs: 0 },
      { granted: 1, waitMs: 300 },
    ];
    const own = queue({ ahead: 4 });
    take(own, 'a');
    await time.pass(0);
    take(own, 'b');
    await time.pass(0);
    const before = fetches.length;
    await time.pass(299);
    expect([events, fetches.length]).toEqual([['a went', 'b went'], before]);
  });

  it('drops tokens that are on their way when a pause begins', async () => {
    const own = queue({ ahead: 4 });
    take(own, 'a');
    answers = [{ granted: 0, waitMs: 30_000 }];
    own.forgetStock();
    await time.pass(0);
    expect(events).toEqual(['a throttled not_sent true 30']);
  });

  it('serves at once from a store that answers at once', () => {
    const fetch = () => ({ granted: 1, waitMs: 0, untilMs: time.elapsed() + 1_000 });
    const own = new TokenQueue({
      ...{ batch: 1, ahead: 0, windowMs: 1_000, most: 10 },
      fetch,
      clock: time,
      sleep: time.sleep,
    });
    expect([own.take(0), own.take(0)]).toEqual([false, false]);
  });

  it('takes no more with all replicas together than a window has, whatever they hold ahead', async () => {
    const WINDOW = { points: 100, seconds: 1 };
    const LATENCY_MS = 3;
    const store = { consumed: 0, endsAt: 0 };
    /** By the window of the store in which the call went. */
    const went = new Map<number, number>();
    const fetch = async (count: number): Promise<Tokens> => {
      const begunAt = time.elapsed();
      await time.sleep(LATENCY_MS);
      const now = time.elapsed();
      if (now >= store.endsAt) Object.assign(store, { consumed: 0, endsAt: now + 1_000 });
      store.consumed += count;
      const granted = Math.min(count, Math.max(0, WINDOW.points - (store.consumed - count)));
      const msLeft = store.endsAt - now;
      await time.sleep(LATENCY_MS);
      return { granted, waitMs: granted === count ? 0 : msLeft, untilMs: begunAt + msLeft };
    };
    const replicas = [1, 2, 3].map(
      () => new TokenQueue({ ...queueShapeOf('read', WINDOW, 3), fetch, clock: time, sleep: time.sleep }),
    );
    const note = () => went.set(store.endsAt, (went.get(store.endsAt) ?? 0) + 1);
    for (let ms = 0; ms < 4_000; ms++) {
      const pace = ms < 1_000 ? 20 : ms < 2_000 ? 5 : 3;
      for (const [i, replica] of replicas.entries()) {
        if ((ms + i) % pace === 0) Promise.resolve(replica.take(2_000)).then(note, () => {});
      }
      await time.pass(1);
    }
    expect(went.size).toBeGreaterThan(2);
    for (const count of went.values()) expect(count).toBeLessThanOrEqual(WINDOW.points);
    expect(Math.max(...went.values())).toBeGreaterThan(90);
  });
});
