import { ApiError, refuse } from '../core/api-error.ts';
import type { Answer, Call } from '../core/call.ts';
import { bodyOf } from '../core/input.ts';
import { readTagAction } from '../core/tag-rules.ts';
import type { Tag } from '../world/world.ts';
import { matchesSearch, readSearch, type Tagged } from './tag-search.ts';

/** Tags of endpoints and endpoint services (vpcep.openapi.yaml, tag "Tags"). */

/** The limit in newer documents (NOTES.md, "Rules on input"). */
const MOST_TAGS = 20;

/** `create` overwrites the value of a key that is there; `delete` takes a key alone, or only with the value that is given. */
export function changeTags(call: Call): Answer {
  const { params } = call;
  const resources = resourcesOf(call);
  const { action, tags } = readTagAction(bodyOf(call.body));
  const resource = resources.all().find(({ id }) => id === (params.resource_id ?? '').toLowerCase());
  if (resource === undefined) throw new ApiError(404, 'EndPoint.0005', 'The resource does not exist.');
  const kept = resource.tags.filter(
    (tag) =>
      !tags.some(({ key, value }) => key === tag.key && (action === 'create' || (value ?? tag.value) === tag.value)),
  );
  const added = action === 'create' ? tags.map(({ key, value }) => ({ key, value: value ?? '' })) : [];
  if (kept.length + added.length > MOST_TAGS) refuse('EndPoint.3069', `A resource has at most ${MOST_TAGS} tags.`);
  resources.tag(resource.id, [...kept, ...added]);
  return { status: 204 };
}

export function listProjectTags(call: Call): Answer {
  const values = new Map<string, Set<string>>();
  for (const { tags } of resourcesOf(call).all()) {
    for (const { key, value } of tags) values.set(key, (values.get(key) ?? new Set()).add(value));
  }
  return { status: 200, body: { tags: [...values].map(([key, found]) => ({ key, values: [...found] })) } };
}

/** `count` answers `total_count` alone. */
export function findResources(call: Call): Answer {
  const search = readSearch(bodyOf(call.body));
  const found = resourcesOf(call)
    .all()
    .filter((resource) => matchesSearch(resource, search));
  if (search.page === null) return { status: 200, body: { total_count: found.length } };
  const { offset, limit } = search.page;
  return {
    status: 200,
    body: {
      resources: found.slice(offset, offset + limit).map(({ id, name, tags }) => ({
        resource_id: id,
        resource_name: name,
        tags: tags.map(({ key, value }) => ({ key, value })),
      })),
      total_count: found.length,
    },
  };
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
