import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CommitRequest,
  type CommitResult,
  DELETED,
  type Entry,
  type EventLog,
  type LeaseRequest,
  type Position,
} from '../../src/events/event-log.ts';
import { MIN_ENTRIES } from '../../src/events/retention.ts';
import { type LogUnderTest, MicrosClock, memoryLog, redisLog } from '../support/event-logs.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';
import { type CommitDraft, HOUR_MS, IDS, type Step, steps } from './log-histories.ts';

/**
 * The two event logs are one set of rules written twice: random histories must get the same answers from both. Redis trims
 * late and so may hold more entries than the memory does: they are compared with all that there ever were.
 */

const P = 'project-1';
const FLOOD = Array.from({ length: 300 }, (_, i) => `flood-${i}`);
/** More entries than any run makes. */
const ALL = 100_000;
const EVERYTHING = { kind: 'read', ids: undefined, after: 0, limit: ALL } as const;
const RUNS = Number(process.env.EQUIVALENCE_RUNS ?? 80);

/** Runs a history and writes down every answer, in words that do not depend on which log gave it. */
class Run {
  readonly #log: EventLog;
  readonly #clock: MicrosClock;
  readonly #tickets: number[] = [];
  /** Every entry there was, in the run that is asked to write them down. */
  readonly #all: Entry[] | undefined;

  constructor(log: EventLog, clock: MicrosClock, all?: Entry[]) {
    this.#log = log;
    this.#clock = clock;
    this.#all = all;
  }

  async answer(step: Step): Promise<unknown> {
    // As in life: time passes between two steps.
    this.#clock.micros += 7;
    if (step.kind === 'clock') return this.#clock.forwardMs(step.byMs);
    if (step.kind === 'renew') return await this.#log.renew(P, this.#ticket(step.ticketsAgo));
    if (step.kind === 'lease') return await this.#lease(step);
    if (step.kind === 'read') return await this.#read(step);
    const answers: unknown[] = [];
    for (const draft of commitsOf(step)) {
      // The memory forgets a project without commits for a day.
      this.#clock.micros += step.kind === 'day' ? 13 * HOUR_MS * 1_000 : 7;
      answers.push(plainCommit(await this.#log.commit(P, this.#commit(draft))));
      await this.#writeDown();
    }
    return answers;
  }

  async #read({ ids, after, limit }: Extract<Step, { kind: 'read' }>): Promise<unknown> {
    const state = await this.#log.state(P, ids);
    const position = await this.#log.position(P);
    const page = await this.#log.entries(P, after < 0 ? Math.max(0, (position?.seq ?? 0) + after) : after, limit);
    const history = await this.#log.history(P, ids ?? IDS, 3);
    return {
      state: { ...state, position: seqOf(state.position), states: byId(state.states) },
      page: { ...page, position: seqOf(page.position) },
      history: history.entries,
      position: seqOf(position),
    };
  }

  async #writeDown(): Promise<void> {
    this.#all?.push(...(await this.#log.entries(P, this.#all.length, ALL)).entries);
  }

  async #lease({ replica, interest, wake, done }: Extract<Step, { kind: 'lease' }>): Promise<unknown> {
    const request: LeaseRequest = {
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
    const result = await this.#log.lease(P, request);
    if (result.next.kind === 'poll') this.#tickets.push(result.next.ticket);
    await this.#writeDown();
    return { ...result, commits: result.commits.map(plainCommit) };
  }

  #ticket(ago: number): number {
    return this.#tickets.at(-1 - ago) ?? 1;
  }

  #commit({ age, rows, source, firstSight, sweep, floor }: CommitDraft): CommitRequest {
    return {
      asOf: this.#clock.micros - age,
      observations: rows.map(([id, status, fields]) => ({ id, status, fields })),
      source,
      firstSight,
      sweep,
      ...(floor !== undefined && { versionFloor: floor }),
    };
  }
}

