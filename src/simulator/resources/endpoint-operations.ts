import { ApiError, refuse } from '../core/api-error.ts';
import type { Answer, Call } from '../core/call.ts';
import { isId } from '../core/input.ts';
import { exactFilter, nameFilter, page, readPaging } from '../core/list-query.ts';
import type { SimulatedEndpoint, World } from '../world/world.ts';
import { readCreateRequest } from './create-request.ts';
import { createAnswer, detailAnswer, listItem, serviceName } from './endpoint-answers.ts';

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
