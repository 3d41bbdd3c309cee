/** What kind of service an endpoint is for, as far as that is known or costs one kept call. Finding out never throws. */
import { isEmpty } from '../../shared/objects.ts';
import type { CreateEndpointInput, VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import { quietly } from '../core/caller-options.ts';
import type { GatewayContext } from '../core/context.ts';
import { checkCreate, dependsOnKind, type ServiceKind } from './endpoint.validation.ts';

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
