/** Quotas of a project and versions of the API. */
import { refuse, unpublished } from '../core/api-error.ts';
import { type Answer, type Call, ok } from '../core/call.ts';
import type { JsonObject } from '../world/json.ts';

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

const VERSIONS: readonly JsonObject[] = [
  version('v1', 'CURRENT', '2018-09-30T00:00:00Z'),
  version('v2', 'SUPPORT', '2023-05-10T00:00:00Z'),
];

export function listVersions(): Answer {
  return ok({ versions: VERSIONS });
}

export function showVersion({ params }: Call): Answer {
  const found = VERSIONS.find(({ id }) => id === params.version);
  // Every path of one segment matches this route; one that names no version is not published.
  if (found === undefined) throw unpublished();
  return ok({ version: found });
}

/** Micro versions are not in use: both are empty. */
function version(id: string, status: string, updated: string): JsonObject {
  const href = `https://vpcep.simulator.invalid/${id}`;
  const links = [{ href, type: 'application/json', rel: 'self' }];
  return { id, status, updated, version: '', min_version: '', links };
}
