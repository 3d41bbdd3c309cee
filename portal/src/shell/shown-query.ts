/** The query behind the page that is shown, for "Open in GraphiQL". */
import { createContext, useContext, useEffect } from 'react';

export interface ShownQuery {
  readonly query: string;
  readonly variables: object;
}

export const ShownQueryContext = createContext<(shown: ShownQuery | null) => void>(() => {});

export function useShownQuery(query: string, variables: object): void {
  const show = useContext(ShownQueryContext);
  const key = JSON.stringify(variables);
  useEffect(() => {
    show({ query, variables: JSON.parse(key) as object });
    return () => show(null);
  }, [show, query, key]);
}

/** Behind the `#`, so that it is not sent to the server. */
export function graphiqlAddress(shown: ShownQuery | null): string {
  if (shown === null) return '/graphiql';
  return `/graphiql#${new URLSearchParams({ query: shown.query, variables: JSON.stringify(shown.variables, null, 2) })}`;
}
