import type { EndpointService } from '../../vpcep/service/model.ts';

/** The project that was asked is the project of an own service, whatever the answer says: field resolvers go on from it. */
export function ownedBy(service: EndpointService, projectId: string): EndpointService {
  return service.view === 'outside' || service.projectId === projectId ? service : { ...service, projectId };
}
