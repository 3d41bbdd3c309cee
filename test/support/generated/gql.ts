/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "mutation AcceptServiceConnection($input: AcceptServiceConnectionInput!, $projectId: ID) {\n  acceptServiceConnection(input: $input, projectId: $projectId) {\n    statusCursor\n    results {\n      endpointId\n      connection {\n        ...ConnectedEndpointFields\n      }\n      error {\n        code\n        message\n        retryable\n      }\n    }\n  }\n}": typeof types.AcceptServiceConnectionDocument,
    "mutation AddEndpointServiceServerResources($input: AddEndpointServiceServerResourcesInput!, $projectId: ID) {\n  addEndpointServiceServerResources(input: $input, projectId: $projectId) {\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}": typeof types.AddEndpointServiceServerResourcesDocument,
    "mutation AddResourceTags($input: AddResourceTagsInput!, $projectId: ID) {\n  addResourceTags(input: $input, projectId: $projectId) {\n    tags {\n      key\n      value\n    }\n    endpoint {\n      id\n      tags {\n        key\n        value\n      }\n    }\n    service {\n      id\n      tags {\n        key\n        value\n      }\n    }\n  }\n}": typeof types.AddResourceTagsDocument,
    "mutation AddServicePermissions($input: AddServicePermissionsInput!, $projectId: ID) {\n  addServicePermissions(input: $input, projectId: $projectId) {\n    permissions {\n      ...ServicePermissionFields\n    }\n    failures {\n      permission\n      error {\n        code\n        message\n        retryable\n      }\n    }\n  }\n}": typeof types.AddServicePermissionsDocument,
    "query ApiVersion($id: ID!, $projectId: ID) {\n  apiVersion(id: $id, projectId: $projectId) {\n    ...ApiVersionFields\n  }\n}": typeof types.ApiVersionDocument,
    "fragment ApiVersionFields on ApiVersion {\n  id\n  status\n  rawStatus\n  updated\n  version\n  minVersion\n  links {\n    href\n    type\n    rel\n  }\n}": typeof types.ApiVersionFieldsFragmentDoc,
    "query ApiVersions($projectId: ID) {\n  apiVersions(projectId: $projectId) {\n    ...ApiVersionFields\n  }\n}": typeof types.ApiVersionsDocument,
    "fragment ConnectedEndpointFields on ConnectedEndpoint {\n  endpointId\n  endpoint {\n    id\n    projectId\n    rawStatus\n    description\n  }\n  status\n  rawStatus\n  markerId\n  domainId\n  description\n  createdAt\n  updatedAt\n  faults {\n    code\n    message\n  }\n}": typeof types.ConnectedEndpointFieldsFragmentDoc,
    "query ConnectedEndpoints($id: ID!, $projectId: ID, $filter: ConnectedEndpointFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {\n  endpointService(id: $id, projectId: $projectId) {\n    id\n    connections(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n      edges {\n        cursor\n        node {\n          ...ConnectedEndpointFields\n        }\n      }\n    }\n  }\n}": typeof types.ConnectedEndpointsDocument,
    "mutation CreateEndpointService($input: CreateEndpointServiceInput!, $projectId: ID) {\n  createEndpointService(input: $input, projectId: $projectId) {\n    statusCursor\n    replayed\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}": typeof types.CreateEndpointServiceDocument,
    "mutation CreateVpcEndpoint($input: CreateVpcEndpointInput!, $projectId: ID) {\n  createVpcEndpoint(input: $input, projectId: $projectId) {\n    statusCursor\n    replayed\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}": typeof types.CreateVpcEndpointDocument,
    "mutation DeleteEndpointService($input: DeleteEndpointServiceInput!, $projectId: ID) {\n  deleteEndpointService(input: $input, projectId: $projectId) {\n    statusCursor\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}": typeof types.DeleteEndpointServiceDocument,
    "mutation DeleteVpcEndpoint($input: DeleteVpcEndpointInput!, $projectId: ID) {\n  deleteVpcEndpoint(input: $input, projectId: $projectId) {\n    statusCursor\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}": typeof types.DeleteVpcEndpointDocument,
    "mutation DeleteVpcEndpointPolicy($input: DeleteVpcEndpointPolicyInput!, $projectId: ID) {\n  deleteVpcEndpointPolicy(input: $input, projectId: $projectId) {\n    statusCursor\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}": typeof types.DeleteVpcEndpointPolicyDocument,
    "query DescribeEndpointService($by: EndpointServiceRefInput!, $projectId: ID) {\n  describeEndpointService(by: $by, projectId: $projectId) {\n    ...ServiceSummaryFields\n    publicBorderGroup\n  }\n}": typeof types.DescribeEndpointServiceDocument,
    "query EndpointService($id: ID!, $projectId: ID) {\n  endpointService(id: $id, projectId: $projectId) {\n    ...EndpointServiceFields\n  }\n}": typeof types.EndpointServiceDocument,
    "fragment EndpointServiceFields on EndpointService {\n  ...ServiceSummaryFields\n  status\n  rawStatus\n  serverType\n  rawServerType\n  projectId\n  vpcId\n  portId\n  vipPortId\n  ip\n  ipVersion\n  rawIpVersion\n  snatNetworkId\n  poolId\n  cidrType\n  rawCidrType\n  approvalEnabled\n  ports {\n    clientPort\n    serverPort\n    protocol\n  }\n  tcpProxy\n  rawTcpProxy\n  supportedEditions\n  tags {\n    key\n    value\n  }\n  description\n  updatedAt\n  faults {\n    code\n    message\n  }\n}": typeof types.EndpointServiceFieldsFragmentDoc,
    "subscription EndpointServiceStatus($id: ID!, $projectId: ID, $after: String, $until: StatusUntil = DELETED) {\n  endpointServiceStatus(\n    id: $id\n    projectId: $projectId\n    after: $after\n    until: $until\n  ) {\n    ...EndpointServiceStatusEventFields\n  }\n}": typeof types.EndpointServiceStatusDocument,
    "fragment EndpointServiceStatusEventFields on EndpointServiceStatusEvent {\n  ...StatusEventFields\n  endpointServiceId\n  status\n  previousStatus\n  service {\n    ...EndpointServiceFields\n  }\n}": typeof types.EndpointServiceStatusEventFieldsFragmentDoc,
    "query EndpointServices($projectId: ID, $filter: EndpointServiceFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {\n  endpointServices(\n    projectId: $projectId\n    filter: $filter\n    orderBy: $orderBy\n    first: $first\n    after: $after\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        ...ListedServiceFields\n      }\n    }\n  }\n}": typeof types.EndpointServicesDocument,
    "subscription EndpointStatus($id: ID!, $projectId: ID, $after: String, $until: StatusUntil = DELETED) {\n  endpointStatus(id: $id, projectId: $projectId, after: $after, until: $until) {\n    ...EndpointStatusEventFields\n  }\n}": typeof types.EndpointStatusDocument,
    "fragment EndpointStatusEventFields on EndpointStatusEvent {\n  ...StatusEventFields\n  endpointId\n  status\n  previousStatus\n  endpoint {\n    ...VpcEndpointFields\n  }\n}": typeof types.EndpointStatusEventFieldsFragmentDoc,
    "fragment ListedServiceFields on EndpointService {\n  ...EndpointServiceFields\n  domainId\n  connectionCount\n  publicBorderGroup\n}": typeof types.ListedServiceFieldsFragmentDoc,
    "query Project($id: ID, $endpointFilter: VpcEndpointFilter, $serviceFilter: EndpointServiceFilter, $publicServiceFilter: PublicEndpointServiceFilter, $orderBy: SortInput, $first: Int = 20, $after: String, $quotaType: QuotaTypeInput, $resourceType: TaggedResourceType!) {\n  project(id: $id) {\n    ...ProjectFields\n    endpoints(\n      filter: $endpointFilter\n      orderBy: $orderBy\n      first: $first\n      after: $after\n    ) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...VpcEndpointFields\n      }\n    }\n    services(\n      filter: $serviceFilter\n      orderBy: $orderBy\n      first: $first\n      after: $after\n    ) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...ListedServiceFields\n      }\n    }\n    publicServices(\n      filter: $publicServiceFilter\n      orderBy: $orderBy\n      first: $first\n      after: $after\n    ) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        serviceName\n        serviceType\n      }\n    }\n    quotas(type: $quotaType) {\n      type\n      rawType\n      used\n      limit\n    }\n    tags(resourceType: $resourceType) {\n      key\n      values\n    }\n  }\n}": typeof types.ProjectDocument,
    "subscription ProjectEndpointServiceStatus($projectId: ID, $ids: [ID!], $after: String) {\n  projectEndpointServiceStatus(projectId: $projectId, ids: $ids, after: $after) {\n    ...EndpointServiceStatusEventFields\n  }\n}": typeof types.ProjectEndpointServiceStatusDocument,
    "subscription ProjectEndpointServices($projectId: ID) {\n  projectEndpointStatus(projectId: $projectId) {\n    ...EndpointStatusEventFields\n    endpoint {\n      service {\n        ...RelatedServiceFields\n      }\n    }\n  }\n}": typeof types.ProjectEndpointServicesDocument,
    "subscription ProjectEndpointStatus($projectId: ID, $ids: [ID!], $after: String) {\n  projectEndpointStatus(projectId: $projectId, ids: $ids, after: $after) {\n    ...EndpointStatusEventFields\n  }\n}": typeof types.ProjectEndpointStatusDocument,
    "fragment ProjectFields on Project {\n  id\n  name\n  region\n  rights\n  isDefault\n}": typeof types.ProjectFieldsFragmentDoc,
    "query ProjectTags($resourceType: TaggedResourceType!, $projectId: ID) {\n  projectTags(resourceType: $resourceType, projectId: $projectId) {\n    key\n    values\n  }\n}": typeof types.ProjectTagsDocument,
    "query PublicEndpointServices($projectId: ID, $filter: PublicEndpointServiceFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {\n  publicEndpointServices(\n    projectId: $projectId\n    filter: $filter\n    orderBy: $orderBy\n    first: $first\n    after: $after\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        ...ServiceSummaryFields\n        owner\n      }\n    }\n  }\n}": typeof types.PublicEndpointServicesDocument,
    "query Quotas($projectId: ID, $type: QuotaTypeInput) {\n  quotas(projectId: $projectId, type: $type) {\n    type\n    rawType\n    used\n    limit\n  }\n}": typeof types.QuotasDocument,
    "mutation RejectServiceConnection($input: RejectServiceConnectionInput!, $projectId: ID) {\n  rejectServiceConnection(input: $input, projectId: $projectId) {\n    statusCursor\n    results {\n      endpointId\n      connection {\n        ...ConnectedEndpointFields\n      }\n      error {\n        code\n        message\n        retryable\n      }\n    }\n  }\n}": typeof types.RejectServiceConnectionDocument,
    "fragment RelatedServiceFields on ServiceSummary {\n  __typename\n  ...ServiceSummaryFields\n  ... on EndpointService {\n    ...ListedServiceFields\n  }\n  ... on PublicEndpointService {\n    owner\n  }\n  ... on EndpointServiceDescription {\n    publicBorderGroup\n  }\n}": typeof types.RelatedServiceFieldsFragmentDoc,
    "mutation RemoveResourceTags($input: RemoveResourceTagsInput!, $projectId: ID) {\n  removeResourceTags(input: $input, projectId: $projectId) {\n    tags {\n      key\n      value\n    }\n    endpoint {\n      id\n      tags {\n        key\n        value\n      }\n    }\n    service {\n      id\n      tags {\n        key\n        value\n      }\n    }\n  }\n}": typeof types.RemoveResourceTagsDocument,
    "mutation RemoveServicePermissions($input: RemoveServicePermissionsInput!, $projectId: ID) {\n  removeServicePermissions(input: $input, projectId: $projectId) {\n    permissions {\n      ...ServicePermissionFields\n    }\n    failures {\n      permission\n      error {\n        code\n        message\n        retryable\n      }\n    }\n  }\n}": typeof types.RemoveServicePermissionsDocument,
    "mutation RenameEndpointService($input: RenameEndpointServiceInput!, $projectId: ID) {\n  renameEndpointService(input: $input, projectId: $projectId) {\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}": typeof types.RenameEndpointServiceDocument,
    "query ResourcesByTags($resourceType: TaggedResourceType!, $filter: ResourceTagFilter!, $first: Int = 20, $after: String, $projectId: ID) {\n  resourcesByTags(\n    resourceType: $resourceType\n    filter: $filter\n    first: $first\n    after: $after\n    projectId: $projectId\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    nodes {\n      resourceId\n      resourceType\n      resourceName\n      resourceDetail\n      tags {\n        key\n        value\n      }\n    }\n  }\n}": typeof types.ResourcesByTagsDocument,
    "subscription ServiceConnectionStatus($endpointServiceId: ID!, $projectId: ID, $after: String) {\n  serviceConnectionStatus(\n    endpointServiceId: $endpointServiceId\n    projectId: $projectId\n    after: $after\n  ) {\n    ...StatusEventFields\n    endpointServiceId\n    endpointId\n    status\n    previousStatus\n    connection {\n      ...ConnectedEndpointFields\n    }\n  }\n}": typeof types.ServiceConnectionStatusDocument,
    "fragment ServicePermissionFields on ServicePermission {\n  id\n  permission\n  permissionType\n  description\n  createdAt\n}": typeof types.ServicePermissionFieldsFragmentDoc,
    "query ServicePermissions($id: ID!, $projectId: ID, $filter: ServicePermissionFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {\n  endpointService(id: $id, projectId: $projectId) {\n    id\n    permissions(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n      edges {\n        cursor\n        node {\n          ...ServicePermissionFields\n        }\n      }\n    }\n  }\n}": typeof types.ServicePermissionsDocument,
    "fragment ServiceSummaryFields on ServiceSummary {\n  id\n  serviceName\n  serviceType\n  rawServiceType\n  createdAt\n  isBilled\n  enablePolicy\n}": typeof types.ServiceSummaryFieldsFragmentDoc,
    "fragment StatusEventFields on StatusEvent {\n  kind\n  projectId\n  rawStatus\n  previousRawStatus\n  version\n  cursor\n  more\n  settled\n  observedAt\n  faults {\n    code\n    message\n  }\n}": typeof types.StatusEventFieldsFragmentDoc,
    "mutation UpdateEndpointService($input: UpdateEndpointServiceInput!, $projectId: ID) {\n  updateEndpointService(input: $input, projectId: $projectId) {\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}": typeof types.UpdateEndpointServiceDocument,
    "mutation UpdateServiceConnectionDescription($input: UpdateServiceConnectionDescriptionInput!, $projectId: ID) {\n  updateServiceConnectionDescription(input: $input, projectId: $projectId) {\n    connection {\n      ...ConnectedEndpointFields\n    }\n  }\n}": typeof types.UpdateServiceConnectionDescriptionDocument,
    "mutation UpdateServicePermissionDescription($input: UpdateServicePermissionDescriptionInput!, $projectId: ID) {\n  updateServicePermissionDescription(input: $input, projectId: $projectId) {\n    permission {\n      ...ServicePermissionFields\n    }\n  }\n}": typeof types.UpdateServicePermissionDescriptionDocument,
    "mutation UpdateVpcEndpointPolicy($input: UpdateVpcEndpointPolicyInput!, $projectId: ID) {\n  updateVpcEndpointPolicy(input: $input, projectId: $projectId) {\n    statusCursor\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}": typeof types.UpdateVpcEndpointPolicyDocument,
    "mutation UpdateVpcEndpointRouteTables($input: UpdateVpcEndpointRouteTablesInput!, $projectId: ID) {\n  updateVpcEndpointRouteTables(input: $input, projectId: $projectId) {\n    statusCursor\n    failures {\n      routeTableId\n      action\n      message\n    }\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}": typeof types.UpdateVpcEndpointRouteTablesDocument,
    "mutation UpdateVpcEndpointWhitelist($input: UpdateVpcEndpointWhitelistInput!, $projectId: ID) {\n  updateVpcEndpointWhitelist(input: $input, projectId: $projectId) {\n    statusCursor\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}": typeof types.UpdateVpcEndpointWhitelistDocument,
    "mutation UpgradeEndpointService($input: UpgradeEndpointServiceInput!, $projectId: ID) {\n  upgradeEndpointService(input: $input, projectId: $projectId) {\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}": typeof types.UpgradeEndpointServiceDocument,
    "mutation UpgradeVpcEndpoint($input: UpgradeVpcEndpointInput!, $projectId: ID) {\n  upgradeVpcEndpoint(input: $input, projectId: $projectId) {\n    statusCursor\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}": typeof types.UpgradeVpcEndpointDocument,
    "query Viewer {\n  viewer {\n    subject\n    projects {\n      ...ProjectFields\n    }\n  }\n}": typeof types.ViewerDocument,
    "query VpcEndpoint($id: ID!, $projectId: ID, $last: Int = 20) {\n  vpcEndpoint(id: $id, projectId: $projectId) {\n    ...VpcEndpointFields\n    statusHistory(last: $last) {\n      kind\n      status\n      rawStatus\n      previousStatus\n      version\n      cursor\n      observedAt\n    }\n  }\n}": typeof types.VpcEndpointDocument,
    "fragment VpcEndpointFields on VpcEndpoint {\n  id\n  projectId\n  status\n  rawStatus\n  serviceType\n  rawServiceType\n  ip\n  ipVersion\n  rawIpVersion\n  ipv6Address\n  activeStatus\n  enableStatus\n  rawEnableStatus\n  endpointServiceId\n  endpointServiceName\n  markerId\n  enableDns\n  dnsNames\n  vpcId\n  subnetId\n  createdAt\n  updatedAt\n  tags {\n    key\n    value\n  }\n  whitelist\n  enableWhitelist\n  routeTables\n  specificationName\n  description\n  policyStatement {\n    effect\n    rawEffect\n    action\n    notAction\n    resource\n    notResource\n    condition\n    sid\n  }\n  policyDocument\n  publicBorderGroup\n  endpointPoolId\n  faults {\n    code\n    message\n  }\n}": typeof types.VpcEndpointFieldsFragmentDoc,
    "query VpcEndpointServices($projectId: ID, $filter: VpcEndpointFilter, $first: Int = 20, $after: String) {\n  vpcEndpoints(\n    projectId: $projectId\n    filter: $filter\n    first: $first\n    after: $after\n  ) {\n    nodes {\n      id\n      endpointServiceId\n      service {\n        ...RelatedServiceFields\n      }\n    }\n  }\n}": typeof types.VpcEndpointServicesDocument,
    "query VpcEndpoints($projectId: ID, $filter: VpcEndpointFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {\n  vpcEndpoints(\n    projectId: $projectId\n    filter: $filter\n    orderBy: $orderBy\n    first: $first\n    after: $after\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        ...VpcEndpointFields\n      }\n    }\n  }\n}": typeof types.VpcEndpointsDocument,
};
const documents: Documents = {
    "mutation AcceptServiceConnection($input: AcceptServiceConnectionInput!, $projectId: ID) {\n  acceptServiceConnection(input: $input, projectId: $projectId) {\n    statusCursor\n    results {\n      endpointId\n      connection {\n        ...ConnectedEndpointFields\n      }\n      error {\n        code\n        message\n        retryable\n      }\n    }\n  }\n}": types.AcceptServiceConnectionDocument,
    "mutation AddEndpointServiceServerResources($input: AddEndpointServiceServerResourcesInput!, $projectId: ID) {\n  addEndpointServiceServerResources(input: $input, projectId: $projectId) {\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}": types.AddEndpointServiceServerResourcesDocument,
    "mutation AddResourceTags($input: AddResourceTagsInput!, $projectId: ID) {\n  addResourceTags(input: $input, projectId: $projectId) {\n    tags {\n      key\n      value\n    }\n    endpoint {\n      id\n      tags {\n        key\n        value\n      }\n    }\n    service {\n      id\n      tags {\n        key\n        value\n      }\n    }\n  }\n}": types.AddResourceTagsDocument,
    "mutation AddServicePermissions($input: AddServicePermissionsInput!, $projectId: ID) {\n  addServicePermissions(input: $input, projectId: $projectId) {\n    permissions {\n      ...ServicePermissionFields\n    }\n    failures {\n      permission\n      error {\n        code\n        message\n        retryable\n      }\n    }\n  }\n}": types.AddServicePermissionsDocument,
    "query ApiVersion($id: ID!, $projectId: ID) {\n  apiVersion(id: $id, projectId: $projectId) {\n    ...ApiVersionFields\n  }\n}": types.ApiVersionDocument,
    "fragment ApiVersionFields on ApiVersion {\n  id\n  status\n  rawStatus\n  updated\n  version\n  minVersion\n  links {\n    href\n    type\n    rel\n  }\n}": types.ApiVersionFieldsFragmentDoc,
    "query ApiVersions($projectId: ID) {\n  apiVersions(projectId: $projectId) {\n    ...ApiVersionFields\n  }\n}": types.ApiVersionsDocument,
    "fragment ConnectedEndpointFields on ConnectedEndpoint {\n  endpointId\n  endpoint {\n    id\n    projectId\n    rawStatus\n    description\n  }\n  status\n  rawStatus\n  markerId\n  domainId\n  description\n  createdAt\n  updatedAt\n  faults {\n    code\n    message\n  }\n}": types.ConnectedEndpointFieldsFragmentDoc,
    "query ConnectedEndpoints($id: ID!, $projectId: ID, $filter: ConnectedEndpointFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {\n  endpointService(id: $id, projectId: $projectId) {\n    id\n    connections(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n      edges {\n        cursor\n        node {\n          ...ConnectedEndpointFields\n        }\n      }\n    }\n  }\n}": types.ConnectedEndpointsDocument,
    "mutation CreateEndpointService($input: CreateEndpointServiceInput!, $projectId: ID) {\n  createEndpointService(input: $input, projectId: $projectId) {\n    statusCursor\n    replayed\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}": types.CreateEndpointServiceDocument,
    "mutation CreateVpcEndpoint($input: CreateVpcEndpointInput!, $projectId: ID) {\n  createVpcEndpoint(input: $input, projectId: $projectId) {\n    statusCursor\n    replayed\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}": types.CreateVpcEndpointDocument,
    "mutation DeleteEndpointService($input: DeleteEndpointServiceInput!, $projectId: ID) {\n  deleteEndpointService(input: $input, projectId: $projectId) {\n    statusCursor\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}": types.DeleteEndpointServiceDocument,
    "mutation DeleteVpcEndpoint($input: DeleteVpcEndpointInput!, $projectId: ID) {\n  deleteVpcEndpoint(input: $input, projectId: $projectId) {\n    statusCursor\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}": types.DeleteVpcEndpointDocument,
    "mutation DeleteVpcEndpointPolicy($input: DeleteVpcEndpointPolicyInput!, $projectId: ID) {\n  deleteVpcEndpointPolicy(input: $input, projectId: $projectId) {\n    statusCursor\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}": types.DeleteVpcEndpointPolicyDocument,
    "query DescribeEndpointService($by: EndpointServiceRefInput!, $projectId: ID) {\n  describeEndpointService(by: $by, projectId: $projectId) {\n    ...ServiceSummaryFields\n    publicBorderGroup\n  }\n}": types.DescribeEndpointServiceDocument,
    "query EndpointService($id: ID!, $projectId: ID) {\n  endpointService(id: $id, projectId: $projectId) {\n    ...EndpointServiceFields\n  }\n}": types.EndpointServiceDocument,
    "fragment EndpointServiceFields on EndpointService {\n  ...ServiceSummaryFields\n  status\n  rawStatus\n  serverType\n  rawServerType\n  projectId\n  vpcId\n  portId\n  vipPortId\n  ip\n  ipVersion\n  rawIpVersion\n  snatNetworkId\n  poolId\n  cidrType\n  rawCidrType\n  approvalEnabled\n  ports {\n    clientPort\n    serverPort\n    protocol\n  }\n  tcpProxy\n  rawTcpProxy\n  supportedEditions\n  tags {\n    key\n    value\n  }\n  description\n  updatedAt\n  faults {\n    code\n    message\n  }\n}": types.EndpointServiceFieldsFragmentDoc,
    "subscription EndpointServiceStatus($id: ID!, $projectId: ID, $after: String, $until: StatusUntil = DELETED) {\n  endpointServiceStatus(\n    id: $id\n    projectId: $projectId\n    after: $after\n    until: $until\n  ) {\n    ...EndpointServiceStatusEventFields\n  }\n}": types.EndpointServiceStatusDocument,
    "fragment EndpointServiceStatusEventFields on EndpointServiceStatusEvent {\n  ...StatusEventFields\n  endpointServiceId\n  status\n  previousStatus\n  service {\n    ...EndpointServiceFields\n  }\n}": types.EndpointServiceStatusEventFieldsFragmentDoc,
    "query EndpointServices($projectId: ID, $filter: EndpointServiceFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {\n  endpointServices(\n    projectId: $projectId\n    filter: $filter\n    orderBy: $orderBy\n    first: $first\n    after: $after\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        ...ListedServiceFields\n      }\n    }\n  }\n}": types.EndpointServicesDocument,
    "subscription EndpointStatus($id: ID!, $projectId: ID, $after: String, $until: StatusUntil = DELETED) {\n  endpointStatus(id: $id, projectId: $projectId, after: $after, until: $until) {\n    ...EndpointStatusEventFields\n  }\n}": types.EndpointStatusDocument,
    "fragment EndpointStatusEventFields on EndpointStatusEvent {\n  ...StatusEventFields\n  endpointId\n  status\n  previousStatus\n  endpoint {\n    ...VpcEndpointFields\n  }\n}": types.EndpointStatusEventFieldsFragmentDoc,
    "fragment ListedServiceFields on EndpointService {\n  ...EndpointServiceFields\n  domainId\n  connectionCount\n  publicBorderGroup\n}": types.ListedServiceFieldsFragmentDoc,
    "query Project($id: ID, $endpointFilter: VpcEndpointFilter, $serviceFilter: EndpointServiceFilter, $publicServiceFilter: PublicEndpointServiceFilter, $orderBy: SortInput, $first: Int = 20, $after: String, $quotaType: QuotaTypeInput, $resourceType: TaggedResourceType!) {\n  project(id: $id) {\n    ...ProjectFields\n    endpoints(\n      filter: $endpointFilter\n      orderBy: $orderBy\n      first: $first\n      after: $after\n    ) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...VpcEndpointFields\n      }\n    }\n    services(\n      filter: $serviceFilter\n      orderBy: $orderBy\n      first: $first\n      after: $after\n    ) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...ListedServiceFields\n      }\n    }\n    publicServices(\n      filter: $publicServiceFilter\n      orderBy: $orderBy\n      first: $first\n      after: $after\n    ) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        serviceName\n        serviceType\n      }\n    }\n    quotas(type: $quotaType) {\n      type\n      rawType\n      used\n      limit\n    }\n    tags(resourceType: $resourceType) {\n      key\n      values\n    }\n  }\n}": types.ProjectDocument,
    "subscription ProjectEndpointServiceStatus($projectId: ID, $ids: [ID!], $after: String) {\n  projectEndpointServiceStatus(projectId: $projectId, ids: $ids, after: $after) {\n    ...EndpointServiceStatusEventFields\n  }\n}": types.ProjectEndpointServiceStatusDocument,
    "subscription ProjectEndpointServices($projectId: ID) {\n  projectEndpointStatus(projectId: $projectId) {\n    ...EndpointStatusEventFields\n    endpoint {\n      service {\n        ...RelatedServiceFields\n      }\n    }\n  }\n}": types.ProjectEndpointServicesDocument,
    "subscription ProjectEndpointStatus($projectId: ID, $ids: [ID!], $after: String) {\n  projectEndpointStatus(projectId: $projectId, ids: $ids, after: $after) {\n    ...EndpointStatusEventFields\n  }\n}": types.ProjectEndpointStatusDocument,
    "fragment ProjectFields on Project {\n  id\n  name\n  region\n  rights\n  isDefault\n}": types.ProjectFieldsFragmentDoc,
    "query ProjectTags($resourceType: TaggedResourceType!, $projectId: ID) {\n  projectTags(resourceType: $resourceType, projectId: $projectId) {\n    key\n    values\n  }\n}": types.ProjectTagsDocument,
    "query PublicEndpointServices($projectId: ID, $filter: PublicEndpointServiceFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {\n  publicEndpointServices(\n    projectId: $projectId\n    filter: $filter\n    orderBy: $orderBy\n    first: $first\n    after: $after\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        ...ServiceSummaryFields\n        owner\n      }\n    }\n  }\n}": types.PublicEndpointServicesDocument,
    "query Quotas($projectId: ID, $type: QuotaTypeInput) {\n  quotas(projectId: $projectId, type: $type) {\n    type\n    rawType\n    used\n    limit\n  }\n}": types.QuotasDocument,
    "mutation RejectServiceConnection($input: RejectServiceConnectionInput!, $projectId: ID) {\n  rejectServiceConnection(input: $input, projectId: $projectId) {\n    statusCursor\n    results {\n      endpointId\n      connection {\n        ...ConnectedEndpointFields\n      }\n      error {\n        code\n        message\n        retryable\n      }\n    }\n  }\n}": types.RejectServiceConnectionDocument,
    "fragment RelatedServiceFields on ServiceSummary {\n  __typename\n  ...ServiceSummaryFields\n  ... on EndpointService {\n    ...ListedServiceFields\n  }\n  ... on PublicEndpointService {\n    owner\n  }\n  ... on EndpointServiceDescription {\n    publicBorderGroup\n  }\n}": types.RelatedServiceFieldsFragmentDoc,
    "mutation RemoveResourceTags($input: RemoveResourceTagsInput!, $projectId: ID) {\n  removeResourceTags(input: $input, projectId: $projectId) {\n    tags {\n      key\n      value\n    }\n    endpoint {\n      id\n      tags {\n        key\n        value\n      }\n    }\n    service {\n      id\n      tags {\n        key\n        value\n      }\n    }\n  }\n}": types.RemoveResourceTagsDocument,
    "mutation RemoveServicePermissions($input: RemoveServicePermissionsInput!, $projectId: ID) {\n  removeServicePermissions(input: $input, projectId: $projectId) {\n    permissions {\n      ...ServicePermissionFields\n    }\n    failures {\n      permission\n      error {\n        code\n        message\n        retryable\n      }\n    }\n  }\n}": types.RemoveServicePermissionsDocument,
    "mutation RenameEndpointService($input: RenameEndpointServiceInput!, $projectId: ID) {\n  renameEndpointService(input: $input, projectId: $projectId) {\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}": types.RenameEndpointServiceDocument,
    "query ResourcesByTags($resourceType: TaggedResourceType!, $filter: ResourceTagFilter!, $first: Int = 20, $after: String, $projectId: ID) {\n  resourcesByTags(\n    resourceType: $resourceType\n    filter: $filter\n    first: $first\n    after: $after\n    projectId: $projectId\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    nodes {\n      resourceId\n      resourceType\n      resourceName\n      resourceDetail\n      tags {\n        key\n        value\n      }\n    }\n  }\n}": types.ResourcesByTagsDocument,
    "subscription ServiceConnectionStatus($endpointServiceId: ID!, $projectId: ID, $after: String) {\n  serviceConnectionStatus(\n    endpointServiceId: $endpointServiceId\n    projectId: $projectId\n    after: $after\n  ) {\n    ...StatusEventFields\n    endpointServiceId\n    endpointId\n    status\n    previousStatus\n    connection {\n      ...ConnectedEndpointFields\n    }\n  }\n}": types.ServiceConnectionStatusDocument,
    "fragment ServicePermissionFields on ServicePermission {\n  id\n  permission\n  permissionType\n  description\n  createdAt\n}": types.ServicePermissionFieldsFragmentDoc,
    "query ServicePermissions($id: ID!, $projectId: ID, $filter: ServicePermissionFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {\n  endpointService(id: $id, projectId: $projectId) {\n    id\n    permissions(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n      edges {\n        cursor\n        node {\n          ...ServicePermissionFields\n        }\n      }\n    }\n  }\n}": types.ServicePermissionsDocument,
    "fragment ServiceSummaryFields on ServiceSummary {\n  id\n  serviceName\n  serviceType\n  rawServiceType\n  createdAt\n  isBilled\n  enablePolicy\n}": types.ServiceSummaryFieldsFragmentDoc,
    "fragment StatusEventFields on StatusEvent {\n  kind\n  projectId\n  rawStatus\n  previousRawStatus\n  version\n  cursor\n  more\n  settled\n  observedAt\n  faults {\n    code\n    message\n  }\n}": types.StatusEventFieldsFragmentDoc,
    "mutation UpdateEndpointService($input: UpdateEndpointServiceInput!, $projectId: ID) {\n  updateEndpointService(input: $input, projectId: $projectId) {\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}": types.UpdateEndpointServiceDocument,
    "mutation UpdateServiceConnectionDescription($input: UpdateServiceConnectionDescriptionInput!, $projectId: ID) {\n  updateServiceConnectionDescription(input: $input, projectId: $projectId) {\n    connection {\n      ...ConnectedEndpointFields\n    }\n  }\n}": types.UpdateServiceConnectionDescriptionDocument,
    "mutation UpdateServicePermissionDescription($input: UpdateServicePermissionDescriptionInput!, $projectId: ID) {\n  updateServicePermissionDescription(input: $input, projectId: $projectId) {\n    permission {\n      ...ServicePermissionFields\n    }\n  }\n}": types.UpdateServicePermissionDescriptionDocument,
    "mutation UpdateVpcEndpointPolicy($input: UpdateVpcEndpointPolicyInput!, $projectId: ID) {\n  updateVpcEndpointPolicy(input: $input, projectId: $projectId) {\n    statusCursor\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}": types.UpdateVpcEndpointPolicyDocument,
    "mutation UpdateVpcEndpointRouteTables($input: UpdateVpcEndpointRouteTablesInput!, $projectId: ID) {\n  updateVpcEndpointRouteTables(input: $input, projectId: $projectId) {\n    statusCursor\n    failures {\n      routeTableId\n      action\n      message\n    }\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}": types.UpdateVpcEndpointRouteTablesDocument,
    "mutation UpdateVpcEndpointWhitelist($input: UpdateVpcEndpointWhitelistInput!, $projectId: ID) {\n  updateVpcEndpointWhitelist(input: $input, projectId: $projectId) {\n    statusCursor\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}": types.UpdateVpcEndpointWhitelistDocument,
    "mutation UpgradeEndpointService($input: UpgradeEndpointServiceInput!, $projectId: ID) {\n  upgradeEndpointService(input: $input, projectId: $projectId) {\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}": types.UpgradeEndpointServiceDocument,
    "mutation UpgradeVpcEndpoint($input: UpgradeVpcEndpointInput!, $projectId: ID) {\n  upgradeVpcEndpoint(input: $input, projectId: $projectId) {\n    statusCursor\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}": types.UpgradeVpcEndpointDocument,
    "query Viewer {\n  viewer {\n    subject\n    projects {\n      ...ProjectFields\n    }\n  }\n}": types.ViewerDocument,
    "query VpcEndpoint($id: ID!, $projectId: ID, $last: Int = 20) {\n  vpcEndpoint(id: $id, projectId: $projectId) {\n    ...VpcEndpointFields\n    statusHistory(last: $last) {\n      kind\n      status\n      rawStatus\n      previousStatus\n      version\n      cursor\n      observedAt\n    }\n  }\n}": types.VpcEndpointDocument,
    "fragment VpcEndpointFields on VpcEndpoint {\n  id\n  projectId\n  status\n  rawStatus\n  serviceType\n  rawServiceType\n  ip\n  ipVersion\n  rawIpVersion\n  ipv6Address\n  activeStatus\n  enableStatus\n  rawEnableStatus\n  endpointServiceId\n  endpointServiceName\n  markerId\n  enableDns\n  dnsNames\n  vpcId\n  subnetId\n  createdAt\n  updatedAt\n  tags {\n    key\n    value\n  }\n  whitelist\n  enableWhitelist\n  routeTables\n  specificationName\n  description\n  policyStatement {\n    effect\n    rawEffect\n    action\n    notAction\n    resource\n    notResource\n    condition\n    sid\n  }\n  policyDocument\n  publicBorderGroup\n  endpointPoolId\n  faults {\n    code\n    message\n  }\n}": types.VpcEndpointFieldsFragmentDoc,
    "query VpcEndpointServices($projectId: ID, $filter: VpcEndpointFilter, $first: Int = 20, $after: String) {\n  vpcEndpoints(\n    projectId: $projectId\n    filter: $filter\n    first: $first\n    after: $after\n  ) {\n    nodes {\n      id\n      endpointServiceId\n      service {\n        ...RelatedServiceFields\n      }\n    }\n  }\n}": types.VpcEndpointServicesDocument,
    "query VpcEndpoints($projectId: ID, $filter: VpcEndpointFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {\n  vpcEndpoints(\n    projectId: $projectId\n    filter: $filter\n    orderBy: $orderBy\n    first: $first\n    after: $after\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        ...VpcEndpointFields\n      }\n    }\n  }\n}": types.VpcEndpointsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation AcceptServiceConnection($input: AcceptServiceConnectionInput!, $projectId: ID) {\n  acceptServiceConnection(input: $input, projectId: $projectId) {\n    statusCursor\n    results {\n      endpointId\n      connection {\n        ...ConnectedEndpointFields\n      }\n      error {\n        code\n        message\n        retryable\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').AcceptServiceConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation AddEndpointServiceServerResources($input: AddEndpointServiceServerResourcesInput!, $projectId: ID) {\n  addEndpointServiceServerResources(input: $input, projectId: $projectId) {\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}"): typeof import('./graphql.ts').AddEndpointServiceServerResourcesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation AddResourceTags($input: AddResourceTagsInput!, $projectId: ID) {\n  addResourceTags(input: $input, projectId: $projectId) {\n    tags {\n      key\n      value\n    }\n    endpoint {\n      id\n      tags {\n        key\n        value\n      }\n    }\n    service {\n      id\n      tags {\n        key\n        value\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').AddResourceTagsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation AddServicePermissions($input: AddServicePermissionsInput!, $projectId: ID) {\n  addServicePermissions(input: $input, projectId: $projectId) {\n    permissions {\n      ...ServicePermissionFields\n    }\n    failures {\n      permission\n      error {\n        code\n        message\n        retryable\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').AddServicePermissionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ApiVersion($id: ID!, $projectId: ID) {\n  apiVersion(id: $id, projectId: $projectId) {\n    ...ApiVersionFields\n  }\n}"): typeof import('./graphql.ts').ApiVersionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment ApiVersionFields on ApiVersion {\n  id\n  status\n  rawStatus\n  updated\n  version\n  minVersion\n  links {\n    href\n    type\n    rel\n  }\n}"): typeof import('./graphql.ts').ApiVersionFieldsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ApiVersions($projectId: ID) {\n  apiVersions(projectId: $projectId) {\n    ...ApiVersionFields\n  }\n}"): typeof import('./graphql.ts').ApiVersionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment ConnectedEndpointFields on ConnectedEndpoint {\n  endpointId\n  endpoint {\n    id\n    projectId\n    rawStatus\n    description\n  }\n  status\n  rawStatus\n  markerId\n  domainId\n  description\n  createdAt\n  updatedAt\n  faults {\n    code\n    message\n  }\n}"): typeof import('./graphql.ts').ConnectedEndpointFieldsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ConnectedEndpoints($id: ID!, $projectId: ID, $filter: ConnectedEndpointFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {\n  endpointService(id: $id, projectId: $projectId) {\n    id\n    connections(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n      edges {\n        cursor\n        node {\n          ...ConnectedEndpointFields\n        }\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').ConnectedEndpointsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreateEndpointService($input: CreateEndpointServiceInput!, $projectId: ID) {\n  createEndpointService(input: $input, projectId: $projectId) {\n    statusCursor\n    replayed\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}"): typeof import('./graphql.ts').CreateEndpointServiceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreateVpcEndpoint($input: CreateVpcEndpointInput!, $projectId: ID) {\n  createVpcEndpoint(input: $input, projectId: $projectId) {\n    statusCursor\n    replayed\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}"): typeof import('./graphql.ts').CreateVpcEndpointDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DeleteEndpointService($input: DeleteEndpointServiceInput!, $projectId: ID) {\n  deleteEndpointService(input: $input, projectId: $projectId) {\n    statusCursor\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}"): typeof import('./graphql.ts').DeleteEndpointServiceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DeleteVpcEndpoint($input: DeleteVpcEndpointInput!, $projectId: ID) {\n  deleteVpcEndpoint(input: $input, projectId: $projectId) {\n    statusCursor\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}"): typeof import('./graphql.ts').DeleteVpcEndpointDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DeleteVpcEndpointPolicy($input: DeleteVpcEndpointPolicyInput!, $projectId: ID) {\n  deleteVpcEndpointPolicy(input: $input, projectId: $projectId) {\n    statusCursor\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}"): typeof import('./graphql.ts').DeleteVpcEndpointPolicyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query DescribeEndpointService($by: EndpointServiceRefInput!, $projectId: ID) {\n  describeEndpointService(by: $by, projectId: $projectId) {\n    ...ServiceSummaryFields\n    publicBorderGroup\n  }\n}"): typeof import('./graphql.ts').DescribeEndpointServiceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query EndpointService($id: ID!, $projectId: ID) {\n  endpointService(id: $id, projectId: $projectId) {\n    ...EndpointServiceFields\n  }\n}"): typeof import('./graphql.ts').EndpointServiceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment EndpointServiceFields on EndpointService {\n  ...ServiceSummaryFields\n  status\n  rawStatus\n  serverType\n  rawServerType\n  projectId\n  vpcId\n  portId\n  vipPortId\n  ip\n  ipVersion\n  rawIpVersion\n  snatNetworkId\n  poolId\n  cidrType\n  rawCidrType\n  approvalEnabled\n  ports {\n    clientPort\n    serverPort\n    protocol\n  }\n  tcpProxy\n  rawTcpProxy\n  supportedEditions\n  tags {\n    key\n    value\n  }\n  description\n  updatedAt\n  faults {\n    code\n    message\n  }\n}"): typeof import('./graphql.ts').EndpointServiceFieldsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription EndpointServiceStatus($id: ID!, $projectId: ID, $after: String, $until: StatusUntil = DELETED) {\n  endpointServiceStatus(\n    id: $id\n    projectId: $projectId\n    after: $after\n    until: $until\n  ) {\n    ...EndpointServiceStatusEventFields\n  }\n}"): typeof import('./graphql.ts').EndpointServiceStatusDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment EndpointServiceStatusEventFields on EndpointServiceStatusEvent {\n  ...StatusEventFields\n  endpointServiceId\n  status\n  previousStatus\n  service {\n    ...EndpointServiceFields\n  }\n}"): typeof import('./graphql.ts').EndpointServiceStatusEventFieldsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query EndpointServices($projectId: ID, $filter: EndpointServiceFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {\n  endpointServices(\n    projectId: $projectId\n    filter: $filter\n    orderBy: $orderBy\n    first: $first\n    after: $after\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        ...ListedServiceFields\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').EndpointServicesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription EndpointStatus($id: ID!, $projectId: ID, $after: String, $until: StatusUntil = DELETED) {\n  endpointStatus(id: $id, projectId: $projectId, after: $after, until: $until) {\n    ...EndpointStatusEventFields\n  }\n}"): typeof import('./graphql.ts').EndpointStatusDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment EndpointStatusEventFields on EndpointStatusEvent {\n  ...StatusEventFields\n  endpointId\n  status\n  previousStatus\n  endpoint {\n    ...VpcEndpointFields\n  }\n}"): typeof import('./graphql.ts').EndpointStatusEventFieldsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment ListedServiceFields on EndpointService {\n  ...EndpointServiceFields\n  domainId\n  connectionCount\n  publicBorderGroup\n}"): typeof import('./graphql.ts').ListedServiceFieldsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Project($id: ID, $endpointFilter: VpcEndpointFilter, $serviceFilter: EndpointServiceFilter, $publicServiceFilter: PublicEndpointServiceFilter, $orderBy: SortInput, $first: Int = 20, $after: String, $quotaType: QuotaTypeInput, $resourceType: TaggedResourceType!) {\n  project(id: $id) {\n    ...ProjectFields\n    endpoints(\n      filter: $endpointFilter\n      orderBy: $orderBy\n      first: $first\n      after: $after\n    ) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...VpcEndpointFields\n      }\n    }\n    services(\n      filter: $serviceFilter\n      orderBy: $orderBy\n      first: $first\n      after: $after\n    ) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...ListedServiceFields\n      }\n    }\n    publicServices(\n      filter: $publicServiceFilter\n      orderBy: $orderBy\n      first: $first\n      after: $after\n    ) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        serviceName\n        serviceType\n      }\n    }\n    quotas(type: $quotaType) {\n      type\n      rawType\n      used\n      limit\n    }\n    tags(resourceType: $resourceType) {\n      key\n      values\n    }\n  }\n}"): typeof import('./graphql.ts').ProjectDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription ProjectEndpointServiceStatus($projectId: ID, $ids: [ID!], $after: String) {\n  projectEndpointServiceStatus(projectId: $projectId, ids: $ids, after: $after) {\n    ...EndpointServiceStatusEventFields\n  }\n}"): typeof import('./graphql.ts').ProjectEndpointServiceStatusDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription ProjectEndpointServices($projectId: ID) {\n  projectEndpointStatus(projectId: $projectId) {\n    ...EndpointStatusEventFields\n    endpoint {\n      service {\n        ...RelatedServiceFields\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').ProjectEndpointServicesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription ProjectEndpointStatus($projectId: ID, $ids: [ID!], $after: String) {\n  projectEndpointStatus(projectId: $projectId, ids: $ids, after: $after) {\n    ...EndpointStatusEventFields\n  }\n}"): typeof import('./graphql.ts').ProjectEndpointStatusDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment ProjectFields on Project {\n  id\n  name\n  region\n  rights\n  isDefault\n}"): typeof import('./graphql.ts').ProjectFieldsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ProjectTags($resourceType: TaggedResourceType!, $projectId: ID) {\n  projectTags(resourceType: $resourceType, projectId: $projectId) {\n    key\n    values\n  }\n}"): typeof import('./graphql.ts').ProjectTagsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query PublicEndpointServices($projectId: ID, $filter: PublicEndpointServiceFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {\n  publicEndpointServices(\n    projectId: $projectId\n    filter: $filter\n    orderBy: $orderBy\n    first: $first\n    after: $after\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        ...ServiceSummaryFields\n        owner\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').PublicEndpointServicesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Quotas($projectId: ID, $type: QuotaTypeInput) {\n  quotas(projectId: $projectId, type: $type) {\n    type\n    rawType\n    used\n    limit\n  }\n}"): typeof import('./graphql.ts').QuotasDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RejectServiceConnection($input: RejectServiceConnectionInput!, $projectId: ID) {\n  rejectServiceConnection(input: $input, projectId: $projectId) {\n    statusCursor\n    results {\n      endpointId\n      connection {\n        ...ConnectedEndpointFields\n      }\n      error {\n        code\n        message\n        retryable\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').RejectServiceConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment RelatedServiceFields on ServiceSummary {\n  __typename\n  ...ServiceSummaryFields\n  ... on EndpointService {\n    ...ListedServiceFields\n  }\n  ... on PublicEndpointService {\n    owner\n  }\n  ... on EndpointServiceDescription {\n    publicBorderGroup\n  }\n}"): typeof import('./graphql.ts').RelatedServiceFieldsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RemoveResourceTags($input: RemoveResourceTagsInput!, $projectId: ID) {\n  removeResourceTags(input: $input, projectId: $projectId) {\n    tags {\n      key\n      value\n    }\n    endpoint {\n      id\n      tags {\n        key\n        value\n      }\n    }\n    service {\n      id\n      tags {\n        key\n        value\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').RemoveResourceTagsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RemoveServicePermissions($input: RemoveServicePermissionsInput!, $projectId: ID) {\n  removeServicePermissions(input: $input, projectId: $projectId) {\n    permissions {\n      ...ServicePermissionFields\n    }\n    failures {\n      permission\n      error {\n        code\n        message\n        retryable\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').RemoveServicePermissionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RenameEndpointService($input: RenameEndpointServiceInput!, $projectId: ID) {\n  renameEndpointService(input: $input, projectId: $projectId) {\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}"): typeof import('./graphql.ts').RenameEndpointServiceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ResourcesByTags($resourceType: TaggedResourceType!, $filter: ResourceTagFilter!, $first: Int = 20, $after: String, $projectId: ID) {\n  resourcesByTags(\n    resourceType: $resourceType\n    filter: $filter\n    first: $first\n    after: $after\n    projectId: $projectId\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    nodes {\n      resourceId\n      resourceType\n      resourceName\n      resourceDetail\n      tags {\n        key\n        value\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').ResourcesByTagsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription ServiceConnectionStatus($endpointServiceId: ID!, $projectId: ID, $after: String) {\n  serviceConnectionStatus(\n    endpointServiceId: $endpointServiceId\n    projectId: $projectId\n    after: $after\n  ) {\n    ...StatusEventFields\n    endpointServiceId\n    endpointId\n    status\n    previousStatus\n    connection {\n      ...ConnectedEndpointFields\n    }\n  }\n}"): typeof import('./graphql.ts').ServiceConnectionStatusDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment ServicePermissionFields on ServicePermission {\n  id\n  permission\n  permissionType\n  description\n  createdAt\n}"): typeof import('./graphql.ts').ServicePermissionFieldsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ServicePermissions($id: ID!, $projectId: ID, $filter: ServicePermissionFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {\n  endpointService(id: $id, projectId: $projectId) {\n    id\n    permissions(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n      edges {\n        cursor\n        node {\n          ...ServicePermissionFields\n        }\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').ServicePermissionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment ServiceSummaryFields on ServiceSummary {\n  id\n  serviceName\n  serviceType\n  rawServiceType\n  createdAt\n  isBilled\n  enablePolicy\n}"): typeof import('./graphql.ts').ServiceSummaryFieldsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment StatusEventFields on StatusEvent {\n  kind\n  projectId\n  rawStatus\n  previousRawStatus\n  version\n  cursor\n  more\n  settled\n  observedAt\n  faults {\n    code\n    message\n  }\n}"): typeof import('./graphql.ts').StatusEventFieldsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdateEndpointService($input: UpdateEndpointServiceInput!, $projectId: ID) {\n  updateEndpointService(input: $input, projectId: $projectId) {\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}"): typeof import('./graphql.ts').UpdateEndpointServiceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdateServiceConnectionDescription($input: UpdateServiceConnectionDescriptionInput!, $projectId: ID) {\n  updateServiceConnectionDescription(input: $input, projectId: $projectId) {\n    connection {\n      ...ConnectedEndpointFields\n    }\n  }\n}"): typeof import('./graphql.ts').UpdateServiceConnectionDescriptionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdateServicePermissionDescription($input: UpdateServicePermissionDescriptionInput!, $projectId: ID) {\n  updateServicePermissionDescription(input: $input, projectId: $projectId) {\n    permission {\n      ...ServicePermissionFields\n    }\n  }\n}"): typeof import('./graphql.ts').UpdateServicePermissionDescriptionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdateVpcEndpointPolicy($input: UpdateVpcEndpointPolicyInput!, $projectId: ID) {\n  updateVpcEndpointPolicy(input: $input, projectId: $projectId) {\n    statusCursor\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}"): typeof import('./graphql.ts').UpdateVpcEndpointPolicyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdateVpcEndpointRouteTables($input: UpdateVpcEndpointRouteTablesInput!, $projectId: ID) {\n  updateVpcEndpointRouteTables(input: $input, projectId: $projectId) {\n    statusCursor\n    failures {\n      routeTableId\n      action\n      message\n    }\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}"): typeof import('./graphql.ts').UpdateVpcEndpointRouteTablesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdateVpcEndpointWhitelist($input: UpdateVpcEndpointWhitelistInput!, $projectId: ID) {\n  updateVpcEndpointWhitelist(input: $input, projectId: $projectId) {\n    statusCursor\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}"): typeof import('./graphql.ts').UpdateVpcEndpointWhitelistDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpgradeEndpointService($input: UpgradeEndpointServiceInput!, $projectId: ID) {\n  upgradeEndpointService(input: $input, projectId: $projectId) {\n    service {\n      ...EndpointServiceFields\n    }\n  }\n}"): typeof import('./graphql.ts').UpgradeEndpointServiceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpgradeVpcEndpoint($input: UpgradeVpcEndpointInput!, $projectId: ID) {\n  upgradeVpcEndpoint(input: $input, projectId: $projectId) {\n    statusCursor\n    endpoint {\n      ...VpcEndpointFields\n    }\n  }\n}"): typeof import('./graphql.ts').UpgradeVpcEndpointDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Viewer {\n  viewer {\n    subject\n    projects {\n      ...ProjectFields\n    }\n  }\n}"): typeof import('./graphql.ts').ViewerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query VpcEndpoint($id: ID!, $projectId: ID, $last: Int = 20) {\n  vpcEndpoint(id: $id, projectId: $projectId) {\n    ...VpcEndpointFields\n    statusHistory(last: $last) {\n      kind\n      status\n      rawStatus\n      previousStatus\n      version\n      cursor\n      observedAt\n    }\n  }\n}"): typeof import('./graphql.ts').VpcEndpointDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment VpcEndpointFields on VpcEndpoint {\n  id\n  projectId\n  status\n  rawStatus\n  serviceType\n  rawServiceType\n  ip\n  ipVersion\n  rawIpVersion\n  ipv6Address\n  activeStatus\n  enableStatus\n  rawEnableStatus\n  endpointServiceId\n  endpointServiceName\n  markerId\n  enableDns\n  dnsNames\n  vpcId\n  subnetId\n  createdAt\n  updatedAt\n  tags {\n    key\n    value\n  }\n  whitelist\n  enableWhitelist\n  routeTables\n  specificationName\n  description\n  policyStatement {\n    effect\n    rawEffect\n    action\n    notAction\n    resource\n    notResource\n    condition\n    sid\n  }\n  policyDocument\n  publicBorderGroup\n  endpointPoolId\n  faults {\n    code\n    message\n  }\n}"): typeof import('./graphql.ts').VpcEndpointFieldsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query VpcEndpointServices($projectId: ID, $filter: VpcEndpointFilter, $first: Int = 20, $after: String) {\n  vpcEndpoints(\n    projectId: $projectId\n    filter: $filter\n    first: $first\n    after: $after\n  ) {\n    nodes {\n      id\n      endpointServiceId\n      service {\n        ...RelatedServiceFields\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').VpcEndpointServicesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query VpcEndpoints($projectId: ID, $filter: VpcEndpointFilter, $orderBy: SortInput, $first: Int = 20, $after: String) {\n  vpcEndpoints(\n    projectId: $projectId\n    filter: $filter\n    orderBy: $orderBy\n    first: $first\n    after: $after\n  ) {\n    totalCount\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        ...VpcEndpointFields\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').VpcEndpointsDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
