import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  CommitRequest,
  CommitResult,
  EventLog,
  Interest,
  Position,
  TurnRequest,
} from '../../src/events/event-log.ts';
import { type LogUnderTest, MicrosClock, memoryLog, redisLog } from '../support/event-logs.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';

/** The two event logs are one set of rules written twice: random histories must get the same answers from both. */

const P = 'project-1';
const RUNS = Number(process.env.EQUIVALENCE_RUNS ?? 150);
const IDS = ['e1', 'e2', 'e,3', '*', 'e|5', 'ünï\ncode "6"'];
const STATUSES = ['creating', 'accepted', 'deleting', 'deleted', 'odd|word\nin "two" lines', ''];
const REPLICAS = ['a', 'b', 'c|c'];

interface CommitDraft {
  /** µs between taking `asOf` and the commit; below zero after a clock that stepped back. */
  readonly age: number;
  readonly rows: readonly (readonly [id: string, status: string, fields: Record<string, unknown>])[];
  readonly source: CommitRequest['source'];
  readonly firstSight: CommitRequest['firstSight'];
  readonly sweep: boolean;
  readonly floor: number | undefined;
}

type Step =
  | { readonly kind: 'commit'; readonly draft: CommitDraft }
  | {
      readonly kind: 'turn';
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
  | { readonly kind: 'renew'; readonly ticketsAgo: number }
  | { readonly kind: 'clock'; readonly byMs: number }
  | {
      readonly kind: 'read';
      readonly ids: readonly string[] | undefined;
      readonly after: number;
      readonly limit: number;
    };

const json = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(null, true, [], {}, [{ key: 'k', value: '' }], 9_007_199_254_740_991, '422321321312321321'),
);
const draft: fc.Arbitrary<CommitDraft> = fc.record({
  age: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: -3_600_000_000, max: 3_600_000_000 })),
  rows: fc.array(
    fc.tuple(
      fc.constantFrom(...IDS),
      fc.constantFrom(...STATUSES),
      fc.dictionary(fc.constantFrom('ip', 'tags', 'description', 'markerId'), json, { maxKeys: 3 }),
    ),
    { maxLength: 5 },
  ),
  source: fc.constantFrom('list', 'read'),
  firstSight: fc.constantFrom('transition', 'afterBaseline'),
  sweep: fc.boolean(),
  floor: fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 2_000_000_000_000_000 })),
});
const interest: fc.Arbitrary<Interest | null> = fc.oneof(
  { weight: 4, arbitrary: fc.uniqueArray(fc.constantFrom(...IDS), { maxLength: 4 }) },
  fc.constantFrom('project', null),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('commit' as const), draft }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('turn' as const),
      replica: fc.constantFrom(...REPLICAS),
      interest,
      wake: fc.boolean(),
      done: fc.option(
        fc.record({
          ticketsAgo: fc.constantFrom(0, 0, 0, 1),
          waitMs: fc.constantFrom(0, 1, 999, 1_000, 15_000, 60_000, 900_000),
          throttled: fc.boolean(),
          drafts: fc.array(draft, { maxLength: 2 }),
        }),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('renew' as const), ticketsAgo: fc.constantFrom(0, 0, 1) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('clock' as const),
      byMs: fc.oneof(
        fc.constantFrom(1, 1_000, 4_999, 5_000, 5_001, 90_000, -1, -4_999, -5_001, -60_000, -3_600_000),
        fc.integer({ min: 0, max: 20_000 }),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      ids: fc.option(fc.uniqueArray(fc.constantFrom(...IDS)), { nil: undefined }),
      after: fc.nat(20),
      limit: fc.integer({ min: 1, max: 30 }),
    }),
  },
);

/** Runs a history and writes down every answer, in words that do not depend on which log gave it. */
class Run {
  readonly #log: EventLog;
  readonly #clock: MicrosClock;
  readonly #tickets: number[] = [];

  constructor(log: EventLog, clock: MicrosClock) {
    this.#log = log;
    this.#clock = clock;
  }

