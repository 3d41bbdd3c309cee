/** A watched resource: all that `watch` and `events` know of endpoints, services and connections. */
import type { CommitRequest, Observation } from '../events/event-log.ts';
import type { ConnectionClient } from '../vpcep/connection/client.ts';
import type { EndpointClient } from '../vpcep/endpoint/client.ts';
import type { ServiceClient } from '../vpcep/service/client.ts';
import type { CallOptions } from '../vpcep/transport/transport.ts';

/** Upstream's word, of every kind of resource. */
export const DELETING = 'deleting';

/** `waiting`: for a person, so that a slow poll interval will do. `open`: anything else. */
export type Phase = 'settled' | 'changing' | 'waiting' | 'open';

/** Where resources are: in a project, or in one resource of it. */
export interface ResourceScope {
  readonly projectId: string;
  readonly parentId?: string;
}

/** Rows in creation order, which is the stable one. */
export interface PageQuery {
  readonly limit: number;
  readonly offset: number;
  readonly sortKey: 'create_at';
  readonly sortDir: 'asc';
}

export interface ObservedPage {
  readonly observations: readonly Observation[];
  /** All matches, paging ignored. */
  readonly totalCount: number;
}

/** The calls that kinds read with. */
export interface WatchedClients {
  readonly endpoints: Pick<EndpointClient, 'listEndpoints' | 'getEndpoint'>;
  readonly services: Pick<ServiceClient, 'listServices' | 'getService'>;
  readonly connections: Pick<ConnectionClient, 'listConnections'>;
}

/** One kind of resource: a file in resources/. Its calls throw UpstreamError. */
export interface ResourceKind {
  /** In names of logs, in log lines and in metrics. */
  readonly name: string;
  /** What a row of its list proves: `list` where lists can lag behind reads. */
  readonly rows: CommitRequest['source'];
  list(clients: WatchedClients, scope: ResourceScope, query: PageQuery, options: CallOptions): Promise<ObservedPage>;
  /** @throws UpstreamError `not_found` when it is not there. */
  read(clients: WatchedClients, scope: ResourceScope, id: string, options: CallOptions): Promise<Observation>;
  phaseOf(rawStatus: string): Phase;
}

/** What one log holds: the resources of one kind in one scope. */
export interface ResourceSet extends ResourceScope {
  readonly kind: ResourceKind;
  /** Name of the log. What is stored outlives the process, so it never changes. */
  readonly log: string;
}

/** IDs have no slashes (graphql/core/input-check.ts, `idRule`). */
export function resourceSet(kind: ResourceKind, projectId: string, parent?: string): ResourceSet {
  const log = `${projectId}/${kind.name}`;
  if (parent === undefined) return { kind, projectId, log };
  const parentId = canonicalId(parent);
  return { kind, projectId, parentId, log: `${log}/${parentId}` };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Upstream takes a UUID in any case, and answers it in lower case, under which the log has it. */
export function canonicalId(id: string): string {
  return UUID.test(id) ? id.toLowerCase() : id;
}

/** The scope of the set whose log has this name. */
export function scopeOf(log: string): ResourceScope {
  const [projectId = '', , parentId] = log.split('/');
  return parentId === undefined ? { projectId } : { projectId, parentId };
}

export function isSettled({ kind }: Pick<ResourceSet, 'kind'>, rawStatus: string): boolean {
  return kind.phaseOf(rawStatus) === 'settled';
}
