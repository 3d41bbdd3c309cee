/** Rules on the input of the endpoint operations that GraphQL cannot check (docs/upstream/NOTES.md, "Rules on input"). Pure. */

import { isEmpty, withoutEmpty, withoutUndefined } from '../../shared/objects.ts';
import type { EndpointServiceType } from '../../vpcep/core/model.ts';
import type {
  CreateEndpointInput,
  ListEndpointsQuery,
  NewPolicyStatement,
  PolicyChange,
} from '../../vpcep/endpoint/model.ts';
import {
  DESCRIPTION_MAX,
  IDEMPOTENCY_KEY_MAX,
  InputCheck,
  idRule,
  ipv4Rule,
  ipv6Rule,
  lengthRule,
  noAngleBrackets,
  readTags,
  SERVICE_NAME_MAX,
  uuidRule,
  whitelistRule,
} from '../core/input-check.ts';
import type {
  CreateVpcEndpointInput,
  PolicyInput,
  PolicyStatementInput,
  UpdateVpcEndpointPolicyInput,
  UpdateVpcEndpointRouteTablesInput,
  UpdateVpcEndpointWhitelistInput,
  VpcEndpointFilter,
} from './endpoint.input.ts';

/** @throws InputError */
export function readFilter(
  filter: VpcEndpointFilter | null | undefined,
): Pick<ListEndpointsQuery, 'id' | 'vpcId' | 'endpointServiceName'> {
  const check = new InputCheck();
  const name = filter?.endpointServiceName;
  const conditions = withoutUndefined({
    id: check.text('filter.id', filter?.id, idRule),
    vpcId: check.text('filter.vpcId', filter?.vpcId, idRule),
    endpointServiceName: check.text('filter.endpointServiceName', name, lengthRule(1, SERVICE_NAME_MAX)),
  });
  check.done();
  return conditions;
}

function readNames(check: InputCheck, path: string, value: readonly string[]): readonly string[] {
  const names = check.texts(path, value, lengthRule(1, 1024));
  check.notEmpty(path, names);
  return names;
}

function readStatement(check: InputCheck, path: string, statement: PolicyStatementInput): NewPolicyStatement {
  const { effect, condition, sid } = statement;
  return {
    effect,
    action: readNames(check, `${path}.action`, statement.action),
    resource: readNames(check, `${path}.resource`, statement.resource),
    ...(condition == null || isEmpty(condition) ? {} : { condition }),
    ...(sid == null ? {} : { sid }),
  };
}

function readPolicy(check: InputCheck, { statements = [], document }: PolicyInput): PolicyChange {
  if (document !== undefined) return { policyDocument: document };
  const read = (path: string, item: PolicyStatementInput) => readStatement(check, path, item);
  return { policyStatement: check.list('input.policy.statements', statements, read) };
}

/**
 * The create call's parameters out of a client's input. Null, absent and an empty list or object mean not sent: an empty
 * policy that is sent would replace the default one, which is full access.
 * @throws InputError with every broken rule (Tables 3 to 5 of "Creating a VPC Endpoint"; NOTES.md, "Rules on input").
 */
export function readCreateInput(input: CreateVpcEndpointInput): CreateEndpointInput {
  const check = new InputCheck();
  const required = {
    endpointServiceId: check.text('input.endpointServiceId', input.endpointServiceId, idRule),
    vpcId: check.text('input.vpcId', input.vpcId, idRule),
  };
  const whitelist = check.texts('input.whitelist', input.whitelist, whitelistRule);
  const routeTables = check.texts('input.routeTables', input.routeTables, idRule);
  const optional = withoutEmpty({
    subnetId: check.text('input.subnetId', input.subnetId, uuidRule),
    enableDns: input.enableDns ?? undefined,
    tags: readTags(check, 'input.tags', input.tags),
    routeTables,
    portIp: check.text('input.portIp', input.portIp, ipv4Rule),
    whitelist,
    enableWhitelist: input.enableWhitelist ?? undefined,
    description: check.text('input.description', input.description, lengthRule(0, DESCRIPTION_MAX), noAngleBrackets),
    ...(input.policy && readPolicy(check, input.policy)),
    ipVersion: input.ipVersion ?? undefined,
    ipv6Address: check.text('input.ipv6Address', input.ipv6Address, ipv6Rule),
  });
  // Checked with the rest so that every fault is reported at once; it is no parameter of the call.
  check.text('input.idempotencyKey', input.idempotencyKey, lengthRule(1, IDEMPOTENCY_KEY_MAX));
  check.unique('input.whitelist', whitelist);
  check.unique('input.routeTables', routeTables);
  check.done();
  return { ...required, ...optional };
}

const REMOVE_POLICY = 'give a policy, or remove it with deleteVpcEndpointPolicy';

export interface WhitelistInput {
  readonly id: string;
  /** Undefined keeps the present value, in both. */
  readonly whitelist: readonly string[] | undefined;
  readonly enableWhitelist: boolean | undefined;
}

/** @throws InputError */
export function readWhitelistInput(input: UpdateVpcEndpointWhitelistInput): WhitelistInput {
  const check = new InputCheck();
  const id = check.text('input.id', input.id, idRule);
  const whitelist = check.texts('input.whitelist', input.whitelist, whitelistRule);
  check.unique('input.whitelist', whitelist);
  const enableWhitelist = input.enableWhitelist ?? undefined;
  if (whitelist === undefined && enableWhitelist === undefined) {
    const message = 'must hold whitelist, enableWhitelist or both: there is nothing to change';
    check.report('input', { rule: 'required', message });
  }
  check.done();
  return { id, whitelist, enableWhitelist };
}

