import { mayConnect } from '../core/access.ts';
import { ApiError, refuse } from '../core/api-error.ts';
import type { Answer, Call } from '../core/call.ts';
import { exactFilter, nameFilter, page, readPaging } from '../core/list-query.ts';
import type { SimulatedService } from '../world/services.ts';
import { serviceName } from './endpoint-answers.ts';
import { BORDER_GROUP, describedService, ownService, publicService } from './service-answers.ts';

/** All backends of the simulator are in a VXLAN. */
const NET_TYPES = new Set(['vlan', 'vxlan', 'all']);

export function listPublicServices(call: Call): Answer {
  const found = matching(call, (service) => service.isPublic);
  return {
    status: 200,
    body: {
      endpoint_services: paged(call, found).map((service) => publicService(call.world, service)),
      total_count: found.length,
    },
  };
}

export function listOwnServices(call: Call): Answer {
  const byStatus = exactFilter(call.query, 'status', 'EndPoint.0019');
  const byBorderGroup = exactFilter(call.query, 'public_border_group', 'EndPoint.0002');
  const netType = call.query.net_type ?? 'all';
  if (!NET_TYPES.has(netType)) refuse('EndPoint.3048', 'net_type must be vlan, vxlan or all.');
  const found = matching(
    call,
    (service) =>
      service.ownerProjectId === call.projectId &&
      byStatus(service.status) &&
      byBorderGroup(BORDER_GROUP) &&
      netType !== 'vlan',
  );
  return {
    status: 200,
    body: {
      endpoint_services: paged(call, found).map((service) => ownService(call.world, service)),
      total_count: found.length,
    },
  };
}

/** Takes exactly one of two filters (vpcep.openapi.yaml, `x-one-of-query`). */
export function describeService({ world, projectId, query }: Call): Answer {
  const { id, endpoint_service_name: name } = query;
  if ((id === undefined) === (name === undefined)) refuse('EndPoint.0002', 'Send either id or endpoint_service_name.');
  const service = world.services().find((candidate) => candidate.id === id || serviceName(world, candidate) === name);
  // The code for a missing service on this call is not published; the general one fits.
  if (service === undefined || !mayConnect(world, service, projectId))
    throw new ApiError(404, 'EndPoint.0005', 'The VPC endpoint service does not exist.');
  return { status: 200, body: describedService(world, service) };
}

function matching({ world, query }: Call, keep: (service: SimulatedService) => boolean): readonly SimulatedService[] {
  const byId = exactFilter(query, 'id', 'EndPoint.3062');
  const byName = nameFilter(query);
  return world.services().filter((service) => keep(service) && byId(service.id) && byName(serviceName(world, service)));
}

/** Those from the start are equally old, so their order is that of the table. */
function paged({ query }: Call, found: readonly SimulatedService[]): readonly SimulatedService[] {
  const numbered = found.map((service, number) => ({ service, number }));
  return page(numbered, readPaging(query), ({ service, number }) => ({
    createdAt: service.createdAt,
    updatedAt: service.updatedAt,
    number,
  })).map(({ service }) => service);
}
