/** The tag operations (schema/vpcep.openapi.yaml, tag "Tags"); upstream's words stay in this folder. */

import { type AnswerContext, jsonObject, malformed, readPage, readRows } from '../core/answers.ts';
import { type JsonObject, MARK_TAG_KEY, type Tag, visibleTags } from '../core/model.ts';
import { digits, idIn, isRecord, tags, text } from '../core/values.ts';
import type { components } from '../generated/upstream.ts';
import type { UpstreamRequest } from '../http/request.ts';
import { pathOf, type UpstreamCaller } from '../transport/caller.ts';
import type { CallOptions } from '../transport/transport.ts';
import type {
  ResourceTagQuery,
  TaggedResource,
  TaggedResourcePage,
  TaggedResourceRef,
  TaggedResourceType,
  TagRemoval,
  TagValues,
} from './model.ts';

/** Without the gateway's own mark. @throws UpstreamError `malformed` when the body is no JSON object. */
export function parseTagValues(body: string, context: AnswerContext): readonly TagValues[] {
  return readRows(body, 'tags', tagValuesOf, context).filter(({ key }) => key !== MARK_TAG_KEY);
}

function tagValuesOf(row: JsonObject): TagValues | undefined {
  const key = text(row.key);
  return key === null ? undefined : { key, values: valuesOf(row.values) };
}

/** Empty text is a value here, not the lack of one. */
function valuesOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : value == null ? [] : [value];
  return list.flatMap((item) => (item === '' ? [''] : (text(item) ?? [])));
}

/** @throws UpstreamError `malformed` when there is no list. */
export function parseTaggedResources(body: string, context: AnswerContext): TaggedResourcePage {
  const { rows: resources, totalCount } = readPage(body, 'resources', taggedResourceOf, context);
  return { resources, totalCount };
}

function taggedResourceOf(row: JsonObject): TaggedResource | undefined {
  const resourceId = idIn(row.resource_id);
  if (resourceId === undefined) return undefined;
  return {
    resourceId,
    resourceName: text(row.resource_name),
    tags: visibleTags(tags(row.tags)),
    resourceDetail: isRecord(row.resource_detail) ? row.resource_detail : null,
  };
}

/** @throws UpstreamError `malformed` when there is no count. */
export function parseTotalCount(body: string, context: AnswerContext): number {
  const count = Number(digits(jsonObject(body, context).total_count) ?? Number.NaN);
  if (!Number.isSafeInteger(count)) throw malformed(context);
  return count;
}

type Schemas = components['schemas'];
type Search = Schemas['QueryResourceInstanceTagsBody'];

const RESOURCE_TYPE_WORDS: Readonly<Record<TaggedResourceType, string>> = {
  ENDPOINT: 'endpoint',
  ENDPOINT_SERVICE: 'endpoint_service',
};

function tagActionBody(action: 'create' | 'delete', tags: readonly (Tag | TagRemoval)[]): object {
  const body: Schemas['BatchAddOrRemoveResourceInstanceRequestBody'] = {
    action,
    tags: tags.map(({ key, value }) => (value === undefined ? { key } : { key, value })),
  };
  return body;
}

/** `limit` and `offset` are strings here, and must not be there when only a count is wanted. */
function findResourcesBody(
  query: ResourceTagQuery,
  window: { readonly limit: number; readonly offset: number } | 'count',
): object {
  const body: { [K in keyof Search]?: unknown } = {
    action: window === 'count' ? 'count' : 'filter',
    ...(window === 'count' ? {} : { limit: String(window.limit), offset: String(window.offset) }),
    tags: query.tags?.map(values),
    tags_any: query.tagsAny?.map(values),
    not_tags: query.notTags?.map(values),
    not_tags_any: query.notTagsAny?.map(values),
    sys_tags: query.sysTags?.map(values),
    matches: query.resourceName === undefined ? undefined : [{ key: 'resource_name', value: query.resourceName }],
    without_any_tag: query.withoutAnyTag,
  };
  return body;
}

/** `values` must be there, if only to say "any". */
function values(tag: TagValues): Schemas['TagValuesList'] {
  return { key: tag.key, values: [...tag.values] };
}

/** Every method throws UpstreamError. */
export class TagClient {
  readonly #caller: UpstreamCaller;

  constructor(caller: UpstreamCaller) {
    this.#caller = caller;
  }

  /** BatchAddOrRemoveResourceInstance, `create`: a key that is there gets the new value. */
  addTags(projectId: string, resource: TaggedResourceRef, tags: readonly Tag[], options: CallOptions): Promise<void> {
    return this.#change(projectId, resource, tagActionBody('create', tags), options);
  }

  /** BatchAddOrRemoveResourceInstance, `delete`. */
  removeTags(
    projectId: string,
    resource: TaggedResourceRef,
    tags: readonly TagRemoval[],
    options: CallOptions,
  ): Promise<void> {
    return this.#change(projectId, resource, tagActionBody('delete', tags), options);
  }

  /** ListQueryProjectResourceTags: every key in use with its values. */
  listProjectTags(
    projectId: string,
    resourceType: TaggedResourceType,
    options: CallOptions,
  ): Promise<readonly TagValues[]> {
    const path = pathOf('v1', projectId, RESOURCE_TYPE_WORDS[resourceType], 'tags');
    const call = { operation: 'ListQueryProjectResourceTags', method: 'GET', ...path } as const;
    return this.#caller.call(call, options, parseTagValues);
  }

  /** ListResourceInstances, `filter`: one page; `limit` 1 to 1000. */
  findResources(
    projectId: string,
    resourceType: TaggedResourceType,
    query: ResourceTagQuery & { readonly limit: number; readonly offset: number },
    options: CallOptions,
  ): Promise<TaggedResourcePage> {
    const call = search(projectId, resourceType, findResourcesBody(query, query));
    return this.#caller.call(call, options, parseTaggedResources);
  }

  /** ListResourceInstances, `count`. */
  countResources(
    projectId: string,
    resourceType: TaggedResourceType,
    query: ResourceTagQuery,
    options: CallOptions,
  ): Promise<number> {
    const call = search(projectId, resourceType, findResourcesBody(query, 'count'));
    return this.#caller.call(call, options, parseTotalCount);
  }

  #change(
    projectId: string,
    { resourceType, resourceId }: TaggedResourceRef,
    body: object,
    options: CallOptions,
  ): Promise<void> {
    const path = pathOf('v1', projectId, RESOURCE_TYPE_WORDS[resourceType], resourceId, 'tags', 'action');
    const call = { operation: 'BatchAddOrRemoveResourceInstance', method: 'POST', ...path, body } as const;
    return this.#caller.call(call, options, () => {});
  }
}

function search(projectId: string, resourceType: TaggedResourceType, body: object): UpstreamRequest {
  const path = pathOf('v1', projectId, RESOURCE_TYPE_WORDS[resourceType], 'resource_instances', 'action');
  return { operation: 'ListResourceInstances', method: 'POST', ...path, body, readOnly: true };
}
