import { expect, it } from 'vitest';
import { TokenBucket } from '../../src/shared/token-bucket.ts';

it('allows a burst, then the rate, and never saves more than a burst', () => {
  const rate = new TokenBucket({ perSecond: 2, burst: 3 }, 1_000);
  const take = (times: number, at: number) => Array.from({ length: times }, () => rate.take(at));
  expect(take(4, 1_000)).toEqual([true, true, true, false]);
  expect(take(1, 1_499)).toEqual([false]);
  expect(take(2, 1_500)).toEqual([true, false]);
  expect(take(4, 60_000)).toEqual([true, true, true, false]);
});
