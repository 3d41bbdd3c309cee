import type { Sleep } from '../shared/clock.ts';
import type { Candidate } from './match.ts';

export type Verdict =
  | { readonly kind: 'found'; readonly id: string }
  /** None, or more than one that it may be. */
  | { readonly kind: 'open'; readonly candidates: readonly string[] };

export interface Search {
  /** What upstream has now. `deadlineMs` is how long it may take. */
  readonly find: (deadlineMs: number) => Promise<readonly Candidate[]>;
  readonly judge: (candidates: readonly Candidate[]) => Promise<Verdict>;
  /** Milliseconds since 1970; at least one look is taken all the same. */
  readonly untilMs: number;
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly onFailure: (error: unknown) => void;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
/** A look that would get less than this could only time out. */
const SHORTEST_LOOK_MS = 2_000;

/** Looks again and again until it is found or the time is up. Never throws: a look that fails is one that saw nothing. */
export async function lookFor(search: Search): Promise<Verdict> {
  let verdict: Verdict = { kind: 'open', candidates: [] };
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      verdict = await search.judge(await search.find(Math.max(SHORTEST_LOOK_MS, search.untilMs - search.now())));
      if (verdict.kind === 'found') return verdict;
    } catch (error) {
      search.onFailure(error);
    }
    const leftMs = search.untilMs - search.now();
    if (leftMs <= 0) return verdict;
    await search.sleep(Math.min(pause, leftMs));
  }
}
