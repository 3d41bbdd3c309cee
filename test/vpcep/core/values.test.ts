import fc from 'fast-check';
import { expect, test } from 'vitest';
import { time } from '../../../src/vpcep/core/values.ts';

const first = new Date('1970-01-01T00:00:00Z');
const last = new Date('9999-12-31T23:59:59Z');

test('a time is the same with a zone and without, on every day of every year', () => {
  fc.assert(
    fc.property(fc.date({ min: first, max: last, noInvalidDate: true }), (date) => {
      const utc = `${date.toISOString().slice(0, 19)}Z`;
      for (const written of [
        utc,
        utc.slice(0, -1),
        utc.replace('T', ' '),
        date.toISOString(),
        ` ${utc.toLowerCase()} `,
      ]) {
        expect(time(written), written).toBe(utc);
      }
    }),
    { examples: [[first], [last], [new Date('2024-02-29T23:59:59Z')], [new Date('2025-01-31T00:00:00Z')]] },
  );
});

test('what is no time is null', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.string()), (value) => {
      expect(time(value) ?? '1970-01-01T00:00:00Z').toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
    }),
  );
});
