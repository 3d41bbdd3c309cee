/** Changes of tags. Their answers have no body, so that the resource is read after them. */

import { MARK_TAG_KEY, MOST_TAGS, type Tag } from '../../vpcep/core/model.ts';
import type { VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import type { EndpointService } from '../../vpcep/service/model.ts';
import type { TaggedResourceRef } from '../../vpcep/tag/model.ts';
import type { GatewayContext } from '../core/context.ts';
import { callOptions, quietly } from '../core/read-options.ts';
import { ownedBy } from '../core/service-record.ts';
import { InputError } from '../errors/gateway-errors.ts';

export interface RetaggedResource {
  readonly tags: readonly Tag[] | null;
  readonly endpoint: VpcEndpoint | null;
  readonly service: EndpointService | null;
}

type ReadContext = Pick<GatewayContext, 'identity' | 'calls' | 'client' | 'services' | 'logger' | 'signal'>;

/**
 * Whether the resource has room for these tags, which only the gateway can explain: one place may be taken by its own
 * hidden tag. What cannot be read is left to upstream. A tag whose key is there already is overwritten.
 * @throws InputError
 */
export async function checkRoom(
  context: ReadContext,
  projectId: string,
  resource: TaggedResourceRef,
  added: readonly Tag[],
): Promise<void> {
  const present = await quietly(presentKeys(context, projectId, resource));
  if (present === null) return;
  const excess = new Set([...present, ...added.map(({ key }) => key)]).size - MOST_TAGS;
  if (excess <= 0) return;
  const hidden = present.includes(MARK_TAG_KEY)
    ? '; one of them is the hidden tag of the idempotencyKey that it was created with'
    : '';
  const message = `input.tags would give it ${MOST_TAGS + excess} tags, and it can have ${MOST_TAGS}${hidden}: remove others first`;
  throw new InputError([{ path: 'input.tags', rule: 'count', message }]);
}

/** The hidden one included. */
async function presentKeys(
  context: ReadContext,
  projectId: string,
  { resourceType, resourceId }: TaggedResourceRef,
): Promise<readonly string[]> {
  const { endpoints, services } = context.client;
  if (resourceType === 'ENDPOINT') {
    const { fields } = await endpoints.getEndpoint(projectId, resourceId, callOptions(context));
    return (fields.tags ?? []).map(({ key }) => key);
  }
  const { tags, mark } = await services.getService(projectId, resourceId, callOptions(context));
  return [...(tags ?? []).map(({ key }) => key), ...(mark === null ? [] : [MARK_TAG_KEY])];
}

/** The change was made: that its outcome cannot be looked at is no failure of it. Never throws. */
export async function readRetagged(
  context: ReadContext,
  projectId: string,
  { resourceType, resourceId }: TaggedResourceRef,
): Promise<RetaggedResource> {
  const options = callOptions(context);
  try {
    if (resourceType === 'ENDPOINT') {
      const endpoint = await context.calls.read(projectId, resourceId, options);
      if (endpoint === null) return { tags: null, endpoint: null, service: null };
      return { tags: endpoint.tags, endpoint: { ...endpoint, projectId }, service: null };
    }
    context.services.forget(projectId);
    const service = await context.client.services.getService(projectId, resourceId, options);
    return { tags: service.tags, endpoint: null, service: ownedBy(service, projectId) };
  } catch (error) {
    context.logger.debug({ project: projectId, reason: String(error) }, 'a resource is not shown after its tags');
    return { tags: null, endpoint: null, service: null };
  }
}