/** @throws InputError */
export function readRouteTablesInput(input: UpdateVpcEndpointRouteTablesInput): {
  readonly id: string;
  readonly routeTables: readonly string[];
} {
  const check = new InputCheck();
  const id = check.text('input.id', input.id, idRule);
  const routeTables = check.texts('input.routeTables', input.routeTables, idRule);
  check.unique('input.routeTables', routeTables);
  check.done();
  return { id, routeTables };
}

/** @throws InputError */
export function readPolicyInput(input: UpdateVpcEndpointPolicyInput): {
  readonly id: string;
  readonly change: PolicyChange;
} {
  const check = new InputCheck();
  const { policy } = input;
  const id = check.text('input.id', input.id, idRule);
  const change = readPolicy(check, policy);
  check.notEmpty('input.policy.statements', policy.statements, REMOVE_POLICY);
  check.notEmpty('input.policy.document', policy.document, REMOVE_POLICY);
  check.done();
  return { id, change };
}

/** What an endpoint can have depends on the kind of its service. Null: not known. */
export interface ServiceKind {
  readonly type: EndpointServiceType | null;
  readonly enablePolicy: boolean | null;
  /** Statements are for OBS and SFS gateway services, documents for all others (NOTES.md, "Rules on input"). */
  readonly policy: 'statement' | 'document' | null;
}

interface KindDependent {
  readonly whitelist?: readonly string[] | undefined;
  readonly enableWhitelist?: boolean | undefined;
  readonly routeTables?: readonly string[] | undefined;
  readonly policyStatement?: unknown;
  readonly policyDocument?: unknown;
}

const FOR_INTERFACE = { rule: 'service-kind', message: 'is for interface services only, and this is a gateway one' };
const FOR_GATEWAY = { rule: 'service-kind', message: 'is for gateway services only, and this is an interface one' };
const NO_POLICY = { rule: 'service-kind', message: 'must not be given: this service takes no policy' };
const WANTS_DOCUMENT = {
  rule: 'service-kind',
  message: 'is for OBS and SFS gateway services only: give input.policy.document',
};
const WANTS_STATEMENT = {
  rule: 'service-kind',
  message: 'is not for OBS and SFS gateway services: give input.policy.statements',
};

/** Whether the kind of the service matters at all; if not, it is not read. */
export function dependsOnKind(input: KindDependent & { readonly subnetId?: string | undefined }): boolean {
  return (
    input.subnetId === undefined ||
    saysWhitelist(input) ||
    (input.routeTables ?? []).length > 0 ||
    input.policyStatement !== undefined ||
    input.policyDocument !== undefined
  );
}

/** @throws InputError */
export function checkCreate(
  input: KindDependent & { readonly subnetId?: string | undefined },
  kind: ServiceKind,
): void {
  const check = new InputCheck();
  if (kind.type === 'INTERFACE' && input.subnetId === undefined) {
    check.report('input.subnetId', { rule: 'required', message: 'is required for interface services: name a subnet' });
  }
  if (kind.type === 'GATEWAY' && (input.whitelist ?? []).length > 0) check.report('input.whitelist', FOR_INTERFACE);
  if (kind.type === 'GATEWAY' && input.enableWhitelist === true) check.report('input.enableWhitelist', FOR_INTERFACE);
  if (kind.type === 'INTERFACE' && (input.routeTables ?? []).length > 0) check.report('input.routeTables', FOR_GATEWAY);
  reportPolicy(check, input, kind);
  check.done();
}

/** @throws InputError */
export function checkWhitelistChange(input: KindDependent, kind: ServiceKind): void {
  const check = new InputCheck();
  if (kind.type === 'GATEWAY') {
    check.report(input.whitelist === undefined ? 'input.enableWhitelist' : 'input.whitelist', FOR_INTERFACE);
  }
  check.done();
}

/** @throws InputError */
export function checkRouteTablesChange(kind: ServiceKind): void {
  const check = new InputCheck();
  if (kind.type === 'INTERFACE') check.report('input.routeTables', FOR_GATEWAY);
  check.done();
}

/** @throws InputError */
export function checkPolicyChange(input: KindDependent, kind: ServiceKind): void {
  const check = new InputCheck();
  reportPolicy(check, input, kind);
  check.done();
}

/** Off and empty is what a gateway endpoint has anyway. */
function saysWhitelist({ whitelist, enableWhitelist }: KindDependent): boolean {
  return (whitelist ?? []).length > 0 || enableWhitelist === true;
}

function reportPolicy(check: InputCheck, input: KindDependent, { enablePolicy, policy }: ServiceKind): void {
  if (input.policyStatement !== undefined) {
    if (enablePolicy === false) check.report('input.policy.statements', NO_POLICY);
    else if (policy === 'document') check.report('input.policy.statements', WANTS_DOCUMENT);
  }
  if (input.policyDocument !== undefined) {
    if (enablePolicy === false) check.report('input.policy.document', NO_POLICY);
    else if (policy === 'statement') check.report('input.policy.document', WANTS_STATEMENT);
  }
}
