import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommitRequest, EventLog, LeaseResult, Notification } from '../../src/events/event-log.ts';
import {
  INTEREST_MS,
  LEASE_MS,
  MAX_UNLISTED_STATES,
  MAX_WAIT_MS,
  WAKE_SPACING_MS,
} from '../../src/events/retention.ts';
import { deferred } from '../support/deferred.ts';
import { type LogUnderTest, MicrosClock } from '../support/event-logs.ts';

const P = 'project-1';

/** What every event log must do. `open` gives a log over the same store each time it is called within one test. */
export function eventLogContract(name: string, open: (clock: MicrosClock) => Promise<LogUnderTest>): void {
  describe(`event log: ${name}`, () => {
    let clock: MicrosClock;
    let opened: LogUnderTest;
    let log: EventLog;

    beforeEach(async () => {
      clock = new MicrosClock();
      opened = await open(clock);
      log = opened.log;
    });
    afterEach(() => opened.close());

    const see = (rows: Record<string, string>, over: Partial<CommitRequest> = {}) =>
      log.commit(P, {
        asOf: clock.micros++,
        observations: Object.entries(rows).map(([id, status]) => ({
          id,
          status,
          fields: { ip: `ip-of-${id}`, tags: [] },
        })),
        source: 'read',
        firstSight: 'afterBaseline',
        ...over,
      });
    const all = async () => (await log.entries(P, 0, 1000)).entries;

    describe('commit', () => {
      it('fills in silently before the baseline and appends after it', async () => {
        const ids = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`e${i}`, 'creating']));
        const first = await see(ids, { source: 'list', sweep: true });
        expect(first.transitions).toEqual([]);
        expect(await all()).toEqual([]);
        const view = await log.state(P);
        expect(view.baseline).toBe(true);
        expect(view.states).toHaveLength(1000);

        const second = await see({ e1: 'creating', e2: 'accepted', new: 'creating' });
        expect(second.transitions).toEqual([
          { id: 'e2', status: 'accepted', firstSight: false },
          { id: 'new', status: 'creating', firstSight: true },
        ]);
        expect((await all()).map((entry) => [entry.seq, entry.id, entry.previousStatus, entry.status])).toEqual([
          [1, 'e2', 'creating', 'accepted'],
          [2, 'new', null, 'creating'],
        ]);
      });

      it('makes a transition of a creation through the gateway even before the baseline', async () => {
        const result = await see({ e1: 'creating' }, { firstSight: 'transition' });
        expect(result.before.seq).toBe(0);
        expect(result.after).toEqual({ epoch: result.before.epoch, seq: 1 });
        expect((await log.entries(P, result.before.seq, 10)).entries[0]).toMatchObject({
          id: 'e1',
          previousStatus: null,
          fields: { ip: 'ip-of-e1', tags: [] },
        });
      });

      it('ignores an answer to a request that was sent before the one the state comes from', async () => {
        await see({ e1: 'accepted' });
        const pollSentAt = clock.micros++;
        await see({ e1: 'deleting' });
        const late = await see({ e1: 'accepted' }, { asOf: pollSentAt, source: 'list' });
        expect(late.transitions).toEqual([]);
        expect((await log.state(P, ['e1'])).states[0]?.status).toBe('deleting');
      });

      it('merges fields: what an answer does not carry keeps its last value', async () => {
        const row = (fields: Record<string, unknown>) => ({
          asOf: clock.micros++,
          observations: [{ id: 'e1', status: 'accepted', fields }],
          source: 'read' as const,
          firstSight: 'afterBaseline' as const,
        });
        await log.commit(
          P,
          row({
            ip: '10.0.0.1',
            ipv6Address: 'fd00::1',
            tags: [{ key: 'a', value: '' }],
            markerId: '422321321312321321',
          }),
        );
        await log.commit(P, row({ ip: null, tags: [], description: 'a "quoted" / ünïcode\n| text' }));
        expect((await log.state(P, ['e1'])).states[0]?.fields).toEqual({
          ip: null,
          ipv6Address: 'fd00::1',
          tags: [],
          markerId: '422321321312321321',
          description: 'a "quoted" / ünïcode\n| text',
        });
      });

      it('gives versions that only grow, above the floor and across a clock that steps back', async () => {
        await see({ e1: 'creating' }, { firstSight: 'transition' });
        const before = (await log.state(P, ['e1'])).states[0]?.version ?? 0;
        clock.forwardMs(-60_000);
        await see({ e1: 'accepted' }, { asOf: before + 1 });
        const after = (await log.state(P, ['e1'])).states[0]?.version ?? 0;
        expect(after).toBe(before + 1);
        await see({ e1: 'rejected' }, { asOf: before + 2, versionFloor: after + 1_000_000_000 });
        expect((await log.state(P, ['e1'])).states[0]?.version).toBe(after + 1_000_000_001);
        expect(Number.isSafeInteger(after)).toBe(true);
      });

      it('keeps a deletion: no list brings the endpoint back, a direct read does', async () => {
        await see({ e1: 'accepted' }, { sweep: true });
        const gone = await see({ e1: 'deleted' });
        expect(gone.transitions).toHaveLength(1);
        expect((await see({ e1: 'deleting' }, { source: 'list' })).transitions).toEqual([]);
        const back = await see({ e1: 'accepted' });
        expect(back.transitions).toEqual([{ id: 'e1', status: 'accepted', firstSight: false }]);
      });

      it('reports after a sweep what it did not show, except what was created since it began', async () => {
        await see({ e1: 'accepted', e2: 'accepted', e3: 'accepted' }, { source: 'list', sweep: true });
        await see({ e3: 'deleted' });
        const began = clock.micros++;
        await see({ late: 'creating' }, { firstSight: 'transition' });
        const sweep = await see({ e1: 'accepted' }, { asOf: began, source: 'list', sweep: true });
        expect(sweep.missing).toEqual(['e2']);
      });

      it('keeps unusual statuses and ids unchanged', async () => {
        await see({ e1: 'creating' }, { firstSight: 'transition' });
        await see({ e1: 'in/some "new" wörd' });
        expect((await all()).map((entry) => entry.status)).toEqual(['creating', 'in/some "new" wörd']);
        expect((await log.state(P, ['e1'])).states[0]?.status).toBe('in/some "new" wörd');
      });
    });

    describe('states that no full list shows', () => {
      const made = { firstSight: 'transition' } as const;
      const rowsOf = (from: number, count: number, status = 'accepted') =>
        Object.fromEntries(Array.from({ length: count }, (_, i) => [`e${from + i}`, status]));

      it('do not add up where resources are only created and deleted', async () => {
        for (let from = 0; from < 10_000; from += 500) {
          await see(rowsOf(from, 500), made);
          await see(rowsOf(from, 500, 'deleting'), made);
          expect((await log.state(P)).states.length).toBeLessThanOrEqual(MAX_UNLISTED_STATES + 500);
        }
      });

      it('end the epoch, and the commit with one more begins the next', async () => {
        const old = await see(rowsOf(0, MAX_UNLISTED_STATES + 1), made);
        const { before, after } = await see({ last: 'creating' }, made);
        expect(before).toEqual({ epoch: after.epoch, seq: 0 });
        expect(after.epoch).not.toBe(old.after.epoch);
        expect((await all()).map(({ seq, id }) => [seq, id])).toEqual([[1, 'last']]);
        expect(await log.state(P)).toMatchObject({ position: after, baseline: false, states: [{ id: 'last' }] });
      });

      it('are counted from the last full list on', async () => {
        const listed = rowsOf(0, 2 * MAX_UNLISTED_STATES);
        const { after } = await see(listed, { source: 'list', sweep: true });
        const more = await see(rowsOf(100_000, MAX_UNLISTED_STATES), made);
        expect(more.before).toEqual(after);
        await see({ last: 'creating' }, made);
        const again = await see(listed, { source: 'list', sweep: true });
        expect(again.after.epoch).not.toBe(after.epoch);
      });
    });

    describe('reading', () => {
      it('pages contiguous entries after a position', async () => {
        await see({ e0: 'x' }, { sweep: true });
        for (let i = 1; i <= 25; i++) await see({ e0: `s${i}` });
        const page = await log.entries(P, 5, 10);
        expect(page.entries.map((entry) => entry.seq)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
        expect(page.position?.seq).toBe(25);
        expect((await log.entries(P, 25, 10)).entries).toEqual([]);
      });

      it('keeps a bounded history and the newest part of it', async () => {
        await see({ e0: 'x' }, { sweep: true });
        for (let i = 1; i <= 1300; i++) await see({ e0: `s${i}` });
        const page = await log.entries(P, 0, 5000);
        expect(page.entries.length).toBeGreaterThanOrEqual(1000);
        expect(page.entries.length).toBeLessThan(1300);
        expect(page.entries.at(-1)?.seq).toBe(1300);
      });

      it('gives the history of each endpoint, oldest first', async () => {
        await see({ e1: 'a', e2: 'a' }, { sweep: true });
        for (let i = 1; i <= 600; i++) await see({ e1: `s${i}` });
        await see({ e2: 'b' });
        for (let i = 601; i <= 700; i++) await see({ e1: `s${i}` });
        expect((await log.history(P, ['e1'], 3)).entries.map((entry) => entry.status)).toEqual([
          's698',
          's699',
          's700',
        ]);
        expect((await log.history(P, ['e2'], 5)).entries.map((entry) => entry.status)).toEqual(['b']);
        expect((await log.history(P, ['unknown'], 5)).entries).toEqual([]);
        expect((await log.history(P, ['e1', 'unknown', 'e2'], 2)).entries.map((entry) => entry.status)).toEqual([
          'b',
          's699',
          's700',
        ]);
      });

      it('knows nothing of a project without commits', async () => {
        expect(await log.state('other')).toEqual({ position: null, baseline: false, states: [] });
        expect(await log.position('other')).toBeNull();
        expect(await log.entries('other', 0, 10)).toEqual({ position: null, entries: [] });
      });
    });

    describe('notifications', () => {
      it('come after an append, not after a commit that changes nothing, and stop when the listener leaves', async () => {
        const heard: Notification[] = [];
        let notified = deferred<void>();
        const leave = await log.listen(P, (notification) => {
          heard.push(notification);
          notified.resolve();
        });
        const second = await log.listen(P, () => {});
        const { after } = await see({ e1: 'creating' }, { firstSight: 'transition' });
        await notified.promise;
        expect(heard).toEqual([{ kind: 'moved', position: after }]);
        await see({ e1: 'creating' });
        notified = deferred<void>();
        const next = await see({ e1: 'accepted' });
        await notified.promise;
        expect(heard).toHaveLength(2);
        expect(heard[1]).toEqual({ kind: 'moved', position: next.after });

        leave();
        expect(log.held().listeners).toBe(1);
        notified = deferred<void>();
        const last = deferred<void>();
        const third = await log.listen(P, () => last.resolve());
        await see({ e1: 'rejected' });
        await last.promise;
        expect(heard).toHaveLength(2);
        second();
        third();
        expect(log.held()).toEqual({ listeners: 0, channels: 0, timers: 0 });
      });
    });

    describe('lease', () => {
      const lease = (replica: string, over: Partial<Parameters<EventLog['lease']>[1]> = {}): Promise<LeaseResult> =>
        log.lease(P, { replica, interest: ['e1'], ...over });
      const poll = async (replica: string, over = {}) => {
        const { next } = await lease(replica, over);
        if (next.kind !== 'poll') throw new Error(`expected a poll, got ${JSON.stringify(next)}`);
        return next;
      };

      it('grants one poll at a time and hands it on when the holder is silent', async () => {
        const a = await poll('a');
        expect(a.asOf).toBe(clock.micros);
        expect((await lease('b')).next).toEqual({ kind: 'wait', waitMs: LEASE_MS });
        clock.forwardMs(LEASE_MS - 1000);
        expect(await log.renew(P, a.ticket)).toBe(true);
        clock.forwardMs(2000);
        expect((await lease('b')).next.kind).toBe('wait');
        clock.forwardMs(LEASE_MS);
        const b = await poll('b');
        expect(b.ticket).toBeGreaterThan(a.ticket);
        expect(await log.renew(P, a.ticket)).toBe(false);
      });

      it('refuses the observations of a holder that has lost its lease, and takes those of its successor', async () => {
        const a = await poll('a');
        clock.forwardMs(LEASE_MS + 1);
        const b = await poll('b');
        const commits = [
          {
            asOf: a.asOf,
            observations: [{ id: 'e1', status: 'stale', fields: {} }],
            source: 'read' as const,
            firstSight: 'transition' as const,
          },
        ];
        const stale = await lease('a', { done: { ticket: a.ticket, commits, waitMs: 1000 } });
        expect(stale.fenced).toBe(true);
        expect(stale.commits).toEqual([]);
        expect((await log.state(P, ['e1'])).states).toEqual([]);
        const fresh = await lease('b', {
          done: {
            ticket: b.ticket,
            commits: [{ ...commits[0]!, asOf: b.asOf, observations: [{ id: 'e1', status: 'creating', fields: {} }] }],
            waitMs: 1000,
          },
        });
        expect(fresh.fenced).toBe(false);
        expect(fresh.commits[0]?.transitions).toEqual([{ id: 'e1', status: 'creating', firstSight: true }]);
        expect(fresh.next).toMatchObject({ kind: 'poll', afterMs: 1000 });
      });

      it('keeps the lease with its holder until the next due time, and 5 s more', async () => {
        const a = await poll('a');
        await lease('a', { done: { ticket: a.ticket, commits: [], waitMs: 2000 } });
        expect((await lease('b')).next).toEqual({ kind: 'wait', waitMs: 2000 + LEASE_MS });
        clock.forwardMs(2000);
        expect((await lease('b')).next.kind).toBe('wait');
        const again = await poll('a');
        expect(again.ticket).toBeGreaterThan(a.ticket);
      });

      it('wakes: grants a poll at once when none is in flight, right after it otherwise', async () => {
        const a = await poll('a');
        const waiting = await lease('b', { wake: true });
        expect(waiting.next.kind).toBe('wait');
        const after = await lease('a', { done: { ticket: a.ticket, commits: [], waitMs: 15_000 } });
        expect(after.woken).toBe(true);
        expect(after.next).toMatchObject({ kind: 'poll', afterMs: WAKE_SPACING_MS });
        if (after.next.kind !== 'poll') return;
        clock.forwardMs(WAKE_SPACING_MS);
        await lease('a', { done: { ticket: after.next.ticket, commits: [], waitMs: 15_000 } });
        clock.forwardMs(WAKE_SPACING_MS);
        const b = await poll('b', { wake: true });
        expect(b.ticket).toBeGreaterThan(after.next.ticket);
      });

      it('lets no wake-up shorten a wait that upstream asked for', async () => {
        const a = await poll('a');
        expect((await lease('b', { wake: true })).next.kind).toBe('wait');
        const done = { ticket: a.ticket, commits: [], waitMs: 20_000, throttled: true };
        expect((await lease('a', { done })).next).toMatchObject({ kind: 'poll', afterMs: 20_000 });
        clock.forwardMs(5_000);
        expect((await lease('b', { wake: true })).next).toEqual({ kind: 'wait', waitMs: 15_000 + LEASE_MS });
        expect((await lease('a', { wake: true })).next).toMatchObject({ kind: 'poll', afterMs: 15_000 });
        await lease('c', { interest: null, wake: true });
        const held = await poll('a');
        expect(held.afterMs).toBe(15_000);
        clock.forwardMs(15_000);
        await lease('a', { done: { ticket: held.ticket, commits: [], waitMs: 20_000 } });
        clock.forwardMs(WAKE_SPACING_MS);
        expect((await lease('b', { wake: true })).next).toMatchObject({ kind: 'poll', afterMs: 0 });
      });

      it('wakes the holder for a replica without an interest', async () => {
        const a = await poll('a');
        clock.forwardMs(WAKE_SPACING_MS);
        await lease('a', { done: { ticket: a.ticket, commits: [], waitMs: 15_000 } });
        const notified = deferred<Notification>();
        const leave = await log.listen(P, (notification) => notified.resolve(notification));
        expect((await lease('b', { interest: null, wake: true })).next.kind).toBe('idle');
        expect(await notified.promise).toEqual({ kind: 'lease' });
        expect((await lease('a')).next).toMatchObject({ kind: 'poll', afterMs: 0 });
        leave();
      });

      describe('a poll that is reserved', () => {
        /** `a` has polled and holds the next poll. */
        const reserve = async (waitMs = 10_000) => {
          const { ticket } = await poll('a');
          clock.forwardMs(WAKE_SPACING_MS);
          const { next } = await lease('a', { done: { ticket, commits: [], waitMs } });
          return next.kind === 'poll' ? next : expect.fail('nothing reserved');
        };
        const end = (replica: string, ticket: number) =>
          lease(replica, { done: { ticket, commits: [], waitMs: 10_000 } });

        it('is granted with the end of the one before, and is in flight once it is due', async () => {
          const next = await reserve();
          expect(next).toMatchObject({ asOf: clock.micros, afterMs: 10_000, interest: ['e1'] });
          clock.forwardMs(10_000);
          expect((await lease('b', { wake: true })).next).toEqual({ kind: 'wait', waitMs: LEASE_MS });
          expect(await end('a', next.ticket)).toMatchObject({ fenced: false, woken: true });
        });

        it('is lost to a wake-up elsewhere: the holder is notified, and its poll is refused', async () => {
          const next = await reserve(2_000);
          const notified = deferred<Notification>();
          const leave = await log.listen(P, (notification) => notified.resolve(notification));
          const taken = await poll('b', { wake: true });
          expect(taken.afterMs).toBe(0);
          expect(await notified.promise).toEqual({ kind: 'lease', replica: 'a' });
          clock.forwardMs(1_000);
          expect((await end('a', next.ticket)).fenced).toBe(true);
          expect((await end('b', taken.ticket)).fenced).toBe(false);
          leave();
        });

        it('notifies all replicas when its lease ends while they still sleep', async () => {
          await reserve();
          const notified = deferred<Notification>();
          const leave = await log.listen(P, (notification) => notified.resolve(notification));
          await poll('b', { wake: true });
          expect(await notified.promise).toEqual({ kind: 'lease' });
          leave();
        });

        it('comes sooner for its holder’s own wake-up, under another ticket', async () => {
          const next = await reserve();
          const sooner = await poll('a', { wake: true });
          expect(sooner.afterMs).toBe(0);
          expect((await end('a', next.ticket)).fenced).toBe(true);
        });

        it('is granted again to a holder that asks again, before and after it was due', async () => {
          await reserve();
          clock.forwardMs(4_000);
          expect(await poll('a')).toMatchObject({ afterMs: 6_000 });
          clock.forwardMs(6_500);
          const late = await poll('a');
          expect(late.afterMs).toBe(0);
          expect((await end('a', late.ticket)).fenced).toBe(false);
        });

        it('is refused when it ends before it was due: the clock has stepped back', async () => {
          const next = await reserve();
          clock.forwardMs(9_999);
          const result = await end('a', next.ticket);
          expect(result.fenced).toBe(true);
          expect(result.next).toMatchObject({ kind: 'poll', afterMs: 1 });
        });

        it('goes to the one that asks first once its lease has ended, when its holder stays silent', async () => {
          await reserve();
          for (const replica of ['b', 'c'])
            expect((await lease(replica)).next).toEqual({ kind: 'wait', waitMs: 10_000 + LEASE_MS });
          clock.forwardMs(10_000 + LEASE_MS - 1);
          expect((await lease('b')).next.kind).toBe('wait');
          clock.forwardMs(1);
          expect((await poll('c')).afterMs).toBe(0);
          expect((await lease('b')).next).toEqual({ kind: 'wait', waitMs: LEASE_MS });
        });
      });

      it('make no two polls begin within a quarter of a second, however often they are woken', async () => {
        const began: number[] = [];
        let { ticket } = await poll('a', { wake: true });
        began.push(clock.micros);
        for (let i = 0; i < 5; i++) {
          clock.forwardMs(20);
          await lease('b', { wake: true });
          clock.forwardMs(20);
          const { next } = await lease('a', { done: { ticket, commits: [], waitMs: 10_000 } });
          if (next.kind !== 'poll') expect.fail('the wake-up was lost');
          clock.forwardMs(next.afterMs);
          began.push(clock.micros);
          ({ ticket } = next);
        }
        for (let i = 1; i < began.length; i++)
          expect((began[i] ?? 0) - (began[i - 1] ?? 0)).toBe(WAKE_SPACING_MS * 1000);
      });

      it('notifies the others when the holder leaves, and ends when the last one has left', async () => {
        const a = await poll('a');
        await lease('a', { done: { ticket: a.ticket, commits: [], waitMs: 1000 } });
        await lease('b', { interest: ['e2'] });
        const notified = deferred<Notification>();
        const leave = await log.listen(P, (notification) => notified.resolve(notification));
        expect((await lease('a', { interest: null })).next.kind).toBe('idle');
        expect(await notified.promise).toEqual({ kind: 'lease' });
        clock.forwardMs(1000);
        expect((await poll('b', { interest: ['e2'] })).interest).toEqual(['e2']);
        expect((await lease('b', { interest: null })).next.kind).toBe('idle');
        leave();
      });

      it('grants polls of what all replicas want together, and forgets a replica that has gone', async () => {
        await lease('b', { interest: ['e2', 'e1'] });
        expect((await lease('a')).next.kind).toBe('wait');
        clock.forwardMs(LEASE_MS + 1);
        const both = await poll('a');
        expect(both.interest).toEqual(['e1', 'e2']);
        await lease('a', { done: { ticket: both.ticket, commits: [], waitMs: 0 }, interest: ['e3', 'e4'] });
        clock.forwardMs(LEASE_MS + 1);
        expect((await poll('a', { interest: ['e3', 'e4'] })).interest).toBe('all');
        clock.forwardMs(INTEREST_MS);
        expect((await poll('a', { interest: ['e3'] })).interest).toEqual(['e3']);
        clock.forwardMs(LEASE_MS + 1);
        expect((await poll('a', { interest: 'all' })).interest).toBe('all');
      });

      it('survives a clock that steps back: no lease or due time is further ahead than it can be', async () => {
        clock.forwardMs(MAX_WAIT_MS * 10);
        const a = await poll('a');
        await lease('a', { done: { ticket: a.ticket, commits: [], waitMs: 10_000 } });
        clock.forwardMs(-MAX_WAIT_MS * 10);
        const b = await poll('b');
        expect(b.ticket).toBeGreaterThan(a.ticket);
      });
    });
  });
}
