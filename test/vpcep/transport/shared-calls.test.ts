import { describe, expect, it } from 'vitest';
import type { CancelSignal } from '../../../src/shared/cancellation.ts';
import { SharedCalls } from '../../../src/vpcep/transport/shared-calls.ts';
import { deferred } from '../../support/deferred.ts';

describe('equal reads in flight', () => {
  const setUp = () => {
    const calls: { answer: ReturnType<typeof deferred<string>>; signal: CancelSignal }[] = [];
    const shared = new SharedCalls();
    const read = (key: string, signal?: AbortSignal) =>
      shared.run('project', key, { share: 'caller', ...(signal && { signal }) }, ({ signal: own }) => {
        const answer = deferred<string>();
        calls.push({ answer, signal: own ?? expect.fail('no signal') });
        return answer.promise;
      });
    return { shared, calls, read };
  };

  it('are one call, with one answer for all; later ones are new', async () => {
    const { calls, read } = setUp();
    const both = [read('a'), read('a')];
    const other = read('b');
    expect(calls).toHaveLength(2);
    calls[0]?.answer.resolve('first');
    calls[1]?.answer.resolve('other');
    expect(await Promise.all([...both, other])).toEqual(['first', 'first', 'other']);
    const later = read('a');
    expect(calls).toHaveLength(3);
    calls[2]?.answer.resolve('second');
    expect(await later).toBe('second');
  });

  it('fail together, and the next one tries again', async () => {
    const { calls, read } = setUp();
    const both = [read('a'), read('a')];
    calls[0]?.answer.reject(new Error('down'));
    for (const one of both) await expect(one).rejects.toThrow('down');
    const next = read('a');
    calls[1]?.answer.resolve('up');
    expect(await next).toBe('up');
  });

  it('go on when one of the callers leaves, and end with the last', async () => {
    const { calls, read } = setUp();
    const [one, two] = [new AbortController(), new AbortController()];
    const first = read('a', one.signal);
    const second = read('a', two.signal);
    one.abort(new Error('gone'));
    await expect(first).rejects.toThrow('cancelled');
    expect(calls[0]?.signal.aborted).toBe(false);
    two.abort(new Error('gone as well'));
    await expect(second).rejects.toThrow('cancelled');
    expect(calls[0]?.signal.aborted).toBe(true);
    const third = read('a');
    expect(calls).toHaveLength(2);
    calls[1]?.answer.resolve('x');
    await third;
  });

  it('go on as long as one caller cannot leave', async () => {
    const { calls, read } = setUp();
    const one = new AbortController();
    const first = read('a', one.signal);
    const second = read('a');
    one.abort(new Error('gone'));
    await expect(first).rejects.toThrow('cancelled');
    expect(calls[0]?.signal.aborted).toBe(false);
    calls[0]?.answer.resolve('x');
    expect(await second).toBe('x');
  });

  it('are not begun by a caller that has left', async () => {
    const { calls, read } = setUp();
    await expect(read('a', AbortSignal.abort())).rejects.toThrow('cancelled');
    expect(calls).toHaveLength(0);
  });

  it('are distinguished by caller, group and key, however many are in flight', async () => {
    const shared = new SharedCalls();
    const names = ['a', 'b', 'aa', 'ab', 'a b', 'b a', ''].flatMap((one) =>
      ['a', 'b', ''].map((two) => [one, two] as const),
    );
    const answer = deferred<void>();
    const run = (group: string, share: string, key: string) =>
      shared.run(group, key, { share }, async () => {
        await answer.promise;
        return JSON.stringify([group, share, key]);
      });
    const all = names.flatMap(([share, key]) => ['p', 'q', share].map((group) => [group, share, key] as const));
    const reads = [...all, ...all].map((name) => run(...name));
    answer.resolve();
    expect(await Promise.all(reads)).toEqual([...all, ...all].map((name) => JSON.stringify(name)));
    let begun = 0;
    for (const [group, share, key] of all) await shared.run(group, key, { share }, async () => void begun++);
    expect(begun).toBe(all.length);
  });

  it('are not shared across a write', async () => {
    const { shared, calls, read } = setUp();
    const before = read('a');
    shared.end('project');
    const after = read('a');
    expect(calls).toHaveLength(2);
    calls[1]?.answer.resolve('new');
    calls[0]?.answer.resolve('old');
    expect(await Promise.all([before, after])).toEqual(['old', 'new']);
  });
});
