import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache, type TypedDocumentNode } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { connect, resumable } from 'vpcep-gateway/client';
import { possibleTypes, type TypedDocument } from 'vpcep-gateway/documents';

// Browsers and Node.js 22 have a WebSocket of their own, Node.js 20 takes that of ws.
const webSocketImpl = 'WebSocket' in globalThis ? globalThis.WebSocket : (await import('ws')).WebSocket;
export const client = new ApolloClient({
  cache: new InMemoryCache({ possibleTypes }),
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(resumable(connect({ url: 'ws://127.0.0.1:4000/graphql', webSocketImpl }))),
    new HttpLink({ uri: 'http://127.0.0.1:4000/graphql' }),
  ),
});

/** For `vpcep-gateway/documents`: Apollo takes parsed documents only. */
export function parsed<Data, Variables>(document: TypedDocument<Data, Variables>): TypedDocumentNode<Data, Variables> {
  return gql(document);
}
