import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { EditedEndpoint } from '../../watch/calls/endpoint-edits.ts';
import { checkIds } from '../core/arguments.ts';
import type { GatewayContext } from '../core/context.ts';
import { PROJECT } from '../core/project-argument.ts';
import { callOptions } from '../core/read-options.ts';
import { asWrite } from '../core/write-outcome.ts';
import {
  DeleteVpcEndpointPolicyInput,
  DeleteVpcEndpointPolicyPayload,
  UpdateVpcEndpointPolicyInput,
  UpdateVpcEndpointPolicyPayload,
  UpdateVpcEndpointRouteTablesInput,
  UpdateVpcEndpointRouteTablesPayload,
  UpdateVpcEndpointWhitelistInput,
  UpdateVpcEndpointWhitelistPayload,
  UpgradeVpcEndpointInput,
  UpgradeVpcEndpointPayload,
} from './endpoint-edit.type.ts';
import { readPolicyInput, readRouteTablesInput, readWhitelistInput } from './endpoint-edit-input.ts';
import { updatePolicy, updateRouteTables, updateWhitelist } from './endpoint-edits.ts';

/** The project that was asked is the project, whatever the answer says. */
function inProject<Edited extends EditedEndpoint>(edited: Edited, projectId: string): Edited {
  return { ...edited, endpoint: { ...edited.endpoint, projectId } };
}

@Resolver()
export class EndpointEditResolver {
  @Mutation(() => UpdateVpcEndpointWhitelistPayload, {
    description:
      'Changes who may use an interface endpoint. What is not given is read first and sent along unchanged, because ' +
      'upstream would reset it: when somebody else changes it in between, that change is lost. Give both fields to ' +
      'leave nothing to chance.',
  })
  async updateVpcEndpointWhitelist(
    @Arg('input', () => UpdateVpcEndpointWhitelistInput, { description: 'What to change.' })
    input: UpdateVpcEndpointWhitelistInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<EditedEndpoint> {
    checkIds({ projectId });
    const change = readWhitelistInput(input);
    const project = context.projects.resolve(projectId, 'write');
    return inProject(await updateWhitelist(context, project, change), project);
  }

  @Mutation(() => UpdateVpcEndpointRouteTablesPayload, {
    description:
      'Replaces the route tables of a gateway endpoint. Some can fail while the others are changed: see `failures`.',
  })
  async updateVpcEndpointRouteTables(
    @Arg('input', () => UpdateVpcEndpointRouteTablesInput, { description: 'What to change.' })
    input: UpdateVpcEndpointRouteTablesInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ) {
    checkIds({ projectId });
    const change = readRouteTablesInput(input);
    const project = context.projects.resolve(projectId, 'write');
    return inProject(await updateRouteTables(context, project, change), project);
  }

  @Mutation(() => UpdateVpcEndpointPolicyPayload, {
    description: 'Replaces the policy of an endpoint whose service allows one.',
  })
  async updateVpcEndpointPolicy(
    @Arg('input', () => UpdateVpcEndpointPolicyInput, { description: 'What to change.' })
    input: UpdateVpcEndpointPolicyInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<EditedEndpoint> {
    checkIds({ projectId });
    const change = readPolicyInput(input);
    const project = context.projects.resolve(projectId, 'write');
    return inProject(await updatePolicy(context, project, change), project);
  }

  @Mutation(() => DeleteVpcEndpointPolicyPayload, {
    description: 'Removes the policy of an endpoint, which then allows full access.',
    deprecationReason:
      'Upstream is going to withdraw DeleteEndpointPolicy: give a policy of full access to `updateVpcEndpointPolicy`.',
  })
  async deleteVpcEndpointPolicy(
    @Arg('input', () => DeleteVpcEndpointPolicyInput, { description: 'Of which endpoint.' })
    input: DeleteVpcEndpointPolicyInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<EditedEndpoint> {
    checkIds({ 'input.id': input.id, projectId });
    const project = context.projects.resolve(projectId, 'write');
    return inProject(await asWrite(context.edits.deletePolicy(project, input.id, callOptions(context))), project);
  }

  @Mutation(() => UpgradeVpcEndpointPayload, {
    description: 'Orders the upgrade of an endpoint to the professional edition.',
  })
  async upgradeVpcEndpoint(
    @Arg('input', () => UpgradeVpcEndpointInput, { description: 'What to upgrade.' }) input: UpgradeVpcEndpointInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<EditedEndpoint> {
    checkIds({ 'input.id': input.id, projectId });
    const project = context.projects.resolve(projectId, 'write');
    return inProject(await asWrite(context.edits.upgrade(project, input.id, callOptions(context))), project);
  }
}
