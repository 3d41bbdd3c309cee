import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CommitRequest } from '../../../src/events/event-log.ts';
import { Follower } from '../../../src/events/follow/follower.ts';
import { LogReaders } from '../../../src/events/follow/log-reader.ts';
import type { Scope } from '../../../src/events/follow/scope.ts';
import { MemoryEventLog } from '../../../src/events/memory/memory-event-log.ts';
import { MAX_UNLISTED_STATES, RETENTION_MS } from '../../../src/events/retention.ts';

const P = 'project-1';
let log: MemoryEventLog;
let readers: LogReaders;
beforeEach(() => {
  log = new MemoryEventLog();
  readers = new LogReaders({ log, logger: pino({ level: 'silent' }) });
});
afterEach(async () => {
  readers.close();
  await log.close();
});

const commit = async (rows: Record<string, string>, over: Partial<CommitRequest> = {}) =>
  log.commit(P, {
    asOf: await log.now(),
    observations: Object.entries(rows).map(([id, status]) => ({ id, status, fields: {} })),
    source: 'read',
    firstSight: 'transition',
    ...over,
  });

/** Cursors from just before each creation. */
async function createMany(count: number) {
  const cursors = [];
  for (let i = 0; i < count; i++) {
    const { before } = await commit({ [`e${i}`]: 'accepted' });
    cursors.push({ kind: 'after', ...before } as const);
  }
  return cursors;
}

/** The first event of a feed that goes on at a cursor. Upstream still shows every endpoint as accepted. */
async function firstEvent(scope: Scope, after: { kind: 'after'; epoch: string; seq: number } | undefined) {
  const ids = scope.kind === 'one' ? [scope.id] : scope.kind === 'some' ? [...scope.ids] : [];
  const load = async () =>
    void (await commit(Object.fromEntries(ids.map((id) => [id, 'accepted'])), { firstSight: 'afterBaseline' }));
  const feed = await Follower.start(
    { log, readers, load, maxAgeMs: 90_000, onTrouble: () => {} },
    { log: P, scope, ...(after && { after }) },
  );
  const { value } = await feed.next();
  await feed.return();
  return `${value?.kind} ${value?.id}`;
}

it('starts a feed over whose transitions were in an epoch that has ended, and resumes all others', async () => {
  const cursors = await createMany(MAX_UNLISTED_STATES + 2);
  const newest = `e${MAX_UNLISTED_STATES + 1}`;
  expect(await firstEvent({ kind: 'one', id: newest }, cursors.at(-1))).toBe(`TRANSITION ${newest}`);
  expect(await firstEvent({ kind: 'some', ids: new Set([newest]) }, cursors.at(-1))).toBe(`TRANSITION ${newest}`);
  expect(await firstEvent({ kind: 'some', ids: new Set(['e1']) }, cursors[1])).toBe('RESYNC e1');
  expect(await firstEvent({ kind: 'one', id: 'e0' }, cursors[0])).toBe('RESYNC e0');
});

it('keeps nothing of logs that are only asked for: their names have ids in them that callers choose', async () => {
  await log.state('p/connections/nowhere', []);
  await log.position('p/connections/nowhere');
  await log.entries('p/connections/nowhere', 0, 10);
  await log.history('p/connections/nowhere', ['e1'], 10);
  expect(await log.renew('p/connections/nowhere', 1)).toBe(false);
  await log.lease('p/connections/nowhere', { replica: 'a', interest: null, wake: true });
  expect(log.size).toBe(0);
});

it('forgets logs that have expired once there is a new one, and none that is still watched', async () => {
  let now = 1;
  const aging = new MemoryEventLog({ now: () => now });
  const fill = (name: string) =>
    aging.commit(name, { asOf: now, observations: [], source: 'read', firstSight: 'transition' });
  await fill('old');
  await fill('watched');
  await aging.lease('watched', { replica: 'a', interest: 'all' });
  now += RETENTION_MS * 1000 + 1;
  await fill('new');
  expect(aging.size).toBe(2);
  expect(await aging.position('watched')).toBeNull();
  await aging.close();
});
