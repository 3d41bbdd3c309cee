import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryEventLog } from '../../../src/events/memory/memory-event-log.ts';
import { FirstRead } from '../../../src/watch/feed/first-read.ts';
import { endpointsIn } from '../../../src/watch/resources/watched-endpoints.ts';
import { answer, FakeUpstream, upstreamError } from '../../support/fake-upstream.ts';

const SET = endpointsIn('p');

describe('reads for many at once', () => {
  let log: MemoryEventLog;
  let upstream: FakeUpstream;
  let reader: FirstRead;
  const ids = Array.from({ length: 500 }, (_, i) => `e${i}`);
  beforeEach(() => {
    log = new MemoryEventLog();
    upstream = new FakeUpstream();
    upstream.set(...ids.map((id) => answer(id, 'accepted')));
    reader = new FirstRead({ log, reads: upstream.reads, versionFloor: () => 0 });
  });
  const loadAll = (which: readonly string[], known = true) =>
    Promise.allSettled(which.map((id) => reader.load(SET, { kind: 'one', id }, known)));

  it('are one list after the first three', async () => {
    const ends = await loadAll(ids);
    expect(ends.every((end) => end.status === 'fulfilled')).toBe(true);
    expect([upstream.gets.length, upstream.lists.length]).toEqual([3, 1]);
    expect((await log.state(SET.log)).states).toHaveLength(500);
  });

  it('are one read for one endpoint, and single reads for few endpoints', async () => {
    await Promise.all(ids.map(() => reader.load(SET, { kind: 'one', id: 'e7' }, true)));
    await loadAll(['e1', 'e2', 'e3']);
    expect(upstream.gets).toEqual(['e7', 'e1', 'e2', 'e3']);
    expect(upstream.lists).toEqual([]);
  });

  it('read each endpoint that the list does not show, because only that proves its absence', async () => {
    const ends = await loadAll(['e1', 'e2', 'e3', 'e4', 'typo'], false);
    expect(ends.map((end) => end.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect(upstream.gets).toEqual(['e1', 'e2', 'e3', 'typo']);
  });

  it('start over after a failure', async () => {
    upstream.failGet = () => upstreamError('throttled');
    upstream.failList = () => upstreamError('throttled');
    expect((await loadAll(ids)).every((end) => end.status === 'rejected')).toBe(true);
    expect([upstream.gets.length, upstream.lists.length]).toEqual([3, 1]);
    upstream.failGet = () => undefined;
    await loadAll(['e1']);
    expect(upstream.gets.at(-1)).toBe('e1');
    expect(upstream.lists).toHaveLength(1);
  });
});

it('shows no endpoint whose deletion was sent long ago and never followed', async () => {
  let now = 1;
  const log = new MemoryEventLog({ now: () => now++ });
  const upstream = new FakeUpstream();
  upstream.set(answer('stuck', 'deleting'));
  const reader = new FirstRead({ log, reads: upstream.reads, versionFloor: () => 0 });
  const remove = (id: string) =>
    log.commit(SET.log, {
      asOf: now,
      observations: [{ id, status: 'deleting', fields: {} }],
      source: 'read',
      firstSight: 'transition',
    });
  await remove('gone');
  await remove('stuck');
  now += 10 * 60_000_000;
  await remove('late');
  await reader.load(SET, { kind: 'all' }, false);
  const statuses = (await log.state(SET.log)).states.map(({ id, status }) => `${id} ${status}`);
  expect(statuses).toEqual(['gone deleted', 'stuck deleting', 'late deleting']);
  expect((await log.history(SET.log, ['gone'], 2)).entries.map(({ status }) => status)).toEqual([
    'deleting',
    'deleted',
  ]);
});
