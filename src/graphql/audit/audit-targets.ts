/** What each mutation and subscription is about: the only part of arguments and answers that the audit stream shows. */
import { idRule } from '../core/input-check.ts';

interface TargetRule {
  /** Names of arguments, or of members of `input`, that hold one id or several. */
  readonly given: readonly string[];
  /** Member of the payload that holds what is new, one or several. */
  readonly made?: string;
}

const BY_ID: TargetRule = { given: ['id'] };
const CONNECTIONS: TargetRule = { given: ['endpointServiceId', 'endpointIds'] };
const RESOURCE: TargetRule = { given: ['resourceId'] };

/** By field. One that is missing here does not get into the schema (audit.ts). */
export const AUDIT_TARGETS: Readonly<Record<string, TargetRule>> = {
  acceptServiceConnection: CONNECTIONS,
  addEndpointServiceServerResources: BY_ID,
  addResourceTags: RESOURCE,
  addServicePermissions: { given: ['endpointServiceId'], made: 'permissions' },
  createEndpointService: { given: [], made: 'service' },
  createVpcEndpoint: { given: ['endpointServiceId'], made: 'endpoint' },
  deleteEndpointService: BY_ID,
  deleteVpcEndpoint: BY_ID,
  deleteVpcEndpointPolicy: BY_ID,
  rejectServiceConnection: CONNECTIONS,
  removeResourceTags: RESOURCE,
  removeServicePermissions: { given: ['endpointServiceId', 'permissionIds'] },
  renameEndpointService: BY_ID,
  updateEndpointService: BY_ID,
  updateServiceConnectionDescription: { given: ['endpointServiceId', 'endpointId'] },
  updateServicePermissionDescription: { given: ['endpointServiceId', 'permissionId'] },
  updateVpcEndpointPolicy: BY_ID,
  updateVpcEndpointRouteTables: BY_ID,
  updateVpcEndpointWhitelist: BY_ID,
  upgradeEndpointService: BY_ID,
  upgradeVpcEndpoint: BY_ID,
  endpointStatus: BY_ID,
  projectEndpointStatus: { given: ['ids'] },
};

export type Targets = Readonly<Record<string, string | readonly string[]>>;

/** Stands for text that is no id: it may be anything. */
const MALFORMED = '(malformed)';
/** No input takes more; what a refused one holds beyond is left out. */
const MOST_IDS = 100;

/** An id as the audit stream may show it. */
export function shownId(value: unknown): string {
  return typeof value === 'string' && idRule(value) === null ? value : MALFORMED;
}

export function givenTargets(field: string, args: Readonly<Record<string, unknown>>): Targets {
  const holder = { ...asRecord(args.input), ...args };
  const entries = (AUDIT_TARGETS[field]?.given ?? []).map((name) => [name, idsOf(holder[name])] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string | string[]] => entry[1] !== undefined));
}

/** What the answer says that has been made: `{ made: … }`, or nothing. */
export function madeTargets(field: string, payload: unknown): Targets {
  const member = AUDIT_TARGETS[field]?.made;
  const made = member === undefined ? undefined : asRecord(payload)[member];
  const ids = idsOf(Array.isArray(made) ? made.map((one) => asRecord(one).id) : asRecord(made).id);
  return ids === undefined ? {} : { made: ids };
}

function idsOf(value: unknown): string | string[] | undefined {
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value.slice(0, MOST_IDS).map(shownId) : shownId(value);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
