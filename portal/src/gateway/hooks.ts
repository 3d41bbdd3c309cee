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

interface ReadPage<Row> {
  readonly rows: readonly Row[];
  readonly error: CombinedError | undefined;
}

export interface Pages<Row> {
  readonly rows: readonly Row[];
  /** True until the last page has been read. */
  readonly loading: boolean;
  readonly error: CombinedError | undefined;
  again(): void;
}

const SETTLE_MS = 500;
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
  const [pages, setPages] = useState<readonly ReadPage<Row>[]>([]);
  const [loading, setLoading] = useState(true);
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
      const { unsubscribe } = source.subscribe(({ data, error, stale }) => {
        const page = data && pageOf(data);
        const { hasNextPage, endCursor } = page?.pageInfo ?? { hasNextPage: true, endCursor: null };
        setPages((before) => [
          ...before.slice(0, index),
          { rows: page ? page.edges.map(({ node }) => node) : (before[index]?.rows ?? []), error },
          ...(hasNextPage ? before.slice(index + 1) : []),
        ]);
        if (!page) {
          if (!stale) setLoading(false);
        } else if (!hasNextPage) {
          stopFrom(index + 1);
          if (!stale) setLoading(false);
        } else if (cursors[index + 1] !== endCursor) {
          stopFrom(index + 1);
          read(index + 1, endCursor);
        }
      });
      stops[index] = unsubscribe;
    };
    setLoading(true);
    read(0, null);
    return () => stopFrom(0);
  }, [client, query, key, pageOf, reads]);

  return {
    rows: useMemo(() => pages.flatMap(({ rows }) => rows), [pages]),
    loading,
    error: pages.find(({ error }) => error !== undefined)?.error,
    again: useCallback(() => setReads((count) => count + 1), []),
  };
}

/** The only field of a subscription. */
function eventIn<Event>(data: object): Event | null {
  return (Object.entries(data).find(([field]) => field !== '__typename')?.[1] ?? null) as Event | null;
}

/** All events of one resource, oldest first. */
export function useEvents<
  Data extends { readonly [field: string]: { readonly cursor: string } },
  Variables extends AnyVariables,
>(query: TypedDocument<Data, Variables>, variables: Variables) {
  type Event = Data[keyof Data];
  const client = useClient();
  const [events, setEvents] = useState<readonly Event[]>([]);
  const [error, setError] = useState<CombinedError>();
  const key = JSON.stringify(variables);
  useEffect(
    () =>
      client
        .subscription<Data, Variables>(query as string, JSON.parse(key) as Variables)
        .subscribe(({ data, error: problem }) => {
          setError(problem);
          const event = data && eventIn<Event>(data);
          // The last result comes again when the feed completes.
          if (event) setEvents((before) => (before.at(-1)?.cursor === event.cursor ? before : [...before, event]));
        }).unsubscribe,
    [client, query, key],
  );
  return { events, error };
}

/**
 * Follows a feed of many resources. Events update the cache by themselves; this tells which resources exist. Give the component
 * another `key` for other variables.
 * @param idOf must be the same function in every rendering, and `heard` as well.
 */
export function useLiveSet<
  Event extends SetEvent,
  Data extends { readonly [field: string]: Event | null },
  Variables extends AnyVariables,
>(
  query: TypedDocument<Data, Variables>,
  variables: Variables,
  idOf: (event: Event) => string,
  heard?: (event: Event | null) => void,
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
      const event = eventIn<Event>(data);
      heard?.(event);
      current = applyEvent(current, event === null ? '' : idOf(event), event);
      setSet(current);
    }).unsubscribe;
  }, [client, query, key, idOf, heard, attempts]);
  return { set, error, again: useCallback(() => setAttempts((count) => count + 1), []) };
}

/** From the first that lists what is new: a list can lag behind its feed, and a read can fail. */
const DELAYS_MS = [300, 2_000, 5_000];
const LONGEST_DELAY_MS = 15_000;

/**
 * The rows that exist by the feed; the list is read again as long as it lacks one that the feed names.
 * @param idOf must be the same function in every rendering.
 */
export function useLiveRows<Row>(
  { rows, loading, again }: Pages<Row>,
  { ids }: LiveSet,
  idOf: (row: Row) => string,
): readonly Row[] {
  const missing = useMemo(() => {
    const listed = new Set(rows.map(idOf));
    return [...(ids ?? [])].filter((id) => !listed.has(id)).join();
  }, [rows, ids, idOf]);
  const latest = useRef(missing);
  latest.current = missing;
  const asked = useRef({ missing, times: 0 });
  const lacksOne = missing !== '';
  useEffect(() => {
    if (loading || !lacksOne) return;
    const { times } = asked.current.missing === latest.current ? asked.current : { times: 0 };
    const timer = setTimeout(() => {
      asked.current = { missing: latest.current, times: times + 1 };
      again();
    }, DELAYS_MS[times] ?? LONGEST_DELAY_MS);
    return () => clearTimeout(timer);
  }, [loading, lacksOne, again]);
  return useMemo(() => (ids === null ? rows : rows.filter((row) => ids.has(idOf(row)))), [rows, ids, idOf]);
}

/** Reads again a moment after `what` has changed, and once for many changes. */
export function useAgainAfter(what: unknown, again: () => void): void {
  const seen = useRef(what);
  useEffect(() => {
    if (seen.current === what) return;
    const timer = setTimeout(() => {
      seen.current = what;
      again();
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [what, again]);
}

export function useLive(live: LiveState) {
  return useSyncExternalStore(live.subscribe, live.snapshot);
}
