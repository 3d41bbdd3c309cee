import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { EndpointService } from '../../vpcep/service/model.ts';
import { checkIds } from '../core/arguments.ts';
import type { GatewayContext } from '../core/context.ts';
import { PROJECT } from '../core/project-argument.ts';
import { callOptions } from '../core/read-options.ts';
import { ownedBy } from '../core/service-record.ts';
import { addServerResources, deleteService, renameService, updateService, upgradeService } from './service-edit.ts';
import {
  readCreateServiceInput,
  readRenameInput,
  readServerResources,
  readUpdateServiceInput,
  readUpgradeServiceInput,
} from './service-input.ts';
import {
  AddEndpointServiceServerResourcesInput,
  CreateEndpointServiceInput,
  DeleteEndpointServiceInput,
  RenameEndpointServiceInput,
  UpdateEndpointServiceInput,
  UpgradeEndpointServiceInput,
} from './service-input.type.ts';
import {
  AddEndpointServiceServerResourcesPayload,
  CreateEndpointServicePayload,
  DeleteEndpointServicePayload,
  RenameEndpointServicePayload,
  UpdateEndpointServicePayload,
  UpgradeEndpointServicePayload,
} from './service-payload.type.ts';

interface ServicePayload {
  readonly service: EndpointService;
}

@Resolver()
export class ServiceMutationResolver {
  @Mutation(() => CreateEndpointServicePayload, {
    description:
      'Publishes an endpoint service. The answer comes at once, building it takes a while: look at `status`. With an ' +
      '`idempotencyKey` it can be repeated safely; without one, look at `extensions.candidates` before repeating after ' +
      'UPSTREAM_OUTCOME_UNKNOWN.',
  })
  async createEndpointService(
    @Arg('input', () => CreateEndpointServiceInput, { description: 'What to create.' })
    input: CreateEndpointServiceInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<ServicePayload & { readonly replayed: boolean }> {
    checkIds({ projectId });
    const request = readCreateServiceInput(input);
    const project = context.projects.resolve(projectId, 'write');
    const { service, replayed } = await context.serviceCreations.create(project, request, {
      subject: context.identity.subject,
      ...(input.idempotencyKey == null ? {} : { idempotencyKey: input.idempotencyKey }),
      ...callOptions(context),
    });
    context.services.forget(project);
    return { service: ownedBy(service, project), replayed };
  }

  @Mutation(() => UpdateEndpointServicePayload, {
    description:
      'Changes an endpoint service. `ports` replaces all ports. `approvalEnabled` keeps its value unless it is given.',
  })
  async updateEndpointService(
    @Arg('input', () => UpdateEndpointServiceInput, { description: 'What to change.' })
    input: UpdateEndpointServiceInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<ServicePayload> {
    checkIds({ projectId });
    const { id, ...change } = readUpdateServiceInput(input);
    const project = context.projects.resolve(projectId, 'write');
    return { service: await updateService(context, { projectId: project, id }, change) };
  }

  @Mutation(() => RenameEndpointServicePayload, { description: 'Gives an endpoint service another name.' })
  async renameEndpointService(
    @Arg('input', () => RenameEndpointServiceInput, { description: 'Which service, and its new name.' })
    input: RenameEndpointServiceInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<ServicePayload> {
    checkIds({ projectId });
    const { id, name } = readRenameInput(input);
    const project = context.projects.resolve(projectId, 'write');
    return { service: await renameService(context, { projectId: project, id }, name) };
  }

  @Mutation(() => DeleteEndpointServicePayload, {
    description: 'Deletes an endpoint service. Upstream refuses while endpoints are connected (CONFLICT).',
  })
  async deleteEndpointService(
    @Arg('input', () => DeleteEndpointServiceInput, { description: 'What to delete.' })
    input: DeleteEndpointServiceInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<ServicePayload> {
    checkIds({ 'input.id': input.id, projectId });
    const project = context.projects.resolve(projectId, 'write');
    return { service: await deleteService(context, { projectId: project, id: input.id }) };
  }

  @Mutation(() => UpgradeEndpointServicePayload, {
    description: 'Upgrades an endpoint service to the professional edition, where the region has it.',
  })
  async upgradeEndpointService(
    @Arg('input', () => UpgradeEndpointServiceInput, { description: 'Which service, and how.' })
    input: UpgradeEndpointServiceInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<ServicePayload> {
    checkIds({ projectId });
    const { id, ...upgrade } = readUpgradeServiceInput(input);
    const project = context.projects.resolve(projectId, 'write');
    return { service: await upgradeService(context, { projectId: project, id }, upgrade) };
  }

  @Mutation(() => AddEndpointServiceServerResourcesPayload, {
    description: 'Adds load balancers as backends of a professional endpoint service.',
  })
  async addEndpointServiceServerResources(
    @Arg('input', () => AddEndpointServiceServerResourcesInput, { description: 'Which backends to which service.' })
    input: AddEndpointServiceServerResourcesInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<ServicePayload> {
    checkIds({ projectId });
    const { id, resources } = readServerResources(input);
    const project = context.projects.resolve(projectId, 'write');
    return { service: await addServerResources(context, { projectId: project, id }, resources) };
  }
}
