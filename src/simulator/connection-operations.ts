import { ApiError, refuse } from './api-error.ts';
import type { Answer, Call } from './call.ts';
import { connectionItem } from './endpoint-answers.ts';
import { timesOf } from './endpoint-operations.ts';
import { bodyOf, readList } from './input.ts';
import { exactFilter, page, readPaging } from './list-query.ts';
import type { SimulatedService } from './services.ts';

/** The filter knows fewer words than the field (NOTES.md, "Endpoint service and connection status"). */
const FILTER_WORDS = new Set(['pendingAcceptance', 'accepted', 'rejected', 'failed']);

export function listConnections(call: Call): Answer {
  const { world, query } = call;
  const service = ownedService(call);
  const paging = readPaging(query);
  if (query.status !== undefined && !FILTER_WORDS.has(query.status))
    refuse('EndPoint.0019', 'status cannot be filtered by this value.');
  const byId = exactFilter(query, 'id', 'EndPoint.2017');
  const byMarker = exactFilter(query, 'marker_id', 'EndPoint.0021');
  const byStatus = exactFilter(query, 'status', 'EndPoint.0019');
  const found = world.endpoints(
    (endpoint) =>
      endpoint.service.id === service.id &&
      byId(endpoint.id) &&
      byMarker(endpoint.markerId.toString()) &&
      byStatus(world.status(endpoint)),
  );
  const rows = page(found, paging, (endpoint) => timesOf(world, endpoint));
  return {
    status: 200,
    body: { connections: rows.map((endpoint) => connectionItem(world, endpoint)), total_count: found.length },
  };
}

/** An array by type, but exactly one endpoint per call (vpcep.openapi.yaml, EndPoint.2031). */
export function decideConnection(call: Call): Answer {
  const { world } = call;
  const service = ownedService(call);
  const body = bodyOf(call.body);
  if (body.action !== 'receive' && body.action !== 'reject')
    refuse('EndPoint.2027', 'action must be receive or reject.');
  const [id, ...more] = readList(body, 'endpoints', 'EndPoint.2017');
  if (more.length > 0) refuse('EndPoint.2031', 'Only one VPC endpoint can be accepted or rejected at a time.');
  if (typeof id !== 'string') return refuse('EndPoint.2017', 'endpoints must hold one VPC endpoint ID.');
  const endpoint = world.endpoint(id.toLowerCase());
  if (endpoint === undefined) throw new ApiError(404, 'EndPoint.0005', 'The VPC endpoint does not exist.');
  if (endpoint.service.id !== service.id)
    refuse('EndPoint.2013', 'The VPC endpoint does not belong to the VPC endpoint service.');
  refuseUndecidable(world.status(endpoint));
  if (body.action === 'receive') world.accept(endpoint.id);
  else world.reject(endpoint.id);
  return { status: 200, body: { connections: [connectionItem(world, world.endpoint(endpoint.id) ?? endpoint)] } };
}

/** Both decisions can be revised later (NOTES.md, "Endpoint status"). */
function refuseUndecidable(status: string): void {
  if (status === 'creating') refuse('EndPoint.2019', 'The VPC endpoint is being created.');
  if (status === 'deleting') refuse('EndPoint.2018', 'The VPC endpoint is being deleted.');
  if (status === 'failed') refuse('EndPoint.2047', 'A failed VPC endpoint cannot be changed.');
}

function ownedService({ world, projectId, params }: Call): SimulatedService {
  const service = world.service((params.vpc_endpoint_service_id ?? '').toLowerCase());
  if (service?.ownerProjectId !== projectId)
    throw new ApiError(404, 'EndPoint.0005', 'The VPC endpoint service does not exist.');
  return service;
}
