import { describe, expect, it } from 'vitest';
import { alike, type Candidate, LATEST_MS, marked, SKEW_MS } from '../../src/create/find-lost-creation.ts';

const SENT = Date.parse('2026-01-02T03:04:05.900Z');
const row = (over: Partial<Candidate> = {}): Candidate => ({
  id: 'e1',
  createdAtMs: Date.parse('2026-01-02T03:04:05Z'),
  mark: null,
  structure: 's',
  ...over,
});

describe('by its mark', () => {
  it('takes every one with it, whatever else it is like', () => {
    const rows = [
      row({ mark: 'm', structure: 'x', createdAtMs: null }),
      row({ id: 'e2', mark: 'n' }),
      row({ id: 'e3' }),
    ];
    expect(marked(rows, 'm')).toEqual(['e1']);
    expect(marked([...rows, row({ id: 'e4', mark: 'm' })], 'm')).toEqual(['e1', 'e4']);
  });
});

describe('by its structure', () => {
  it('takes one that shows the second in which it was sent', () => {
    expect(alike([row()], 's', SENT)).toEqual(['e1']);
  });

  it.each([
    ['another structure', { structure: 'x' }],
    ['marked for a key', { mark: 'm' }],
    ['of an unknown time', { createdAtMs: null }],
    ['made before', { createdAtMs: SENT - SKEW_MS - 1000 }],
    ['made much later', { createdAtMs: SENT + LATEST_MS + SKEW_MS + 1 }],
  ])('leaves out one that is %s', (_, over) => {
    expect(alike([row(over)], 's', SENT)).toEqual([]);
  });

  it('lets the clocks differ a little, and upstream take its time', () => {
    expect(alike([row({ createdAtMs: SENT - SKEW_MS })], 's', SENT)).toEqual(['e1']);
    expect(alike([row({ createdAtMs: SENT + LATEST_MS })], 's', SENT)).toEqual(['e1']);
  });
});
