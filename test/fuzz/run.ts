import fc from 'fast-check';
import type { Target } from './target.ts';

/** One way to attack: what is sent, and what may come back. */
export interface Attack<Case> {
  /** Environment of the gateway. */
  readonly env?: Record<string, string>;
  readonly cases: fc.Arbitrary<Case>;
  /** @returns what was wrong with what came back, or null. */
  readonly send: (target: Target, one: Case) => Promise<string | null>;
  readonly stop?: () => Promise<void>;
}

export interface FuzzResult {
  readonly cases: number;
  /** With the case; null when there was no fault. */
  readonly fault: string | null;
  /** Bytes of heap in use when a quarter of the cases was done, and at the end: the smallest of some looks. */
  readonly heap: { readonly early: number; readonly late: number };
}

/** Cases on their way at a time. */
const AT_ONCE = 16;
/** Cases between two looks at the process. */
const BLOCK = 256;

/** The same seed gives the same cases. Stops at the first fault. */
export async function fuzz<Case>(
  target: Target,
  attack: Attack<Case>,
  { cases, seed }: { readonly cases: number; readonly seed: number },
): Promise<FuzzResult> {
  const heaps: number[] = [];
  let done = 0;
  const end = (fault: string | null): FuzzResult => {
    const quarter = Math.ceil(heaps.length / 4);
    const early = Math.min(...heaps.slice(0, quarter));
    return { cases: done, fault, heap: { early, late: Math.min(...heaps.slice(-quarter)) } };
  };
  while (done < cases) {
    const block = fc.sample(attack.cases, { numRuns: Math.min(BLOCK, cases - done), seed: seed + done });
    for (let from = 0; from < block.length; from += AT_ONCE) {
      const some = block.slice(from, from + AT_ONCE);
      const faults = await Promise.all(some.map((one) => attack.send(target, one)));
      const wrong = faults.findIndex((fault) => fault !== null);
      if (wrong !== -1) return end(`${faults[wrong]}\n  case: ${fc.stringify(some[wrong]).slice(0, 2000)}`);
    }
    const trouble = await target.trouble();
    if (trouble !== null) return end(`${trouble}\n  among the cases: ${fc.stringify(block).slice(0, 20_000)}`);
    done += block.length;
    heaps.push(await target.heapUsed());
  }
  return end(null);
}
