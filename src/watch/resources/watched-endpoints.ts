import type { Observation } from '../../events/event-log.ts';
import { type EndpointAnswer, isSettled, statusOf } from '../../vpcep/endpoint/model.ts';
import { type Phase, type ResourceKind, type ResourceSet, resourceSet } from '../resource.ts';

/** The VPC endpoints of a project. */
export const ENDPOINTS: ResourceKind = {
  name: 'endpoints',
  rows: 'list',

  async list({ endpoints: client }, { projectId }, query, options) {
    const { endpoints, totalCount } = await client.listEndpoints(projectId, query, options);
    return { observations: endpoints.map(observeEndpoint), totalCount };
  },

  async read({ endpoints: client }, { projectId }, id, options) {
    return observeEndpoint(await client.getEndpoint(projectId, id, options));
  },

  phaseOf(rawStatus): Phase {
    if (isSettled(rawStatus)) return 'settled';
    const status = statusOf(rawStatus);
    if (status === 'PENDING_ACCEPTANCE') return 'waiting';
    return status === 'UNKNOWN' ? 'open' : 'changing';
  },
};

export function endpointsIn(projectId: string): ResourceSet {
  return resourceSet(ENDPOINTS, projectId);
}

/** The fields are read when they are asked for: of most endpoints that are created they never are. */
class EndpointObservation implements Observation {
  readonly id: string;
  readonly status: string;
  readonly #answer: EndpointAnswer;

  constructor(answer: EndpointAnswer) {
    this.id = answer.id;
    this.status = answer.rawStatus;
    this.#answer = answer;
  }

  get fields(): Observation['fields'] {
    return this.#answer.fields;
  }
}

export function observeEndpoint(answer: EndpointAnswer): Observation {
  return new EndpointObservation(answer);
}
