/** Which endpoints and services a project may use and change. One of another project answers as an absent one does. */
import { domainIdOf } from '../world/identity.ts';
import { grants } from '../world/permissions.ts';
import type { SimulatedService } from '../world/services.ts';
import type { SimulatedEndpoint, World } from '../world/world.ts';
import { notFound, refuse } from './api-error.ts';
import type { Call } from './call.ts';
import { isId } from './input.ts';

/** The owner's account always may; others when the service is open to their project or lists a permission for them. */
export function mayConnect(world: World, service: SimulatedService, projectId: string): boolean {
  const { ownerProjectId, openTo } = service;
  if (openTo === 'all' || openTo.includes(projectId)) return true;
  const domainId = domainIdOf(projectId);
  if (domainIdOf(ownerProjectId) === domainId) return true;
  return world.permissions.of(service.id).some(({ permission }) => grants(permission, domainId));
}

/** The service of the path. */
export function ownedService({ world, projectId, params }: Call): SimulatedService {
  const service = world.service((params.vpc_endpoint_service_id ?? '').toLowerCase());
  if (service?.ownerProjectId !== projectId) throw notFound('VPC endpoint service');
  return service;
}

/** The endpoint of the path. */
export function ownedEndpoint({ world, projectId, params }: Call): SimulatedEndpoint {
  const id = params.vpc_endpoint_id ?? '';
  if (!isId(id)) refuse('EndPoint.2017', 'The VPC endpoint ID is invalid.');
  const endpoint = world.endpoint(id.toLowerCase());
  if (endpoint?.projectId !== projectId) throw notFound('VPC endpoint');
  return endpoint;
}

/** Edits and decisions need a settled endpoint (NOTES.md, "Endpoint status"). */
export function refuseUnsettled(world: World, endpoint: SimulatedEndpoint): void {
  const status = world.status(endpoint);
  if (status === 'creating') refuse('EndPoint.2019', 'The VPC endpoint is being created.');
  if (status === 'deleting') refuse('EndPoint.2018', 'The VPC endpoint is being deleted.');
  if (status === 'failed') refuse('EndPoint.2047', 'A failed VPC endpoint cannot be changed.');
}
