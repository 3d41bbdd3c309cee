import { refuse } from './api-error.ts';

/** Query parameters of one request, decoded; of a repeated one the last counts. */
export type Query = Readonly<Record<string, string>>;

interface Row {
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Tie-breaker: order of creation. */
  readonly number: number;
}

export interface Paging {
  readonly limit: number;
  readonly offset: number;
  readonly byUpdate: boolean;
  readonly descending: boolean;
}

/** Limits, defaults and sort keys: NOTES.md, "Lists" (of text and schema the schema holds). */
export function readPaging(query: Query, maxLimit = 1000): Paging {
  const limit = wholeNumber(query.limit ?? '10');
  const offset = wholeNumber(query.offset ?? '0');
  const sortKey = query.sort_key ?? 'create_at';
  const sortDir = query.sort_dir ?? 'desc';
  if (limit === null || limit < 1 || limit > maxLimit)
    return refuse('EndPoint.0006', `limit must be a number from 1 to ${maxLimit}.`);
  if (offset === null) return refuse('EndPoint.0010', 'offset must be a number from 0.');
  if (sortKey !== 'create_at' && sortKey !== 'update_at')
    refuse('EndPoint.0017', 'sort_key must be create_at or update_at.');
  if (sortDir !== 'asc' && sortDir !== 'desc') refuse('EndPoint.0018', 'sort_dir must be asc or desc.');
  return { limit, offset, byUpdate: sortKey === 'update_at', descending: sortDir === 'desc' };
}

/** Sorts by the second, as the answers show it: more than one row can have the same time. */
export function page<Item>(items: readonly Item[], paging: Paging, row: (item: Item) => Row): readonly Item[] {
  const sign = paging.descending ? -1 : 1;
  const rows = items.map((item) => {
    const { createdAt, updatedAt, number } = row(item);
    return { item, second: Math.floor((paging.byUpdate ? updatedAt : createdAt) / 1000), number };
  });
  rows.sort((a, b) => sign * (a.second - b.second || a.number - b.number));
  return rows.slice(paging.offset, paging.offset + paging.limit).map(({ item }) => item);
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

function wholeNumber(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}
