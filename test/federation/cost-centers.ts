/** A second subgraph: cost centers of endpoints, and bills that refer to endpoints and services. */
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { buildSchema, graphql } from 'graphql';

export const COST_CENTERS = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
type Query { bill(projectId: ID!, endpointIds: [ID!]!, serviceIds: [ID!]!): Bill! }
type Bill { endpoints: [VpcEndpoint]! services: [EndpointService]! pageInfo: PageInfo! }
type VpcEndpoint @key(fields: "projectId id") { projectId: ID! id: ID! costCenter: String! }
type EndpointService @key(fields: "projectId id", resolvable: false) { projectId: ID! id: ID! }
type PageInfo @shareable { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }
`;

const ENTITIES = `
scalar _Any
union _Entity = VpcEndpoint
extend type Query { _entities(representations: [_Any!]!): [_Entity]! }
`;

interface BillArguments {
  readonly projectId: string;
  readonly endpointIds: readonly string[];
  readonly serviceIds: readonly string[];
}

interface Representation {
  readonly projectId: string;
  readonly id: string;
}

const RESOLVERS = {
  bill: ({ projectId, endpointIds, serviceIds }: BillArguments) => ({
    endpoints: endpointIds.map((id) => ({ projectId, id, costCenter: `center of ${id}` })),
    services: serviceIds.map((id) => ({ projectId, id })),
    pageInfo: { hasNextPage: false, hasPreviousPage: false },
  }),
  _entities: ({ representations }: { readonly representations: readonly Representation[] }) =>
    representations.map((one) => ({ ...one, costCenter: `center of ${one.id}` })),
};

export function createCostCenters(): Server {
  const schema = buildSchema(COST_CENTERS + ENTITIES, { assumeValidSDL: true });
  return createServer((request, response) => {
    void text(request).then(async (body) => {
      const { query, variables } = JSON.parse(body) as { readonly query: string; readonly variables?: object };
      const result = await graphql({ schema, source: query, rootValue: RESOLVERS, variableValues: { ...variables } });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
    });
  });
}
