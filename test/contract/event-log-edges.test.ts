import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CommitRequest, EventLog, TurnRequest } from '../../src/events/event-log.ts';
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
      observations: Object.entries(rows).map(([endpointId, status]) => ({ endpointId, status, fields: {} })),
      source: 'read',
      firstSight: 'afterBaseline',
      ...over,
    });
  const statusOf = async (id: string) => (await log.state(P, [id])).endpoints[0]?.status;
  const turn = async (over: Partial<TurnRequest> = {}) =>
    (await log.turn(P, { replica: 'a', interest: ['e1'], ...over })).next;
  const poll = async (over: Partial<TurnRequest> = {}) => {
    const next = await turn(over);
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
    const observations = [{ endpointId: 'e1', status, fields: { ip: '10.0.0.1' } }];
    await see({}, { observations, firstSight: 'transition' });
    await see({}, { observations: [{ endpointId: 'e1', status, fields: { description: 'a\nb' } }] });
    expect((await log.state(P, ['e1'])).endpoints[0]).toMatchObject({
      status,
      fields: { ip: '10.0.0.1', description: 'a\nb' },
    });
    expect((await see({ e1: 'accepted' })).transitions).toHaveLength(1);
  });

  it('counts a row once that the shifting pages of a list show twice', async () => {
    const row = (status: string) => ({ endpointId: 'e1', status, fields: {} });
    await see({}, { observations: [row('creating'), row('accepted')], source: 'list', sweep: true });
    expect(await statusOf('e1')).toBe('creating');
  });

  it('makes no tombstone of an id that was never seen, unless the committer knows better', async () => {
    await see({ e1: 'accepted' }, { sweep: true });
    expect((await see({ typo: 'deleted' })).transitions).toEqual([]);
    expect(await statusOf('typo')).toBeUndefined();
    expect((await see({ lost: 'deleted' }, { firstSight: 'transition' })).transitions).toHaveLength(1);
    expect(await statusOf('lost')).toBe('deleted');
  });

  it('goes on after the clock has stepped back, and still knows which answers are older', async () => {
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
    await turn({ done: { ticket, commits: [], waitMs: 60_000 } });
    clock.forwardMs(-30_000);
    expect((await poll({ replica: 'b' })).ticket).toBeGreaterThan(ticket);
  });

  it('does not end a poll in flight because of a small step back', async () => {
    const { ticket } = await poll();
    clock.forwardMs(-1_000);
    expect((await turn({ replica: 'b' })).kind).toBe('wait');
    expect(await log.renew(P, ticket)).toBe(true);
  });

  it('passes ids on as they are, whatever is in them', async () => {
    expect((await poll({ interest: ['*', 'a,b', 'c|"d"'] })).interest).toEqual(['*', 'a,b', 'c|"d"']);
  });

  it('takes interest in no endpoint for no interest', async () => {
    expect(await turn({ interest: [] })).toEqual({ kind: 'idle' });
  });
});

describe('event log at its edges: redis only', () => {
  it('leaves no key without an expiry, whichever commit makes it', async () => {
    const clock = new MicrosClock();
    const { log, close } = await redisLog(redis.url, clock, 'expiry');
    const client = new Redis(redis.url);
    const commit = { asOf: clock.micros, source: 'read', firstSight: 'afterBaseline' } as const;
    // The first makes the meta key only, the second fills the state without a transition.
    await log.commit(P, { ...commit, observations: [] });
    await log.commit(P, { ...commit, observations: [{ endpointId: 'e1', status: 'creating', fields: {} }] });
    await log.turn(P, { replica: 'a', interest: 'project' });
    const keys = await client.keys('expiry:*');
    expect(keys.map((key) => key.split(':').at(-1)).toSorted()).toEqual(['meta', 'state', 'turns']);
    for (const key of keys) expect(await client.pttl(key), key).toBeGreaterThan(0);
    client.disconnect();
    await close();
  });
});
