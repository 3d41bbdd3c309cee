import type { Sleep } from '../shared/clock.ts';

/** Finds what a call without an answer has made, among the resources that upstream lists. Pure. */

/** A resource that the call may have made. */
export interface Candidate {
  readonly id: string;
  /** Milliseconds since 1970, cut to the second as upstream shows it; null when it was not said. */
  readonly createdAtMs: number | null;
  /** The gateway's mark; null without one. */
  readonly mark: string | null;
  /** Hash of what the input determines. */
  readonly structure: string;
}

/** A time that upstream did not say, or that cannot be read, is null. */
export function createdAtMs(createdAt: string | null | undefined): number | null {
  const at = Date.parse(createdAt ?? '');
  return Number.isNaN(at) ? null : at;
}

/** Clocks that are further apart than this find nothing, which is safe; it is small so as not to find too much. */
export const SKEW_MS = 2_000;
/** Upstream may carry out a call after its connection was lost, but not for longer than this. */
export const LATEST_MS = 60_000;

/** The mark alone is conclusive: no time, no structure. */
export function marked(candidates: readonly Candidate[], mark: string): readonly string[] {
  return candidates.filter((candidate) => candidate.mark === mark).map(({ id }) => id);
}

/** Equal, made while the call was on its way, and not marked: what is marked was made for another key. */
export function alike(candidates: readonly Candidate[], structure: string, sentAtMs: number): readonly string[] {
  // A creation at 12:00:00.900 is shown as 12:00:00.
  const earliest = Math.floor((sentAtMs - SKEW_MS) / 1000) * 1000;
  const latest = sentAtMs + LATEST_MS + SKEW_MS;
  const fits = ({ createdAtMs, mark, structure: own }: Candidate): boolean =>
    mark === null && own === structure && createdAtMs !== null && createdAtMs >= earliest && createdAtMs <= latest;
  return candidates.filter(fits).map(({ id }) => id);
}

export type SearchResult =
  | { readonly kind: 'found'; readonly id: string }
  /** None, or more than one that it may be. */
  | { readonly kind: 'open'; readonly candidates: readonly string[] };

interface Search {
  /** What upstream has now. `deadlineMs` is how long it may take. */
  readonly find: (deadlineMs: number) => Promise<readonly Candidate[]>;
  readonly judge: (candidates: readonly Candidate[]) => Promise<SearchResult>;
  /** Milliseconds since 1970; one search is made in any case. */
  readonly untilMs: number;
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly onFailure: (error: unknown) => void;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
/** A search with less time than this could only time out. */
const SHORTEST_SEARCH_MS = 2_000;

/** Searches until it is found or the time is up. Never throws: a search that fails has found nothing. */
export async function lookFor(search: Search): Promise<SearchResult> {
  let result: SearchResult = { kind: 'open', candidates: [] };
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      result = await search.judge(await search.find(Math.max(SHORTEST_SEARCH_MS, search.untilMs - search.now())));
      if (result.kind === 'found') return result;
    } catch (error) {
      search.onFailure(error);
    }
    const leftMs = search.untilMs - search.now();
    if (leftMs <= 0) return result;
    await search.sleep(Math.min(pause, leftMs));
  }
}
