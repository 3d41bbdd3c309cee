/**
 * Endpoints by id for relations: many of one project cost one list instead of a read each. Endpoint services by id
 * for relations: two lists for all own and public ones, a kept description for each other.
 */
import DataLoader from 'dataloader';
import type { ResourceEvent } from '../../events/cursor.ts';
import { FULL_PAGE, type VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import { isUnreadable } from '../../vpcep/errors/upstream-error.ts';
import type { ServiceClient } from '../../vpcep/service/client.ts';
import type { ServiceDescriptions } from '../../vpcep/service/descriptions.ts';
import type { EndpointService, PublicEndpointService, ServicePage, ServiceSummary } from '../../vpcep/service/model.ts';
import type { CallOptions } from '../../vpcep/transport/transport.ts';
import { endpointsIn } from '../../watch/resources/watched-endpoints.ts';
import type { EndpointCalls, StatusFeed } from '../../watch/watch.ts';
import type { CallerOptions } from './caller-options.ts';

interface EndpointKey {
  readonly projectId: string;
  readonly endpointId: string;
}

/** Null: the project has no such endpoint. */
type EndpointLoader = DataLoader<EndpointKey, VpcEndpoint | null>;

/** Up to here single reads are cheaper than a list, which may be long. */
const MOST_READS = 3;

type Found = Map<string, VpcEndpoint>;

/** Batches only: a subscription has one loader, and what a later event asks again must be read again. */
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
    { cache: false },
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
      if (missing.delete(endpoint.id)) found.set(endpoint.id, endpoint);
    }
    mostReads = Math.ceil((page.totalCount - offset) / FULL_PAGE) - 1;
    // Every page was read: what is still missing belongs to another project.
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
      if (endpoint !== null) found.set(id, endpoint);
    }),
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

interface HistoryKey {
  readonly projectId: string;
  readonly endpointId: string;
  readonly last: number;
}

type HistoryLoader = DataLoader<HistoryKey, readonly ResourceEvent[]>;

/** A page of endpoints reads the log once. Batches only: what a subscription asks again later must be read again. */
export function createHistoryLoader(feed: StatusFeed): HistoryLoader {
  return new DataLoader(
    async (keys: readonly HistoryKey[]) => {
      const found = new Map<HistoryKey, readonly ResourceEvent[]>();
      await Promise.all(
        groupBy(keys).map(async ({ projectId, last, group }) => {
          const events = await feed.history(
            endpointsIn(projectId),
            group.map((key) => key.endpointId),
            last,
          );
          for (const key of group)
            found.set(
              key,
              events.filter((event) => event.id === key.endpointId),
            );
        }),
      );
      return keys.map((key) => found.get(key) ?? []);
    },
    { cache: false },
  );
}

/** One read serves the keys of one project that want equally many. */
function groupBy(keys: readonly HistoryKey[]): readonly { projectId: string; last: number; group: HistoryKey[] }[] {
  const groups = new Map<string, { projectId: string; last: number; group: HistoryKey[] }>();
  for (const key of keys) {
    const name = `${key.last} ${key.projectId}`;
    const known = groups.get(name);
    if (known === undefined) groups.set(name, { projectId: key.projectId, last: key.last, group: [key] });
    else known.group.push(key);
  }
  return [...groups.values()];
}

interface ServiceKey {
  readonly projectId: string;
  readonly serviceId: string;
}

/**
 * How long the lists of an operation are used, milliseconds. A query is over by then; in a subscription each event is
 * a batch of its own, and a burst of them must not read the lists again and again.
 */
const LISTS_MS = 5_000;

interface ServiceLoaderParts {
  readonly client: Pick<ServiceClient, 'listServices' | 'listPublicServices'>;
  readonly descriptions: ServiceDescriptions;
  readonly options: CallerOptions;
  /** Milliseconds, of any epoch. */
  readonly now: () => number;
}

type Index<Service> = ReadonlyMap<string, Service>;

interface Lists {
  readonly own: Promise<Index<EndpointService>>;
  /** Read on first use. */
  readonly open: () => Promise<Index<PublicEndpointService>>;
  readonly freshUntil: number;
}

