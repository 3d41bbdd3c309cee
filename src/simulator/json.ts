/** A body before it is written; `undefined` members are left out, a bigint is written as bare digits. */
export type Json = null | undefined | boolean | number | string | bigint | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** `JSON.stringify` refuses bigint, and as a number `marker_id` would lose digits beyond 2^53. */
export function writeJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === undefined || value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  if (isList(value)) return `[${value.map(writeJson).join(',')}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${writeJson(member)}`).join(',')}}`;
}

/** Replaces the scalars and members of a body, depth first; what `change` returns is not visited again. */
export function mapMembers(value: Json, change: (key: string, member: Json) => Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map((item) => mapMembers(item, change));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, change(key, mapMembers(member, change))]),
  );
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
