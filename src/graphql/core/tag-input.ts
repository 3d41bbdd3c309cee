/** Tags of an input. Rules: docs/upstream/NOTES.md, "Rules on input". Pure. */
import { MOST_TAGS, type Tag } from '../../vpcep/core/model.ts';
import type { InputCheck } from './input-check.ts';
import {
  lengthRule,
  TAG_KEY_MAX,
  TAG_VALUE_MAX,
  tagKeyCharacters,
  tagKeyOuterSpaces,
  tagKeyPrefix,
  tagKeyReserved,
  tagValueCharacters,
} from './input-rules.ts';

function readTag(check: InputCheck, path: string, value: unknown): Tag {
  const tag = check.object(path, value) ?? {};
  return {
    key: check.requiredText(
      `${path}.key`,
      tag.key,
      lengthRule(1, TAG_KEY_MAX),
      tagKeyCharacters,
      tagKeyOuterSpaces,
      tagKeyPrefix,
      tagKeyReserved,
    ),
    value: check.text(`${path}.value`, tag.value, lengthRule(0, TAG_VALUE_MAX), tagValueCharacters) ?? '',
  };
}

export function readTags(check: InputCheck, path: string, value: unknown): readonly Tag[] | undefined {
  const tags = check.list(path, value, (itemPath, item) => readTag(check, itemPath, item));
  if (tags !== undefined && tags.length > MOST_TAGS) {
    check.report(path, { rule: 'count', message: `may hold at most ${MOST_TAGS} tags: it holds ${tags.length}` });
  }
  check.unique(
    path,
    tags?.map((tag) => tag.key),
    '.key',
  );
  return tags;
}
