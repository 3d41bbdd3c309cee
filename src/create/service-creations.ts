import { MARK_TAG_KEY, MOST_TAGS, type Tag } from '../vpcep/core/model.ts';
import { FULL_PAGE } from '../vpcep/endpoint/model.ts';
import type {
  CreateServiceInput,
  EndpointService,
  ListServicesQuery,
  PortMapping,
  ServicePage,
} from '../vpcep/service/model.ts';
import { type WriteOptions, writeOptions } from '../vpcep/transport/caller.ts';
import type { CreateOnce } from './create-once.ts';
import type { Created } from './creation.ts';
import type { CreateOptions } from './endpoint-creations.ts';
import type { Candidate } from './find-lost-creation.ts';
import { valueHash } from './fingerprint.ts';

export interface CreatedService {
  readonly service: EndpointService;
  readonly replayed: boolean;
}

/** What the GraphQL layer asks. */
export interface ServiceCreations {
  /** @throws what CreateOnce.run throws. */
  create(projectId: string, input: CreateServiceInput, options: CreateOptions): Promise<CreatedService>;
}

export interface ServiceCreationsDeps {
  readonly once: CreateOnce;
  readonly upstream: {
    createService(projectId: string, input: CreateServiceInput, as: WriteOptions): Promise<EndpointService>;
    getService(projectId: string, id: string, as: WriteOptions): Promise<EndpointService>;
    listServices(
      projectId: string,
      query: ListServicesQuery,
      options: WriteOptions & { readonly deadlineMs: number },
    ): Promise<ServicePage<EndpointService>>;
  };
}

export class OnceOnlyServices implements ServiceCreations {
  readonly #deps: ServiceCreationsDeps;

  constructor(deps: ServiceCreationsDeps) {
    this.#deps = deps;
  }

  async create(projectId: string, input: CreateServiceInput, options: CreateOptions): Promise<CreatedService> {
    const { once, upstream } = this.#deps;
    const { subject, idempotencyKey, signal } = options;
    const as = writeOptions(options);
    const { resource, replayed } = await once.run<EndpointService>({
      projectId,
      operation: 'CreateEndpointService',
      subject,
      idempotencyKey,
      input: withDefaults(input),
      structure: structureOf({ ...input, shortName: input.serviceName ?? '' }),
      markable: (input.tags?.length ?? 0) < MOST_TAGS,
      ...(signal === undefined ? {} : { signal }),
      post: async (mark) => created(await upstream.createService(projectId, withMark(input, mark), as)),
      find: async (deadlineMs) => {
        // One page: far more services than any quota allows (20 are the default).
        const query = { limit: FULL_PAGE, sortKey: 'create_at', sortDir: 'desc' } as const;
        return (await upstream.listServices(projectId, query, { deadlineMs, ...as })).services.map(candidate);
      },
      adopt: async (id) => created(await upstream.getService(projectId, id, as)),
    });
    return { service: resource, replayed };
  }
}

/** Services have no status feed, and so no place in one. */
function created(service: EndpointService): Created<EndpointService> {
  return { resource: service, statusCursor: '' };
}

function withMark(input: CreateServiceInput, mark: string | null): CreateServiceInput {
  if (mark === null) return input;
  return { ...input, tags: [...(input.tags ?? []), { key: MARK_TAG_KEY, value: mark }] };
}

/** What upstream makes of what was left out (schema/vpcep.openapi.yaml), so that saying it is no change. */
function withDefaults(input: CreateServiceInput): CreateServiceInput {
  return { serviceType: 'INTERFACE', tcpProxy: 'CLOSE', tags: [], description: '', enablePolicy: false, ...input };
}

function candidate(service: EndpointService): Candidate {
  const createdAtMs = Date.parse(service.createdAt ?? '');
  return {
    id: service.id,
    mark: service.mark,
    createdAtMs: Number.isNaN(createdAtMs) ? null : createdAtMs,
    structure: structureOf({ ...service, shortName: shortName(service) }),
  };
}

/** Stored names are `region.name.id`, or `region.id` without one; short names have no dots. */
function shortName({ serviceName }: EndpointService): string {
  const parts = serviceName?.split('.') ?? [];
  return parts.length > 2 ? (parts[1] ?? '') : '';
}

interface Structured {
  readonly vpcId: string | null;
  readonly portId: string | null;
  readonly serverType: string | null;
  readonly ports: readonly PortMapping[] | null;
  readonly shortName: string;
  readonly description?: string | null;
  readonly tags?: readonly Tag[] | null;
}

/** Upstream ids are UUIDs, which may come back in another case. Ports and tags have no order. */
function structureOf({ vpcId, portId, serverType, ports, shortName, description, tags }: Structured): string {
  const ids = [vpcId, portId].map((id) => id?.toLowerCase() ?? null);
  const mappings = (ports ?? []).map(({ clientPort, serverPort }) => `${clientPort}:${serverPort}`);
  const pairs = (tags ?? []).map(({ key, value }) => `${key}=${value}`);
  return valueHash([ids, serverType, shortName, description ?? '', mappings.sort(), pairs.sort()]);
}
