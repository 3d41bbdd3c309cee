import type { Observation } from '../../events/event-log.ts';
import type { ConnectedEndpoint } from '../../vpcep/connection/model.ts';
import { NO_STATUS } from '../../vpcep/core/values.ts';
import { UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import { type Phase, type ResourceKind, type ResourceScope, type ResourceSet, resourceSet } from '../resource.ts';
import { ENDPOINTS } from './watched-endpoints.ts';

/** The connections of an endpoint service, by the IDs of the endpoints at the other end. */
export const CONNECTIONS: ResourceKind = {
  name: 'connections',
  // The list is the only read that there is, so it also brings back what was taken for deleted.
  rows: 'read',

  async list({ connections: client }, scope, query, options) {
    const { connections, totalCount } = await client.listConnections(...owner(scope), query, options);
    return { observations: connections.map(observeConnection), totalCount };
  },

  async read({ connections: client }, scope, endpointId, options) {
    const { connections } = await client.listConnections(...owner(scope), { endpointId }, options);
    const row = connections.find((connection) => connection.endpointId === endpointId);
    if (row !== undefined) return observeConnection(row);
    const message = 'The endpoint is not connected to the service.';
    throw new UpstreamError({ kind: 'not_found', outcome: 'refused', message, retryable: false });
  },

  /** The owner watches for requests, so what waits for the owner is no reason to poll slowly. */
  phaseOf(rawStatus): Phase {
    const phase = ENDPOINTS.phaseOf(rawStatus);
    return phase === 'waiting' ? 'open' : phase;
  },
};

export function connectionsOf(projectId: string, serviceId: string): ResourceSet {
  return resourceSet(CONNECTIONS, projectId, serviceId);
}

function owner({ projectId, parentId = '' }: ResourceScope): readonly [projectId: string, serviceId: string] {
  return [projectId, parentId];
}

export function observeConnection({ endpointId, status: _, rawStatus, ...fields }: ConnectedEndpoint): Observation {
  return { id: endpointId, status: rawStatus, fields };
}

/** Of rows that answer a write: they can be partial, down to the ID (docs/upstream/NOTES.md). */
export function observeWritten(rows: readonly ConnectedEndpoint[]): readonly Observation[] {
  return rows
    .filter(({ rawStatus }) => rawStatus !== NO_STATUS)
    .map((row) => {
      const { id, status, fields } = observeConnection(row);
      const { faults: _, ...said } = fields;
      return { id, status, fields: Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null)) };
    });
}
