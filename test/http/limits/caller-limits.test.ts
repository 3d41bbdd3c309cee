import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Authenticator, UnauthenticatedError } from '../../../src/auth/authenticator.ts';
import { ANONYMOUS, type Identity } from '../../../src/auth/identity.ts';
import { RateLimits } from '../../../src/http/limits/caller-rates.ts';
import { FailedLogins } from '../../../src/http/limits/failed-logins.ts';
import { Limiter } from '../../../src/redis/counter.ts';
import { type Deferred, deferred } from '../../support/deferred.ts';

const ALICE: Identity = { ...ANONYMOUS, subject: 'alice' };
const MINUTE = 60_000;

let refused: number;

beforeEach(() => {
  refused = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const limiter = (points: number): Limiter => {
  const window = { points, seconds: 60 };
  return new Limiter({ store: null, window, localWindow: window, keyOf: String });
};
const onRefused = () => {
  refused += 1;
};

describe('the rate of a caller', () => {
  it('is full again after its minute', async () => {
    const rates = new RateLimits({ limiter: limiter(10), onRefused });
    const caller = { identity: ALICE, address: '192.0.2.1' };
    expect(await rates.take(caller, 7)).toEqual({ limit: 10, remaining: 3, resetSeconds: 60 });
    vi.advanceTimersByTime(20_000);
    await expect(rates.take(caller, 4)).rejects.toMatchObject({
      retryAfterSeconds: 40,
      state: { limit: 10, remaining: 3, resetSeconds: 40 },
    });
    expect(await rates.take(caller, 3)).toMatchObject({ remaining: 0 });
    await expect(rates.take(caller, 0)).rejects.toMatchObject({ retryAfterSeconds: 40, state: { remaining: 0 } });
    expect(refused).toBe(2);
    vi.advanceTimersByTime(40_000);
    expect(await rates.take(caller, 10)).toEqual({ limit: 10, remaining: 0, resetSeconds: 60 });
  });

  it('counts anonymous callers by address, and named callers by name from any address', async () => {
    const rates = new RateLimits({ limiter: limiter(2), onRefused });
    for (const identity of [ANONYMOUS, ALICE]) await rates.take({ identity, address: '192.0.2.1' }, 2);
    await expect(rates.take({ identity: ANONYMOUS, address: '192.0.2.1' }, 1)).rejects.toThrow();
    expect(await rates.take({ identity: ANONYMOUS, address: '192.0.2.2' }, 1)).toMatchObject({ remaining: 1 });
    await expect(rates.take({ identity: ALICE, address: '192.0.2.2' }, 1)).rejects.toThrow();
  });
});

describe('wrong tokens', () => {
  let looked: string[];
  let pending: Deferred<void>[];
  let slow: boolean;

  const inner: Authenticator = {
    known: () => undefined,
    async authenticate({ headers }) {
      looked.push(headers.authorization ?? '');
      if (slow) {
        const wait = deferred<void>();
        pending.push(wait);
        await wait.promise;
      }
      if (headers.authorization?.startsWith('good') !== true) throw new UnauthenticatedError('no');
      return ALICE;
    },
    revalidate: async (identity) => identity,
  };

  beforeEach(() => {
    [looked, pending, slow] = [[], [], false];
  });

  const guarded = (points: number) => {
    const limits = new FailedLogins({ limiter: limiter(points), elapsed: () => Date.now(), onRefused });
    const { authenticate } = limits.around(inner);
    return (authorization: string, address = '192.0.2.1') =>
      authenticate({ headers: { authorization }, address }).then(
        () => 'in',
        (error: Error) => error.name,
      );
  };

  it('stop further checks for that address for the rest of the minute', async () => {
    const come = guarded(2);
    expect(await come('good old')).toBe('in');
    expect([await come('bad 1'), await come('bad 2')]).toEqual(['UnauthenticatedError', 'UnauthenticatedError']);
    looked = [];
    expect([await come('bad 3'), await come('good new'), await come('good old')]).toEqual([
      'RateLimitedError',
      'RateLimitedError',
      'in',
    ]);
    expect([looked, refused]).toEqual([['good old'], 2]);
    expect(await come('good new', '192.0.2.2')).toBe('in');
    vi.advanceTimersByTime(MINUTE);
    expect([await come('good new'), await come('bad 4')]).toEqual(['in', 'UnauthenticatedError']);
  });

  it('of one IPv6 network count as one address', async () => {
    const come = guarded(1);
    await come('bad', '2001:db8:1:2::1');
    expect(await come('bad', '2001:db8:1:2:ffff::9')).toBe('RateLimitedError');
    expect(await come('bad', '2001:db8:1:3::1')).toBe('UnauthenticatedError');
  });

  it('in parallel wait for each other, and most are never checked', async () => {
    const come = guarded(5);
    slow = true;
    const all = Array.from({ length: 200 }, (_, i) => come(`bad ${i}`));
    await vi.advanceTimersByTimeAsync(0);
    expect(looked).toHaveLength(20);
    slow = false;
    for (const wait of pending) wait.resolve();
    const ends = await Promise.all(all);
    expect(looked.length).toBeLessThanOrEqual(40);
    expect(ends.filter((end) => end === 'RateLimitedError')).toHaveLength(200 - looked.length);
  });

  it('that are missing are not counted', async () => {
    const come = guarded(1);
    for (let i = 0; i < 3; i++) expect(await come('')).toBe('UnauthenticatedError');
    expect(refused).toBe(0);
  });
});
