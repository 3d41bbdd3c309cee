/** Changes of tags. Their answers have no body, so that the resource is read after them. */
import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { MARK_TAG_KEY, MOST_TAGS, type Tag } from '../../vpcep/core/model.ts';
import type { VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import type { EndpointService } from '../../vpcep/service/model.ts';
import {
  type TaggedResource,
  type TaggedResourceRef,
  TaggedResourceType,
  type TagValues,
} from '../../vpcep/tag/model.ts';
import { AuditTargets } from '../audit/audit.ts';
import { ProjectId, projectFor, readIn } from '../core/arguments.ts';
import { quietly } from '../core/caller-options.ts';
import type { GatewayContext } from '../core/context.ts';
import { type Connection, connectionOf, PageArguments, pageWindow } from '../core/pagination.ts';
import { asWrite } from '../core/writes.ts';
import { Cost, PAGE } from '../cost/cost.ts';
import { InputError } from '../errors/gateway-errors.ts';
import {
  AddResourceTagsInput,
  AddResourceTagsPayload,
  ProjectTagsArguments,
  RemoveResourceTagsInput,
  RemoveResourceTagsPayload,
  ResourceTagFilter,
  TAGS_IN_USE,
  TaggedResourceConnectionType,
  TagValuesType,
} from './resource-tag.type.ts';
import { readAddTags, readRemoveTags, readResourceFilter } from './resource-tag.validation.ts';

interface RetaggedResource {
  readonly tags: readonly Tag[] | null;
  readonly endpoint: VpcEndpoint | null;
  readonly service: EndpointService | null;
}

type ReadContext = Pick<GatewayContext, 'options' | 'calls' | 'client' | 'loaders' | 'logger'>;

/**
 * Whether the resource has room for these tags, which only the gateway can explain: one place may be taken by its own
 * hidden tag. What cannot be read is left to upstream. A tag whose key is there already is overwritten.
 * @throws InputError
 */
async function checkRoom(
  context: ReadContext,
  projectId: string,
  resource: TaggedResourceRef,
  added: readonly Tag[],
): Promise<void> {
  const present = await quietly(presentKeys(context, projectId, resource));
  if (present === null) return;
  const excess = new Set([...present, ...added.map(({ key }) => key)]).size - MOST_TAGS;
  if (excess <= 0) return;
  const hidden = present.includes(MARK_TAG_KEY)
    ? '; one of them is the hidden tag of the idempotencyKey that it was created with'
    : '';
  const message = `input.tags may bring it to at most ${MOST_TAGS} tags: it would have ${MOST_TAGS + excess}${hidden}. Remove others first`;
  throw new InputError([{ path: 'input.tags', rule: 'count', message }]);
}

/** The hidden one included. */
async function presentKeys(
  context: ReadContext,
  projectId: string,
  { resourceType, resourceId }: TaggedResourceRef,
): Promise<readonly string[]> {
  const { endpoints, services } = context.client;
  if (resourceType === 'ENDPOINT') {
    const { fields } = await endpoints.getEndpoint(projectId, resourceId, context.options);
    return (fields.tags ?? []).map(({ key }) => key);
  }
  const { tags, mark } = await services.getService(projectId, resourceId, context.options);
  return [...tags.map(({ key }) => key), ...(mark === null ? [] : [MARK_TAG_KEY])];
}

/** The write is done, so a failed read after it is no failure. Never throws. */
async function readRetagged(
  context: ReadContext,
  projectId: string,
  { resourceType, resourceId }: TaggedResourceRef,
): Promise<RetaggedResource> {
  const { options } = context;
  try {
    if (resourceType === 'ENDPOINT') {
      const endpoint = await context.calls.read(projectId, resourceId, options);
      return { tags: endpoint?.tags ?? null, endpoint, service: null };
    }
    context.loaders.services.forget(projectId);
    const service = await context.client.services.getService(projectId, resourceId, options);
    return { tags: service.tags, endpoint: null, service };
  } catch (error) {
    context.logger.debug({ project: projectId, reason: String(error) }, 'a resource is not shown after its tags');
    return { tags: null, endpoint: null, service: null };
  }
}

/** Every tag key in use in a project, with its values. @throws InputError, AccessError, UpstreamError */
export async function listProjectTags(
  context: GatewayContext,
  projectId: string | undefined,
  { resourceType }: ProjectTagsArguments,
): Promise<readonly TagValues[]> {
  const project = projectFor(context, 'read', { projectId });
  return await context.client.tags.listProjectTags(project, resourceType, context.options);
}

@Resolver()
export class ResourceTagResolver {
  @Cost({ calls: 1 })
  @Query(() => [TagValuesType], { description: TAGS_IN_USE })
  async projectTags(
    @Args(() => ProjectTagsArguments) kind: ProjectTagsArguments,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<readonly TagValues[]> {
    return await listProjectTags(context, projectId, kind);
  }

  @Cost(PAGE)
  @Query(() => TaggedResourceConnectionType, { description: 'Endpoints or own services, found by their tags.' })
  async resourcesByTags(
    @Arg('resourceType', () => TaggedResourceType, { description: 'Which kind of resource.' })
    resourceType: TaggedResourceType,
    @Arg('filter', () => ResourceTagFilter, { nullable: true, description: 'Which resources; all by default.' })
    filter: ResourceTagFilter | null | undefined,
    @Args(() => PageArguments) list: PageArguments,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<TaggedResource & { readonly resourceType: TaggedResourceType }>> {
    const [project, query] = readIn(context, 'read', projectId, () => ({
      ...pageWindow(list),
      ...readResourceFilter(filter ?? {}),
    }));
    const page = await context.client.tags.findResources(project, resourceType, query, context.options);
    const rows = page.resources.map((resource) => ({ ...resource, resourceType }));
    return connectionOf(rows, page.totalCount, query.offset);
  }

  @Cost({ calls: 3 })
  @AuditTargets(['resourceId'])
  @Mutation(() => AddResourceTagsPayload, { description: 'Attaches tags to an endpoint or an own service.' })
  async addResourceTags(
    @Arg('input', () => AddResourceTagsInput, { description: 'Which tags.' }) input: AddResourceTagsInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<RetaggedResource> {
    const [project, { resource, tags }] = readIn(context, 'write', projectId, () => readAddTags(input));
    await checkRoom(context, project, resource, tags);
    await asWrite(context.client.tags.addTags(project, resource, tags, context.options));
    return await readRetagged(context, project, resource);
  }

  @Cost({ calls: 2 })
  @AuditTargets(['resourceId'])
  @Mutation(() => RemoveResourceTagsPayload, { description: 'Removes tags from an endpoint or an own service.' })
  async removeResourceTags(
    @Arg('input', () => RemoveResourceTagsInput, { description: 'Which tags.' }) input: RemoveResourceTagsInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<RetaggedResource> {
    const [project, { resource, tags }] = readIn(context, 'write', projectId, () => readRemoveTags(input));
    await asWrite(context.client.tags.removeTags(project, resource, tags, context.options));
    return await readRetagged(context, project, resource);
  }
}
