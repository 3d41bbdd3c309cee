import { ownedService } from '../core/access.ts';
import { refuse } from '../core/api-error.ts';
import type { Answer, Call } from '../core/call.ts';
import type { SimulatedService } from '../world/services.ts';
import { changedService, connectionCount, serviceDetail } from './service-answers.ts';
import {
  checkServerResources,
  readCreateServiceRequest,
  readRenameRequest,
  readUpdateServiceRequest,
  readUpgradeRequest,
} from './service-request.ts';

/** What the owner does with a service. */

export function createService({ world, projectId, body }: Call): Answer {
  const service = world.register.create(readCreateServiceRequest(world, projectId, body));
  return { status: 200, body: changedService(world, service) };
}

export function showService(call: Call): Answer {
  return { status: 200, body: serviceDetail(call.world, ownedService(call)) };
}

export function updateService(call: Call): Answer {
  const { world, body } = call;
  const service = editable(call);
  const changed = world.register.change(service.id, readUpdateServiceRequest(world, service, body));
  return { status: 200, body: changedService(world, changed) };
}

/** Answers the name as it was sent. */
export function renameService(call: Call): Answer {
  const { id } = editable(call);
  const name = readRenameRequest(call.body);
  call.world.register.change(id, { name });
  return { status: 200, body: { endpoint_service_name: name } };
}

export function deleteService(call: Call): Answer {
  const service = ownedService(call);
  if (service.status === 'deleting') refuse('EndPoint.3005', 'The VPC endpoint service is being deleted.');
  if (connectionCount(call.world, service) > 0)
    refuse('EndPoint.3006', 'The VPC endpoint service still has VPC endpoints.');
  call.world.register.startDeleting(service.id);
  return { status: call.deleteStatus };
}

export function upgradeService(call: Call): Answer {
  const { id } = editable(call);
  call.world.register.change(id, { professional: readUpgradeRequest(call.body) === 'upgrade' });
  return { status: 204 };
}

/** No answer shows them, so they are checked and no more. */
export function addServerResources(call: Call): Answer {
  const service = editable(call);
  checkServerResources(call.body);
  // The code for this is not published; the general one of states fits.
  if (!service.professional) refuse('EndPoint.3045', 'Only professional VPC endpoint services take more backends.');
  call.world.register.change(service.id, {});
  return { status: 204 };
}

function editable(call: Call): SimulatedService {
  const service = ownedService(call);
  if (service.status !== 'available')
    refuse('EndPoint.3045', 'The state of the VPC endpoint service allows no changes now.');
  return service;
}
