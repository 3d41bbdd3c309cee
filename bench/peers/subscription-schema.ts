/** The eleven leaves of an event, as text. */
export const typeDefs = /* GraphQL */ `
  type EndpointStatusEvent {
    kind: String!
    endpointId: ID!
    projectId: ID!
    status: String!
    rawStatus: String!
    previousStatus: String
    version: Float!
    cursor: String!
    more: Boolean!
    settled: Boolean!
    observedAt: String!
  }
  type Query { none: String }
  type Subscription { endpointStatus(id: ID!): EndpointStatusEvent! }
`;
