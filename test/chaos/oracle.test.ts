import { describe, expect, it } from 'vitest';
import { completeHistory, isBehind, judge, type LogHistory } from './oracle.ts';
import type { SeenEvent, Step, Trace } from './trace.ts';

/** Three transitions of two endpoints. */
function history(): LogHistory {
  const entries = new Map([
    [1, { id: 'a', status: 'creating', version: 11 }],
    [2, { id: 'b', status: 'creating', version: 12 }],
    [3, { id: 'a', status: 'accepted', version: 13 }],
  ]);
  return new Map([['epoch', entries]]);
}

const begin = (after: string | null): Step => ({ step: 'begin', after, replica: 0 });
const set = (cursor: string, more: Partial<SeenEvent> = {}): Step => ({
  step: 'event',
  event: { kind: 'SNAPSHOT', id: 'a', rawStatus: 'creating', version: 11, cursor, more: false, ...more },
});
const moved = (seq: number, id: string, rawStatus: string, version: number, epoch = 'epoch'): Step => ({
  step: 'event',
  event: { kind: 'TRANSITION', id, rawStatus, version, cursor: `${epoch}:${seq}`, more: false },
});
const trace = (...steps: readonly Step[]): Trace => ({
  name: 'a subscriber',
  log: 'p',
  ids: null,
  steps,
});
const CLEAN = { tooOld: 0, lost: 0, duplicated: 0, reordered: 0, wrong: 0 };

