import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cursor, decodeCursor, encodeCursor } from '../../src/events/cursor.ts';

const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 12, maxLength: 12 });
const cursor: fc.Arbitrary<Cursor> = fc.oneof(
  fc.record({ kind: fc.constant('after' as const), epoch: hex, seq: fc.maxSafeNat() }),
  fc.constant({ kind: 'restart' as const }),
);

describe('cursor', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(cursor, (one) => {
        expect(decodeCursor(encodeCursor(one))).toStrictEqual({ ...one });
      }),
    );
  });

  it('has one spelling only: anything else is not a cursor', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          cursor.map((one) => `${encodeCursor(one)} `),
        ),
        (text) => {
          const read = decodeCursor(text);
          if (read !== null) expect(encodeCursor(read)).toBe(text);
        },
      ),
    );
  });

  it.each(['', 'yesterday', 'Restart', '0123456789ab', '0123456789ab:', '0123456789ab:-1', '0123456789ab:01'])(
    'refuses %j',
    (text) => expect(decodeCursor(text)).toBeNull(),
  );

  it.each(['0123456789ab:1.5', '0123456789AB:1', '0123456789a:1', '0123456789ab:9007199254740993', '0123456789ab:1\n'])(
    'refuses %j, too',
    (text) => expect(decodeCursor(text)).toBeNull(),
  );
});
