import type { Observation } from '../../events/event-log.ts';
import { type EndpointService, isServiceSettled, serviceStatusOf, serviceWith } from '../../vpcep/service/model.ts';
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

/** Not the number of connections: it changes without a transition. */
const UNOBSERVED: ReadonlySet<string> = new Set([
  'id',
  'projectId',
  'status',
  'rawStatus',
  'view',
  'mark',
  'unsaid',
  'connectionCount',
]);

/** What the answer does not say keeps its last value. */
export function observeService(service: EndpointService): Observation {
  const { id, rawStatus, unsaid } = service;
  const isSaid = ([name, value]: readonly [string, unknown]) =>
    value !== null && !UNOBSERVED.has(name) && !unsaid.some((list) => list === name);
  return { id, status: rawStatus, fields: Object.fromEntries(Object.entries(service).filter(isSaid)) };
}

/** The service that observations have shown. */
export function serviceOf({ id, status: rawStatus, fields }: Observation, projectId: string): EndpointService {
  return serviceWith('details', { ...fields, id, projectId, status: serviceStatusOf(rawStatus), rawStatus });
}