describe('the oracle of the chaos suite', () => {
  it('finds no fault when every event came once and in order, over an interruption', () => {
    const steps = [
      begin(null),
      set('epoch:1'),
      moved(2, 'b', 'creating', 12),
      begin('epoch:2'),
      moved(3, 'a', 'accepted', 13),
    ];
    expect(judge(trace(...steps), history())).toEqual({ ...CLEAN, transitions: 2, resyncs: 0, first: undefined });
  });

  it('knows whether an event is still expected', () => {
    const begun = [begin(null), set('epoch:1')];
    expect(isBehind(trace(...begun), history())).toBe(true);
    expect(isBehind(trace(...begun, moved(3, 'a', 'accepted', 13)), history())).toBe(false);
    expect(isBehind({ ...trace(...begun, moved(2, 'b', 'creating', 12)), ids: new Set(['b']) }, history())).toBe(false);
    expect(isBehind(trace(begin(null), set('restart', { more: true })), history())).toBe(true);
    expect(isBehind(trace(begin(null)), history())).toBe(true);
    expect(isBehind(trace(begin(null), { step: 'empty' }), history())).toBe(false);
    expect(isBehind(trace(...begun, { step: 'end', reason: 'completed' }), history())).toBe(false);
  });

  it('finds events lost in the middle and at the end', () => {
    expect(judge(trace(begin(null), set('epoch:1'), moved(3, 'a', 'accepted', 13)), history())).toMatchObject({
      lost: 1,
    });
    expect(judge(trace(begin(null), set('epoch:1')), history())).toMatchObject({ lost: 2 });
  });

  it('does not count events out of scope, or after the subscriber left on purpose', () => {
    const onlyA = { ...trace(begin(null), set('epoch:1'), moved(3, 'a', 'accepted', 13)), ids: new Set(['a']) };
    expect(judge(onlyA, history())).toMatchObject(CLEAN);
    expect(judge(trace(begin(null), set('epoch:1'), { step: 'end', reason: 'left' }), history())).toMatchObject(CLEAN);
  });

  it('finds duplicated and late events', () => {
    const start = [begin(null), set('epoch:1'), moved(2, 'b', 'creating', 12)];
    expect(judge(trace(...start, moved(2, 'b', 'creating', 12)), history())).toMatchObject({ duplicated: 1 });
    const late = [
      begin(null),
      set('epoch:0', { version: 10 }),
      moved(2, 'b', 'creating', 12),
      moved(1, 'a', 'creating', 11),
    ];
    expect(judge(trace(...late), history())).toMatchObject({ reordered: 1 });
  });

  it('finds a new epoch without a RESYNC, and counts one with a RESYNC', () => {
    const other = [begin(null), set('epoch:3'), moved(1, 'a', 'failed', 14, 'other')];
    expect(judge(trace(...other), history())).toMatchObject({
      wrong: 1,
      first: expect.stringContaining('another epoch'),
    });
    const told = [
      begin(null),
      set('epoch:3'),
      set('other:0', { kind: 'RESYNC' }),
      moved(1, 'a', 'failed', 14, 'other'),
    ];
    expect(judge(trace(...told), history())).toMatchObject({ ...CLEAN, resyncs: 1 });
  });

  it('tells a RESYNC that is due to a cursor which the log need not reach any more', () => {
    const resynced = (seq: number): Trace =>
      trace(begin(null), set('epoch:3'), begin('epoch:3'), set(`epoch:${seq}`, { kind: 'RESYNC' }));
    expect(judge(resynced(1_003), history())).toMatchObject({ ...CLEAN, resyncs: 1, tooOld: 1, resynced: undefined });
    const early = { ...CLEAN, resyncs: 1, resynced: expect.stringContaining('"seq":1002') };
    expect(judge(resynced(1_002), history())).toMatchObject(early);
  });

  it('finds a transition before a set is complete', () => {
    const steps = [begin(null), set('restart', { more: true }), moved(2, 'b', 'creating', 12)];
    expect(judge(trace(...steps), history())).toMatchObject({ wrong: 1 });
  });

  it('lets any set or transition follow an empty set, which has no cursor', () => {
    const empty: Step = { step: 'empty' };
    const first = [moved(1, 'a', 'creating', 11), moved(2, 'b', 'creating', 12)];
    const last = moved(3, 'a', 'accepted', 13);
    expect(judge(trace(begin(null), empty, ...first, last), history())).toMatchObject({ ...CLEAN, resyncs: 0 });
    expect(judge(trace(begin(null), ...first, last), history())).toMatchObject({ wrong: 3 });
    expect(judge(trace(begin(null), empty, ...first), history())).toMatchObject({ lost: 1 });
    const resync = set('epoch:3', { kind: 'RESYNC' });
    expect(judge(trace(begin(null), empty, resync), history())).toMatchObject({ ...CLEAN, resyncs: 1 });
    const next = moved(1, 'c', 'creating', 15, 'other');
    const known: LogHistory = new Map();
    completeHistory(known, [trace(...first, last, next)]);
    const emptied = [begin(null), empty, ...first, last, empty];
    expect(judge(trace(...emptied, next), known)).toMatchObject({ ...CLEAN, resyncs: 1 });
    expect(judge(trace(begin(null), empty, ...first, last, next), known)).toMatchObject({ wrong: 1 });
  });

  it('finds a SNAPSHOT set in the middle of a feed, and events of other endpoints', () => {
    expect(judge(trace(begin(null), set('epoch:3'), set('epoch:3')), history())).toMatchObject({ wrong: 1 });
    expect(judge(trace(begin(null), set('epoch:3', { kind: 'RESYNC' })), history())).toMatchObject({ wrong: 1 });
    const onlyB = { ...trace(begin(null), set('epoch:2'), moved(3, 'a', 'accepted', 13)), ids: new Set(['b']) };
    expect(judge(onlyB, history())).toMatchObject({ wrong: 1 });
  });

  it('does not count the RESYNC of a subscriber that left in the middle of a set', () => {
    const steps = [begin(null), set('restart', { more: true }), begin('restart'), set('epoch:3', { kind: 'RESYNC' })];
    expect(judge(trace(...steps), history())).toMatchObject({ ...CLEAN, resyncs: 0 });
  });

  it('finds versions that go back, also over a RESYNC', () => {
    const older = set('other:0', { kind: 'RESYNC', rawStatus: 'creating', version: 9 });
    expect(judge(trace(begin(null), set('epoch:3'), older), history())).toMatchObject({ wrong: 1 });
    const other = set('other:0', { kind: 'RESYNC', rawStatus: 'failed' });
    expect(judge(trace(begin(null), set('epoch:3'), other), history())).toMatchObject({ wrong: 1 });
  });

  it('takes what subscribers saw into the history, and finds contradictions between them', () => {
    const known: LogHistory = new Map();
    const one = trace(begin(null), set('epoch:0'), moved(1, 'a', 'accepted', 11));
    const two = trace(begin(null), set('epoch:0'), moved(1, 'a', 'failed', 11));
    expect(completeHistory(known, [one])).toEqual([]);
    expect(judge(trace(begin(null), set('epoch:0')), known)).toMatchObject({ lost: 1 });
    expect(completeHistory(known, [two])).toHaveLength(1);
  });
});
