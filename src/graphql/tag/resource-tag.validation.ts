/** Input of the tag operations, checked before anything is sent upstream (docs/upstream/NOTES.md, "Lists"). Pure. */

import { withoutUndefined } from '../../shared/objects.ts';
import { MOST_TAGS, type Tag } from '../../vpcep/core/model.ts';
import {
  type ResourceTagQuery,
  type TaggedResourceRef,
  TaggedResourceType,
  type TagRemoval,
  type TagValues,
} from '../../vpcep/tag/model.ts';
import {
  InputCheck,
  idRule,
  lengthRule,
  TAG_KEY_MAX,
  TAG_VALUE_MAX,
  tagKeyCharacters,
  tagKeyReserved,
  tagValueCharacters,
} from '../core/input-check.ts';
import { readTags } from '../core/tag.ts';

const MOST_KEYS = 10;
const MOST_VALUES = 10;
const SEARCHABLE = 'resource_name';
const TAG_CONDITIONS = ['tags', 'tagsAny', 'notTags', 'notTagsAny', 'sysTags'] as const;

function readResource(check: InputCheck, input: Readonly<Record<string, unknown>>): TaggedResourceRef {
  const resourceType = Object.values(TaggedResourceType).find((word) => word === input.resourceType);
  if (resourceType === undefined) {
    check.report('input.resourceType', { rule: 'required', message: 'must be ENDPOINT or ENDPOINT_SERVICE' });
  }
  const resourceId = check.requiredText('input.resourceId', input.resourceId, idRule);
  return { resourceType: resourceType ?? TaggedResourceType.ENDPOINT, resourceId };
}

/** @throws InputError */
export function readAddTags(value: unknown): { readonly resource: TaggedResourceRef; readonly tags: readonly Tag[] } {
  const check = new InputCheck();
  const input = check.object('input', value) ?? {};
  const resource = readResource(check, input);
  const tags = readTags(check, 'input.tags', input.tags ?? []);
  check.notEmpty('input.tags', tags);
  check.done();
  return { resource, tags: tags ?? [] };
}

/** Keys of system tags and of older rules may be there, so only what cannot be a key at all is refused. */
function readRemoval(check: InputCheck, path: string, value: unknown): TagRemoval {
  const tag = check.object(path, value) ?? {};
  const key = check.requiredText(`${path}.key`, tag.key, lengthRule(1, TAG_KEY_MAX), tagKeyCharacters, tagKeyReserved);
  const of = check.text(`${path}.value`, tag.value, lengthRule(0, TAG_VALUE_MAX), tagValueCharacters);
  return of === undefined ? { key } : { key, value: of };
}

/** @throws InputError */
export function readRemoveTags(value: unknown): {
  readonly resource: TaggedResourceRef;
  readonly tags: readonly TagRemoval[];
} {
  const check = new InputCheck();
  const input = check.object('input', value) ?? {};
  const resource = readResource(check, input);
  const tags = check.list('input.tags', input.tags, (path, item) => readRemoval(check, path, item)) ?? [];
  check.notEmpty('input.tags', tags);
  if (tags.length > MOST_TAGS) {
    const message = `may hold at most ${MOST_TAGS} tags: it holds ${tags.length}`;
    check.report('input.tags', { rule: 'count', message });
  }
  check.unique(
    'input.tags',
    tags.map(({ key }) => key),
    '.key',
  );
  check.done();
  return { resource, tags };
}

/** Upstream trims keys and values, so two that differ by outer spaces are the same. */
function readTagValues(check: InputCheck, path: string, value: unknown): TagValues {
  const tag = check.object(path, value) ?? {};
  const key = check.requiredText(`${path}.key`, tag.key, lengthRule(1, TAG_KEY_MAX), notBlank, tagKeyReserved);
  const values = check.list(`${path}.values`, tag.values, (itemPath, item) =>
    check.requiredText(itemPath, item, lengthRule(0, TAG_VALUE_MAX)),
  );
  if (values !== undefined && values.length > MOST_VALUES) {
    const message = `may hold at most ${MOST_VALUES} values: it holds ${values.length}`;
    check.report(`${path}.values`, { rule: 'count', message });
  }
  check.unique(
    `${path}.values`,
    values?.map((item) => item.trim()),
  );
  return { key, values: values ?? [] };
}

function notBlank(key: string) {
  return key !== '' && key.trim() === '' ? { rule: 'blank', message: 'must not be blank: give a key' } : null;
}

function readCondition(check: InputCheck, path: string, value: unknown): readonly TagValues[] | undefined {
  const keys = check.list(path, value, (itemPath, item) => readTagValues(check, itemPath, item));
  if (keys !== undefined && keys.length > MOST_KEYS) {
    check.report(path, { rule: 'count', message: `may hold at most ${MOST_KEYS} keys: it holds ${keys.length}` });
  }
  check.unique(
    path,
    keys?.map(({ key }) => key.trim()),
    '.key',
  );
  return keys;
}

function readResourceName(check: InputCheck, value: unknown): string | undefined {
  const matches = check.list('filter.matches', value, (path, item) => {
    const match = check.object(path, item) ?? {};
    const key = check.requiredText(`${path}.key`, match.key);
    if (key !== SEARCHABLE) {
      check.report(`${path}.key`, {
        rule: 'searchable',
        message: `must be ${SEARCHABLE}: nothing else can be searched`,
      });
    }
    return { key, value: check.requiredText(`${path}.value`, match.value, lengthRule(1, TAG_VALUE_MAX)) };
  });
  check.unique(
    'filter.matches',
    matches?.map(({ key }) => key),
    '.key',
  );
  return matches?.[0]?.value;
}

/** @throws InputError */
export function readResourceFilter(value: unknown): ResourceTagQuery {
  const check = new InputCheck();
  const filter = check.object('filter', value) ?? {};
  const [tags, tagsAny, notTags, notTagsAny, sysTags] = TAG_CONDITIONS.map((name) =>
    readCondition(check, `filter.${name}`, filter[name]),
  );
  const resourceName = readResourceName(check, filter.matches);
  const withoutAnyTag = check.flag('filter.withoutAnyTag', filter.withoutAnyTag);
  for (const name of TAG_CONDITIONS) {
    if (withoutAnyTag === true && Array.isArray(filter[name]) && filter[name].length > 0) {
      const message = 'must not be given together with filter.withoutAnyTag, which would switch it off: give only one';
      check.report(`filter.${name}`, { rule: 'exclusive', message });
    }
  }
  check.done();
  return withoutUndefined({ tags, tagsAny, notTags, notTagsAny, sysTags, resourceName, withoutAnyTag });
}
