/** What GraphiQL shows at first, and the operation of a link. */
import type { GraphiQLProps } from 'graphiql';

type Tab = NonNullable<GraphiQLProps['defaultTabs']>[number];

/** Not in `variables`: GraphiQL does not show those of its first tab. */
const CREATE = `# On the simulator this service exists, and the VPC and the subnet can be any UUID.
mutation Create {
  createVpcEndpoint(input: {
    endpointServiceId: "51a00000-0000-4000-8000-000000000003"
    vpcId: "11111111-1111-4111-8111-111111111111"
    subnetId: "22222222-2222-4222-8222-222222222222"
  }) {
    statusCursor
    endpoint { id status }
  }
}
`;

const WATCH = `# Variables: the id from the answer of Create, and its statusCursor, to see every step.
subscription Watch($id: ID!, $after: String) {
  endpointStatus(id: $id, after: $after, until: SETTLED) {
    kind
    previousStatus
    status
    observedAt
    cursor
    endpoint { id ip }
  }
}
`;

const LIST = `query List {
  vpcEndpoints(first: 10) {
    totalCount
    nodes { id status endpointServiceName vpcId ip createdAt }
  }
}
`;

const ACCEPT = `# Variables: an own service that asks for approval, and the endpoints that wait for it.
mutation Accept($input: AcceptServiceConnectionInput!) {
  acceptServiceConnection(input: $input) {
    results {
      endpointId
      connection { status }
      error { code message }
    }
  }
}
`;

const json = (variables: unknown): string => JSON.stringify(variables, null, 2);

export const TABS: Tab[] = [
  { query: CREATE },
  { query: WATCH, variables: json({ id: '', after: null }) },
  { query: LIST },
  {
    query: ACCEPT,
    variables: json({ input: { endpointServiceId: '51a00000-0000-4000-8000-000000000012', endpointIds: [] } }),
  },
];

/** Of `/graphiql#query=…&variables=…`. A fragment is never sent to a server. */
export function linkedTab(fragment: string): Tab | undefined {
  const parameters = new URLSearchParams(fragment.slice(1));
  const query = parameters.get('query');
  return query === null ? undefined : { query, variables: parameters.get('variables') };
}
