import type { Observation } from './event-log.ts';

/** One row for each endpoint: when the pages of a list shift, a row can come twice in one commit. The first one counts. */
export function firstOfEach(rows: readonly Observation[]): readonly Observation[] {
  const seen = new Set<string>();
  return rows.filter(({ endpointId }) => !seen.has(endpointId) && seen.add(endpointId));
}
