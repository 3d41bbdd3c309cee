import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { connect, resumable } from 'vpcep-gateway/client';

export const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(resumable(connect({ url: 'ws://127.0.0.1:4000/graphql' }))),
    new HttpLink({ uri: 'http://127.0.0.1:4000/graphql' }),
  ),
});
