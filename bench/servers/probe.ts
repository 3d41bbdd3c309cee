/** Loaded into each server before its own code, the same for all: what the heap holds, and how long the event loop was blocked. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The answer to SIGUSR2: bytes after a full collection. */
export interface HeapProbe {
  readonly heap: number;
}

/** The answer to SIGWINCH: the longest block since the last question. */
export interface LoopProbe {
  readonly blockedMs: number;
}

const RESOLUTION_MS = 5;
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delays.enable();

function answer(probe: HeapProbe | LoopProbe): void {
  console.log(JSON.stringify({ probe }));
}

process.on('SIGUSR2', () => {
  for (let n = 0; n < 3; n += 1) globalThis.gc?.();
  answer({ heap: process.memoryUsage().heapUsed });
});

process.on('SIGWINCH', () => {
  const blockedMs = Math.max(0, delays.max / 1e6 - RESOLUTION_MS);
  delays.reset();
  answer({ blockedMs });
});
