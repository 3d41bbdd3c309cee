/** Answers of the tag calls → model. The gateway's own mark is none of the owner's tags and is left out. */

import { type AnswerContext, json, malformed, type Rows, readPage, readRows } from '../core/answers.ts';
import { type JsonObject, MARK_TAG_KEY, visibleTags } from '../core/model.ts';
import { digits, isRecord, tags, text } from '../core/parse-values.ts';
import type { TaggedResource, TagValues } from './model.ts';

/** @throws UpstreamError `malformed` when the body is no JSON object. */
export function parseTagValues(body: string, context: AnswerContext): Rows<TagValues> {
  const { rows, skipped } = readRows(body, 'tags', tagValuesOf, context);
  return { rows: rows.filter(({ key }) => key !== MARK_TAG_KEY), skipped };
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
export function parseTaggedResources(body: string, context: AnswerContext) {
  return readPage(body, 'resources', taggedResourceOf, context);
}

function taggedResourceOf(row: JsonObject): TaggedResource | undefined {
  const resourceId = text(row.resource_id)?.trim();
  if (resourceId === undefined || resourceId === '') {
    return undefined;
  }
  return {
    resourceId,
    resourceName: text(row.resource_name),
    tags: visibleTags(tags(row.tags)),
    resourceDetail: isRecord(row.resource_detail) ? row.resource_detail : null,
  };
}

/** @throws UpstreamError `malformed` when there is no count. */
export function parseTotalCount(body: string, context: AnswerContext): number {
  const answer = json(body);
  const count = isRecord(answer) ? Number(digits(answer.total_count) ?? Number.NaN) : Number.NaN;
  if (!Number.isSafeInteger(count)) {
    throw malformed(context);
  }
  return count;
}
