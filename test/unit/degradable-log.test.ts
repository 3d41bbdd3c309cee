import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DegradableLog } from '../../src/events/degradable-log.ts';
import { type CommitRequest, EventLogUnavailableError, type TurnRequest } from '../../src/events/event-log.ts';
import { MemoryEventLog } from '../../src/events/memory-event-log.ts';
import { type Deferred, deferred } from '../support/deferred.ts';

/** A shared log that can be away, and whose commits can be held back. */
class FarLog extends MemoryEventLog {
  away = false;
  gate: Deferred<void> | undefined;
  atOnce = 0;
  most = 0;

  reach(): void {
    if (this.away) throw new EventLogUnavailableError(new Error('away'));
  }

  override async commit(project: string, request: CommitRequest) {
    this.reach();
    this.most = Math.max(this.most, ++this.atOnce);
    await this.gate?.promise;
    this.atOnce--;
    this.reach();
    return await super.commit(project, request);
  }

  override async turn(project: string, request: TurnRequest) {
    this.reach();
    return await super.turn(project, request);
  }

  override async now() {
    this.reach();
    return await super.now();
  }

  override async census(replica: string, polls: number) {
    this.reach();
    return new Map([...(await super.census(replica, polls)), ['another', 7]]);
  }
}

describe('a log of two', () => {
  let far: FarLog;
  let log: DegradableLog;
  let changes: boolean[];
  beforeEach(() => {
    far = new FarLog();
    changes = [];
    log = new DegradableLog({
      shared: far,
      probe: async () => far.reach(),
      onChange: (degraded) => changes.push(degraded),
      graceMs: 20,
      probeMs: 5,
    });
  });
  afterEach(() => log.close());

  const see = async (status: string, project = 'p', source: CommitRequest['source'] = 'read') =>
    log.commit(project, {
      asOf: await log.now(),
      observations: [{ endpointId: 'e1', status, fields: {} }],
      source,
      firstSight: 'transition',
    });
  const leave = async () => {
    far.away = true;
    log.doubt();
    await vi.waitFor(() => expect(changes.at(-1)).toBe(true));
  };
  const isBack = () => vi.waitFor(() => expect(changes.at(-1)).toBe(false));

  it('lets what is written during the hand-over wait, and takes it to the shared log', async () => {
    await see('creating');
    await leave();
    await see('accepted');
    far.gate = deferred();
    far.away = false;
    await vi.waitFor(() => expect(far.atOnce).toBe(1));
    let written = false;
    const late = see('deleting').then(() => {
      written = true;
    });
    // Reads go on meanwhile.
    expect((await log.state('p')).endpoints[0]?.status).toBe('accepted');
    expect(written).toBe(false);
    far.gate.resolve();
    far.gate = undefined;
    await late;
    await isBack();
    const { entries } = await far.entries('p', 0, 10);
    expect(entries.map((entry) => entry.status)).toEqual(['creating', 'accepted', 'deleting']);
  });

  it('keeps what could not be handed over, and tries again', async () => {
    await leave();
    await see('creating');
    far.gate = deferred();
    far.away = false;
    await vi.waitFor(() => expect(far.atOnce).toBe(1));
    far.away = true;
    far.gate.resolve();
    far.gate = undefined;
    await see('accepted');
    expect((await log.state('p')).endpoints[0]?.status).toBe('accepted');
    expect(changes).toEqual([true]);
    far.away = false;
    await isBack();
    expect((await far.entries('p', 0, 10)).entries.map((entry) => entry.status)).toEqual(['creating', 'accepted']);
    expect(log.held()).toMatchObject({ own: 0, timers: 0 });
  });

  it('hands over few projects at a time', async () => {
    await leave();
    for (let i = 0; i < 100; i++) await see('creating', `p${i}`);
    far.gate = deferred();
    far.away = false;
    await vi.waitFor(() => expect(far.atOnce).toBe(8));
    far.gate.resolve();
    far.gate = undefined;
    await isBack();
    expect(far.most).toBe(8);
    for (let i = 0; i < 100; i++) expect((await far.state(`p${i}`)).endpoints).toHaveLength(1);
  });

  it('grants polls of its own, and lets no ticket of one log count in the other', async () => {
    const turn = (done?: TurnRequest['done']) =>
      log.turn('p', { replica: 'r', interest: 'project', ...(done && { done }) });
    const ended = (ticket: number) => ({ ticket, commits: [], waitMs: 60_000 });
    const ticketOf = ({ next }: Awaited<ReturnType<typeof turn>>) => (next.kind === 'poll' ? next.ticket : -1);
    const shared = ticketOf(await turn());
    await leave();
    const first = await turn(ended(shared));
    expect(first.fenced).toBe(true);
    const own = ticketOf(first);
    expect(own).toBeGreaterThan(0);
    expect(await log.renew('p', own)).toBe(true);
    expect(await log.renew('p', shared)).toBe(false);
    expect(await log.census('r', 2)).toEqual(new Map([['r', 2]]));
    far.away = false;
    await isBack();
    expect((await turn(ended(own))).fenced).toBe(true);
    expect((await log.census('r', 2)).get('another')).toBe(7);
  });

  it('rings for those who came while the shared log was away, once for each bell, until they leave', async () => {
    const bells: string[] = [];
    await leave();
    const stop = await log.listen('p', ({ kind }) => bells.push(kind));
    await see('creating');
    await vi.waitFor(() => expect(bells.splice(0)).toEqual(['moved']));
    far.away = false;
    await isBack();
    expect(bells.splice(0)).toEqual(['check']);
    const row = { endpointId: 'e1', status: 'accepted', fields: {} };
    await far.commit('p', { asOf: await far.now(), observations: [row], source: 'read', firstSight: 'transition' });
    await vi.waitFor(() => expect(bells.splice(0)).toEqual(['moved']));
    stop();
    expect([log.held().listeners, far.held().listeners]).toEqual([0, 0]);
  });

  it('reckons with the time of the shared log', async () => {
    vi.spyOn(MemoryEventLog.prototype, 'now').mockResolvedValue(4_000_000_000_000_000);
    await log.now();
    vi.restoreAllMocks();
    await leave();
    const times = [await log.now(), await log.now()];
    expect(times[0]).toBeGreaterThanOrEqual(4_000_000_000_000_000);
    expect(times[0]).toBeLessThan(4_000_000_060_000_000);
    expect(times[1]).toBeGreaterThan(times[0]!);
  });

  it('says what is wrong, and nothing any more once it is closed', async () => {
    expect(log.trouble).toBeNull();
    far.away = true;
    await expect(see('creating')).rejects.toThrow(EventLogUnavailableError);
    expect(log.trouble).toMatch(/did not answer/);
    await vi.waitFor(() => expect(log.trouble).toMatch(/on its own/));
    await log.close();
    far.away = false;
    expect(changes).toEqual([true]);
  });
});
