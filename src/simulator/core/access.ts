/** Who may connect to a service, and who owns it. */

import { domainIdOf } from '../world/identity.ts';
import { grants } from '../world/permissions.ts';
import type { SimulatedService } from '../world/services.ts';
import type { World } from '../world/world.ts';
import { ApiError } from './api-error.ts';
import type { Call } from './call.ts';

/** The owner's account always may; others when the service is open to their project or lists a permission for them. */
export function mayConnect(world: World, service: SimulatedService, projectId: string): boolean {
  const { ownerProjectId, openTo } = service;
  if (openTo === 'all' || openTo.includes(projectId)) return true;
  const domainId = domainIdOf(projectId);
  if (domainIdOf(ownerProjectId) === domainId) return true;
  return world.permissions.of(service.id).some(({ permission }) => grants(permission, domainId));
}

/** The service of the path; one of somebody else is as absent as one that never was. */
export function ownedService({ world, projectId, params }: Call): SimulatedService {
  const service = world.service((params.vpc_endpoint_service_id ?? '').toLowerCase());
  if (service?.ownerProjectId !== projectId)
    throw new ApiError(404, 'EndPoint.0005', 'The VPC endpoint service does not exist.');
  return service;
}
