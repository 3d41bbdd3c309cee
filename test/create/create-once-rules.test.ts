import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { CreateOnce } from '../../src/create/create-once.ts';
import type { Creation, CreationCalls } from '../../src/create/creation.ts';
import { KeyInProgressError, UnresolvedCreationError } from '../../src/create/creation.ts';
import type { Candidate } from '../../src/create/find-lost-creation.ts';
import { MemoryClaims, MemoryRecords } from '../../src/create/memory-records.ts';
import { PENDING_MS, RecordsUnavailableError } from '../../src/create/records.ts';
import { MARK_TAG_KEY, type Tag } from '../../src/vpcep/core/model.ts';
import { UpstreamError } from '../../src/vpcep/errors/upstream-error.ts';
import { deferred } from '../support/deferred.ts';

type Calls = CreationCalls<{ tags?: readonly Tag[] }, Thing>;

interface Thing {
  readonly id: string;
  readonly text: string;
}

function failure(outcome: 'refused' | 'unknown' | 'not_sent'): UpstreamError {
  return new UpstreamError({ kind: 'connection', outcome, message: outcome, retryable: false });
}

describe('create once', () => {
  let nowMs: number;
  let posts: number;
  let looks: number;
  let adopted: string[];
  let listed: readonly Candidate[];
  let post: (mark: string | null) => Promise<Thing>;
  let records: MemoryRecords;
  let once: CreateOnce;

  beforeEach(() => {
    nowMs = 1_800_000_000_000;
    posts = 0;
    looks = 0;
    adopted = [];
    listed = [];
    post = async () => ({ id: 'made', text: '' });
    records = new MemoryRecords(() => nowMs);
    once = new CreateOnce({
      records,
      claims: new MemoryClaims(() => nowMs),
      logger: pino({ level: 'silent' }),
      now: () => nowMs,
      // Time passes in sleeps only.
      sleep: async (ms) => {
        nowMs += ms;
      },
    });
  });

  const run = (over: Partial<Creation<{ tags?: readonly Tag[] }> & Pick<Calls, 'list'>> = {}) => {
    const { list, ...creation } = over;
    const calls: Calls = {
      send: async (_projectId, { tags }) => {
        posts++;
        return {
          resource: await post(tags?.find(({ key }) => key === MARK_TAG_KEY)?.value ?? null),
          statusCursor: 'c',
        };
      },
      list:
        list ??
        (async () => {
          looks++;
          return listed;
        }),
      find: async (_projectId, id) => {
        adopted.push(id);
        return { resource: { id, text: 'adopted' }, statusCursor: 'c' };
      },
    };
    const input = {};
    return once.run(calls, {
      projectId: 'p',
      operation: 'CreateThing',
      subject: 'caller',
      idempotencyKey: 'k',
      input,
      defaulted: () => input,
      structure: () => 's',
      options: {},
      ...creation,
    });
  };
  const madeFor = (mark: string | null, id = 'made'): Candidate => ({ id, createdAtMs: nowMs, mark, structure: 's' });

  it('lets a repeat wait for 10 s at most', async () => {
    const answer = deferred<Thing>();
    post = () => answer.promise;
    const first = run();
    const startedAt = nowMs;
    await expect(run()).rejects.toBeInstanceOf(KeyInProgressError);
    expect(nowMs - startedAt).toBe(10_000);
    answer.resolve({ id: 'made', text: '' });
    expect((await first).replayed).toBe(false);
    expect(await run()).toMatchObject({ replayed: true, resource: { id: 'made' } });
    expect(posts).toBe(1);
  });

  it('ends waiting when the caller has gone', async () => {
    post = () => deferred<Thing>().promise;
    void run();
    await expect(run({ options: { signal: AbortSignal.abort() } })).rejects.toBeInstanceOf(KeyInProgressError);
  });

  it('keeps callers apart', async () => {
    await run();
    expect(await run({ subject: 'another' })).toMatchObject({ replayed: false });
  });

  it('looks for 10 s, then says what it has seen, and never sends again', async () => {
    post = async () => {
      throw failure('unknown');
    };
    const startedAt = nowMs;
    await expect(run()).rejects.toMatchObject({ name: 'UnresolvedCreationError', candidates: [] });
    expect(nowMs - startedAt).toBe(10_000);
    await expect(run()).rejects.toBeInstanceOf(UnresolvedCreationError);
    const before = looks;
    nowMs += 3600_000;
    await expect(run()).rejects.toBeInstanceOf(UnresolvedCreationError);
    // Long after, one look is enough.
    expect(looks - before).toBe(1);
    expect(posts).toBe(1);
  });

  it('only looks after a replica that was lost while sending', async () => {
    let mark: string | null = null;
    post = (given) => {
      mark = given;
      return deferred<Thing>().promise;
    };
    void run();
    await Promise.resolve();
    nowMs += PENDING_MS;
    listed = [madeFor('of another key', 'other')];
    await expect(run()).rejects.toBeInstanceOf(UnresolvedCreationError);
    listed = [madeFor('of another key', 'other'), madeFor(mark)];
    expect(await run()).toMatchObject({ replayed: true, resource: { id: 'made', text: 'adopted' } });
    expect(await run()).toMatchObject({ replayed: true, resource: { id: 'made', text: 'adopted' } });
    expect([posts, adopted]).toEqual([1, ['made']]);
  });

  it('stays unresolved when a fault of its own leaves open whether it was sent', async () => {
    post = async () => {
      throw new TypeError('a bug');
    };
    await expect(run()).rejects.toBeInstanceOf(TypeError);
    await expect(run()).rejects.toBeInstanceOf(KeyInProgressError);
    nowMs += PENDING_MS;
    await expect(run()).rejects.toBeInstanceOf(UnresolvedCreationError);
    expect(posts).toBe(1);
  });

  it.each(['refused', 'not_sent'] as const)('frees the key when it was %s', async (outcome) => {
    const given = post;
    post = async () => {
      throw failure(outcome);
    };
    await expect(run()).rejects.toMatchObject({ outcome });
    post = given;
    expect(await run({ defaulted: () => ({ tags: [{ key: 'size', value: '2' }] }) })).toMatchObject({
      replayed: false,
    });
    expect(looks).toBe(0);
  });

  it('goes on looking when a look fails', async () => {
    post = async (mark) => {
      listed = [madeFor(mark)];
      throw failure('unknown');
    };
    const list = async () => {
      if (++looks < 3) throw failure('refused');
      return listed;
    };
    expect(await run({ list })).toMatchObject({ replayed: false, resource: { id: 'made' } });
  });

  it('reads a large answer again instead of keeping it', async () => {
    post = async () => ({ id: 'large', text: 'x'.repeat(100_000) });
    expect((await run()).resource.text).toHaveLength(100_000);
    expect(await run()).toMatchObject({ replayed: true, resource: { id: 'large', text: 'adopted' } });
  });

  it('answers what was made when the records are unavailable by then', async () => {
    records.finish = () => Promise.reject(new RecordsUnavailableError('gone'));
    expect(await run()).toMatchObject({ replayed: false, resource: { id: 'made' } });
  });

  it('sends nothing when the records are unavailable, and releases what may have been begun', async () => {
    const begin = records.begin.bind(records);
    records.begin = async (ref, attempt) => {
      await begin(ref, attempt);
      throw new RecordsUnavailableError('the answer was lost');
    };
    await expect(run()).rejects.toBeInstanceOf(RecordsUnavailableError);
    expect(posts).toBe(0);
    records.begin = begin;
    expect(await run()).toMatchObject({ replayed: false });
  });

  it('two calls without a key and one resource: neither takes it', async () => {
    post = async () => {
      listed = [madeFor(null)];
      throw failure('unknown');
    };
    const calls = [1, 2].map(() => run({ idempotencyKey: undefined }));
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ status: 'rejected', reason: { candidates: ['made'] } });
    }
    expect(adopted).toEqual([]);
  });
});
