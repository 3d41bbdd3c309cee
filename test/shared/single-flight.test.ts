import { expect, it } from 'vitest';
import { SingleFlight } from '../../src/shared/single-flight.ts';

it('shares one promise between equal keys while it is pending, and starts again after it', async () => {
  const flight = new SingleFlight<number>();
  let starts = 0;
  const start = async (): Promise<number> => ++starts;
  const [first, second, other] = [flight.run('a', start), flight.run('a', start), flight.run('b', start)];
  expect(second).toBe(first);
  expect(await Promise.all([first, second, other])).toEqual([1, 1, 2]);
  expect(flight.has('a')).toBe(false);
  expect(await flight.run('a', start)).toBe(3);
});

it('gives a failure to every caller that shares it, and does not keep it', async () => {
  const flight = new SingleFlight<string>();
  const failing = (): Promise<string> => Promise.reject(new Error('upstream failed'));
  const results = await Promise.allSettled([flight.run('a', failing), flight.run('a', failing)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await flight.run('a', async () => 'works')).toBe('works');
});
