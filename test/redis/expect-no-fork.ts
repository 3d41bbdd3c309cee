import { expect } from 'vitest';
import type { FeedEvent } from '../../src/events/cursor.ts';

/** Versions rise for each endpoint, every transition begins where the one before ended, and the end is the truth. */
export function expectNoFork(items: readonly FeedEvent[], truth: ReadonlyMap<string, string>): void {
  const last = new Map<string | null, FeedEvent>();
  for (const item of items) {
    const before = last.get(item.id);
    if (before !== undefined) {
      const rises = item.kind === 'TRANSITION' ? item.version > before.version : item.version >= before.version;
      expect(rises, `${item.kind} ${item.rawStatus}: version ${item.version} after ${before.version}`).toBe(true);
      if (item.kind === 'TRANSITION') expect(item.previousRawStatus).toBe(before.rawStatus);
    }
    last.set(item.id, item);
  }
  expect(new Map([...last].map(([id, item]) => [id, item.rawStatus]))).toEqual(truth);
}
