import { refuse } from '../core/api-error.ts';
import { type Answer, type Call, ok } from '../core/call.ts';

/** Both kinds, or only that of `type`. */
export function listQuotas({ world, projectId, query }: Call): Answer {
  const resources = [
    {
      type: 'endpoint_service',
      used: world.services().filter((service) => service.ownerProjectId === projectId).length,
      quota: world.serviceQuota,
    },
    {
      type: 'endpoint',
      used: world.endpoints((endpoint) => endpoint.projectId === projectId).length,
      quota: world.quota,
    },
  ];
  const { type } = query;
  if (type !== undefined && !resources.some((resource) => resource.type === type))
    refuse('EndPoint.0002', 'type must be endpoint_service or endpoint.');
  const wanted = resources.filter((resource) => type === undefined || resource.type === type);
  return ok({ quotas: { resources: wanted } });
}
