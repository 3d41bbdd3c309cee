import type { Tag } from '../vpcep/core/model.ts';
import { FULL_PAGE } from '../vpcep/endpoint/model.ts';
import type { ServiceClient } from '../vpcep/service/client.ts';
import type { CreateServiceInput, EndpointService, PortMapping } from '../vpcep/service/model.ts';
import type { CallOptions } from '../vpcep/transport/transport.ts';
import type { ObservedServices } from '../watch/calls/service-calls.ts';
import type { RecordedService } from '../watch/watch.ts';
import type { CreateOnce } from './create-once.ts';
import type { Created, CreationCalls, CreationKey } from './creation.ts';
import { type Candidate, createdAtMs } from './find-lost-creation.ts';
import { valueHash } from './fingerprint.ts';

export interface ServiceCreations {
  /** @throws what CreateOnce.run throws. */
  create(
    projectId: string,
    input: CreateServiceInput,
    key: CreationKey,
    options: CallOptions,
  ): Promise<RecordedService & { readonly replayed: boolean }>;
}

export class ServiceCreator implements ServiceCreations, CreationCalls<CreateServiceInput, EndpointService> {
  readonly #once: CreateOnce;
  readonly #calls: Pick<ObservedServices, 'create' | 'adopt'>;
  readonly #upstream: ServiceClient;

  constructor(once: CreateOnce, calls: Pick<ObservedServices, 'create' | 'adopt'>, upstream: ServiceClient) {
    this.#once = once;
    this.#calls = calls;
    this.#upstream = upstream;
  }

  async create(projectId: string, input: CreateServiceInput, key: CreationKey, options: CallOptions) {
    const { resource, statusCursor, replayed } = await this.#once.run(this, {
      ...key,
      projectId,
      operation: 'CreateEndpointService',
      input,
      defaulted: () => withDefaults(input),
      structure: () => structureOf({ ...input, shortName: input.serviceName ?? '' }),
      options,
    });
    return { service: resource, statusCursor, replayed };
  }

  async send(projectId: string, input: CreateServiceInput, options: CallOptions): Promise<Created<EndpointService>> {
    return created(await this.#calls.create(projectId, input, options));
  }

  /** One page: far more services than any quota allows (20 are the default). */
  async list(projectId: string, _input: CreateServiceInput, options: CallOptions): Promise<readonly Candidate[]> {
    const query = { limit: FULL_PAGE, sortKey: 'create_at', sortDir: 'desc' } as const;
    return (await this.#upstream.listServices(projectId, query, options)).services.map(candidate);
  }

  async find(projectId: string, id: string, options: CallOptions): Promise<Created<EndpointService>> {
    return created(await this.#calls.adopt(projectId, id, options));
  }
}

function created({ service, statusCursor }: RecordedService): Created<EndpointService> {
  return { resource: service, statusCursor };
}

/** Upstream's defaults (schema/vpcep.openapi.yaml): giving one is the same input as leaving it out. */
function withDefaults(input: CreateServiceInput): CreateServiceInput {
  return { tcpProxy: 'CLOSE', tags: [], description: '', enablePolicy: false, ...input };
}

function candidate(service: EndpointService): Candidate {
  const { id, mark, createdAt } = service;
  const structure = structureOf({ ...service, shortName: shortName(service) });
  return { id, mark, createdAtMs: createdAtMs(createdAt), structure };
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
  readonly ports: readonly PortMapping[];
  readonly shortName: string;
  readonly description?: string | null;
  readonly tags?: readonly Tag[];
}

/** Upstream ids are UUIDs, which may come back in another case. Ports and tags have no order. */
function structureOf({ vpcId, portId, serverType, ports, shortName, description, tags }: Structured): string {
  const ids = [vpcId, portId].map((id) => id?.toLowerCase() ?? null);
  const mappings = ports.map(({ clientPort, serverPort }) => `${clientPort}:${serverPort}`);
  const pairs = (tags ?? []).map(({ key, value }) => `${key}=${value}`);
  return valueHash([ids, serverType, shortName, description ?? '', mappings.sort(), pairs.sort()]);
}
