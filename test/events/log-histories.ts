/** Random histories of an event log. */
import fc from 'fast-check';
import type { CommitRequest, Fields, Interest } from '../../src/events/event-log.ts';

export const IDS = ['e1', 'e2', 'e,3', '*', 'e|5', 'ünï\ncode "6"'];
const STATUSES = ['creating', 'accepted', 'deleting', 'deleted', 'odd|word\nin "two" lines', ''];
const REPLICAS = ['a', 'b', 'c|c'];
/** Known to the code of the log and unknown; with what separates lines and names in Redis. */
const NAMES = [
  'ip',
  'tags',
  'description',
  'markerId',
  'c',
  '"c"',
  '@7',
  '=',
  '',
  'tab\t',
  'line\n=',
  '__proto__',
  'ünï',
];
export const HOUR_MS = 3_600_000;
export interface CommitDraft {
  /** µs between taking `asOf` and the commit; below zero after a clock that stepped back. */
  readonly age: number;
  readonly rows: readonly (readonly [id: string, status: string, fields: Fields])[];
  readonly source: CommitRequest['source'];
  readonly firstSight: CommitRequest['firstSight'];
  readonly sweep: boolean;
  readonly floor: number | undefined;
}

export type Step =
  | { readonly kind: 'commit'; readonly draft: CommitDraft }
  | {
      readonly kind: 'lease';
      readonly replica: string;
      readonly interest: Interest | null;
      readonly wake: boolean;
      /** Which of the last tickets the poll that is done had; null: none is done. */
      readonly done: {
        readonly ticketsAgo: number;
        readonly waitMs: number;
        readonly throttled: boolean;
        readonly drafts: readonly CommitDraft[];
      } | null;
    }
  /** Commits of one endpoint, most of them transitions. */
  | { readonly kind: 'walk'; readonly id: string; readonly count: number; readonly fields: readonly Fields[] }
  /** More than a day, so that old tombstones are forgotten. */
  | { readonly kind: 'day'; readonly rows: CommitDraft['rows'] }
  /** Enough transitions of other endpoints to have the oldest entries trimmed. */
  | { readonly kind: 'flood' }
  | { readonly kind: 'renew'; readonly ticketsAgo: number }
  | { readonly kind: 'clock'; readonly byMs: number }
  | {
      readonly kind: 'read';
      readonly ids: readonly string[] | undefined;
      /** Below zero: so many before the end. */
      readonly after: number;
      readonly limit: number;
    };

const json = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(null, true, [], {}, [{ key: 'k', value: '' }], 9_007_199_254_740_991, 0.1, '422321321312321321'),
  fc.constantFrom('a\nb\n=c', '\n@1\n', '\t', '\u0000', '\ud800', '"c"\t"d"', '%d+', 'x'.repeat(300)),
);
const fields = fc.dictionary(fc.constantFrom(...NAMES), json, { maxKeys: 4, noNullPrototype: true });
const rows: fc.Arbitrary<CommitDraft['rows']> = fc.array(
  fc.tuple(
    fc.constantFrom(...IDS),
    // Often the same: then only fields change.
    fc.oneof({ weight: 2, arbitrary: fc.constant('creating') }, fc.constantFrom(...STATUSES)),
    fields,
  ),
  { maxLength: 5 },
);
const draft: fc.Arbitrary<CommitDraft> = fc.record({
  age: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 5_000 }) },
    { weight: 3, arbitrary: fc.integer({ min: -3_600_000_000, max: 3_600_000_000 }) },
    { weight: 1, arbitrary: fc.constant(25 * HOUR_MS * 1_000) },
  ),
  rows,
  source: fc.constantFrom('list', 'read'),
  firstSight: fc.constantFrom('transition', 'afterBaseline'),
  sweep: fc.boolean(),
  floor: fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 2_000_000_000_000_000 })),
});
const interest: fc.Arbitrary<Interest | null> = fc.oneof(
  { weight: 4, arbitrary: fc.uniqueArray(fc.constantFrom(...IDS), { maxLength: 4 }) },
  fc.constantFrom('all', null),
);
const done: fc.Arbitrary<NonNullable<Extract<Step, { kind: 'lease' }>['done']>> = fc.record({
  ticketsAgo: fc.constantFrom(0, 0, 0, 1),
  waitMs: fc.constantFrom(0, 1, 999, 1_000, 15_000, 60_000, 900_000),
  throttled: fc.boolean(),
  drafts: fc.array(draft, { maxLength: 2 }),
});
export const steps: readonly fc.WeightedArbitrary<Step>[] = [
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('commit' as const), draft }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('lease' as const),
      replica: fc.constantFrom(...REPLICAS),
      interest,
      wake: fc.boolean(),
      done: fc.option(done, { nil: null }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('renew' as const), ticketsAgo: fc.constantFrom(0, 0, 1) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('clock' as const),
      byMs: fc.oneof(
        fc.constantFrom(1, 250, 999, 1_000, 4_999, 5_000, 5_001, 90_000, -1, -4_999, -5_001, -60_000, -3_600_000),
        fc.integer({ min: 0, max: 20_000 }),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      ids: fc.option(fc.uniqueArray(fc.constantFrom(...IDS)), { nil: undefined }),
      after: fc.integer({ min: -20, max: 20 }),
      limit: fc.integer({ min: 1, max: 30 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('walk' as const),
      id: fc.constantFrom(...IDS),
      count: fc.integer({ min: 1, max: 30 }),
      fields: fc.array(fields, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('day' as const), rows }) },
];
