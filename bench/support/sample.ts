/** The data and the operations that the upstreams, the servers and the load agree on. */
import { Secret } from '../../src/shared/secret.ts';

export const PROJECT_ID = '51a051a051a051a051a051a051a051a0';
export const CREDENTIAL = { kind: 'aksk', ak: 'BENCH-AK', sk: new Secret('bench-sk-not-a-secret') } as const;
export const LIST_LENGTH = 50;

/** As long as a cursor of the gateway. */
export const CURSOR = 'aaaaaaaaaaaa:1000';

/** The n-th endpoint id; all have the same length. */
export function endpointId(n: number): string {
  return `4189d3c2-8882-4871-a3c2-${n.toString(16).padStart(12, '0')}`;
}

/** An endpoint as upstream's detail answer shows it, with every member that an interface endpoint has. */
export function upstreamEndpoint(id: string, status: string, updatedAt = '2026-01-10T08:31:07Z') {
  return {
    id,
    service_type: 'interface',
    status,
    ip: '192.168.0.181',
    active_status: ['active'],
    endpoint_service_name: 'cn-north-4.orders.b2a1c6e8-43b6-4a5d-9c53-9dc9c1c1f3ab',
    marker_id: 322312312312,
    endpoint_service_id: 'b2a1c6e8-43b6-4a5d-9c53-9dc9c1c1f3ab',
    enable_dns: true,
    dns_names: [`vpcep-${id}.cn-north-4.huaweicloud.com`],
    subnet_id: '71a78a86-5b5a-4c0a-8d0d-d0d0c7a5e6f2',
    vpc_id: '84758cf5-9c62-43ae-a778-3dbd8370c0a4',
    created_at: '2026-01-10T08:29:51Z',
    updated_at: updatedAt,
    project_id: PROJECT_ID,
    tags: [
      { key: 'team', value: 'payments' },
      { key: 'stage', value: 'production' },
    ],
    whitelist: ['192.168.0.0/24'],
    enable_whitelist: true,
    description: 'Orders, read only',
    endpoint_pool_id: '51a00000-0000-4000-8000-0000000000b1',
    public_border_group: 'center',
    enable_status: 'enable',
    specification_name: 'default',
    error: [],
  };
}

/** Each request of the load has another number here, so that no server can share the calls of equal reads. */
export const ROTATING = '000000000000';

const FIELDS = `id status serviceType ip activeStatus endpointServiceId endpointServiceName vpcId subnetId createdAt
  updatedAt tags { key value }`;

export interface Operation {
  readonly name: 'create' | 'one' | 'list';
  /** The POST body, as text. */
  readonly body: string;
}

function operation(name: Operation['name'], query: string, variables: object): Operation {
  return { name, body: JSON.stringify({ operationName: name, query, variables }) };
}

/** The three operations as one server understands them. */
export type Operations = readonly [create: Operation, one: Operation, list: Operation];

const CREATE = operation(
  'create',
  `mutation create($input: CreateVpcEndpointInput!) {
    createVpcEndpoint(input: $input) { statusCursor endpoint { ${FIELDS} } }
  }`,
  {
    input: {
      endpointServiceId: 'b2a1c6e8-43b6-4a5d-9c53-9dc9c1c1f3ab',
      vpcId: '84758cf5-9c62-43ae-a778-3dbd8370c0a4',
      subnetId: '71a78a86-5b5a-4c0a-8d0d-d0d0c7a5e6f2',
      description: 'Orders, read only',
    },
  },
);

export const ONE = operation('one', `query one($id: ID!) { vpcEndpoint(id: $id) { ${FIELDS} } }`, {
  id: endpointId(0),
});

const LIST = operation(
  'list',
  `query list($first: Int, $vpcId: ID) {
    vpcEndpoints(first: $first, filter: { vpcId: $vpcId }) { totalCount nodes { ${FIELDS} } }
  }`,
  { first: LIST_LENGTH, vpcId: `84758cf5-9c62-43ae-a778-${ROTATING}` },
);

export const OPERATIONS: Operations = [CREATE, ONE, LIST];

/** The same for the schema that Hive Gateway derives from the OpenAPI description: the names of our answers as aliases. */
const RENAMED = `id status serviceType: service_type ip activeStatus: active_status endpointServiceId: endpoint_service_id
  endpointServiceName: endpoint_service_name vpcId: vpc_id subnetId: subnet_id createdAt: created_at
  updatedAt: updated_at tags { key value }`;
const PROJECT = `project_id: "${PROJECT_ID}"`;

export const OPENAPI_OPERATIONS: Operations = [
  operation(
    'create',
    `mutation create($input: CreateEndpointRequestBody_Input) {
      createVpcEndpoint: CreateEndpoint(${PROJECT}, input: $input) { ${RENAMED} }
    }`,
    {
      input: {
        endpoint_service_id: 'b2a1c6e8-43b6-4a5d-9c53-9dc9c1c1f3ab',
        vpc_id: '84758cf5-9c62-43ae-a778-3dbd8370c0a4',
        subnet_id: '71a78a86-5b5a-4c0a-8d0d-d0d0c7a5e6f2',
        description: 'Orders, read only',
      },
    },
  ),
  operation(
    'one',
    `query one($id: String!) { vpcEndpoint: ListEndpointInfoDetails(${PROJECT}, vpc_endpoint_id: $id) { ${RENAMED} } }`,
    { id: endpointId(0) },
  ),
  operation(
    'list',
    `query list($first: PositiveInt, $vpcId: String) {
      vpcEndpoints: ListEndpoints(${PROJECT}, vpc_id: $vpcId, limit: $first, offset: 0) {
        totalCount: total_count nodes: endpoints { ${RENAMED} }
      }
    }`,
    { first: LIST_LENGTH, vpcId: `84758cf5-9c62-43ae-a778-${ROTATING}` },
  ),
];
