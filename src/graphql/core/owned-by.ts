import type { EndpointService } from '../../vpcep/service/model.ts';
import { AccessError } from '../errors/gateway-errors.ts';
import type { GatewayContext } from './context.ts';

/**
 * The project in which the owner's side of a service can be read. What describes a service to others names no project.
 * @throws AccessError
 */
export function ownerProject(context: GatewayContext, service: { readonly projectId: string | null }): string {
  if (service.projectId === null) {
    throw new AccessError('NOT_FOUND', 'Only the owner of an endpoint service sees its connections and permissions');
  }
  return context.projects.resolve(service.projectId, 'read');
}

/** The project that was asked is the project of an own service, whatever the answer says: field resolvers go on from it. */
export function ownedBy(service: EndpointService, projectId: string): EndpointService {
  return service.view === 'outside' || service.projectId === projectId ? service : { ...service, projectId };
}
