/** Endpoints by id for relations: many of one project cost one list instead of a read each. */
import DataLoader from 'dataloader';
import { FULL_PAGE, type VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import type { CallOptions, EndpointCalls } from '../../watch/watch.ts';

export interface EndpointKey {
  readonly projectId: string;
  readonly endpointId: string;
}

/** Null: the project has no such endpoint. */
export type EndpointLoader = DataLoader<EndpointKey, VpcEndpoint | null, string>;

/** Up to here single reads are cheaper than a list, which may be long. */
const MOST_READS = 3;

type Found = Map<string, VpcEndpoint>;

export function createEndpointLoader(calls: EndpointCalls, options: CallOptions): EndpointLoader {
  return new DataLoader(
    async (keys: readonly EndpointKey[]) => {
      const projects = [...new Set(keys.map(({ projectId }) => projectId))];
      const results = new Map<string, Found | Error>();
      await Promise.all(
        projects.map(async (projectId) => {
          const ids = keys.filter((key) => key.projectId === projectId).map(({ endpointId }) => endpointId);
          results.set(projectId, await load(calls, projectId, ids, options).catch(asError));
        }),
      );
      return keys.map(({ projectId, endpointId }) => {
        const result = results.get(projectId);
        return result instanceof Error ? result : (result?.get(endpointId) ?? null);
      });
    },
    { cacheKeyFn: ({ projectId, endpointId }) => `${projectId}/${endpointId}` },
  );
}

/** Reads singly as soon as that costs less than the pages that are left. */
async function load(
  calls: EndpointCalls,
  projectId: string,
  ids: readonly string[],
  options: CallOptions,
): Promise<Found> {
  const found: Found = new Map();
  const missing = new Set(ids);
  let mostReads = MOST_READS;
  for (let offset = 0; missing.size > mostReads; offset += FULL_PAGE) {
    const query = { limit: FULL_PAGE, offset, sortKey: 'create_at', sortDir: 'desc' } as const;
    const page = await calls.list(projectId, query, options);
    for (const endpoint of page.endpoints) {
      if (missing.delete(endpoint.id)) found.set(endpoint.id, inProject(endpoint, projectId));
    }
    mostReads = Math.ceil((page.totalCount - offset) / FULL_PAGE) - 1;
    // Every page was read: what is still missing belongs to somebody else.
    if (mostReads <= 0) return found;
  }
  await readEach(calls, projectId, [...missing], options, found);
  return found;
}

async function readEach(
  calls: EndpointCalls,
  projectId: string,
  ids: readonly string[],
  options: CallOptions,
  found: Found,
): Promise<void> {
  await Promise.all(
    ids.map(async (id) => {
      const endpoint = await calls.read(projectId, id, options);
      if (endpoint !== null) found.set(id, inProject(endpoint, projectId));
    }),
  );
}

function inProject(endpoint: VpcEndpoint, projectId: string): VpcEndpoint {
  return endpoint.projectId === projectId ? endpoint : { ...endpoint, projectId };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
