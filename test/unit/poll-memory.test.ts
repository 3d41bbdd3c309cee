import { describe, expect, it } from 'vitest';
import {
  compareCounts,
  forgetOthers,
  isBehindWatermark,
  isSweepDue,
  newPollMemory,
  raiseWatermark,
  remember,
} from '../../src/watch/poll-memory.ts';
import { answer } from '../support/fake-upstream.ts';

const at = (seconds: number) => answer('e1', 'accepted', seconds).fields.updatedAt;

describe('poll memory', () => {
  it('takes a sight for the end of a suspicion', () => {
    const memory = newPollMemory();
    memory.suspects.set('e1', 5);
    remember(memory, [answer('e1', 'accepted')], 0);
    expect(memory.suspects.size).toBe(0);
    expect(memory.statuses.get('e1')).toBe('accepted');
  });

  it('raises its watermark only, less the time that the reading took', () => {
    const memory = newPollMemory();
    raiseWatermark(memory, [answer('e1', 'a', 100), answer('e2', 'a', 90), answer('e3', 'a', null)], 3_000);
    expect(memory.watermark).toBe(97_000);
    raiseWatermark(memory, [answer('e1', 'a', 50)], 0);
    expect(memory.watermark).toBe(97_000);
  });

  it('has a watermark after a list without rows, so that the next read can be an incremental one', () => {
    const memory = newPollMemory();
    raiseWatermark(memory, [], 10);
    expect(memory.watermark).toBe(0);
  });

  it('reads two seconds before its watermark again, and never stops at a row without a time', () => {
    expect(isBehindWatermark(100_000, at(98))).toBe(false);
    expect(isBehindWatermark(100_000, at(97))).toBe(true);
    expect(isBehindWatermark(100_000, null)).toBe(false);
    expect(isBehindWatermark(100_000, undefined)).toBe(false);
  });

  it('sweeps first, then every 60 s, on a mismatch every 10 s, always where increments cannot be trusted', () => {
    const memory = newPollMemory();
    // Also in the first minute of a clock that starts at zero.
    expect(isSweepDue(memory, 0)).toBe(true);
    memory.watermark = 5;
    expect(isSweepDue(memory, 0)).toBe(true);
    memory.lastSweepMs = 1_000;
    expect(isSweepDue(memory, 60_999)).toBe(false);
    expect(isSweepDue(memory, 61_000)).toBe(true);
    memory.mismatch = true;
    expect(isSweepDue(memory, 10_999)).toBe(false);
    expect(isSweepDue(memory, 11_000)).toBe(true);
    memory.mismatch = false;
    memory.wholePages = true;
    expect(isSweepDue(memory, 1_001)).toBe(true);
  });

  it('lets a difference be that a sweep could not heal, and notices the next one', () => {
    const memory = newPollMemory();
    compareCounts(memory, 3);
    expect(memory.mismatch).toBe(true);
    compareCounts(memory, 3, []);
    expect(memory.mismatch).toBe(false);
    compareCounts(memory, 3);
    expect(memory.mismatch).toBe(false);
    compareCounts(memory, 2);
    expect(memory.mismatch).toBe(true);
  });

  it('notices a deletion that comes while another one is being confirmed', () => {
    const memory = newPollMemory();
    compareCounts(memory, 1, ['gone']);
    compareCounts(memory, 0);
    expect(memory.mismatch).toBe(false);
    compareCounts(memory, 1);
    expect(memory.mismatch).toBe(true);
  });

  it('does not wait for what no list shows although a read does', () => {
    const memory = newPollMemory();
    memory.hidden.add('shy').add('shown again');
    compareCounts(memory, 2, ['shy', 'gone']);
    compareCounts(memory, 1);
    expect(memory.mismatch).toBe(false);
    expect([...memory.hidden]).toEqual(['shy']);
  });

  it('goes on sweeping while more are missing than one sweep tells', () => {
    const memory = newPollMemory();
    const missing = Array.from({ length: 100 }, (_, n) => `gone-${n}`);
    compareCounts(memory, 150, missing);
    compareCounts(memory, 50);
    expect(memory.mismatch).toBe(true);
  });

  it('forgets what it saw but not what it learnt', () => {
    const memory = newPollMemory();
    memory.wholePages = true;
    memory.watermark = 7;
    expect(newPollMemory(memory)).toEqual({ ...newPollMemory(), wholePages: true });
  });

  it('does not grow with endpoints that are not looked at any more', () => {
    const memory = newPollMemory();
    remember(memory, [answer('e1', 'a'), answer('e2', 'a')], 0);
    forgetOthers(memory, new Set(['e2']));
    expect([...memory.statuses.keys()]).toEqual(['e2']);
    expect([...memory.firstSeen.keys()]).toEqual(['e2']);
  });
});
