import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type CommitRequest,
  DELETED,
  type EventLog,
  type Fields,
  type LeaseRequest,
} from '../../src/events/event-log.ts';
import { type LogUnderTest, MicrosClock, memoryLog, redisLog } from '../support/event-logs.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';

const P = 'project-1';
let redis: RedisServer;
let opened = 0;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

describe.each([
  ['memory', memoryLog],
  ['redis', (clock: MicrosClock) => redisLog(redis.url, clock, `edges-${opened++}`)],
] as const)('event log at its edges: %s', (_name, open) => {
  let clock: MicrosClock;
  let under: LogUnderTest;
  let log: EventLog;
  beforeEach(async () => {
    clock = new MicrosClock();
    under = await open(clock);
    log = under.log;
  });
  afterEach(() => under.close());

  const see = (rows: Record<string, string>, over: Partial<CommitRequest> = {}) =>
    log.commit(P, {
      asOf: clock.micros++,
      observations: Object.entries(rows).map(([id, status]) => ({ id, status, fields: {} })),
      source: 'read',
      firstSight: 'afterBaseline',
      ...over,
    });
  const statusOf = async (id: string) => (await log.state(P, [id])).states[0]?.status;
  const lease = async (over: Partial<LeaseRequest> = {}) =>
    (await log.lease(P, { replica: 'a', interest: ['e1'], ...over })).next;
  const poll = async (over: Partial<LeaseRequest> = {}) => {
    const next = await lease(over);
    return next.kind === 'poll' ? next : expect.fail(`expected a poll, got ${JSON.stringify(next)}`);
  };

  it('takes thousands of rows in one commit', async () => {
    const many = Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`e${i}`, 'creating']));
    await see(many, { sweep: true });
    const moved = Object.fromEntries(Object.keys(many).map((id) => [id, 'accepted']));
    expect((await see(moved)).transitions).toHaveLength(9_000);
    expect(await statusOf('e8999')).toBe('accepted');
  });

  it('keeps a status of several lines, and the fields beside it', async () => {
    const status = 'first|line\nsecond\n';
    const observations = [{ id: 'e1', status, fields: { ip: '10.0.0.1' } }];
    await see({}, { observations, firstSight: 'transition' });
    await see({}, { observations: [{ id: 'e1', status, fields: { description: 'a\nb' } }] });
    expect((await log.state(P, ['e1'])).states[0]).toMatchObject({
      status,
      fields: { ip: '10.0.0.1', description: 'a\nb' },
    });
    expect((await see({ e1: 'accepted' })).transitions).toHaveLength(1);
  });

  it('counts a row once when shifting pages show it twice', async () => {
    const row = (status: string) => ({ id: 'e1', status, fields: {} });
    await see({}, { observations: [row('creating'), row('accepted')], source: 'list', sweep: true });
    expect(await statusOf('e1')).toBe('creating');
  });

  it('makes no tombstone of an id without state, unless the commit says that it existed', async () => {
    await see({ e1: 'accepted' }, { sweep: true });
    expect((await see({ typo: 'deleted' })).transitions).toEqual([]);
    expect(await statusOf('typo')).toBeUndefined();
    expect((await see({ lost: 'deleted' }, { firstSight: 'transition' })).transitions).toHaveLength(1);
    expect(await statusOf('lost')).toBe('deleted');
  });

  it('takes new answers and ignores older ones after the clock has stepped back', async () => {
    await see({ e1: 'creating', e2: 'accepted' }, { sweep: true });
    const sentBefore = clock.micros++;
    await see({ e1: 'accepted' });
    clock.forwardMs(-3_600_000);
    expect((await see({ e1: 'creating' }, { asOf: sentBefore })).transitions).toEqual([]);
    expect((await see({ e1: 'deleting' })).transitions).toHaveLength(1);
    expect((await see({ e1: 'deleting' }, { source: 'list', sweep: true })).missing).toEqual(['e2']);
  });

  it('does not wait for a due time that was set before the clock stepped back', async () => {
    const { ticket } = await poll();
    await lease({ done: { ticket, commits: [], waitMs: 60_000 } });
    clock.forwardMs(-30_000);
    expect((await poll({ replica: 'b' })).ticket).toBeGreaterThan(ticket);
  });

  it('does not end a poll in flight because of a small step back', async () => {
    const { ticket } = await poll();
    clock.forwardMs(-1_000);
    expect((await lease({ replica: 'b' })).kind).toBe('wait');
    expect(await log.renew(P, ticket)).toBe(true);
  });

  it('passes ids on unchanged, whatever they contain', async () => {
    expect((await poll({ interest: ['*', 'a,b', 'c|"d"'] })).interest).toEqual(['*', 'a,b', 'c|"d"']);
  });

  it('treats an empty interest as none', async () => {
    expect(await lease({ interest: [] })).toEqual({ kind: 'idle' });
  });
});

