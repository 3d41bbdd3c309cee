/** The tag operations (schema/vpcep.openapi.yaml, tag "Tags"); upstream's words stay in this folder. */

import type { Tag } from '../core/model.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../http/request.ts';
import type { UpstreamCaller, UpstreamCallOptions } from '../transport/caller.ts';
import type {
  ResourceTagQuery,
  TaggedResourcePage,
  TaggedResourceRef,
  TaggedResourceType,
  TagRemoval,
  TagValues,
} from './model.ts';
import { parseTaggedResources, parseTagValues, parseTotalCount } from './tag-parse.ts';
import { findResourcesBody, RESOURCE_TYPE_WORDS, tagActionBody } from './tag-request.ts';

/** Every method throws UpstreamError. */
export class TagClient {
  readonly #caller: UpstreamCaller;

  constructor(caller: UpstreamCaller) {
    this.#caller = caller;
  }

  /** BatchAddOrRemoveResourceInstance, `create`: a key that is there gets the new value. */
  addTags(
    projectId: string,
    resource: TaggedResourceRef,
    tags: readonly Tag[],
    options: UpstreamCallOptions = {},
  ): Promise<void> {
    return this.#change(projectId, resource, tagActionBody('create', tags), options);
  }

  /** BatchAddOrRemoveResourceInstance, `delete`. */
  removeTags(
    projectId: string,
    resource: TaggedResourceRef,
    tags: readonly TagRemoval[],
    options: UpstreamCallOptions = {},
  ): Promise<void> {
    return this.#change(projectId, resource, tagActionBody('delete', tags), options);
  }

  /** ListQueryProjectResourceTags: every key in use with its values. */
  async listProjectTags(
    projectId: string,
    resourceType: TaggedResourceType,
    options: UpstreamCallOptions = {},
  ): Promise<readonly TagValues[]> {
    const segments = ['v1', projectId, RESOURCE_TYPE_WORDS[resourceType], 'tags'];
    const request = { operation: 'ListQueryProjectResourceTags', method: 'GET', projectId, segments } as const;
    const answer = await this.#caller.call(request, options);
    const { rows, skipped } = parseTagValues(answer.text, { ...answer, method: 'GET' });
    this.#caller.note(request, answer, options, skipped);
    return rows;
  }

  /** ListResourceInstances, `filter`: one page; `limit` 1 to 1000. */
  async findResources(
    projectId: string,
    resourceType: TaggedResourceType,
    query: ResourceTagQuery & { readonly limit: number; readonly offset: number },
    options: UpstreamCallOptions = {},
  ): Promise<TaggedResourcePage> {
    const [request, answer] = await this.#search(projectId, resourceType, findResourcesBody(query, query), options);
    const { rows, totalCount, skipped } = parseTaggedResources(answer.text, { ...answer, method: 'GET' });
    this.#caller.note(request, answer, options, skipped);
    return { resources: rows, totalCount };
  }

  /** ListResourceInstances, `count`. */
  async countResources(
    projectId: string,
    resourceType: TaggedResourceType,
    query: ResourceTagQuery,
    options: UpstreamCallOptions = {},
  ): Promise<number> {
    const [request, answer] = await this.#search(projectId, resourceType, findResourcesBody(query, 'count'), options);
    const count = parseTotalCount(answer.text, { ...answer, method: 'GET' });
    this.#caller.note(request, answer, options);
    return count;
  }

  async #change(
    projectId: string,
    { resourceType, resourceId }: TaggedResourceRef,
    body: object,
    options: UpstreamCallOptions,
  ): Promise<void> {
    const request = {
      operation: 'BatchAddOrRemoveResourceInstance',
      method: 'POST',
      projectId,
      segments: ['v1', projectId, RESOURCE_TYPE_WORDS[resourceType], resourceId, 'tags', 'action'],
      body: bytes(body),
    } as const;
    this.#caller.note(request, await this.#caller.call(request, options), options);
  }

  async #search(
    projectId: string,
    resourceType: TaggedResourceType,
    body: object,
    options: UpstreamCallOptions,
  ): Promise<readonly [UpstreamRequest, UpstreamAnswer]> {
    const request = {
      operation: 'ListResourceInstances',
      method: 'POST',
      projectId,
      segments: ['v1', projectId, RESOURCE_TYPE_WORDS[resourceType], 'resource_instances', 'action'],
      body: bytes(body),
      readOnly: true,
    } as const;
    return [request, await this.#caller.call(request, options)];
  }
}

function bytes(body: object): Uint8Array {
  return Buffer.from(JSON.stringify(body));
}
