import { ownedEndpoint, refuseUnsettled } from '../core/access.ts';
import { refuse } from '../core/api-error.ts';
import { type Answer, type Call, ok } from '../core/call.ts';
import { bodyOf, exactFilter, listAnswer, nameFilter, readPaging } from '../core/input.ts';
import type { JsonObject } from '../world/json.ts';
import { NO_SUCH_ROUTE_TABLE_ID, STUCK_ROUTE_TABLE_ID } from '../world/services.ts';
import type { SimulatedEndpoint } from '../world/world.ts';
import {
  createAnswer,
  detailAnswer,
  listItem,
  policyAnswer,
  routeTables,
  serviceName,
  timesOf,
  whitelistAnswer,
} from './endpoint-answers.ts';
import { readCreateRequest, readPolicy, readRouteTables, readWhitelist } from './endpoint-create-request.ts';

export function createEndpoint({ world, projectId, body }: Call): Answer {
  const endpoint = world.create(readCreateRequest(world, projectId, body));
  return ok(createAnswer(world, endpoint));
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
  return listAnswer(
    'endpoints',
    found,
    paging,
    (endpoint) => timesOf(world, endpoint),
    (endpoint) => listItem(world, endpoint),
  );
}

export function showEndpoint(call: Call): Answer {
  return ok(detailAnswer(call.world, ownedEndpoint(call)));
}

export function deleteEndpoint(call: Call): Answer {
  const endpoint = ownedEndpoint(call);
  if (call.world.status(endpoint) === 'deleting') refuse('EndPoint.2018', 'The VPC endpoint is being deleted.');
  call.world.startDeleting(endpoint.id);
  return { status: call.deleteStatus };
}

/** The largest of the published maxima; the true one is not known (NOTES.md, "Rules on input"). */
const MOST_ENTRIES = 1000;

/** Replaces both: what is not sent is empty and false. */
export function updateWhitelist(call: Call): Answer {
  const endpoint = editable(call);
  const { service } = endpoint;
  if (service.type === 'gateway') refuse('EndPoint.2044', 'A whitelist is for interface VPC endpoint services.');
  const change = readWhitelist(bodyOf(call.body), service);
  if (change.whitelist.length > MOST_ENTRIES)
    refuse('EndPoint.2045', `A whitelist has at most ${MOST_ENTRIES} entries.`);
  return ok(whitelistAnswer(call.world, call.world.edit(endpoint.id, change)));
}

/** The answer reports tables that cannot be bound or unbound, and is a success all the same. */
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
  return ok({
    routetables: routeTables(changed),
    error: unbound.length + stuck.length === 0 ? undefined : [error],
  });
}

export function updatePolicy(call: Call): Answer {
  const endpoint = editable(call);
  const { statement, document } = readPolicy(bodyOf(call.body), endpoint.service);
  if ((statement === null) === (document === null))
    refuse('EndPoint.2048', 'Send either policy_statement or policy_document.');
  const change = { policyStatement: statement, policyDocument: document };
  return ok(policyAnswer(call.world, call.world.edit(endpoint.id, change)));
}

/** Full access is what is left. */
export function deletePolicy(call: Call): Answer {
  const endpoint = editable(call);
  if (!endpoint.service.enablePolicy) refuse('EndPoint.2049', 'The VPC endpoint has no policy.');
  const changed = call.world.edit(endpoint.id, { policyStatement: null, policyDocument: null });
  return ok(policyAnswer(call.world, changed));
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
  const endpoint = ownedEndpoint(call);
  refuseUnsettled(call.world, endpoint);
  return endpoint;
}
