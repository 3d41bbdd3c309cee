import { expect, test } from 'vitest';
import { skewOf } from '../../../src/vpcep/signing/clock-skew.ts';

const NOW = Date.UTC(2025, 0, 2, 3, 0, 0);
const at = (offsetMs: number): string => new Date(NOW + offsetMs).toUTCString();
const base = { status: 401, body: 'verify aksk signature fail', signedAt: NOW, now: NOW + 50 };

test.each([
  ['an hour ahead of us', 3_600_000],
  ['an hour behind us', -3_600_000],
])('a refusal by a gateway %s gives the offset', (_what, offset) => {
  expect(skewOf({ ...base, date: at(offset) })).toBe(offset - 50);
});

test('an offset that was already applied is replaced, not added to', () => {
  expect(skewOf({ ...base, signedAt: NOW + 3_600_000, date: at(0) })).toBe(-50);
});

test('the words are enough for one try', () => {
  expect(skewOf({ ...base, body: 'signature expired', date: at(20_000) })).toBe(19_950);
});

test.each([
  ['the clocks agree', { date: at(10_000) }],
  ['there is no date', { date: undefined }],
  ['the date is unreadable', { date: 'yesterday' }],
  ['it is not a 401', { status: 403, date: at(3_600_000) }],
])('the clock is not blamed when %s', (_what, change) => {
  expect(skewOf({ ...base, ...change })).toBeUndefined();
});