  async answer(step: Step): Promise<unknown> {
    // As in life: time passes between two steps.
    this.#clock.micros += 7;
    if (step.kind === 'clock') return this.#clock.forwardMs(step.byMs);
    if (step.kind === 'renew') return await this.#log.renew(P, this.#ticket(step.ticketsAgo));
    if (step.kind === 'commit') return plainCommit(await this.#log.commit(P, this.#commit(step.draft)));
    if (step.kind === 'read') {
      const state = await this.#log.state(P, step.ids);
      const page = await this.#log.entries(P, step.after, step.limit);
      const history = await this.#log.history(P, step.ids ?? IDS, 3);
      const position = await this.#log.position(P);
      return {
        state: { ...state, position: seqOf(state.position), endpoints: byId(state.endpoints) },
        page: { ...page, position: seqOf(page.position) },
        history: history.entries,
        position: seqOf(position),
      };
    }
    return await this.#turn(step);
  }

  async #turn({ replica, interest, wake, done }: Extract<Step, { kind: 'turn' }>): Promise<unknown> {
    const request: TurnRequest = {
      replica,
      interest,
      wake,
      ...(done && {
        done: {
          ticket: this.#ticket(done.ticketsAgo),
          waitMs: done.waitMs,
          throttled: done.throttled,
          commits: done.drafts.map((one) => this.#commit(one)),
        },
      }),
    };
    const result = await this.#log.turn(P, request);
    if (result.next.kind === 'poll') this.#tickets.push(result.next.ticket);
    return { ...result, commits: result.commits.map(plainCommit) };
  }

  #ticket(ago: number): number {
    return this.#tickets.at(-1 - ago) ?? 1;
  }

  #commit({ age, rows, source, firstSight, sweep, floor }: CommitDraft): CommitRequest {
    return {
      asOf: this.#clock.micros - age,
      observations: rows.map(([endpointId, status, fields]) => ({ endpointId, status, fields })),
      source,
      firstSight,
      sweep,
      ...(floor !== undefined && { versionFloor: floor }),
    };
  }
}

function seqOf(position: Position | null): number | null {
  return position?.seq ?? null;
}

function plainCommit({ before, after, missing, ...rest }: CommitResult): unknown {
  return { ...rest, before: before.seq, after: after.seq, missing: missing.toSorted() };
}

function byId<T extends { readonly endpointId: string }>(all: readonly T[]): readonly T[] {
  return all.toSorted((a, b) => (a.endpointId < b.endpointId ? -1 : 1));
}

describe('event log: memory and Redis', () => {
  let redis: RedisServer;
  let shared: LogUnderTest & { readonly clock: MicrosClock };
  let project = 0;
  beforeAll(async () => {
    redis = await startRedis();
    const clock = new MicrosClock();
    shared = { ...(await redisLog(redis.url, clock, 'equivalence')), clock };
  });
  afterAll(async () => {
    await shared.close();
    await redis.stop();
  });

  it(
    'give the same answers to the same history',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 25, maxLength: 40 }), async (steps) => {
          const clock = new MicrosClock();
          shared.clock.micros = clock.micros;
          const memory = await memoryLog(clock);
          const inMemory = new Run(memory.log, clock);
          const inRedis = new Run(inProject(shared.log, `run-${project++}`), shared.clock);
          for (const [i, one] of steps.entries()) {
            const [expected, actual] = [await inMemory.answer(one), await inRedis.answer(one)];
            expect(actual, `step ${i}: ${JSON.stringify(one)}`).toEqual(expected);
          }
          await memory.close();
        }),
        // Fixed, so that a failure here is a failure anywhere; fast-check prints seed and path with it.
        { numRuns: RUNS, seed: Number(process.env.EQUIVALENCE_SEED ?? 20_260_101) },
      );
    },
    Math.max(30_000, RUNS * 200),
  );
});

/** Each run has a project of its own: opening connections would cost more than the run. */
function inProject(log: EventLog, project: string): EventLog {
  return new Proxy(log, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (_project: string, ...rest: unknown[]): unknown => Reflect.apply(method, target, [project, ...rest]);
    },
  });
}
