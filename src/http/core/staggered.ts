import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two items, at most. */
const MAX_STEP_MS = 2;

/** Acts on one item after the other within `spreadMs`, so that clients do not all reconnect at the same moment. */
export async function staggered<Item>(
  items: readonly Item[],
  spreadMs: number,
  act: (item: Item) => void,
): Promise<void> {
  const stepMs = Math.min(MAX_STEP_MS, spreadMs / items.length);
  const beganAt = performance.now();
  for (const [index, item] of items.entries()) {
    const early = beganAt + index * stepMs - performance.now();
    if (early > 0) {
      await sleep(early);
    }
    act(item);
  }
}
