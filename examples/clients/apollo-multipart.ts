import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';

interface Watched {
  readonly endpointStatus: { readonly cursor: string; readonly status: string };
}

const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: new HttpLink({ uri: 'http://127.0.0.1:4000/graphql' }),
});
const query = gql`subscription ($id: ID!, $after: String) {
  endpointStatus(id: $id, after: $after) { cursor status }
}`;

export function watch(id: string, after?: string): void {
  let last = after;
  client.subscribe<Watched>({ query, variables: { id, after } }).subscribe({
    next: ({ data, error }) => {
      if (data?.endpointStatus?.cursor !== undefined) {
        last = data.endpointStatus.cursor;
        console.log(data.endpointStatus.status);
      } else if (error !== undefined) {
        setTimeout(() => watch(id, last), 1_000 * Math.random());
      }
    },
    complete: () => console.log('complete'),
  });
}