function commitsOf(step: Extract<Step, { kind: 'commit' | 'walk' | 'day' | 'flood' }>): readonly CommitDraft[] {
  if (step.kind === 'commit') return [step.draft];
  const one = {
    age: 1,
    source: 'read',
    firstSight: 'transition',
    sweep: false,
    floor: undefined,
  } as const;
  if (step.kind === 'day') return [[], step.rows].map((rows) => ({ ...one, sweep: true, rows }));
  if (step.kind === 'flood') {
    return ['a', 'b', 'a', DELETED].map((status) => ({ ...one, rows: FLOOD.map((id) => [id, status, {}]) }));
  }
  return Array.from({ length: step.count }, (_, i) => ({
    ...one,
    rows: [[step.id, `at ${Math.ceil((i * 2) / 3)}`, step.fields[i % step.fields.length] ?? {}]],
  }));
}

/** What a log answers that holds the entries from `first` on. */
function retained(all: readonly Entry[], first: number, step: Extract<Step, { kind: 'read' }>) {
  const { after, limit, ids = IDS } = step;
  const from = Math.max(first - 1, after < 0 ? all.length + after : after);
  const history = ids.flatMap((id) => all.filter((entry) => entry.id === id && entry.seq >= first).slice(-3));
  return { entries: all.slice(from, from + limit), history: history.toSorted((a, b) => a.seq - b.seq) };
}

function seqOf(position: Position | null): number | null {
  return position?.seq ?? null;
}

function plainCommit({ before, after, missing, ...rest }: CommitResult): unknown {
  return { ...rest, before: before.seq, after: after.seq, missing: missing.toSorted() };
}

function byId<T extends { readonly id: string }>(all: readonly T[]): readonly T[] {
  return all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
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

  async function compare(steps: readonly Step[]): Promise<void> {
    const clock = new MicrosClock();
    shared.clock.micros = clock.micros;
    const memory = await memoryLog(clock);
    const redisLog = inProject(shared.log, `run-${project++}`);
    const all: Entry[] = [];
    const inMemory = new Run(memory.log, clock, all);
    const inRedis = new Run(redisLog, shared.clock);
    for (const [i, one] of [...steps, EVERYTHING].entries()) {
      const [expected, actual] = [await inMemory.answer(one), await inRedis.answer(one)];
      const at = `step ${i}: ${JSON.stringify(one)}`;
      if (one.kind === 'read') {
        const first = (await redisLog.entries(P, 0, 1)).entries[0]?.seq ?? all.length + 1;
        expect(all.length - first + 1, at).toBeGreaterThanOrEqual(Math.min(all.length, MIN_ENTRIES));
        const { entries, history } = retained(all, first, one);
        expect(actual, at).toEqual({ ...Object(expected), page: { ...Object(expected).page, entries }, history });
      } else expect(actual, at).toEqual(expected);
    }
    await memory.close();
  }
  const TIMEOUT_MS = Math.max(30_000, RUNS * 200);
  const settings = {
    // Fixed, so that a failure here is a failure anywhere; fast-check prints seed and path with it.
    seed: Number(process.env.EQUIVALENCE_SEED ?? 20_260_101),
    // Or the test would time out while fast-check looks for a shorter counterexample, and show none.
    interruptAfterTimeLimit: TIMEOUT_MS - 10_000,
    markInterruptAsFailure: true,
  };

  it(
    'give the same answers to the same history',
    async () => {
      const history = fc.array(fc.oneof(...steps), { minLength: 25, maxLength: 40 });
      await fc.assert(fc.asyncProperty(history, compare), { ...settings, numRuns: RUNS });
    },
    TIMEOUT_MS,
  );

  it(
    'give the same answers when the oldest entries have been trimmed',
    async () => {
      const flood: fc.WeightedArbitrary<Step> = { weight: 1, arbitrary: fc.constant({ kind: 'flood' }) };
      const history = fc.array(fc.oneof(...steps, flood), { minLength: 25, maxLength: 40 });
      await fc.assert(fc.asyncProperty(history, compare), { ...settings, numRuns: Math.ceil(RUNS / 20) });
    },
    TIMEOUT_MS,
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
