/** Changes of tags. Their answers have no body, so that the resource is read after them. */
import type { Tag, VpcEndpoint } from '../vpcep/model.ts';
import type { EndpointService } from '../vpcep/service-model.ts';
import type { TaggedResourceRef } from '../vpcep/tag-model.ts';
import type { GatewayContext } from './context.ts';
import { callOptions } from './read-options.ts';
import { ownedBy } from './service-record.ts';

export interface RetaggedResource {
  readonly tags: readonly Tag[] | null;
  readonly endpoint: VpcEndpoint | null;
  readonly service: EndpointService | null;
}

type ReadContext = Pick<GatewayContext, 'identity' | 'calls' | 'client' | 'services' | 'logger' | 'signal'>;

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
