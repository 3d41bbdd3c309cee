import { MARK_TAG_KEY, MOST_TAGS, type Tag, visibleTags } from '../vpcep/core/model.ts';
import {
  type CreateEndpointInput,
  type EndpointAnswer,
  type EndpointPage,
  FULL_PAGE,
  type ListEndpointsQuery,
  type VpcEndpoint,
} from '../vpcep/endpoint/model.ts';
import { type WriteOptions, writeOptions } from '../vpcep/transport/caller.ts';
import type { CreateOnce } from './create-once.ts';
import type { Created } from './creation.ts';
import type { Candidate } from './find-lost-creation.ts';
import { valueHash } from './fingerprint.ts';

/** The credential is for every call that this takes. */
export interface CreateOptions extends WriteOptions {
  /** Who asks: an idempotency key belongs to its caller. */
  readonly subject: string;
  /** 1 to 255 characters. */
  readonly idempotencyKey?: string;
  /** Ends waiting for another request; a creation that is on its way is carried through. */
  readonly signal?: AbortSignal;
}

export interface CreatedEndpoint {
  readonly endpoint: VpcEndpoint;
  readonly statusCursor: string;
}

/** What the GraphQL layer asks. */
export interface EndpointCreations {
  /** @throws what CreateOnce.run throws. */
  create(
    projectId: string,
    input: CreateEndpointInput,
    options: CreateOptions,
  ): Promise<CreatedEndpoint & { readonly replayed: boolean }>;
}

export interface EndpointCreationsDeps {
  readonly once: CreateOnce;
  /** Calls whose answers are recorded as observations. */
  readonly calls: {
    create(projectId: string, input: CreateEndpointInput, as: WriteOptions): Promise<CreatedEndpoint>;
    adopt(projectId: string, endpointId: string, as: WriteOptions): Promise<CreatedEndpoint>;
  };
  readonly upstream: {
    listEndpoints(
      projectId: string,
      query: ListEndpointsQuery,
      options: WriteOptions & { readonly deadlineMs: number },
    ): Promise<EndpointPage>;
  };
}

/** Pages of one look: more endpoints in one VPC than any quota allows. */
const MOST_PAGES = 5;

export class OnceOnlyEndpoints implements EndpointCreations {
  readonly #deps: EndpointCreationsDeps;

  constructor(deps: EndpointCreationsDeps) {
    this.#deps = deps;
  }

  async create(projectId: string, input: CreateEndpointInput, options: CreateOptions) {
    const { once, calls } = this.#deps;
    const { subject, idempotencyKey, signal } = options;
    const as = writeOptions(options);
    const { resource, statusCursor, replayed } = await once.run<VpcEndpoint>({
      projectId,
      operation: 'CreateEndpoint',
      subject,
      idempotencyKey,
      input: withDefaults(input),
      structure: structureOf(input),
      markable: (input.tags?.length ?? 0) < MOST_TAGS,
      ...(signal === undefined ? {} : { signal }),
      post: async (mark) => created(await calls.create(projectId, mark === null ? input : withMark(input, mark), as)),
      find: (deadlineMs) => this.#find(projectId, input.vpcId, { deadlineMs, ...as }),
      adopt: async (id) => created(await calls.adopt(projectId, id, as)),
    });
    return { endpoint: resource, statusCursor, replayed };
  }

  async #find(
    projectId: string,
    vpcId: string,
    options: WriteOptions & { readonly deadlineMs: number },
  ): Promise<readonly Candidate[]> {
    const found: Candidate[] = [];
    for (let page = 0; page < MOST_PAGES; page++) {
      const query = {
        vpcId,
        limit: FULL_PAGE,
        offset: page * FULL_PAGE,
        sortKey: 'create_at',
        sortDir: 'desc',
      } as const;
      const { endpoints } = await this.#deps.upstream.listEndpoints(projectId, query, options);
      found.push(...endpoints.map(candidate));
      if (endpoints.length < FULL_PAGE) break;
    }
    return found;
  }
}

function created({ endpoint, statusCursor }: CreatedEndpoint): Created<VpcEndpoint> {
  return { resource: endpoint, statusCursor };
}

function withMark(input: CreateEndpointInput, mark: string): CreateEndpointInput {
  return { ...input, tags: [...(input.tags ?? []), { key: MARK_TAG_KEY, value: mark }] };
}

/** What upstream makes of what was left out (docs/upstream/NOTES.md, "Rules on input"), so that saying it is no change. */
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
  const createdAtMs = Date.parse(fields.createdAt ?? '');
  return { id, mark, createdAtMs: Number.isNaN(createdAtMs) ? null : createdAtMs, structure: structureOf(fields) };
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
