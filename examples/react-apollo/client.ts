import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache, type TypedDocumentNode } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { connect, resumable } from 'vpcep-gateway/client';
import * as api from 'vpcep-gateway/documents';

const url = 'http://127.0.0.1:4000/graphql';

/** After a lost connection its subscriptions continue behind their last event. */
export const socket = resumable(connect({ url }));

export const client = new ApolloClient({
  cache: new InMemoryCache({ possibleTypes: api.possibleTypes }),
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    new HttpLink({ uri: url }),
  ),
});

/** Apollo Client takes parsed documents only. */
function parsed<Data, Variables>(text: api.TypedDocument<Data, Variables>): TypedDocumentNode<Data, Variables> {
  return gql(text);
}

export const CREATE = parsed(api.CreateVpcEndpointDocument);
export const LIST = parsed(api.VpcEndpointsDocument);
export const STATUS = parsed(api.EndpointStatusDocument);
export const PROJECT_STATUS = parsed(api.ProjectEndpointStatusDocument);