/** Made for each operation; nothing but the descriptions outlives it. */
export class ServiceLoader {
  readonly #parts: ServiceLoaderParts;
  readonly #lists = new Map<string, Lists>();
  readonly #services: DataLoader<ServiceKey, ServiceSummary | null>;

  constructor(parts: ServiceLoaderParts) {
    this.#parts = parts;
    // Batches only: the lists above are what is kept, and for how long.
    this.#services = new DataLoader((keys) => this.#batch(keys), { cache: false });
  }

  /** Null when it does not exist or may not be read. @throws UpstreamError */
  async load(key: ServiceKey): Promise<ServiceSummary | null> {
    return await this.#services.load(key);
  }

  /** The row of the own list, which tells what the details do not; undefined when there is none. @throws UpstreamError */
  async ownRow({ projectId, serviceId }: ServiceKey): Promise<EndpointService | undefined> {
    return (await this.#listsOf(projectId).own).get(fold(serviceId));
  }

  /** After a write: what was listed before it is not shown again. */
  forget(projectId: string): void {
    this.#lists.delete(projectId);
  }

  async #batch(keys: readonly ServiceKey[]): Promise<readonly (ServiceSummary | null | Error)[]> {
    const found = new Map<string, Promise<ServiceSummary | null>>();
    return await Promise.all(
      keys.map((key) => {
        const name = `${key.projectId} ${fold(key.serviceId)}`;
        const service = found.get(name) ?? this.#find(key);
        found.set(name, service);
        return service.catch(asError);
      }),
    );
  }

  async #find({ projectId, serviceId }: ServiceKey): Promise<ServiceSummary | null> {
    const lists = this.#listsOf(projectId);
    const [own, open] = await Promise.all([lists.own, lists.open()]);
    const { descriptions, options } = this.#parts;
    const listed = own.get(fold(serviceId)) ?? open.get(fold(serviceId));
    if (listed !== undefined) return listed;
    return await descriptions.read({ ...options, projectId, serviceId: fold(serviceId) });
  }

  #listsOf(projectId: string): Lists {
    const { client, options, now } = this.#parts;
    const known = this.#lists.get(projectId);
    if (known !== undefined && known.freshUntil > now()) return known;
    const query = { limit: FULL_PAGE };
    let open: Promise<Index<PublicEndpointService>> | undefined;
    const lists: Lists = {
      own: index(client.listServices(projectId, query, options)),
      open: () => {
        open ??= index(client.listPublicServices(projectId, query, options));
        return open;
      },
      freshUntil: now() + LISTS_MS,
    };
    this.#lists.set(projectId, lists);
    return lists;
  }
}

/** Empty when the caller may not list: it may still be allowed to read single services. */
async function index<Service extends ServiceSummary>(list: Promise<ServicePage<Service>>): Promise<Index<Service>> {
  try {
    return new Map((await list).services.map((service) => [fold(service.id), service]));
  } catch (error) {
    if (isUnreadable(error)) return new Map();
    throw error;
  }
}

/** Ids are UUIDs, which may come in another case. */
function fold(id: string): string {
  return id.toLowerCase();
}

interface LoaderParts {
  readonly calls: EndpointCalls;
  readonly feed: StatusFeed;
  readonly client: ServiceLoaderParts['client'];
  readonly descriptions: ServiceDescriptions;
}

/** Of one operation. Each is made when it is first used, because most operations load nothing by id. */
export class Loaders {
  readonly #parts: LoaderParts;
  readonly #options: CallerOptions;
  #endpoints: EndpointLoader | undefined;
  #services: ServiceLoader | undefined;
  #histories: HistoryLoader | undefined;

  constructor(parts: LoaderParts, options: CallerOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  get endpoints(): EndpointLoader {
    this.#endpoints ??= createEndpointLoader(this.#parts.calls, this.#options);
    return this.#endpoints;
  }

  get services(): ServiceLoader {
    const { client, descriptions } = this.#parts;
    this.#services ??= new ServiceLoader({
      client,
      descriptions,
      options: this.#options,
      now: () => performance.now(),
    });
    return this.#services;
  }

  get histories(): HistoryLoader {
    this.#histories ??= createHistoryLoader(this.#parts.feed);
    return this.#histories;
  }
}
