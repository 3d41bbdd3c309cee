import { MARK_TAG_KEY, type Tag, visibleTags } from '../vpcep/core/model.ts';
import { type CreateEndpointInput, type EndpointAnswer, FULL_PAGE, type VpcEndpoint } from '../vpcep/endpoint/model.ts';
import type { CallOptions } from '../vpcep/transport/transport.ts';
import type { EndpointUpstream, ObservedEndpoints } from '../watch/calls/endpoint-calls.ts';
import type { RecordedEndpoint } from '../watch/watch.ts';
import type { CreateOnce } from './create-once.ts';
import type { Created, CreationCalls, CreationKey } from './creation.ts';
import { type Candidate, createdAtMs } from './find-lost-creation.ts';
import { valueHash } from './fingerprint.ts';

/** Pages of one search: more endpoints in one VPC than any quota allows. */
const MOST_PAGES = 5;

export interface EndpointCreations {
  /** @throws what CreateOnce.run throws. */
  create(
    projectId: string,
    input: CreateEndpointInput,
    key: CreationKey,
    options: CallOptions,
  ): Promise<RecordedEndpoint & { readonly replayed: boolean }>;
}

export class EndpointCreator implements EndpointCreations, CreationCalls<CreateEndpointInput, VpcEndpoint> {
  readonly #once: CreateOnce;
  readonly #calls: Pick<ObservedEndpoints, 'create' | 'adopt'>;
  readonly #upstream: Pick<EndpointUpstream, 'listEndpoints'>;

  constructor(
    once: CreateOnce,
    calls: Pick<ObservedEndpoints, 'create' | 'adopt'>,
    upstream: Pick<EndpointUpstream, 'listEndpoints'>,
  ) {
    this.#once = once;
    this.#calls = calls;
    this.#upstream = upstream;
  }

  async create(projectId: string, input: CreateEndpointInput, key: CreationKey, options: CallOptions) {
    const { resource, statusCursor, replayed } = await this.#once.run(this, {
      subject: key.subject,
      idempotencyKey: key.idempotencyKey,
      projectId,
      operation: 'CreateEndpoint',
      input,
      defaulted: () => withDefaults(input),
      structure: () => structureOf(input),
      options,
    });
    return { endpoint: resource, statusCursor, replayed };
  }

  async send(projectId: string, input: CreateEndpointInput, options: CallOptions): Promise<Created<VpcEndpoint>> {
    return created(await this.#calls.create(projectId, input, options));
  }

  async list(projectId: string, { vpcId }: CreateEndpointInput, options: CallOptions): Promise<readonly Candidate[]> {
    const found: Candidate[] = [];
    for (let page = 0; page < MOST_PAGES; page++) {
      const window = { limit: FULL_PAGE, offset: page * FULL_PAGE, sortKey: 'create_at', sortDir: 'desc' } as const;
      const { endpoints } = await this.#upstream.listEndpoints(projectId, { vpcId, ...window }, options);
      found.push(...endpoints.map(candidate));
      if (endpoints.length < FULL_PAGE) break;
    }
    return found;
  }

  async find(projectId: string, id: string, options: CallOptions): Promise<Created<VpcEndpoint>> {
    return created(await this.#calls.adopt(projectId, id, options));
  }
}

function created({ endpoint, statusCursor }: RecordedEndpoint): Created<VpcEndpoint> {
  return { resource: endpoint, statusCursor };
}

/** Upstream's defaults (docs/upstream/NOTES.md, "Rules on input"): giving one is the same input as leaving it out. */
function withDefaults(input: CreateEndpointInput): CreateEndpointInput {
  return {
    enableDns: false,
    tags: [],
    routeTables: [],
    whitelist: [],
    enableWhitelist: false,
    description: '',
    ...input,
  };
}

function candidate({ id, fields }: EndpointAnswer): Candidate {
  const mark = fields.tags?.find(({ key }) => key === MARK_TAG_KEY)?.value ?? null;
  return { id, mark, createdAtMs: createdAtMs(fields.createdAt), structure: structureOf(fields) };
}

interface Structured {
  readonly endpointServiceId?: string | null;
  readonly vpcId?: string | null;
  readonly subnetId?: string | null;
  readonly description?: string | null;
  readonly tags?: readonly Tag[];
}

/** Upstream ids are UUIDs, which may come back in another case. Tags have no order. */
function structureOf({ endpointServiceId, vpcId, subnetId, description, tags = [] }: Structured): string {
  const ids = [endpointServiceId, vpcId, subnetId].map((id) => id?.toLowerCase() ?? null);
  const pairs = visibleTags(tags).map(({ key, value }) => `${key}=${value}`);
  return valueHash([ids, description ?? '', pairs.sort()]);
}
