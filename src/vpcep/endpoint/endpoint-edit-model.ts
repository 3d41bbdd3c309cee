/** What can be changed of an endpoint that is there (schema/vpcep.openapi.yaml, tag "VPC Endpoints"). */

import type { JsonObject } from '../core/model.ts';
import type { NewPolicyStatement } from './model.ts';

/**
 * Both fields, always: upstream takes a missing one for empty and false (docs/upstream/NOTES.md, "Rules on input").
 * Entries are IPv4 addresses or CIDR blocks; access control that is off lets everybody in.
 */
export interface WhitelistChange {
  readonly whitelist: readonly string[];
  readonly enableWhitelist: boolean;
}

/** Exactly one of the two: statements for OBS and SFS gateway services, a document for the others. */
export type PolicyChange =
  | { readonly policyStatement: readonly NewPolicyStatement[] }
  | { readonly policyDocument: JsonObject };

export const RouteTableAction = { BIND: 'BIND', UNBIND: 'UNBIND' } as const;
export type RouteTableAction = keyof typeof RouteTableAction;

/** One table that was left as it was, told inside an answer of success. */
export interface RouteTableFailure {
  readonly routeTableId: string | null;
  readonly action: RouteTableAction;
  readonly message: string | null;
}

export interface RouteTableAnswer {
  /** Tables that are bound now; null when the answer does not say. */
  readonly routeTables: readonly string[] | null;
  readonly failures: readonly RouteTableFailure[];
}
