import { ownedService } from '../core/access.ts';
import { ApiError, refuse } from '../core/api-error.ts';
import type { Answer, Call } from '../core/call.ts';
import { type Body, bodyOf, exactFilter, isObject, page, readList, readPaging, readText } from '../core/input.ts';
import type { SimulatedService } from '../world/services.ts';
import type { SimulatedEndpoint } from '../world/world.ts';
import { connectionItem } from './endpoint-answers.ts';
import { timesOf } from './endpoint-operations.ts';

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
  const endpoint = connected(call, service, id);
  refuseUndecidable(world.status(endpoint));
  if (body.action === 'receive') world.accept(endpoint.id);
  else world.reject(endpoint.id);
  return { status: 200, body: { connections: [connectionItem(world, world.endpoint(endpoint.id) ?? endpoint)] } };
}

/** The texts are the owner's notes: the endpoint's own description stays as it is. */
export function describeConnections(call: Call): Answer {
  const { world } = call;
  const service = ownedService(call);
  const entries = readList(bodyOf(call.body), 'connections', 'EndPoint.0002');
  if (entries.length === 0) refuse('EndPoint.0002', 'connections must not be empty.');
  const texts = entries.map((entry) => {
    if (!isObject(entry)) return refuse('EndPoint.0002', 'A connection must be an object.');
    return { endpoint: connected(call, service, entry.id), text: readConnectionText(entry) };
  });
  for (const { endpoint, text } of texts) world.connectionTexts.set(endpoint.id, text);
  return { status: 200, body: { connections: texts.map(({ endpoint }) => connectionItem(world, endpoint)) } };
}

function readConnectionText(entry: Body): string {
  const text = readText(entry, 'description', 'EndPoint.0002');
  if (text === null) return refuse('EndPoint.0002', 'description is required.');
  if ([...text].length > 512) refuse('EndPoint.0002', 'description has at most 512 characters.');
  if (/[<>]/.test(text)) refuse('EndPoint.0002', 'description must not contain angle brackets.');
  return text;
}

function connected({ world }: Call, service: SimulatedService, id: unknown): SimulatedEndpoint {
  if (typeof id !== 'string') return refuse('EndPoint.2017', 'A VPC endpoint ID must be text.');
  const endpoint = world.endpoint(id.toLowerCase());
  if (endpoint === undefined) throw new ApiError(404, 'EndPoint.0005', 'The VPC endpoint does not exist.');
  if (endpoint.service.id !== service.id)
    refuse('EndPoint.2013', 'The VPC endpoint does not belong to the VPC endpoint service.');
  return endpoint;
}

/** Both decisions can be revised later (NOTES.md, "Endpoint status"). */
function refuseUndecidable(status: string): void {
  if (status === 'creating') refuse('EndPoint.2019', 'The VPC endpoint is being created.');
  if (status === 'deleting') refuse('EndPoint.2018', 'The VPC endpoint is being deleted.');
  if (status === 'failed') refuse('EndPoint.2047', 'A failed VPC endpoint cannot be changed.');
}
