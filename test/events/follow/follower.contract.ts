import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedEvent } from '../../../src/events/cursor.ts';
import { decodeCursor } from '../../../src/events/cursor.ts';
import type { CommitRequest, EventLog } from '../../../src/events/event-log.ts';
import { Follower } from '../../../src/events/follow/follower.ts';
import { LogReaders } from '../../../src/events/follow/log-reader.ts';
import type { FollowRequest, Scope } from '../../../src/events/follow/scope.ts';
import type { LogUnderTest } from '../../support/event-logs.ts';

const P = 'project-1';
const settled = (status: string): boolean => ['accepted', 'rejected', 'failed', 'deleted'].includes(status);

/** What following a log must do, over any log. `open` gives another replica's log over the same store at each call. */
export function followContract(name: string, open: () => Promise<LogUnderTest>): void {
  describe(`following: ${name}`, () => {
    let here: LogUnderTest;
    let log: EventLog;
    let readers: LogReaders;
    let loads: Scope[];
    let upstream: Map<string, string>;

    beforeEach(async () => {
      here = await open();
      log = here.log;
      readers = new LogReaders({ log, logger: pino({ level: 'silent' }), checkMs: 50 });
      loads = [];
      upstream = new Map();
    });
    afterEach(async () => {
      readers.close();
      await here.close();
    });

    const commit = async (rows: Record<string, string>, over: Partial<CommitRequest> = {}) =>
      log.commit(P, {
        asOf: await log.now(),
        observations: Object.entries(rows).map(([id, status]) => ({
          id,
          status,
          fields: { description: status },
        })),
        source: 'read',
        firstSight: 'transition',
        ...over,
      });
    const load = async (scope: Scope): Promise<void> => {
      loads.push(scope);
      if (scope.kind === 'one') {
        const status = upstream.get(scope.id);
        if (status === undefined) throw new Error('not found');
        await commit({ [scope.id]: status }, { firstSight: 'afterBaseline' });
      } else {
        await commit(Object.fromEntries(upstream), { source: 'list', firstSight: 'afterBaseline', sweep: true });
      }
    };
    const one = (id: string): Scope => ({ kind: 'one', id });
    const follow = (scope: Scope, over: Partial<FollowRequest> = {}): Promise<Follower> =>
      Follower.start({ log, readers, load, maxAgeMs: 90_000, onTrouble: () => {} }, { log: P, scope, ...over });
    const after = (cursor: string) => ({ after: decodeCursor(cursor) ?? expect.fail(`not a cursor: ${cursor}`) });
    const take = async (feed: Follower, count: number): Promise<FeedEvent[]> => {
      const items: FeedEvent[] = [];
      while (items.length < count) {
        const { done, value } = await feed.next();
        if (done === true) expect.fail(`the feed ended after ${items.length} of ${count} events`);
        items.push(value);
      }
      return items;
    };
    const brief = (items: readonly FeedEvent[]) => items.map((item) => `${item.kind} ${item.id} ${item.rawStatus}`);

    it('gives the state first, then every transition in order, once', async () => {
      await commit({ e1: 'creating', e2: 'creating' });
      const feed = await follow(one('e1'));
      await commit({ e2: 'accepted' });
      await commit({ e1: 'pendingAcceptance' });
      await commit({ e1: 'accepted' });
      const items = await take(feed, 3);
      expect(brief(items)).toEqual([
        'SNAPSHOT e1 creating',
        'TRANSITION e1 pendingAcceptance',
        'TRANSITION e1 accepted',
      ]);
      expect(items[1]?.previousRawStatus).toBe('creating');
      expect(items[2]?.fields).toEqual({ description: 'accepted' });
      expect(items.map((item) => item.version)).toEqual(items.map((item) => item.version).toSorted((a, b) => a - b));
      await feed.return();
    });

    it('reads an endpoint without state itself, and refuses one that does not exist', async () => {
      upstream.set('e1', 'creating');
      const feed = await follow(one('e1'));
      expect(brief(await take(feed, 1))).toEqual(['SNAPSHOT e1 creating']);
      expect(loads).toHaveLength(1);
      await expect(follow(one('unknown'))).rejects.toThrow('not found');
      await feed.return();
      expect(readers.held()).toEqual({ readers: 0, followers: 0, timers: 0 });
    });

    it('resumes with exactly what was missed', async () => {
      await commit({ e1: 'creating' });
      const first = await follow(one('e1'));
      const [snapshot] = await take(first, 1);
      await first.return();
      await commit({ e1: 'accepted' });
      await commit({ e1: 'rejected' });
      const again = await follow(one('e1'), after(snapshot?.cursor ?? ''));
      expect(brief(await take(again, 2))).toEqual(['TRANSITION e1 accepted', 'TRANSITION e1 rejected']);
      const last = await follow(one('e1'), { ...after(snapshot?.cursor ?? ''), until: settled });
      expect(brief(await take(last, 2))).toEqual(['TRANSITION e1 accepted', 'TRANSITION e1 rejected']);
      expect((await last.next()).done).toBe(true);
      await again.return();
    });

    it('starts at the cursor of a creation with its first transition', async () => {
      const { before } = await commit({ e1: 'creating' });
      const feed = await follow(one('e1'), { after: { kind: 'after', ...before } });
      expect(brief(await take(feed, 1))).toEqual(['TRANSITION e1 creating']);
      await feed.return();
    });

    it('resumes a quiet endpoint of a busy project although the log was trimmed, and resyncs a busy one', async () => {
      const { after: start } = await commit({ quiet: 'accepted', busy: 'creating' });
      for (let i = 0; i < 1300; i++) await commit({ busy: `s${i}` });
      const quiet = await follow(one('quiet'), { after: { kind: 'after', ...start } });
      await commit({ quiet: 'rejected' });
      expect(brief(await take(quiet, 1))).toEqual(['TRANSITION quiet rejected']);
      const busy = await follow(one('busy'), { after: { kind: 'after', ...start } });
      expect(brief(await take(busy, 1))).toEqual(['RESYNC busy s1299']);
      await Promise.all([quiet.return(), busy.return()]);
    });

    it('resyncs when the epoch is another one or the position is beyond the top', async () => {
      const { after: top } = await commit({ e1: 'accepted' });
      for (const position of [
        { epoch: '0123456789ab', seq: 0 },
        { epoch: top.epoch, seq: top.seq + 1 },
      ]) {
        const feed = await follow(one('e1'), { after: { kind: 'after', ...position } });
        expect(brief(await take(feed, 1))).toEqual(['RESYNC e1 accepted']);
        await feed.return();
      }
    });

    it('reads upstream before the RESYNC of a restart cursor, because a mutation may be missing in the log', async () => {
      await commit({ e1: 'creating', e2: 'accepted' }, { firstSight: 'transition' });
      await commit({}, { source: 'list', sweep: true });
      upstream.set('e1', 'accepted').set('e2', 'accepted');
      const feed = await follow(one('e1'), { after: { kind: 'restart' } });
      expect(brief(await take(feed, 1))).toEqual(['RESYNC e1 accepted']);
      upstream.set('e2', 'deleting');
      const all = await follow({ kind: 'all' }, { after: { kind: 'restart' } });
      expect(brief(await take(all, 2)).toSorted()).toEqual(['RESYNC e1 accepted', 'RESYNC e2 deleting']);
      expect(loads.map(({ kind }) => kind)).toEqual(['one', 'all']);
      await Promise.all([feed.return(), all.return()]);
    });

    it('ends once the current state fulfils `until`, also when it already does', async () => {
      await commit({ e1: 'creating' });
      const feed = await follow(one('e1'), { until: settled });
      await commit({ e1: 'accepted' });
      expect(brief(await take(feed, 2))).toEqual(['SNAPSHOT e1 creating', 'TRANSITION e1 accepted']);
      expect((await feed.next()).done).toBe(true);

      const late = await follow(one('e1'), { until: settled });
      const [snapshot] = await take(late, 1);
      expect((await late.next()).done).toBe(true);
      const nothingLeft = await follow(one('e1'), { ...after(snapshot?.cursor ?? ''), until: settled });
      expect((await nothingLeft.next()).done).toBe(true);
      expect(readers.held().followers).toBe(0);
    });

    it('judges `until` on the current state, not on a state that was passed meanwhile', async () => {
      const { before } = await commit({ e1: 'creating' });
      await commit({ e1: 'accepted' });
      await commit({ e1: 'deleting' });
      const feed = await follow(one('e1'), { after: { kind: 'after', ...before }, until: settled });
      expect(brief(await take(feed, 3))).toEqual([
        'TRANSITION e1 creating',
        'TRANSITION e1 accepted',
        'TRANSITION e1 deleting',
      ]);
      await commit({ e1: 'deleted' });
      expect(brief(await take(feed, 1))).toEqual(['TRANSITION e1 deleted']);
      expect((await feed.next()).done).toBe(true);
    });

    it('gives a project as a set, then its transitions, those of new endpoints too', async () => {
      for (const id of ['e1', 'e2', 'e3']) upstream.set(id, 'accepted');
      const feed = await follow({ kind: 'all' });
      const set = await take(feed, 3);
      expect(brief(set).toSorted()).toEqual(['SNAPSHOT e1 accepted', 'SNAPSHOT e2 accepted', 'SNAPSHOT e3 accepted']);
      expect(set.map((item) => item.more)).toEqual([true, true, false]);
      await commit({ e4: 'creating' }, { firstSight: 'afterBaseline' });
      expect(brief(await take(feed, 1))).toEqual(['TRANSITION e4 creating']);
      await feed.return();

      const restarted = await follow({ kind: 'all' }, after(set[0]?.cursor ?? ''));
      expect((await take(restarted, 4)).every((item) => item.kind === 'RESYNC')).toBe(true);
      const resumed = await follow({ kind: 'all' }, after(set[2]?.cursor ?? ''));
      expect(brief(await take(resumed, 1))).toEqual(['TRANSITION e4 creating']);
      await Promise.all([restarted.return(), resumed.return()]);
    });

    it('follows some endpoints of a project', async () => {
      for (const id of ['e1', 'e2', 'e3']) upstream.set(id, 'creating');
      const feed = await follow({ kind: 'some', ids: new Set(['e1', 'e3', 'later']) });
      expect(await take(feed, 2)).toHaveLength(2);
      await commit({ e2: 'accepted' });
      await commit({ later: 'creating', e3: 'accepted' });
      expect(brief(await take(feed, 2))).toEqual(['TRANSITION later creating', 'TRANSITION e3 accepted']);
      await feed.return();
    });

    it('loses nothing for a consumer that is thousands of events behind, with bounded memory', async () => {
      await commit({ e1: 'creating' });
      const slow = await follow(one('e1'));
      const quick = await follow(one('e1'));
      await take(slow, 1);
      await take(quick, 1);
      for (let i = 0; i < 900; i++) await commit({ e1: `s${i}` });
      const expected = Array.from({ length: 900 }, (_, i) => `s${i}`);
      expect((await take(quick, 900)).map((item) => item.rawStatus)).toEqual(expected);
      await commit({ e1: 'accepted' });
      expect((await take(slow, 901)).map((item) => item.rawStatus)).toEqual([...expected, 'accepted']);
      await Promise.all([slow.return(), quick.return()]);
    });

    it('ends at once and releases everything, also with a read pending and before the first event', async () => {
      await commit({ e1: 'creating' });
      const feed = await follow(one('e1'));
      await take(feed, 1);
      const pending = feed.next();
      await feed.return();
      expect((await pending).done).toBe(true);
      const unread = await follow({ kind: 'all' });
      const stays = await follow(one('e1'));
      await unread.return();
      await commit({ e1: 'accepted' });
      expect(brief(await take(stays, 2))).toEqual(['SNAPSHOT e1 creating', 'TRANSITION e1 accepted']);
      await stays.return();
      expect(readers.held()).toEqual({ readers: 0, followers: 0, timers: 0 });
      expect(log.held()).toEqual({ listeners: 0, channels: 0, timers: 0 });
    });

    it('has no hole between history and live, however the two race', async () => {
      await commit({ e1: 'creating' });
      const total = 300;
      const writing = (async () => {
        for (let i = 0; i < total; i++) await commit({ e1: `s${i}` });
      })();
      const feeds = await Promise.all(Array.from({ length: 20 }, () => follow(one('e1'))));
      const seen = await Promise.all(
        feeds.map(async (feed) => {
          const statuses: string[] = [];
          for (;;) {
            const { value } = await feed.next();
            statuses.push(value.rawStatus);
            if (value.rawStatus === `s${total - 1}`) return statuses;
          }
        }),
      );
      await writing;
      for (const statuses of seen) {
        const from = statuses[0] === 'creating' ? -1 : Number(statuses[0]?.slice(1));
        expect(statuses.slice(1)).toEqual(Array.from({ length: total - 1 - from }, (_, i) => `s${from + 1 + i}`));
      }
      await Promise.all(feeds.map((feed) => feed.return()));
    });
  });
}
