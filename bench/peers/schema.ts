/** The part of our schema that the three operations need, as text and plain resolvers: the lightest form for each peer. */
import { type Endpoint, type Input, type Page, SignedCalls } from '../servers/signed-calls.ts';
import { CURSOR } from '../support/sample.ts';

export const typeDefs = /* GraphQL */ `
  enum EndpointStatus { PENDINGACCEPTANCE CREATING ACCEPTED REJECTED FAILED DELETING }
  enum ServiceType { INTERFACE GATEWAY }
  type Tag { key: String! value: String! }
  type VpcEndpoint {
    id: ID!
    status: EndpointStatus!
    serviceType: ServiceType
    ip: String
    activeStatus: [String!]
    endpointServiceId: ID
    endpointServiceName: String
    vpcId: ID
    subnetId: ID
    createdAt: String
    updatedAt: String
    tags: [Tag!]!
  }
  type VpcEndpointPage { totalCount: Int! nodes: [VpcEndpoint!]! }
  input VpcEndpointFilter { vpcId: ID }
  input CreateVpcEndpointInput { endpointServiceId: ID! vpcId: ID! subnetId: ID description: String }
  type CreateVpcEndpointPayload { statusCursor: String! endpoint: VpcEndpoint! }
  type Query {
    vpcEndpoint(id: ID!): VpcEndpoint
    vpcEndpoints(first: Int, filter: VpcEndpointFilter): VpcEndpointPage!
  }
  type Mutation { createVpcEndpoint(input: CreateVpcEndpointInput!): CreateVpcEndpointPayload! }
`;

const calls = new SignedCalls(process.argv[2] ?? '');

interface ListArguments {
  readonly first: number;
  readonly filter: { readonly vpcId: string };
}

export const resolvers = {
  Query: {
    vpcEndpoint: (_root: unknown, { id }: { readonly id: string }) =>
      new Promise<Endpoint>((resolve, reject) => calls.one(id, resolve, reject)),
    vpcEndpoints: (_root: unknown, { first, filter }: ListArguments) =>
      new Promise<Page>((resolve, reject) => calls.list(first, filter.vpcId, resolve, reject)),
  },
  Mutation: {
    createVpcEndpoint: (_root: unknown, { input }: { readonly input: Input }) =>
      new Promise<{ statusCursor: string; endpoint: Endpoint }>((resolve, reject) => {
        calls.create(input, (endpoint) => resolve({ statusCursor: CURSOR, endpoint }), reject);
      }),
  },
};
