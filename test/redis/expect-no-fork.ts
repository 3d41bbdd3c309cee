import { expect } from 'vitest';
import type { FeedItem } from '../../src/events/cursor.ts';

/** Versions rise for each endpoint, every transition begins where the one before ended, and the end is the truth. */
export function expectNoFork(items: readonly FeedItem[], truth: ReadonlyMap<string, string>): void {
  const last = new Map<string, FeedItem>();
  for (const item of items) {
    const before = last.get(item.endpointId);
    if (before !== undefined) {
      const rises = item.kind === 'TRANSITION' ? item.version > before.version : item.version >= before.version;
      expect(rises, `${item.kind} ${item.status}: version ${item.version} after ${before.version}`).toBe(true);
      if (item.kind === 'TRANSITION') expect(item.previousStatus).toBe(before.status);
    }
    last.set(item.endpointId, item);
  }
  expect(new Map([...last].map(([id, item]) => [id, item.status]))).toEqual(truth);
}
