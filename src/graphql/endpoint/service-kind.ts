/**
 * What can be asked of an endpoint depends on its service (docs/upstream/NOTES.md, "Rules on input"). Pure. What kind
 * of service an endpoint is for, as far as that is known or costs one kept call. Finding out never throws.
 */
import { isEmpty } from '../../shared/objects.ts';
import type { EndpointServiceType } from '../../vpcep/core/model.ts';
import type { CreateEndpointInput, VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import { quietly } from '../core/caller-options.ts';
import type { GatewayContext } from '../core/context.ts';
import { InputCheck } from '../core/input-check.ts';

/** Null: not known. */
interface ServiceKind {
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
function dependsOnKind(input: KindDependent & { readonly subnetId?: string | undefined }): boolean {
  return (
    input.subnetId === undefined ||
    saysWhitelist(input) ||
    (input.routeTables ?? []).length > 0 ||
    input.policyStatement !== undefined ||
    input.policyDocument !== undefined
  );
}

/** @throws InputError */
function checkCreate(input: KindDependent & { readonly subnetId?: string | undefined }, kind: ServiceKind): void {
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

/** By the service's description, which is kept for a minute. */
export async function kindOfService(
  { descriptions, options }: Pick<GatewayContext, 'descriptions' | 'options'>,
  projectId: string,
  serviceId: string,
): Promise<ServiceKind | null> {
  const service = await quietly(descriptions.read({ ...options, projectId, serviceId: serviceId.toLowerCase() }));
  if (service === null) {
    return null;
  }
  // Only a gateway service can be one that takes statements; which of them do, no answer tells.
  const policy = service.serviceType === 'INTERFACE' ? 'document' : null;
  return { type: service.serviceType, enablePolicy: service.enablePolicy, policy };
}

/** By what is set: upstream shows the default policy in the form that the service takes. */
export function kindOfEndpoint({ serviceType, policyStatements, policyDocument }: VpcEndpoint): ServiceKind {
  const hasStatement = policyStatements.length > 0;
  const hasDocument = policyDocument !== null && !isEmpty(policyDocument);
  const byType = serviceType === 'INTERFACE' ? 'document' : null;
  const policy = hasStatement === hasDocument ? byType : hasStatement ? 'statement' : 'document';
  return { type: serviceType, enablePolicy: hasStatement || hasDocument ? true : null, policy };
}

/** Before a creation, where the kind of the service matters and is known. @throws InputError */
export async function checkAgainstService(
  context: Pick<GatewayContext, 'descriptions' | 'options'>,
  projectId: string,
  input: CreateEndpointInput,
): Promise<void> {
  if (!dependsOnKind(input)) {
    return;
  }
  const kind = await kindOfService(context, projectId, input.endpointServiceId);
  if (kind !== null) {
    checkCreate(input, kind);
  }
}
