import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LogClock } from '../../src/events/log-clock.ts';

/** Microseconds by which the log is ahead. */
const AHEAD = 5_000_000;
const clock = () => new LogClock();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asks the log, whose answer takes that many milliseconds in all and was made in the middle unless said otherwise. */
function ask(asking: LogClock, roundTrip: number, { ahead = AHEAD, answerAfter = roundTrip / 2 } = {}): void {
  const sentAt = asking.own();
  vi.advanceTimersByTime(answerAfter);
  const micros = asking.own() + ahead;
  vi.advanceTimersByTime(roundTrip - answerAfter);
  asking.learn(micros, sentAt);
}

const error = (asked: LogClock, ahead = AHEAD): number => Math.abs(asked.now() - asked.own() - ahead);

it('is exact to half of the quickest round trip, however late other answers are looked at', () => {
  const asked = clock();
  ask(asked, 2, { answerAfter: 2 });
  ask(asked, 800, { answerAfter: 1 });
  expect(error(asked)).toBeLessThanOrEqual(1_001);
});

it('follows a log whose clock was set', () => {
  const asked = clock();
  ask(asked, 2);
  ask(asked, 50, { ahead: AHEAD - 3_600_000_000 });
  expect(error(asked, AHEAD - 3_600_000_000)).toBeLessThanOrEqual(25_001);
});

it('takes a less exact measurement once the better one is old', () => {
  const asked = clock();
  ask(asked, 2);
  vi.advanceTimersByTime(61_000);
  ask(asked, 20, { ahead: AHEAD + 9_000 });
  expect(error(asked, AHEAD + 9_000)).toBeLessThanOrEqual(2_001);
});

it('never tells the same time twice', () => {
  const asked = clock();
  ask(asked, 2);
  expect(asked.now()).toBeLessThan(asked.now());
});
