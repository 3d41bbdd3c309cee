/** Reads of watched resources, and what they show. */
import type { CommitRequest, Observation } from '../events/event-log.ts';
import { FULL_PAGE } from '../vpcep/endpoint/model.ts';
import { UpstreamError } from '../vpcep/errors/upstream-error.ts';
import type { CallOptions } from '../vpcep/transport/transport.ts';
import type { ObservedPage, PageQuery, ResourceSet, WatchedClients } from './resource.ts';

/** Every method throws UpstreamError. */
export interface ResourceReads {
  list(set: ResourceSet, query: PageQuery, options: CallOptions): Promise<ObservedPage>;
  /** @throws UpstreamError `not_found` when it is not there. */
  read(set: ResourceSet, id: string, options: CallOptions): Promise<Observation>;
}

export function resourceReads(clients: WatchedClients): ResourceReads {
  return {
    list: (set, query, options) => set.kind.list(clients, set, query, options),
    read: (set, id, options) => set.kind.read(clients, set, id, options),
  };
}

/** Observations of one kind of answer, all from requests sent at or after `asOf`. */
export function observed(
  asOf: number,
  source: CommitRequest['source'],
  observations: readonly Observation[],
): CommitRequest {
  return { asOf, observations, source, firstSight: 'afterBaseline' };
}

/** Only a 404 says that a resource is not there; 401, 403, 429, 5xx and silence say nothing about it. */
export function isNotFound(error: unknown): boolean {
  return error instanceof UpstreamError && error.kind === 'not_found';
}

/** What the listed resources belong to is gone, in upstream's own words: a 404 alone can be of something in between. */
export function isParentGone(set: ResourceSet, error: unknown): boolean {
  return set.parentId !== undefined && isNotFound(error) && (error as UpstreamError).code !== undefined;
}

/**
 * Reads every page in creation order, which is the stable one, and hands each on as it comes. Rows can still shift when
 * a resource is deleted meanwhile: what the list does not show is a hint, and a deletion only of what is `deleting` already.
 */
export async function readAllPages(
  reads: Pick<ResourceReads, 'list'>,
  set: ResourceSet,
  options: CallOptions,
  onPage: (observations: readonly Observation[], isLast: boolean) => void,
): Promise<void> {
  const shown = new Set<string>();
  let offset = 0;
  let isLast = false;
  while (!isLast) {
    const query = { limit: FULL_PAGE, offset, sortKey: 'create_at', sortDir: 'asc' } as const;
    const { observations, totalCount } = await reads.list(set, query, options);
    offset += observations.length;
    const before = shown.size;
    for (const { id } of observations) shown.add(id);
    // Nothing new, such as no row at all, is the end, also where an offset is ignored. A short page alone is no proof, and
    // neither is a count below the rows shown: upstream may give fewer rows than asked for, and may count wrongly.
    const isShort = observations.length < FULL_PAGE;
    isLast = shown.size === before || (isShort && offset >= totalCount) || shown.size === totalCount;
    onPage(observations, isLast);
  }
}
