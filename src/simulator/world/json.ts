/** A body before it is written; `undefined` members are left out, a bigint is written as bare digits. */
export type Json = null | undefined | boolean | number | string | bigint | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** `JSON.stringify` refuses bigint, and as a number `marker_id` would lose digits beyond 2^53. */
export function writeJson(value: Json): string {
  // The slow way costs several times as much, and most answers do not need it.
  return holdsBigInt(value) ? writeSlowly(value) : JSON.stringify(value ?? null);
}

/** A number where that keeps every digit. */
export function wholeNumber(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function holdsBigInt(value: Json): boolean {
  if (value === null || typeof value !== 'object') return typeof value === 'bigint';
  if (isList(value)) return value.some(holdsBigInt);
  for (const key in value) if (holdsBigInt(value[key])) return true;
  return false;
}

function writeSlowly(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === undefined || value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  if (isList(value)) return `[${value.map(writeSlowly).join(',')}]`;
  let text = '';
  for (const key in value) {
    const member = value[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${writeSlowly(member)}`;
  }
  return `{${text}}`;
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
