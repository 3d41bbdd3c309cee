import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CommitRequest } from '../../../src/events/event-log.ts';
import { Follower } from '../../../src/events/follow/follower.ts';
import { LogReaders } from '../../../src/events/follow/log-reader.ts';
import type { Scope } from '../../../src/events/follow/scope.ts';
import { MemoryEventLog } from '../../../src/events/memory/memory-event-log.ts';
import { MAX_UNWATCHED_STATES, MIN_ENTRIES, RETENTION_MS } from '../../../src/events/retention.ts';

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

const held = async () => (await log.state(P)).states.length;

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

it('forgets the oldest of very many endpoints that were created and are not watched', async () => {
  await createMany(MAX_UNWATCHED_STATES);
  expect(await held()).toBe(MAX_UNWATCHED_STATES);
  await commit({ last: 'accepted' });
  expect(await held()).toBe(MIN_ENTRIES);
  expect((await log.entries(P, 0, 10_000)).entries).toHaveLength(MIN_ENTRIES);
  expect((await log.state(P, ['e0', 'last'])).states.map(({ id }) => id)).toEqual(['last']);
});

it('starts a feed over whose transitions were forgotten, and resumes all others', async () => {
  const cursors = await createMany(MAX_UNWATCHED_STATES + 1);
  const newest = `e${MAX_UNWATCHED_STATES}`;
  expect(await firstEvent({ kind: 'one', id: newest }, cursors.at(-1))).toBe(`TRANSITION ${newest}`);
  expect(await firstEvent({ kind: 'some', ids: new Set([newest]) }, cursors.at(-1))).toBe(`TRANSITION ${newest}`);
  expect(await firstEvent({ kind: 'some', ids: new Set(['e1']) }, cursors[1])).toBe('RESYNC e1');
  expect(await firstEvent({ kind: 'one', id: 'e0' }, cursors[0])).toBe('RESYNC e0');
});

it('forgets nothing while the project has a listener or an interest, and nothing that a full read has shown', async () => {
  const leave = await log.listen(P, () => {});
  await createMany(MAX_UNWATCHED_STATES + 1);
  expect(await held()).toBe(MAX_UNWATCHED_STATES + 1);
  await log.lease(P, { replica: 'r', interest: ['e0'] });
  leave();
  await commit({ other: 'accepted' });
  expect(await held()).toBe(MAX_UNWATCHED_STATES + 2);
  await commit({}, { source: 'list', sweep: true });
  await log.lease(P, { replica: 'r', interest: null });
  await commit({ another: 'accepted' });
  expect(await held()).toBe(MAX_UNWATCHED_STATES + 3);
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
