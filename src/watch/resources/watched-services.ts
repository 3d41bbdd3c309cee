import type { Observation } from '../../events/event-log.ts';
import {
  type EndpointService,
  isServiceSettled,
  saidOf,
  serviceStatusOf,
  serviceWith,
} from '../../vpcep/service/model.ts';
import { type Phase, type ResourceKind, type ResourceSet, resourceSet } from '../resource.ts';

/** The own endpoint services of a project. */
export const SERVICES: ResourceKind = {
  name: 'services',
  rows: 'list',

  async list({ services: client }, { projectId }, query, options) {
    const { services, totalCount } = await client.listServices(projectId, query, options);
    return { observations: services.map(observeService), totalCount };
  },

  async read({ services: client }, { projectId }, id, options) {
    return observeService(await client.getService(projectId, id, options));
  },

  phaseOf(rawStatus): Phase {
    if (isServiceSettled(rawStatus)) return 'settled';
    return serviceStatusOf(rawStatus) === 'UNKNOWN' ? 'open' : 'changing';
  },
};

export function servicesIn(projectId: string): ResourceSet {
  return resourceSet(SERVICES, projectId);
}

/** What the answer does not say keeps its last value. Not the number of connections: it changes without a transition. */
export function observeService(service: EndpointService): Observation {
  const { id, projectId, status, rawStatus, view, mark, unsaid, connectionCount, ...fields } = saidOf(service);
  return { id: service.id, status: service.rawStatus, fields };
}

/** The service that observations have shown. */
export function serviceOf({ id, status: rawStatus, fields }: Observation, projectId: string): EndpointService {
  return serviceWith('details', { ...fields, id, projectId, status: serviceStatusOf(rawStatus), rawStatus });
}
