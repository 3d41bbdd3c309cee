/** The documents of `watchEndpoint` and `watchProject`; script/codegen types the answers. Short: every page loads them. */
const EVENT = /* GraphQL */ `
fragment Event on EndpointStatusEvent {
kind endpointId projectId status rawStatus previousStatus version cursor more settled observedAt faults { code message }
endpoint { id ip ipv6Address serviceType endpointServiceId endpointServiceName vpcId subnetId dnsNames description
createdAt updatedAt tags { key value } }
}`;

export const WATCH_ENDPOINT = /* GraphQL */ `
subscription WatchEndpoint($id: ID!, $projectId: ID, $after: String, $until: StatusUntil) {
endpointStatus(id: $id, projectId: $projectId, after: $after, until: $until) { ...Event }
}
${EVENT}`;

export const WATCH_PROJECT = /* GraphQL */ `
subscription WatchProject($projectId: ID, $ids: [ID!], $after: String) {
projectEndpointStatus(projectId: $projectId, ids: $ids, after: $after) { ...Event }
}
${EVENT}`;
