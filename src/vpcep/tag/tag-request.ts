/** Bodies of the tag calls. */

import type { Tag } from '../core/model.ts';
import type { components } from '../generated/upstream.ts';
import type { ResourceTagQuery, TaggedResourceType, TagRemoval, TagValues } from './model.ts';

type Schemas = components['schemas'];
type Search = Schemas['QueryResourceInstanceTagsBody'];

export const RESOURCE_TYPE_WORDS: Readonly<Record<TaggedResourceType, string>> = {
  ENDPOINT: 'endpoint',
  ENDPOINT_SERVICE: 'endpoint_service',
};

export function tagActionBody(action: 'create' | 'delete', tags: readonly (Tag | TagRemoval)[]): object {
  const body: Schemas['BatchAddOrRemoveResourceInstanceRequestBody'] = {
    action,
    tags: tags.map(({ key, value }) => (value === undefined ? { key } : { key, value })),
  };
  return body;
}

/** `limit` and `offset` are strings here, and must not be there when only a count is wanted. */
export function findResourcesBody(
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
