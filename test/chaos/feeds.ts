/** The status feeds: how each is subscribed to, and what is true of its resources upstream. */
import type { World } from '../../src/simulator/world/world.ts';
import type { ResourceSet } from '../../src/watch/resource.ts';
import { connectionsOf } from '../../src/watch/resources/watched-connections.ts';
import { endpointsIn } from '../../src/watch/resources/watched-endpoints.ts';
import { servicesIn } from '../../src/watch/resources/watched-services.ts';

export interface Feed {
  readonly set: ResourceSet;
  /** The subscription to one resource; left out: there is none. */
  readonly one?: string;
  readonly many: string;
  /** Resource → current status. Null: what they belong to is gone. */
  truth(world: World): ReadonlyMap<string, string> | null;
}

const EVENT = 'kind rawStatus version cursor more';
const ENDPOINT = `subscription one($id: ID!, $project: ID, $after: String) {
  event: endpointStatus(id: $id, projectId: $project, after: $after) { ${EVENT} id: endpointId }
}`;
const ENDPOINTS = `subscription many($ids: [ID!], $project: ID, $after: String) {
  event: projectEndpointStatus(ids: $ids, projectId: $project, after: $after) { ${EVENT} id: endpointId }
}`;
const SERVICE = `subscription one($id: ID!, $project: ID, $after: String) {
  event: endpointServiceStatus(id: $id, projectId: $project, after: $after) { ${EVENT} id: endpointServiceId }
}`;
const SERVICES = `subscription many($ids: [ID!], $project: ID, $after: String) {
  event: projectEndpointServiceStatus(ids: $ids, projectId: $project, after: $after) { ${EVENT} id: endpointServiceId }
}`;
const CONNECTIONS = `subscription many($parent: ID!, $project: ID, $after: String) {
  event: serviceConnectionStatus(endpointServiceId: $parent, projectId: $project, after: $after) {
    ${EVENT} id: endpointId
  }
}`;

export function endpointFeed(project: string): Feed {
  return {
    set: endpointsIn(project),
    one: ENDPOINT,
    many: ENDPOINTS,
    truth: (world) =>
      new Map(
        world.endpoints(({ projectId }) => projectId === project).map((one) => [one.id, world.status(one)] as const),
      ),
  };
}

export function serviceFeed(project: string): Feed {
  return {
    set: servicesIn(project),
    one: SERVICE,
    many: SERVICES,
    truth: (world) =>
      new Map(
        world
          .services()
          .flatMap(({ id, status, ownerProjectId }) => (ownerProjectId === project ? [[id, status] as const] : [])),
      ),
  };
}

export function connectionFeed(project: string, serviceId: string): Feed {
  return {
    set: connectionsOf(project, serviceId),
    many: CONNECTIONS,
    truth: (world) =>
      world.service(serviceId) === undefined
        ? null
        : new Map(
            world
              .endpoints(({ service }) => service.id === serviceId)
              .map((one) => [one.id, world.status(one)] as const),
          ),
  };
}
