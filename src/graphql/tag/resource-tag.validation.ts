/** Rules on the input of the tag operations that GraphQL cannot check (docs/upstream/NOTES.md, "Lists"). Pure. */

import { withoutUndefined } from '../../shared/objects.ts';
import { MOST_TAGS, type Tag } from '../../vpcep/core/model.ts';
import type { ResourceTagQuery, TaggedResourceRef, TagRemoval, TagValues } from '../../vpcep/tag/model.ts';
import {
  InputCheck,
  idRule,
  lengthRule,
  readTags,
  TAG_KEY_MAX,
  TAG_VALUE_MAX,
  tagKeyCharacters,
  tagKeyReserved,
  tagValueCharacters,
} from '../core/input-check.ts';
import type { AddResourceTagsInput, RemoveResourceTagsInput, ResourceTagFilter } from './resource-tag.type.ts';

const MOST_KEYS = 10;
const MOST_VALUES = 10;
const SEARCHABLE = 'resource_name';
const TAG_CONDITIONS = ['tags', 'tagsAny', 'notTags', 'notTagsAny', 'sysTags'] as const;

function readResource(check: InputCheck, { resourceType, resourceId }: TaggedResourceRef): TaggedResourceRef {
  return { resourceType, resourceId: check.text('input.resourceId', resourceId, idRule) };
}

/** @throws InputError */
export function readAddTags(input: AddResourceTagsInput): {
  readonly resource: TaggedResourceRef;
  readonly tags: readonly Tag[];
} {
  const check = new InputCheck();
  const resource = readResource(check, input);
  const tags = readTags(check, 'input.tags', input.tags) ?? [];
  check.notEmpty('input.tags', tags);
  check.done();
  return { resource, tags };
}

/** Keys of system tags and of older rules may be there, so only what cannot be a key at all is refused. */
function readRemoval(check: InputCheck, path: string, tag: RemoveResourceTagsInput['tags'][number]): TagRemoval {
  const key = check.text(`${path}.key`, tag.key, lengthRule(1, TAG_KEY_MAX), tagKeyCharacters, tagKeyReserved);
  const value = check.text(`${path}.value`, tag.value, lengthRule(0, TAG_VALUE_MAX), tagValueCharacters);
  return value === undefined ? { key } : { key, value };
}

/** @throws InputError */
export function readRemoveTags(input: RemoveResourceTagsInput): {
  readonly resource: TaggedResourceRef;
  readonly tags: readonly TagRemoval[];
} {
  const check = new InputCheck();
  const resource = readResource(check, input);
  const tags = check.list('input.tags', input.tags, (path, item) => readRemoval(check, path, item));
  check.notEmpty('input.tags', tags);
  check.atMost('input.tags', tags, MOST_TAGS, 'tags');
  check.unique(
    'input.tags',
    tags.map(({ key }) => key),
    '.key',
  );
  check.done();
  return { resource, tags };
}

/** Upstream trims keys and values, so two that differ by outer spaces are the same. */
function readTagValues(check: InputCheck, path: string, tag: TagValues): TagValues {
  const key = check.text(`${path}.key`, tag.key, lengthRule(1, TAG_KEY_MAX), notBlank, tagKeyReserved);
  const values = check.texts(`${path}.values`, tag.values, lengthRule(0, TAG_VALUE_MAX));
  check.atMost(`${path}.values`, values, MOST_VALUES, 'values');
  check.unique(
    `${path}.values`,
    values.map((item) => item.trim()),
  );
  return { key, values };
}

function notBlank(key: string) {
  return key !== '' && key.trim() === '' ? { rule: 'blank', message: 'must not be blank: give a key' } : null;
}

function readCondition(
  check: InputCheck,
  path: string,
  value: readonly TagValues[] | null | undefined,
): readonly TagValues[] | undefined {
  const keys = check.list(path, value, (itemPath, item) => readTagValues(check, itemPath, item));
  check.atMost(path, keys, MOST_KEYS, 'keys');
  check.unique(
    path,
    keys?.map(({ key }) => key.trim()),
    '.key',
  );
  return keys;
}

function readResourceName(check: InputCheck, value: ResourceTagFilter['matches']): string | undefined {
  const matches = check.list('filter.matches', value, (path, match) => {
    if (match.key !== SEARCHABLE) {
      check.report(`${path}.key`, {
        rule: 'searchable',
        message: `must be ${SEARCHABLE}: nothing else can be searched`,
      });
    }
    return { key: match.key, value: check.text(`${path}.value`, match.value, lengthRule(1, TAG_VALUE_MAX)) };
  });
  check.unique(
    'filter.matches',
    matches?.map(({ key }) => key),
    '.key',
  );
  return matches?.[0]?.value;
}

/** @throws InputError */
export function readResourceFilter(filter: ResourceTagFilter): ResourceTagQuery {
  const check = new InputCheck();
  const [tags, tagsAny, notTags, notTagsAny, sysTags] = TAG_CONDITIONS.map((name) =>
    readCondition(check, `filter.${name}`, filter[name]),
  );
  const resourceName = readResourceName(check, filter.matches);
  const withoutAnyTag = filter.withoutAnyTag ?? undefined;
  for (const name of TAG_CONDITIONS) {
    if (withoutAnyTag === true && (filter[name] ?? []).length > 0) {
      const message = 'must not be given together with filter.withoutAnyTag, which would switch it off: give only one';
      check.report(`filter.${name}`, { rule: 'exclusive', message });
    }
  }
  check.done();
  return withoutUndefined({ tags, tagsAny, notTags, notTagsAny, sysTags, resourceName, withoutAnyTag });
}
