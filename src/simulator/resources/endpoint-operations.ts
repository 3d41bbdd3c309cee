import { ApiError, refuse } from '../core/api-error.ts';
import type { Answer, Call } from '../core/call.ts';
import { bodyOf, exactFilter, isId, nameFilter, page, readPaging } from '../core/input.ts';
import type { JsonObject } from '../world/json.ts';
import { NO_SUCH_ROUTE_TABLE_ID, STUCK_ROUTE_TABLE_ID } from '../world/services.ts';
import type { SimulatedEndpoint, World } from '../world/world.ts';
import {
  createAnswer,
  detailAnswer,
  listItem,
  policyAnswer,
  routeTables,
  serviceName,
  whitelistAnswer,
} from './endpoint-answers.ts';
import { readCreateRequest, readPolicy, readRouteTables, readWhitelist } from './endpoint-create-request.ts';

export function createEndpoint({ world, projectId, body }: Call): Answer {
  const endpoint = world.create(readCreateRequest(world, projectId, body));
  return { status: 200, body: createAnswer(world, endpoint) };
}

export function listEndpoints({ world, projectId, query }: Call): Answer {
  const paging = readPaging(query);
  const byId = exactFilter(query, 'id', 'EndPoint.2017');
  const byVpc = exactFilter(query, 'vpc_id', 'EndPoint.0020');
  const byName = nameFilter(query);
  const found = world.endpoints(
    (endpoint) =>
      endpoint.projectId === projectId &&
      byId(endpoint.id) &&
      byVpc(endpoint.vpcId) &&
      byName(serviceName(world, endpoint.service)),
  );
  const rows = page(found, paging, (endpoint) => timesOf(world, endpoint));
  return {
    status: 200,
    body: { endpoints: rows.map((endpoint) => listItem(world, endpoint)), total_count: found.length },
  };
}

export function showEndpoint(call: Call): Answer {
  return { status: 200, body: detailAnswer(call.world, addressed(call)) };
}

export function deleteEndpoint(call: Call): Answer {
  const endpoint = addressed(call);
  if (call.world.status(endpoint) === 'deleting') refuse('EndPoint.2018', 'The VPC endpoint is being deleted.');
  call.world.startDeleting(endpoint.id);
  return { status: call.deleteStatus };
}

export function timesOf(
  world: World,
  endpoint: SimulatedEndpoint,
): { createdAt: number; updatedAt: number; number: number } {
  return { createdAt: world.createdAt(endpoint), updatedAt: world.updatedAt(endpoint), number: endpoint.number };
}

/** An endpoint of another project is as absent as one that never was. */
export function addressed({ world, projectId, params }: Call): SimulatedEndpoint {
  const id = params.vpc_endpoint_id ?? '';
  if (!isId(id)) refuse('EndPoint.2017', 'The VPC endpoint ID is invalid.');
  const endpoint = world.endpoint(id.toLowerCase());
  if (endpoint?.projectId !== projectId) throw new ApiError(404, 'EndPoint.0005', 'The VPC endpoint does not exist.');
  return endpoint;
}

/** What the owner changes of an endpoint. Rules: NOTES.md, "Rules on input"; codes: vpcep.openapi.yaml, `x-error-codes`. */

/** The true maximum is not known (NOTES.md, "Rules on input"): the largest of the published ones. */
const MOST_ENTRIES = 1000;

/** Replaces both: what is not sent is empty and false. */
export function updateWhitelist(call: Call): Answer {
  const endpoint = editable(call);
  const { service } = endpoint;
  if (service.type === 'gateway') refuse('EndPoint.2044', 'A whitelist is for interface VPC endpoint services.');
  const change = readWhitelist(bodyOf(call.body), service);
  if (change.whitelist.length > MOST_ENTRIES)
    refuse('EndPoint.2045', `A whitelist has at most ${MOST_ENTRIES} entries.`);
  return { status: 200, body: whitelistAnswer(call.world, call.world.edit(endpoint.id, change)) };
}

/** Tables that cannot be bound or taken away are told in an answer of success. */
export function updateRouteTables(call: Call): Answer {
  const endpoint = editable(call);
  const body = bodyOf(call.body);
  if (endpoint.service.type === 'interface')
    refuse('EndPoint.1019', 'Route tables are for gateway VPC endpoint services.');
  if (body.routetables === undefined) refuse('EndPoint.1019', 'routetables is required.');
  const wanted = [...new Set(readRouteTables(body, endpoint.service))];
  const stuck = endpoint.routeTables.filter((id) => id === STUCK_ROUTE_TABLE_ID && !wanted.includes(id));
  const unbound = wanted.filter((id) => id === NO_SUCH_ROUTE_TABLE_ID);
  const bound = [...wanted.filter((id) => id !== NO_SUCH_ROUTE_TABLE_ID), ...stuck];
  const changed = call.world.edit(endpoint.id, { routeTables: bound });
  const error = {
    bind_failed: unbound.length === 0 ? undefined : failed(unbound, 'The route table does not exist.'),
    unbind_failed: stuck.length === 0 ? undefined : failed(stuck, 'The route table is locked.'),
  };
  return {
    status: 200,
    body: {
      routetables: routeTables(changed),
      error: unbound.length + stuck.length === 0 ? undefined : [error],
    },
  };
}

export function updatePolicy(call: Call): Answer {
  const endpoint = editable(call);
  const { statement, document } = readPolicy(bodyOf(call.body), endpoint.service);
  if ((statement === null) === (document === null))
    refuse('EndPoint.2048', 'Send either policy_statement or policy_document.');
  const change = { policyStatement: statement, policyDocument: document };
  return { status: 200, body: policyAnswer(call.world, call.world.edit(endpoint.id, change)) };
}

/** Full access is what is left. */
export function deletePolicy(call: Call): Answer {
  const endpoint = editable(call);
  if (!endpoint.service.enablePolicy) refuse('EndPoint.2049', 'The VPC endpoint has no policy.');
  const changed = call.world.edit(endpoint.id, { policyStatement: null, policyDocument: null });
  return { status: 200, body: policyAnswer(call.world, changed) };
}

export function upgradeEndpoint(call: Call): Answer {
  const endpoint = editable(call);
  if (bodyOf(call.body).action !== 'start') refuse('EndPoint.2027', 'action must be start.');
  // The code for this is not published; that of an unknown specification fits.
  if (endpoint.service.type === 'gateway')
    refuse('EndPoint.2009', 'Only interface VPC endpoints have a professional edition.');
  call.world.edit(endpoint.id, { upgraded: true });
  return { status: 202 };
}

function failed(ids: readonly string[], message: string): readonly JsonObject[] {
  return ids.map((id) => ({ id, error_message: message }));
}

function editable(call: Call): SimulatedEndpoint {
  const endpoint = addressed(call);
  const status = call.world.status(endpoint);
  if (status === 'creating') refuse('EndPoint.2019', 'The VPC endpoint is being created.');
  if (status === 'deleting') refuse('EndPoint.2018', 'The VPC endpoint is being deleted.');
  if (status === 'failed') refuse('EndPoint.2047', 'A failed VPC endpoint cannot be changed.');
  return endpoint;
}
