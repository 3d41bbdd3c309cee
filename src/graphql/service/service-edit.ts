/** What owners do with their services. Each answers the service in full, read again where upstream's answer is partial. */
import { isMissing } from '../../vpcep/errors/upstream-error.ts';
import {
  type EndpointService,
  mergeServices,
  type ServerResource,
  type UpgradeServiceInput,
} from '../../vpcep/service/model.ts';
import type { RecordedService } from '../../watch/watch.ts';
import type { GatewayContext } from '../core/context.ts';
import { asWrite } from '../core/writes.ts';
import { InputError } from '../errors/gateway-errors.ts';
import type { ServiceChange } from './service.validation.ts';

type WriteContext = Pick<GatewayContext, 'options' | 'client' | 'services' | 'loaders' | 'logger'>;

export interface ServiceRef {
  readonly projectId: string;
  readonly id: string;
}

/**
 * Upstream may take the absence of `approval_enabled` for true (NOTES.md, "Rules on input"), so it is always sent: as it
 * was read just before when the caller does not say. A concurrent change in between is lost.
 * @throws UpstreamError, OutcomeUnknownError, InputError when upstream does not tell what it is now.
 */
export async function updateService(
  context: WriteContext,
  ref: ServiceRef,
  change: ServiceChange,
): Promise<EndpointService> {
  const { services } = context.client;
  const before = change.approvalEnabled === undefined ? await read(context, ref) : undefined;
  const approvalEnabled = change.approvalEnabled ?? before?.approvalEnabled ?? null;
  if (approvalEnabled === null) {
    const message = 'input.approvalEnabled must be given: upstream does not tell what it is now';
    throw new InputError([{ path: 'input.approvalEnabled', rule: 'required', message }]);
  }
  const answer = await asWrite(
    services.updateService(ref.projectId, ref.id, { ...change, approvalEnabled }, context.options),
  );
  const known = before === undefined ? answer : mergeServices(before, answer);
  const after = await readAgain(context, ref);
  return after === null ? known : mergeServices(known, after);
}

/** @throws UpstreamError, OutcomeUnknownError */
export async function renameService(
  context: WriteContext,
  ref: ServiceRef,
  name: string,
): Promise<EndpointService | null> {
  await asWrite(context.client.services.renameService(ref.projectId, ref.id, name, context.options));
  return await readAgain(context, ref);
}

/** @throws UpstreamError, OutcomeUnknownError */
export async function deleteService(context: WriteContext, ref: ServiceRef): Promise<RecordedService> {
  const { projectId, id } = ref;
  const before = await read(context, ref).catch((error: unknown) => {
    // That it is not there is the answer; that it cannot be read is no reason not to delete it.
    if (isMissing(error)) throw error;
    return null;
  });
  const deleted = await asWrite(context.services.delete(projectId, id, before, context.options));
  context.loaders.services.forget(projectId);
  return deleted;
}

/** @throws UpstreamError, OutcomeUnknownError */
export async function upgradeService(
  context: WriteContext,
  ref: ServiceRef,
  input: UpgradeServiceInput,
): Promise<EndpointService | null> {
  await asWrite(context.client.services.upgradeService(ref.projectId, ref.id, input, context.options));
  return await readAgain(context, ref);
}

/** @throws UpstreamError, OutcomeUnknownError */
export async function addServerResources(
  context: WriteContext,
  ref: ServiceRef,
  resources: readonly ServerResource[],
): Promise<EndpointService | null> {
  await asWrite(context.client.services.addServerResources(ref.projectId, ref.id, resources, context.options));
  return await readAgain(context, ref);
}

/** The write is done, so a failed read after it is no failure of it: null. */
async function readAgain(context: WriteContext, ref: ServiceRef): Promise<EndpointService | null> {
  const { projectId, id } = ref;
  context.loaders.services.forget(projectId);
  try {
    return await read(context, ref);
  } catch (error) {
    context.logger.debug({ project: projectId, service: id, reason: String(error) }, 'a changed service is not shown');
    return null;
  }
}

async function read(context: WriteContext, { projectId, id }: ServiceRef): Promise<EndpointService> {
  return await context.services.read(projectId, id, context.options);
}
