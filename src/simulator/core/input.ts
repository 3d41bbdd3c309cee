import { isIPv4 } from 'node:net';
import type { JsonObject } from '../world/json.ts';
import type { Tag } from '../world/world.ts';
import { ApiError, refuse } from './api-error.ts';
import { type Answer, ok, type Query } from './call.ts';

/** Reading of request bodies: each reader returns null for "not sent" and refuses what has the wrong shape. */

export type Body = { readonly [key: string]: unknown };

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

export function isId(text: string): boolean {
  return UUID.test(text);
}

/** IPv4 address or CIDR block (seed, Table 3, `whitelist`). */
export function isAddressOrBlock(text: string): boolean {
  const [address = '', size, ...rest] = text.split('/');
  if (rest.length > 0 || !isIPv4(address)) return false;
  return size === undefined || (/^\d{1,2}$/.test(size) && Number(size) <= 32);
}

/** A missing body is a 504 of all things (vpcep.openapi.yaml, `x-error-codes`, EndPoint.0011). */
export function bodyOf(body: unknown): Body {
  if (body === undefined) throw new ApiError(504, 'EndPoint.0011', 'The request body is empty.');
  if (!isObject(body)) return refuse('EndPoint.0002', 'The request body must be a JSON object.');
  return body;
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readText(body: Body, key: string, code: string): string | null {
  const value = body[key];
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : refuse(code, `${key} must be a string.`);
}

export function readId(
  body: Body,
  key: string,
  codes: { readonly missing: string | null; readonly malformed: string },
): string | null {
  const value = readText(body, key, codes.malformed);
  if (value === null || value === '')
    return codes.missing === null ? null : refuse(codes.missing, `${key} is required.`);
  return isId(value) ? value : refuse(codes.malformed, `${key} is not a valid ID.`);
}

/** The published sample sends `"false"` for a boolean, so both forms are taken (seed, "Example Requests"). */
export function readFlag(body: Body, key: string, code: string): boolean | null {
  const value = body[key];
  if (value === undefined || value === null) return null;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  return refuse(code, `${key} must be true or false.`);
}

export function readList(body: Body, key: string, code: string): readonly unknown[] {
  const value = body[key];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : refuse(code, `${key} must be an array.`);
}

export function readTexts(body: Body, key: string, code: string, accept: (text: string) => boolean): readonly string[] {
  return readList(body, key, code).map((item) =>
    typeof item === 'string' && accept(item) ? item : refuse(code, `${key} holds an invalid value.`),
  );
}

export function readDescription(body: Body): string | null {
  const text = readText(body, 'description', 'EndPoint.0002');
  if (text === null) return null;
  if ([...text].length > 512) refuse('EndPoint.0002', 'description has at most 512 characters.');
  if (/[<>]/.test(text)) refuse('EndPoint.0002', 'description must not contain angle brackets.');
  return text;
}

interface Row {
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Tie-breaker: order of creation. */
  readonly number: number;
}

interface Window {
  readonly limit: number;
  readonly offset: number;
}

interface Paging extends Window {
  readonly byUpdate: boolean;
  readonly descending: boolean;
}

/** Limits, defaults and sort keys: NOTES.md, "Lists" (of text and schema the schema holds). */
export function readPaging(query: Query, maxLimit = 1000): Paging {
  const window = readWindow({ limit: query.limit ?? '10', offset: query.offset ?? '0' }, maxLimit);
  const sortKey = query.sort_key ?? 'create_at';
  const sortDir = query.sort_dir ?? 'desc';
  if (sortKey !== 'create_at' && sortKey !== 'update_at')
    refuse('EndPoint.0017', 'sort_key must be create_at or update_at.');
  if (sortDir !== 'asc' && sortDir !== 'desc') refuse('EndPoint.0018', 'sort_dir must be asc or desc.');
  return { ...window, byUpdate: sortKey === 'update_at', descending: sortDir === 'desc' };
}

/** Digits as text, or as a number in a body. */
export function readWindow(sent: { readonly limit: unknown; readonly offset: unknown }, maxLimit: number): Window {
  const limit = wholeNumber(sent.limit);
  const offset = wholeNumber(sent.offset);
  if (limit === null || limit < 1 || limit > maxLimit)
    return refuse('EndPoint.0006', `limit must be a number from 1 to ${maxLimit}.`);
  if (offset === null) return refuse('EndPoint.0010', 'offset must be a number from 0.');
  return { limit, offset };
}

function wholeNumber(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** One page of `found` under `member`. Sorted by the second, as the answers show it: rows can have the same time. */
export function listAnswer<Item>(
  member: string,
  found: readonly Item[],
  paging: Paging,
  row: (item: Item) => Row,
  show: (item: Item) => JsonObject,
): Answer {
  const sign = paging.descending ? -1 : 1;
  const rows = found.map((item) => {
    const { createdAt, updatedAt, number } = row(item);
    return { item, second: Math.floor((paging.byUpdate ? updatedAt : createdAt) / 1000), number };
  });
  rows.sort((a, b) => sign * (a.second - b.second || a.number - b.number));
  const page = rows.slice(paging.offset, paging.offset + paging.limit);
  return ok({ [member]: page.map(({ item }) => show(item)), total_count: found.length });
}

/** Fuzzy on both ends and case-blind (NOTES.md, "Lists"); an absent filter lets everything through. */
export function nameFilter(query: Query): (name: string) => boolean {
  const wanted = query.endpoint_service_name;
  if (wanted === undefined) return () => true;
  if (wanted === '' || wanted.length > 128) refuse('EndPoint.1003', 'endpoint_service_name has 1 to 128 characters.');
  const folded = wanted.toLowerCase();
  return (name) => name.toLowerCase().includes(folded);
}

export function exactFilter(query: Query, key: string, code: string): (value: string) => boolean {
  const wanted = query[key];
  if (wanted === undefined) return () => true;
  if (wanted === '' || wanted.length > 64) refuse(code, `${key} has 1 to 64 characters.`);
  return (value) => value === wanted;
}

/** Rules: seed, Table 4; codes and the limit: vpcep.openapi.yaml and NOTES.md, "Rules on input". */

export const MAX_TAGS = 20;
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

interface TagAction {
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
