/** Reads, writes and feeds, typed by the documents of `vpcep-gateway/documents`. */
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { type AnyVariables, type CombinedError, useClient, useMutation, useQuery } from 'urql';
import type { TypedDocument } from 'vpcep-gateway/documents';
import type { LiveState } from './live.ts';
import { applyEvent, type LiveSet, type SetEvent, UNKNOWN_SET } from './live-set.ts';

export function useRead<Data, Variables extends AnyVariables>(
  query: TypedDocument<Data, Variables>,
  variables: Variables,
  pause = false,
) {
  const [{ data, error, fetching }, read] = useQuery<Data, Variables>({
    query,
    variables,
    pause,
    requestPolicy: 'cache-and-network',
  } as Parameters<typeof useQuery<Data, Variables>>[0]);
  const again = useCallback(() => read({ requestPolicy: 'network-only' }), [read]);
  return { data, error, fetching, again };
}

/** Resolves to the answer, also when it holds errors. */
export function useWrite<Data, Variables extends AnyVariables>(mutation: TypedDocument<Data, Variables>) {
  const [{ fetching }, run] = useMutation<Data, Variables>(mutation as string);
  return { fetching, run };
}

interface Page<Row> {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly { readonly node: Row }[];
}

export interface Pages<Row> {
  readonly rows: readonly Row[];
  /** True until the last page has been read for the first time. */
  readonly loading: boolean;
  readonly error: CombinedError | undefined;
  again(): void;
}

/** The most that the gateway gives in one page. */
const PAGE = 100;

/**
 * Every row of a list, page after page, and each again when the cache changes. Give the component another `key` for other variables.
 * @param pageOf must be the same function in every rendering.
 */
export function usePages<Row, Data, Variables extends AnyVariables>(
  query: TypedDocument<Data, Variables>,
  variables: Variables,
  pageOf: (data: Data) => Page<Row> | null | undefined,
): Pages<Row> {
  const client = useClient();
  const [reads, setReads] = useState(0);
  const [pages, setPages] = useState<readonly (readonly Row[])[]>([]);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<CombinedError>();
  const key = JSON.stringify(variables);

  useEffect(() => {
    const stops: (() => void)[] = [];
    const cursors: (string | null)[] = [];
    const given = JSON.parse(key) as Variables;
    const stopFrom = (index: number) => {
      for (const stop of stops.splice(index)) stop();
      cursors.length = index;
    };
    const read = (index: number, after: string | null) => {
      cursors[index] = after;
      const source = client.query<Data, Variables>(query as string, { ...given, first: PAGE, after } as Variables, {
        requestPolicy: reads === 0 ? 'cache-and-network' : 'network-only',
      });
      const { unsubscribe } = source.subscribe((result) => {
        const page = result.data && pageOf(result.data);
        setError(result.error);
        if (!page) {
          if (!result.stale) setLoading(false);
          return;
        }
        const rows = page.edges.map(({ node }) => node);
        const { hasNextPage, endCursor } = page.pageInfo;
        setPages((before) => [...before.slice(0, index), rows, ...(hasNextPage ? before.slice(index + 1) : [])]);
        if (!hasNextPage) {
          stopFrom(index + 1);
          setLoading(false);
        } else if (cursors[index + 1] !== endCursor) {
          stopFrom(index + 1);
          read(index + 1, endCursor);
        }
      });
      stops[index] = unsubscribe;
    };
    read(0, null);
    return () => stopFrom(0);
  }, [client, query, key, pageOf, reads]);

  return {
    rows: useMemo(() => pages.flat(), [pages]),
    loading,
    error,
    again: useCallback(() => setReads((count) => count + 1), []),
  };
}

/**
 * Follows a feed of many resources. Events update the cache by themselves; this tells which resources exist. Give the component
 * another `key` for other variables.
 * @param idOf must be the same function in every rendering.
 */
export function useLiveSet<
  Event extends SetEvent,
  Data extends { readonly [field: string]: Event | null },
  Variables extends AnyVariables,
>(
  live: LiveState,
  query: TypedDocument<Data, Variables>,
  variables: Variables,
  idOf: (event: Event) => string,
): { readonly set: LiveSet; readonly error: CombinedError | undefined; again(): void } {
  const client = useClient();
  const [set, setSet] = useState(UNKNOWN_SET);
  const [attempts, setAttempts] = useState(0);
  const [error, setError] = useState<CombinedError>();
  const key = JSON.stringify(variables);
  // Not `useSubscription`: its result is for the next rendering, and here every event counts.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt subscribes anew
  useEffect(() => {
    let current = UNKNOWN_SET;
    const source = client.subscription<Data, Variables>(query as string, JSON.parse(key) as Variables);
    return source.subscribe(({ data, error: problem }) => {
      setError(problem);
      if (data === undefined) return;
      live.connected();
      const event = (Object.entries(data).find(([field]) => field !== '__typename')?.[1] ?? null) as Event | null;
      if (event?.kind === 'RESYNC') live.resynchronised();
      current = applyEvent(current, event === null ? '' : idOf(event), event);
      setSet(current);
    }).unsubscribe;
  }, [client, query, key, live, idOf, attempts]);
  return { set, error, again: useCallback(() => setAttempts((count) => count + 1), []) };
}

/**
 * The rows that exist by the feed; the list is read again when the feed names one that it lacks.
 * @param idOf must be the same function in every rendering.
 */
export function useLiveRows<Row>(
  { rows, loading, again }: Pages<Row>,
  { ids }: LiveSet,
  idOf: (row: Row) => string,
): readonly Row[] {
  const asked = useRef(new Set<string>());
  useEffect(() => {
    if (ids === null || loading) return;
    const listed = new Set(rows.map(idOf));
    const missing = [...ids].filter((id) => !listed.has(id) && !asked.current.has(id));
    if (missing.length === 0) return;
    for (const id of missing) asked.current.add(id);
    again();
  }, [rows, loading, ids, again, idOf]);
  return useMemo(() => (ids === null ? rows : rows.filter((row) => ids.has(idOf(row)))), [rows, ids, idOf]);
}

export function useLive(live: LiveState) {
  return useSyncExternalStore(live.subscribe, live.snapshot);
}
