/**
 * Endpoints and own services by id: many of one project cost one list instead of a read each. Services of any owner by id
 * for relations: two lists for all own and public ones, a kept description for each other.
 */
import DataLoader from 'dataloader';
import type { ResourceEvent } from '../../events/cursor.ts';
import { FULL_PAGE, type VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import { isNothingToCaller, isUnreadable } from '../../vpcep/errors/upstream-error.ts';
import type { ServiceClient } from '../../vpcep/service/client.ts';
import type { ServiceDescriptions } from '../../vpcep/service/descriptions.ts';
import type { EndpointService, PublicEndpointService, ServicePage, ServiceSummary } from '../../vpcep/service/model.ts';
import type { CallOptions } from '../../vpcep/transport/transport.ts';
import type { EndpointCalls } from '../../watch/calls/endpoint-calls.ts';
import type { ObservedServices } from '../../watch/calls/service-calls.ts';
import { endpointsIn } from '../../watch/resources/watched-endpoints.ts';
import type { StatusFeed } from '../../watch/watch.ts';
import type { CallerOptions } from './caller-options.ts';

/** In one project. */
interface ResourceKey {
  readonly projectId: string;
  readonly id: string;
}

/** Null: the project has no such resource. */
type ResourceLoader<Resource> = DataLoader<ResourceKey, Resource | null>;

interface PageOfRows<Resource> {
  readonly rows: readonly Resource[];
  readonly totalCount: number;
}

/** The rows of a list come newest first. */
interface ResourceReads<Resource> {
  read(projectId: string, id: string): Promise<Resource | null>;
  list(projectId: string, page: typeof PAGES & { readonly offset: number }): Promise<PageOfRows<Resource>>;
}

const PAGES = { limit: FULL_PAGE, sortKey: 'create_at', sortDir: 'desc' } as const;

/** Up to here single reads are cheaper than a list, which may be long. */
const MOST_READS = 3;
/** Calls for the resources of one project, while it has no more than 4,000: single reads, or pages of its list. */
export const MOST_CALLS_TOGETHER = 4;

type Found<Resource> = Map<string, Resource>;

export function createEndpointLoader(calls: EndpointCalls, options: CallOptions): ResourceLoader<VpcEndpoint> {
  return createLoader({
    read: (projectId, id) => calls.read(projectId, id, options),
    list: async (projectId, page) => {
      const { endpoints, totalCount } = await calls.list(projectId, page, options);
      return { rows: endpoints, totalCount };
    },
  });
}

function createOwnServiceLoader(
  services: Pick<ObservedServices, 'read' | 'list'>,
  options: CallOptions,
): ResourceLoader<EndpointService> {
  return createLoader({
    read: (projectId, id) =>
      services.read(projectId, id, options).catch((error: unknown) => {
        if (isNothingToCaller(error)) return null;
        throw error;
      }),
    list: async (projectId, page) => {
      const { services: rows, totalCount } = await services.list(projectId, page, options);
      return { rows, totalCount };
    },
  });
}

/** Batches only: a subscription has one loader, and what a later event asks again must be read again. */
function createLoader<Resource extends { readonly id: string }>(
  reads: ResourceReads<Resource>,
): ResourceLoader<Resource> {
  return new DataLoader(
    async (keys: readonly ResourceKey[]) => {
      const projects = [...new Set(keys.map(({ projectId }) => projectId))];
      const results = new Map<string, Found<Resource> | Error>();
      await Promise.all(
        projects.map(async (projectId) => {
          const ids = keys.filter((key) => key.projectId === projectId).map(({ id }) => fold(id));
          results.set(projectId, await load(reads, projectId, ids).catch(asError));
        }),
      );
      return keys.map(({ projectId, id }) => {
        const result = results.get(projectId);
        return result instanceof Error ? result : (result?.get(fold(id)) ?? null);
      });
    },
    { cache: false },
  );
}

/** Reads singly as soon as that costs less than the pages that are left. */
async function load<Resource extends { readonly id: string }>(
  reads: ResourceReads<Resource>,
  projectId: string,
  ids: readonly string[],
): Promise<Found<Resource>> {
  const found: Found<Resource> = new Map();
  const missing = new Set(ids);
  let mostReads = MOST_READS;
  for (let offset = 0; missing.size > mostReads; offset += FULL_PAGE) {
    const page = await reads.list(projectId, { ...PAGES, offset });
    for (const resource of page.rows) {
      if (missing.delete(fold(resource.id))) found.set(fold(resource.id), resource);
    }
    mostReads = Math.ceil((page.totalCount - offset) / FULL_PAGE) - 1;
    // Every page was read: what is still missing belongs to another project.
    if (mostReads <= 0) return found;
  }
  await Promise.all(
    [...missing].map(async (id) => {
      const resource = await reads.read(projectId, id);
      if (resource !== null) found.set(id, resource);
    }),
  );
  return found;
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
  readonly services: Pick<ObservedServices, 'read' | 'list'>;
  readonly feed: StatusFeed;
  readonly client: ServiceLoaderParts['client'];
  readonly descriptions: ServiceDescriptions;
}

/** Of one operation. Each is made when it is first used, because most operations load nothing by id. */
export class Loaders {
  readonly #parts: LoaderParts;
  readonly #options: CallerOptions;
  #endpoints: ResourceLoader<VpcEndpoint> | undefined;
  #ownServices: ResourceLoader<EndpointService> | undefined;
  #services: ServiceLoader | undefined;
  #histories: HistoryLoader | undefined;

  constructor(parts: LoaderParts, options: CallerOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  get endpoints(): ResourceLoader<VpcEndpoint> {
    this.#endpoints ??= createEndpointLoader(this.#parts.calls, this.#options);
    return this.#endpoints;
  }

  get ownServices(): ResourceLoader<EndpointService> {
    this.#ownServices ??= createOwnServiceLoader(this.#parts.services, this.#options);
    return this.#ownServices;
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
