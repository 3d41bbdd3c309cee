/**
 * What each field that has a resolver costs: the calls to upstream that it can cause, at most, while nothing fails. What
 * is shared (DataLoader) or kept (a service's description) counts as it would the first time. Change it together with
 * the resolver; a test walks the schema so that none is forgotten.
 */
import { HISTORY_DEFAULT, HISTORY_MAX } from '../core/arguments.ts';
import { DEFAULT_PAGE, MAX_PAGE } from '../core/pagination.ts';

/** Arguments as a client has written them: not checked, and variables not coerced. */
export type RawArguments = Readonly<Record<string, unknown>>;

/** A list that is read once below a root field, whoever needs it (graphql/core/service-loader.ts). */
type SharedList = 'own services' | 'public services';

export interface FieldCost {
  /** Calls for each object that has the field. */
  readonly calls?: number | ((args: RawArguments) => number);
  /** Calls for so many objects at once that have the field, for loaders that ask for all of them together. */
  readonly together?: (rows: number) => number;
  readonly lists?: readonly SharedList[];
  /** How many rows it answers; one if unsaid. */
  readonly rows?: (args: RawArguments) => number;
  /** How many events of a history it answers, for each object that has the field. */
  readonly events?: (args: RawArguments) => number;
}

const FREE: FieldCost = {};
const ONE: FieldCost = { calls: 1 };
const TWO: FieldCost = { calls: 2 };
const THREE: FieldCost = { calls: 3 };
const PAGE: FieldCost = { calls: 1, rows: pageSize };
const DETAIL_OF_LIST: FieldCost = { lists: ['own services'] };

/** Of `acceptServiceConnection` and its like: each is written, and looked at when the answer does not show it. */
const DECISIONS: FieldCost = { calls: (args) => 2 * decisions(args), rows: decisions };

/** Reads that the loader of endpoints does one by one, or pages of its list: a project of up to 4,000 endpoints. */
const MOST_ENDPOINT_READS = 4;
/** Most pages of 500 permissions that are looked through to name those that were changed: a service may have 1,000. */
const PERMISSION_PAGES = 2;
const MOST_DECISIONS = 100;

/** A size that is no number will be refused: it counts as the largest until then. */
function pageSize({ first }: RawArguments): number {
  const size = first ?? DEFAULT_PAGE;
  return typeof size === 'number' && size >= 1 ? Math.min(size, MAX_PAGE) : MAX_PAGE;
}

function historyLength({ last }: RawArguments): number {
  const length = last ?? HISTORY_DEFAULT;
  return typeof length === 'number' && length >= 1 ? Math.min(length, HISTORY_MAX) : HISTORY_MAX;
}

function decisions({ input }: RawArguments): number {
  const ids: unknown = Object(input).endpointIds;
  return Array.isArray(ids) ? Math.min(ids.length, MOST_DECISIONS) : 1;
}

/** By `Type.field`. */
export const FIELD_COSTS: Readonly<Record<string, FieldCost>> = {
  'Query.apiVersion': ONE,
  'Query.apiVersions': ONE,
  'Query.describeEndpointService': ONE,
  'Query.endpointService': ONE,
  'Query.endpointServices': PAGE,
  'Query.projectTags': ONE,
  'Query.publicEndpointServices': PAGE,
  'Query.quotas': ONE,
  'Query.resourcesByTags': PAGE,
  'Query.viewer': FREE,
  'Query.vpcEndpoint': ONE,
  'Query.vpcEndpoints': PAGE,

  'VpcEndpoint.service': { lists: ['own services', 'public services'], calls: 1 },
  'VpcEndpoint.statusHistory': { events: historyLength },
  'EndpointService.connectionCount': DETAIL_OF_LIST,
  'EndpointService.domainId': DETAIL_OF_LIST,
  'EndpointService.publicBorderGroup': DETAIL_OF_LIST,
  'EndpointService.connections': PAGE,
  'EndpointService.permissions': PAGE,
  'ServiceConnection.endpoint': { together: (rows) => Math.min(rows, MOST_ENDPOINT_READS) },

  // The description of the service, the creation; a creation without an answer is looked for, and that is not counted.
  'Mutation.createVpcEndpoint': TWO,
  'Mutation.deleteVpcEndpoint': TWO,
  'Mutation.deleteVpcEndpointPolicy': TWO,
  'Mutation.updateVpcEndpointPolicy': { calls: 4 },
  'Mutation.updateVpcEndpointRouteTables': THREE,
  'Mutation.updateVpcEndpointWhitelist': THREE,
  'Mutation.upgradeVpcEndpoint': TWO,
  'Mutation.createEndpointService': ONE,
  'Mutation.updateEndpointService': THREE,
  'Mutation.renameEndpointService': TWO,
  'Mutation.deleteEndpointService': TWO,
  'Mutation.upgradeEndpointService': TWO,
  'Mutation.addEndpointServiceServerResources': TWO,
  'Mutation.acceptServiceConnection': DECISIONS,
  'Mutation.rejectServiceConnection': DECISIONS,
  'Mutation.updateServiceConnectionDescription': TWO,
  'Mutation.addServicePermissions': { calls: 2 + PERMISSION_PAGES },
  'Mutation.removeServicePermissions': { calls: 2 + PERMISSION_PAGES },
  'Mutation.updateServicePermissionDescription': { calls: 1 + PERMISSION_PAGES },
  'Mutation.addResourceTags': THREE,
  'Mutation.removeResourceTags': TWO,

  // The start and one event; what polls cost is a project's and not one subscriber's.
  'Subscription.endpointStatus': ONE,
  'Subscription.projectEndpointStatus': ONE,
  'EndpointStatusEvent.endpoint': FREE,
};