describe('event log at its edges: redis only', () => {
  let under: LogUnderTest;
  let client: Redis;
  let clock: MicrosClock;
  let prefix: string;
  beforeEach(async () => {
    prefix = `only-${opened++}`;
    clock = new MicrosClock();
    under = await redisLog(redis.url, clock, prefix);
    client = new Redis(redis.url);
  });
  afterEach(async () => {
    client.disconnect();
    await under.close();
  });

  const see = (status: string, fields: Fields) =>
    under.log.commit(P, {
      asOf: clock.micros++,
      observations: [{ id: 'e1', status, fields }],
      source: 'read',
      firstSight: 'transition',
    });
  const stateBytes = () => client.hstrlen(`${prefix}:{${P}}:state`, 'e1');

  it('leaves no key without an expiry, whichever commit makes it', async () => {
    const commit = { asOf: clock.micros, source: 'read', firstSight: 'afterBaseline' } as const;
    // The first makes the meta key only, the second fills the state without a transition.
    await under.log.commit(P, { ...commit, observations: [] });
    await under.log.commit(P, { ...commit, observations: [{ id: 'e1', status: 'creating', fields: {} }] });
    await under.log.lease(P, { replica: 'a', interest: 'all' });
    const keys = await client.keys(`${prefix}:{*`);
    expect(keys.map((key) => key.split(':').at(-1)).toSorted()).toEqual(['lease', 'meta', 'state']);
    for (const key of keys) expect(await client.pttl(key), key).toBeGreaterThan(0);
  });

  it('keeps no more of an endpoint the more often its fields change', async () => {
    await see('creating', { ip: null, tags: ['0'] });
    const change = async (from: number, to: number) => {
      for (let i = from; i < to; i++) await see('creating', { tags: [String(i)], [`f${i % 5}`]: i });
    };
    await change(10, 30);
    const before = await stateBytes();
    await change(30, 90);
    expect(await stateBytes()).toBe(before);
    expect((await under.log.entries(P, 0, 1)).entries[0]?.fields).toEqual({ ip: null, tags: ['0'] });
  });

  it('keeps a bounded number of changes, however many transitions an endpoint has', async () => {
    for (let i = 100; i < 130; i++) await see(`s${i}`, { tags: [String(i)] });
    const before = await stateBytes();
    for (let i = 130; i < 160; i++) await see(`s${i}`, { tags: [String(i)] });
    expect(await stateBytes()).toBe(before);
    const { entries } = await under.log.entries(P, 0, 100);
    expect(entries.map(({ fields }) => fields)).toEqual(
      Array.from({ length: 60 }, (_, i) => ({ tags: [String(100 + i)] })),
    );
  });

  it('drops the changes behind entries that have been trimmed', async () => {
    for (let i = 100; i < 120; i++) await see(`s${i}`, { tags: [String(i)] });
    const before = await stateBytes();
    for (const status of ['a', DELETED, 'a', DELETED]) {
      const others = Array.from({ length: 300 }, (_, i) => ({ id: `other${i}`, status, fields: {} }));
      await under.log.commit(P, {
        asOf: clock.micros++,
        observations: others,
        source: 'read',
        firstSight: 'transition',
      });
    }
    await see('s120', { tags: ['120'] });
    expect(await stateBytes()).toBeLessThan(before / 2);
    expect((await under.log.history(P, ['e1'], 3)).entries).toMatchObject([
      { status: 's120', fields: { tags: ['120'] } },
    ]);
  });

  it('needs three commands for an answer that changes nothing', async () => {
    await see('creating', { ip: null });
    await client.config('RESETSTAT');
    await see('creating', { ip: null });
    const stats = await client.info('commandstats');
    const calls = [...stats.matchAll(/^cmdstat_(hmget|hset|xrange|xadd|info|pexpire):calls=(\d+)/gm)];
    expect(calls.map(([, name, count]) => `${name} ${count}`).toSorted()).toEqual(['hmget 2', 'hset 1']);
  });

  it('knows without asking what time has passed at least, once it has heard one', async () => {
    const real = await redisLog(redis.url, undefined, prefix);
    const first = await real.log.recently();
    await client.config('RESETSTAT');
    const times = [first, await real.log.recently(), await real.log.recently()];
    expect(await client.info('commandstats')).not.toContain('cmdstat_time');
    times.push(await real.log.now());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    await real.close();
  });

  it.each(['appends', 'has no rows'])(
    'begins a new epoch with a commit that %s when another server wrote the log',
    async (what) => {
      await see('creating', {});
      const position = await under.log.position(P);
      await client.hset(`${prefix}:{${P}}:meta`, 'run', 'another-server');
      await see('creating', { ip: '10.0.0.1' });
      expect(await under.log.position(P)).toEqual(position);
      const none = { asOf: clock.micros, observations: [], source: 'read', firstSight: 'afterBaseline' } as const;
      const { before, after } = what === 'appends' ? await see('accepted', {}) : await under.log.commit(P, none);
      expect(before).toEqual({ epoch: after.epoch, seq: 0 });
      expect(after.epoch).not.toBe(position?.epoch);
      expect((await under.log.commit(P, none)).after).toEqual(after);
    },
  );

  it('counts entries as trimmed whose records cannot be worked out any more', async () => {
    for (const status of ['a', 'b', 'c']) await see(status, { ip: status });
    await client.del(`${prefix}:{${P}}:state`);
    expect(await under.log.entries(P, 0, 10)).toMatchObject({ position: { seq: 3 }, entries: [] });
    await see('d', { ip: 'd' });
    const { entries } = await under.log.entries(P, 0, 10);
    expect(entries.map(({ seq, fields }) => [seq, fields])).toEqual([[4, { ip: 'd' }]]);
    expect((await under.log.history(P, ['e1'], 3)).entries).toEqual(entries);
  });
});
