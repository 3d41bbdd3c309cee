import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { type TaggedResource, TaggedResourceType, type TagValues } from '../../vpcep/tag/model.ts';
import { checkIds } from '../core/arguments.ts';
import type { GatewayContext } from '../core/context.ts';
import { AFTER, type Connection, connectionOf, DEFAULT_PAGE, pageWindow } from '../core/pagination.ts';
import { PROJECT } from '../core/project-argument.ts';
import { readOptions } from '../core/read-options.ts';
import { asWrite } from '../core/write-outcome.ts';
import { readAddTags, readRemoveTags, readResourceFilter } from './resource-tag.validation.ts';
import {
  AddResourceTagsInput,
  AddResourceTagsPayload,
  RemoveResourceTagsInput,
  RemoveResourceTagsPayload,
  ResourceTagFilter,
} from './resource-tag-input.type.ts';
import { checkRoom, type RetaggedResource, readRetagged } from './resource-tags.ts';
import { TaggedResourceConnectionType, TagValuesType } from './tagged-resource.type.ts';

@Resolver()
export class ResourceTagResolver {
  @Query(() => [TagValuesType], { description: 'Every tag key that is in use in a project, with its values.' })
  async projectTags(
    @Arg('resourceType', () => TaggedResourceType, { description: 'On which kind of resource.' })
    resourceType: TaggedResourceType,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<readonly TagValues[]> {
    checkIds({ projectId });
    const project = context.projects.resolve(projectId, 'read');
    return await context.client.tags.listProjectTags(project, resourceType, readOptions(context));
  }

  @Query(() => TaggedResourceConnectionType, { description: 'Endpoints or own services, found by their tags.' })
  async resourcesByTags(
    @Arg('resourceType', () => TaggedResourceType, { description: 'Which kind of resource.' })
    resourceType: TaggedResourceType,
    @Arg('filter', () => ResourceTagFilter, { description: 'Which resources; an empty filter finds all.' })
    filter: ResourceTagFilter,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE, description: 'Rows per page, 1 to 100.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: AFTER })
    after: string | undefined,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<TaggedResource & { readonly resourceType: TaggedResourceType }>> {
    checkIds({ projectId });
    const window = pageWindow({ first, after });
    const query = { ...readResourceFilter(filter), ...window };
    const project = context.projects.resolve(projectId, 'read');
    const page = await context.client.tags.findResources(project, resourceType, query, readOptions(context));
    const rows = page.resources.map((resource) => ({ ...resource, resourceType }));
    return connectionOf(rows, page.totalCount, window.offset);
  }

  @Mutation(() => AddResourceTagsPayload, { description: 'Attaches tags to an endpoint or an own service.' })
  async addResourceTags(
    @Arg('input', () => AddResourceTagsInput, { description: 'Which tags.' }) input: AddResourceTagsInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<RetaggedResource> {
    checkIds({ projectId });
    const { resource, tags } = readAddTags(input);
    const project = context.projects.resolve(projectId, 'write');
    await checkRoom(context, project, resource, tags);
    await asWrite(context.client.tags.addTags(project, resource, tags));
    return await readRetagged(context, project, resource);
  }

  @Mutation(() => RemoveResourceTagsPayload, { description: 'Removes tags from an endpoint or an own service.' })
  async removeResourceTags(
    @Arg('input', () => RemoveResourceTagsInput, { description: 'Which tags.' }) input: RemoveResourceTagsInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<RetaggedResource> {
    checkIds({ projectId });
    const { resource, tags } = readRemoveTags(input);
    const project = context.projects.resolve(projectId, 'write');
    await asWrite(context.client.tags.removeTags(project, resource, tags));
    return await readRetagged(context, project, resource);
  }
}
