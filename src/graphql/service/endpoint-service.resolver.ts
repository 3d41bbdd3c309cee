/** `VpcEndpoint.service`. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import type { EndpointService } from '../../vpcep/service/model.ts';
import type { GatewayContext } from '../core/context.ts';
import { ownedBy } from '../core/service-record.ts';
import { VpcEndpointType } from '../endpoint/endpoint.type.ts';
import { EndpointServiceObject } from './service.type.ts';

@Resolver(() => VpcEndpointType)
export class EndpointServiceRelationResolver {
  @FieldResolver(() => EndpointServiceObject, {
    nullable: true,
    description:
      'The service that it connects to; null when it may not be read. Of a public or another tenant’s service only a few ' +
      'fields are told, and those of another tenant’s may be a minute old.',
  })
  async service(@Root() endpoint: VpcEndpoint, @Ctx() context: GatewayContext): Promise<EndpointService | null> {
    const { projectId, endpointServiceId: serviceId } = endpoint;
    if (projectId === null || serviceId === null) {
      return null;
    }
    const project = context.projects.resolve(projectId, 'read');
    const service = await context.services.load({ projectId: project, serviceId });
    return service === null ? null : ownedBy(service, project);
  }
}
