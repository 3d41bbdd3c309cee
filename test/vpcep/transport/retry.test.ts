import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UpstreamErrorKind, UpstreamOutcome } from '../../../src/vpcep/errors/upstream-error.ts';
import { ERROR_CODE_ROWS } from '../../../src/vpcep/generated/error-codes.ts';
import { httpDate, retryAfterSeconds } from '../../../src/vpcep/http/retry-after.ts';
import {
  type AttemptFailure,
  MOST_ATTEMPTS,
  type RetryQuestion,
  retryDelay,
} from '../../../src/vpcep/transport/retry.ts';

const LOST: AttemptFailure = { kind: 'connection', outcome: 'unknown' };
const NEVER_LEFT: AttemptFailure = { kind: 'connection', outcome: 'not_sent' };
const answered = (status: number, code?: string, kind: UpstreamErrorKind = 'internal'): AttemptFailure => ({
  kind,
  outcome: 'refused',
  status,
  code,
});

function ask(method: string, failure: AttemptFailure, more: Partial<RetryQuestion> = {}) {
  return retryDelay({ method, failure, isPoll: false, attempt: 1, leftMs: 15_000, random: 0.5, ...more });
}

describe('which failures are retried', () => {
  test.each<[string, AttemptFailure, boolean, boolean]>([
    ['a lost connection', LOST, true, false],
    ['no connection', NEVER_LEFT, true, true],
    ['a connect timeout', { kind: 'timeout', outcome: 'not_sent' }, true, true],
    ['an answer timeout', { kind: 'timeout', outcome: 'unknown' }, true, false],
    ['429', answered(429, undefined, 'throttled'), true, true],
    ['500', answered(500), true, false],
    ['502', answered(502), true, false],
    ['503', answered(503), true, false],
    ['504', answered(504), false, false],
    ['400', answered(400), false, false],
    ['404', answered(404), false, false],
    ['EndPoint.0011, a 504 for a missing body', answered(504, 'EndPoint.0011'), false, false],
    ['EndPoint.0012, a 504 for a missing header', answered(504, 'endpoint.0012'), false, false],
    ['EndPoint.0013, a real timeout', answered(504, 'EndPoint.0013'), true, false],
    ['EndPoint.0022, throttling as a 400', answered(400, 'EndPoint.0022', 'throttled'), true, true],
    ['APIGW.0308', answered(429, 'APIGW.0308', 'throttled'), true, true],
    ['APIGW.0612 in a 500', answered(500, 'APIGW.0612'), false, false],
    ['an unknown code in a 503', answered(503, 'EndPoint.9999'), true, false],
    ['a refused credential', answered(401, 'APIGW.0301', 'auth'), false, false],
    ['an answer too large', { kind: 'malformed', outcome: 'unknown' }, false, false],
  ])('%s', (_what, failure, onRead, onWrite) => {
    expect(ask('GET', failure) !== undefined).toBe(onRead);
    for (const method of ['POST', 'PUT', 'DELETE']) expect(ask(method, failure) !== undefined, method).toBe(onWrite);
  });

  test('no code of the table makes a write go out twice but throttling', () => {
    for (const [code, status, kind] of ERROR_CODE_ROWS) {
      expect(ask('POST', answered(status, code, kind)) !== undefined, code).toBe(kind === 'throttled');
    }
  });

  test('a write whose outcome is open is never repeated, whatever else is said', () => {
    const failure = fc.record({
      kind: fc.constantFrom<UpstreamErrorKind>(
        'connection',
        'timeout',
        'internal',
        'unavailable',
        'malformed',
        'state',
      ),
      outcome: fc.constant<UpstreamOutcome>('unknown'),
      status: fc.option(fc.integer({ min: 500, max: 599 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(failure, (open) => {
        expect(ask('POST', open)).toBeUndefined();
      }),
    );
  });
});

describe('when', () => {
  test('full jitter: anywhere between nothing and a doubling step', () => {
    expect(ask('GET', LOST, { random: 0 })).toBe(0);
    expect(ask('GET', LOST, { random: 0.999 })).toBe(99);
    expect(ask('GET', LOST, { random: 0.999, attempt: 3 })).toBe(399);
    expect(ask('GET', answered(429, undefined, 'throttled'), { random: 0.999 })).toBe(499);
  });

  test('Retry-After is a minimum', () => {
    expect(ask('GET', { ...answered(503), retryAfterSeconds: 2 }, { random: 0 })).toBe(2000);
    expect(ask('GET', { ...answered(503), retryAfterSeconds: 2 }, { random: 0.999 })).toBe(2249);
  });

  test('nothing is retried that does not fit the deadline', () => {
    expect(ask('GET', { ...answered(429), retryAfterSeconds: 30 })).toBeUndefined();
    expect(ask('GET', LOST, { leftMs: 100, random: 0.999 })).toBeUndefined();
    fc.assert(
      fc.property(
        fc.integer({ min: -20_000, max: 20_000 }),
        fc.integer({ min: 1, max: 3 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (leftMs, attempt, random) => {
          const delayMs = ask('GET', answered(503), { leftMs, attempt, random });
          if (delayMs !== undefined) expect(delayMs).toBeLessThan(leftMs);
        },
      ),
    );
  });

  test('a throttled poll is not repeated', () => {
    const throttled = answered(429, undefined, 'throttled');
    expect(ask('GET', throttled, { isPoll: true })).toBeUndefined();
    expect(ask('GET', LOST, { isPoll: true })).toBeDefined();
  });

  test('attempts are limited', () => {
    expect(ask('GET', LOST, { attempt: MOST_ATTEMPTS - 1 })).toBeDefined();
    expect(ask('GET', LOST, { attempt: MOST_ATTEMPTS })).toBeUndefined();
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 37);
  test.each<[string | undefined, number | undefined]>([
    ['120', 120],
    [' 0 ', 0],
    ['Sun, 06 Nov 1994 08:50:37 GMT', 60],
    ['Sun, 06 Nov 1994 08:00:00 GMT', 0],
    ['999999999', 86_400],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (value, seconds) => {
    expect(retryAfterSeconds(value, now)).toBe(seconds);
  });

  test('a date is rounded up to whole seconds', () => {
    expect(retryAfterSeconds('Sun, 06 Nov 1994 08:49:38 GMT', now + 1)).toBe(1);
    expect(httpDate('1994-11-06T08:49:38Z')).toBeUndefined();
    expect(httpDate('Sun, 99 Foo 1994 08:49:38 GMT')).toBeUndefined();
  });
});
