import { notFound, refuse } from '../core/api-error.ts';
import { type Answer, type Call, ok } from '../core/call.ts';
import { type Body, bodyOf, isObject, MAX_TAGS, readFlag, readList, readTagAction, readWindow } from '../core/input.ts';
import type { Tag } from '../world/world.ts';

/** An endpoint or a service. */
interface Tagged {
  readonly id: string;
  /** The id when it has none. */
  readonly name: string;
  readonly tags: readonly Tag[];
}

/** Body of ListResourceInstances (vpcep.openapi.yaml, `QueryResourceInstanceTagsBody`; NOTES.md, "Lists"). */
interface TagSearch {
  readonly tags: readonly TagValues[];
  readonly tagsAny: readonly TagValues[];
  readonly notTags: readonly TagValues[];
  readonly notTagsAny: readonly TagValues[];
  readonly name: string | null;
  readonly withoutAnyTag: boolean;
  /** Null: only count. */
  readonly page: { readonly limit: number; readonly offset: number } | null;
}

/** Values are joined by OR; none means any value. */
interface TagValues {
  readonly key: string;
  readonly values: readonly string[];
}

const MOST_KEYS = 10;
const MOST_VALUES = 10;

function readSearch(body: Body): TagSearch {
  const { action } = body;
  if (action !== 'filter' && action !== 'count') refuse('EndPoint.2027', 'action must be filter or count.');
  return {
    tags: readTagValues(body, 'tags'),
    tagsAny: readTagValues(body, 'tags_any'),
    notTags: readTagValues(body, 'not_tags'),
    notTagsAny: readTagValues(body, 'not_tags_any'),
    name: readName(body),
    withoutAnyTag: readFlag(body, 'without_any_tag', 'EndPoint.0002') ?? false,
    page:
      action === 'count'
        ? readNoPage(body)
        : readWindow({ limit: body.limit ?? '1000', offset: body.offset ?? '0' }, 1000),
  };
}

/** The name is matched in any case; `without_any_tag` replaces the conditions on tags. */
function matchesSearch({ name, tags }: Tagged, search: TagSearch): boolean {
  if (search.name !== null && !matchesName(name, search.name)) return false;
  if (search.withoutAnyTag) return tags.length === 0;
  const has = ({ key, values }: TagValues): boolean =>
    tags.some((tag) => tag.key === key && (values.length === 0 || values.includes(tag.value)));
  return (
    search.tags.every(has) &&
    (search.tagsAny.length === 0 || search.tagsAny.some(has)) &&
    !search.notTags.some(has) &&
    (search.notTagsAny.length === 0 || !search.notTagsAny.every(has))
  );
}

/** An empty text matches exactly (vpcep.openapi.yaml, `Match`), and so finds nothing: the unnamed have their id as name. */
function matchesName(name: string, wanted: string): boolean {
  return wanted === '' ? name === '' : name.toLowerCase().includes(wanted.toLowerCase());
}

function readTagValues(body: Body, member: string): readonly TagValues[] {
  const list = readList(body, member, 'EndPoint.0002').map((item) => {
    if (!isObject(item) || typeof item.key !== 'string' || item.key.trim() === '')
      return refuse('EndPoint.3066', `${member} holds a tag without a key.`);
    if (!Array.isArray(item.values)) return refuse('EndPoint.3066', `${member} holds a tag without values.`);
    const values = readList(item, 'values', 'EndPoint.3066').map((value) => String(value).trim());
    if (values.length > MOST_VALUES) refuse('EndPoint.3073', `A tag has at most ${MOST_VALUES} values.`);
    if (new Set(values).size < values.length) refuse('EndPoint.3071', 'The same tag value was given twice.');
    return { key: item.key.trim(), values };
  });
  if (list.length > MOST_KEYS) refuse('EndPoint.3072', `${member} has at most ${MOST_KEYS} keys.`);
  if (new Set(list.map(({ key }) => key)).size < list.length)
    refuse('EndPoint.3067', 'The same tag key was given twice.');
  return list;
}

/** Only one field can be searched, so there is at most one search. */
function readName(body: Body): string | null {
  const [match, ...more] = readList(body, 'matches', 'EndPoint.0002');
  if (match === undefined) return null;
  if (more.length > 0 || !isObject(match) || match.key !== 'resource_name' || typeof match.value !== 'string')
    return refuse('EndPoint.0002', 'matches can only search resource_name, once.');
  return match.value;
}

function readNoPage(body: Body): null {
  if (body.limit !== undefined) refuse('EndPoint.0006', 'limit must not be sent with count.');
  if (body.offset !== undefined) refuse('EndPoint.0010', 'offset must not be sent with count.');
  return null;
}

/** `create` overwrites the value of a key that is there; `delete` takes a key alone, or only with the value that is given. */
export function changeTags(call: Call): Answer {
  const { params } = call;
  const resources = resourcesOf(call);
  const { action, tags } = readTagAction(bodyOf(call.body));
  const resource = resources.all().find(({ id }) => id === (params.resource_id ?? '').toLowerCase());
  if (resource === undefined) throw notFound('resource');
  const kept = resource.tags.filter(
    (tag) =>
      !tags.some(({ key, value }) => key === tag.key && (action === 'create' || (value ?? tag.value) === tag.value)),
  );
  const added = action === 'create' ? tags.map(({ key, value }) => ({ key, value: value ?? '' })) : [];
  if (kept.length + added.length > MAX_TAGS) refuse('EndPoint.3069', `A resource has at most ${MAX_TAGS} tags.`);
  resources.tag(resource.id, [...kept, ...added]);
  return { status: 204 };
}

export function listProjectTags(call: Call): Answer {
  const values = new Map<string, Set<string>>();
  for (const { tags } of resourcesOf(call).all()) {
    for (const { key, value } of tags) values.set(key, (values.get(key) ?? new Set()).add(value));
  }
  return ok({ tags: [...values].map(([key, found]) => ({ key, values: [...found] })) });
}

/** `count` answers `total_count` alone. */
export function findResources(call: Call): Answer {
  const search = readSearch(bodyOf(call.body));
  const found = resourcesOf(call)
    .all()
    .filter((resource) => matchesSearch(resource, search));
  if (search.page === null) return ok({ total_count: found.length });
  const { offset, limit } = search.page;
  return ok({
    resources: found.slice(offset, offset + limit).map(({ id, name, tags }) => ({
      resource_id: id,
      resource_name: name,
      tags: tags.map(({ key, value }) => ({ key, value })),
    })),
    total_count: found.length,
  });
}

interface Resources {
  all(): readonly Tagged[];
  tag(id: string, tags: readonly Tag[]): unknown;
}

function resourcesOf({ world, projectId, params }: Call): Resources {
  switch (params.resource_type ?? '') {
    case 'endpoint':
      return {
        all: () =>
          world
            .endpoints((endpoint) => endpoint.projectId === projectId)
            .map(({ id, tags }) => ({ id, name: id, tags })),
        tag: (id, tags) => world.edit(id, { tags }),
      };
    case 'endpoint_service':
      return {
        all: () =>
          world
            .services()
            .filter((service) => service.ownerProjectId === projectId)
            .map(({ id, name, tags }) => ({ id, name: name === '' ? id : name, tags })),
        tag: (id, tags) => world.register.change(id, { tags }),
      };
    default:
      return refuse('EndPoint.3070', 'The resource type must be endpoint or endpoint_service.');
  }
}
