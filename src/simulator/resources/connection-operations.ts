import { ownedService, refuseUnsettled } from '../core/access.ts';
import { notFound, refuse } from '../core/api-error.ts';
import { type Answer, type Call, ok } from '../core/call.ts';
import { bodyOf, exactFilter, isObject, listAnswer, readDescription, readList, readPaging } from '../core/input.ts';
import type { SimulatedService } from '../world/services.ts';
import type { SimulatedEndpoint } from '../world/world.ts';
import { connectionItem, timesOf } from './endpoint-answers.ts';

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
  return listAnswer(
    'connections',
    found,
    paging,
    (endpoint) => timesOf(world, endpoint),
    (endpoint) => connectionItem(world, endpoint),
  );
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
  refuseUnsettled(world, endpoint);
  if (body.action === 'receive') world.accept(endpoint.id);
  else world.reject(endpoint.id);
  return ok({ connections: [connectionItem(world, world.endpoint(endpoint.id) ?? endpoint)] });
}

/** The texts are the owner's notes: the endpoint's own description stays as it is. */
export function describeConnections(call: Call): Answer {
  const { world } = call;
  const service = ownedService(call);
  const entries = readList(bodyOf(call.body), 'connections', 'EndPoint.0002');
  if (entries.length === 0) refuse('EndPoint.0002', 'connections must not be empty.');
  const texts = entries.map((entry) => {
    if (!isObject(entry)) return refuse('EndPoint.0002', 'A connection must be an object.');
    const endpoint = connected(call, service, entry.id);
    return { endpoint, text: readDescription(entry) ?? refuse('EndPoint.0002', 'description is required.') };
  });
  for (const { endpoint, text } of texts) world.connectionTexts.set(endpoint.id, text);
  return ok({ connections: texts.map(({ endpoint }) => connectionItem(world, endpoint)) });
}

function connected({ world }: Call, service: SimulatedService, id: unknown): SimulatedEndpoint {
  if (typeof id !== 'string') return refuse('EndPoint.2017', 'A VPC endpoint ID must be text.');
  const endpoint = world.endpoint(id.toLowerCase());
  if (endpoint === undefined) throw notFound('VPC endpoint');
  if (endpoint.service.id !== service.id)
    refuse('EndPoint.2013', 'The VPC endpoint does not belong to the VPC endpoint service.');
  return endpoint;
}
