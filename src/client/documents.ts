/** The documents of `watchEndpoint` and its like; script/codegen types the answers. Short: every page loads them. */
const EVENT = /* GraphQL */ `
fragment Event on StatusEvent {
kind projectId rawStatus previousRawStatus version cursor more settled observedAt faults { code message }
}`;

const ENDPOINT = /* GraphQL */ `
fragment Endpoint on EndpointStatusEvent {
...Event endpointId status previousStatus
endpoint { id ip ipv6Address serviceType endpointServiceId endpointServiceName vpcId subnetId dnsNames description
createdAt updatedAt tags { key value } }
}
${EVENT}`;

export const WATCH_ENDPOINT = /* GraphQL */ `
subscription WatchEndpoint($id: ID!, $projectId: ID, $after: String, $until: StatusUntil) {
endpointStatus(id: $id, projectId: $projectId, after: $after, until: $until) { ...Endpoint }
}
${ENDPOINT}`;

export const WATCH_PROJECT = /* GraphQL */ `
subscription WatchProject($projectId: ID, $ids: [ID!], $after: String) {
projectEndpointStatus(projectId: $projectId, ids: $ids, after: $after) { ...Endpoint }
}
${ENDPOINT}`;

export const WATCH_SERVICE = /* GraphQL */ `
subscription WatchService($id: ID!, $projectId: ID, $after: String, $until: StatusUntil) {
endpointServiceStatus(id: $id, projectId: $projectId, after: $after, until: $until) {
...Event endpointServiceId status previousStatus
service { id serviceName serverType vpcId portId approvalEnabled description createdAt updatedAt tags { key value } }
}
}
${EVENT}`;

export const WATCH_CONNECTIONS = /* GraphQL */ `
subscription WatchConnections($endpointServiceId: ID!, $projectId: ID, $after: String) {
serviceConnectionStatus(endpointServiceId: $endpointServiceId, projectId: $projectId, after: $after) {
...Event endpointServiceId endpointId status previousStatus
connection { endpointId markerId domainId description createdAt updatedAt }
}
}
${EVENT}`;
