import type { Tag } from '../world/world.ts';
import { refuse } from './api-error.ts';
import { type Body, isObject, readList } from './input.ts';

/** Rules: seed, Table 4; codes and the limit: vpcep.openapi.yaml and NOTES.md, "Rules on input". */

const MAX_TAGS = 20;
const KEY = /^(?!_sys_)(?! )[\p{L}\p{N} _.:=+\-@]*[\p{L}\p{N}_.:=+\-@]$/u;
const VALUE = /^[\p{L}\p{N} _.:/=+\-@]*$/u;

export function readTags(body: Body): readonly Tag[] {
  const tags = readList(body, 'tags', 'EndPoint.0002').map(readTag);
  if (tags.length > MAX_TAGS) refuse('EndPoint.3069', `A resource has at most ${MAX_TAGS} tags.`);
  if (new Set(tags.map((tag) => tag.key)).size < tags.length)
    refuse('EndPoint.3067', 'The same tag key was given twice.');
  return tags;
}

function readTag(item: unknown): Tag {
  if (!isObject(item) || typeof item.key !== 'string' || typeof item.value !== 'string')
    return refuse('EndPoint.3066', 'A tag needs a key and a value.');
  const { key, value } = item;
  if (key === '') refuse('EndPoint.3066', 'A tag key is empty.');
  // Lengths count characters, not UTF-16 units.
  if ([...key].length > 128) refuse('EndPoint.3072', 'A tag key has at most 128 characters.');
  if ([...value].length > 255) refuse('EndPoint.3073', 'A tag value has at most 255 characters.');
  if (!KEY.test(key) || !VALUE.test(value)) refuse('EndPoint.3068', 'A tag holds characters that are not allowed.');
  return { key, value };
}

export interface TagAction {
  readonly action: 'create' | 'delete';
  /** Without a value only in `delete`, where it means any. */
  readonly tags: readonly { readonly key: string; readonly value?: string }[];
}

/** Body of BatchAddOrRemoveResourceInstance. */
export function readTagAction(body: Body): TagAction {
  const { action } = body;
  if (action !== 'create' && action !== 'delete') return refuse('EndPoint.2027', 'action must be create or delete.');
  if (readList(body, 'tags', 'EndPoint.0002').length === 0) refuse('EndPoint.3066', 'tags is empty.');
  if (action === 'create') return { action, tags: readTags(body) };
  const tags = readList(body, 'tags', 'EndPoint.0002').map((item) => {
    if (!isObject(item) || item.value !== undefined) return readTag(item);
    return { key: readTag({ ...item, value: '' }).key };
  });
  return { action, tags };
}
