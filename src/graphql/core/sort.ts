import { SortDirection, SortField } from './enums.ts';
import type { SortInput } from './page.type.ts';

/** Upstream's words: its keys lack the d, and newest first is its default (docs/upstream/NOTES.md, "Lists"). */
export function sortOf(orderBy: SortInput | undefined): {
  readonly sortKey: 'create_at' | 'update_at';
  readonly sortDir: 'asc' | 'desc';
} {
  return {
    sortKey: orderBy?.field === SortField.UPDATED_AT ? 'update_at' : 'create_at',
    sortDir: orderBy?.direction === SortDirection.ASC ? 'asc' : 'desc',
  };
}
