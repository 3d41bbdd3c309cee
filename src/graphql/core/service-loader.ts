/** Endpoint services by id for relations: two lists for all own and public ones, a kept description for each other. */
import DataLoader from 'dataloader';
import { FULL_PAGE } from '../../vpcep/endpoint/model.ts';
import { isUnreadable } from '../../vpcep/errors/upstream-error.ts';
import type { ServiceClient } from '../../vpcep/service/client.ts';
import type { ServiceDescriptions } from '../../vpcep/service/descriptions.ts';
import type { EndpointService, ServicePage } from '../../vpcep/service/model.ts';
import { type Caller, callOptions, readOptions } from './read-options.ts';

export interface ServiceKey {
  readonly projectId: string;
  readonly serviceId: string;
}

/**
 * How long the lists of an operation are used, milliseconds. A query is over by then; in a subscription each event is
 * a batch of its own, and a burst of them must not read the lists again and again.
 */
const LISTS_MS = 5_000;

export interface ServiceLoaderParts {
  readonly client: Pick<ServiceClient, 'listServices' | 'listPublicServices'>;
  readonly descriptions: ServiceDescriptions;
  readonly caller: Caller;
  /** Milliseconds, of any epoch. */
  readonly now: () => number;
}

type Index = ReadonlyMap<string, EndpointService>;

interface Lists {
  readonly own: Promise<Index>;
  /** Asked for when it is needed. */
  readonly open: () => Promise<Index>;
  readonly freshUntil: number;
}

/** Made for each operation; nothing but the descriptions outlives it. */
export class ServiceLoader {
  readonly #parts: ServiceLoaderParts;
  readonly #lists = new Map<string, Lists>();
  readonly #services: DataLoader<ServiceKey, EndpointService | null>;

  constructor(parts: ServiceLoaderParts) {
    this.#parts = parts;
    // Batches only: the lists above are what is kept, and for how long.
    this.#services = new DataLoader((keys) => this.#batch(keys), { cache: false });
  }

  /** Null when it does not exist or may not be read. @throws UpstreamError */
  async load(key: ServiceKey): Promise<EndpointService | null> {
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

  async #batch(keys: readonly ServiceKey[]): Promise<readonly (EndpointService | null | Error)[]> {
    const found = new Map<string, Promise<EndpointService | null>>();
    return await Promise.all(
      keys.map((key) => {
        const name = `${key.projectId} ${fold(key.serviceId)}`;
        const service = found.get(name) ?? this.#find(key);
        found.set(name, service);
        return service.catch(asError);
      }),
    );
  }

  async #find({ projectId, serviceId }: ServiceKey): Promise<EndpointService | null> {
    const lists = this.#listsOf(projectId);
    const [own, open] = await Promise.all([lists.own, lists.open()]);
    const { descriptions, caller } = this.#parts;
    const listed = own.get(fold(serviceId)) ?? open.get(fold(serviceId));
    if (listed !== undefined) return listed;
    // Without the caller's signal: the call belongs to all who wait for it.
    const asker = readOptions({ identity: caller.identity });
    return await descriptions.read({ ...asker, projectId, serviceId: fold(serviceId) });
  }

  #listsOf(projectId: string): Lists {
    const { client, caller, now } = this.#parts;
    const known = this.#lists.get(projectId);
    if (known !== undefined && known.freshUntil > now()) return known;
    const query = { limit: FULL_PAGE };
    const options = callOptions(caller);
    let open: Promise<Index> | undefined;
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

/** Who may not list may still read one by one. */
async function index(list: Promise<ServicePage<EndpointService>>): Promise<Index> {
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

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
