import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Spread, surplus } from '../../src/watch/spread.ts';

const census: fc.Arbitrary<ReadonlyMap<string, number>> = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.nat(200), { minKeys: 1 })
  .map((polls) => new Map(Object.entries(polls)));

/** Every replica does what it is told, and every project is wanted by all. */
function settled(before: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const after = new Map(before);
  for (const giver of before.keys()) {
    for (const { replica, left } of surplus(before, giver)) {
      after.set(giver, (after.get(giver) ?? 0) - left);
      after.set(replica, (after.get(replica) ?? 0) + left);
    }
  }
  return after;
}

describe('spread', () => {
  it('leaves nobody with more than the average, rounded up, and then leaves everybody in peace', () => {
    fc.assert(
      fc.property(census, (before) => {
        const after = settled(before);
        const total = [...before.values()].reduce((sum, polls) => sum + polls);
        expect([...after.values()].reduce((sum, polls) => sum + polls)).toBe(total);
        for (const polls of after.values()) expect(polls).toBeLessThanOrEqual(Math.ceil(total / before.size));
        for (const replica of after.keys()) expect(surplus(after, replica)).toEqual([]);
      }),
    );
  });

  it('takes from those who have too many only, and gives the newcomers their full share', () => {
    const before = new Map([
      ['a', 100],
      ['b', 0],
      ['c', 0],
    ]);
    expect([...settled(before).values()]).toEqual([34, 33, 33]);
    expect([
      ...settled(
        new Map([
          ['a', 4],
          ['b', 0],
          ['c', 0],
        ]),
      ).values(),
    ]).toEqual([2, 1, 1]);
    expect(
      surplus(
        new Map([
          ['a', 34],
          ['b', 34],
          ['c', 32],
        ]),
        'a',
      ),
    ).toEqual([]);
  });

  const spreadOver = (census: () => Promise<ReadonlyMap<string, number>>) =>
    new Spread({ log: { census }, replica: 'a', polls: () => 6, everyMs: 3_600_000 });

  it('decides at every second look, and offers no more at a time than it has to give', async () => {
    const spread = spreadOver(async () => new Map(Object.entries({ a: 6, b: 0, c: 0 })));
    spread.start();
    await spread.look();
    expect(spread.offer()).toBeUndefined();
    await spread.look();
    const offers = Array.from({ length: 5 }, () => spread.offer());
    expect(offers.map((offer) => offer?.replica)).toEqual(['b', 'b', 'c', 'c', undefined]);
    spread.stop();
  });

  it('asks one that did not want a project again after the others, within the same decision', async () => {
    const spread = spreadOver(async () => new Map(Object.entries({ a: 6, b: 0, c: 0 })));
    spread.start();
    await spread.look();
    await spread.look();
    const [first, second] = [spread.offer(), spread.offer()];
    if (first === undefined || second === undefined) expect.fail('nothing is offered');
    spread.refused(first);
    expect(Array.from({ length: 4 }, () => spread.offer()?.replica)).toEqual(['c', 'c', 'b', undefined]);
    await spread.look();
    spread.refused(second);
    expect(spread.offer()).toBeUndefined();
    spread.stop();
  });

  it('hands nothing on while the log is away', async () => {
    const spread = spreadOver(async () => {
      throw new Error('away');
    });
    spread.start();
    await spread.look();
    await spread.look();
    expect(spread.offer()).toBeUndefined();
    spread.stop();
  });
});
