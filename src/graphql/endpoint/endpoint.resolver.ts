/**
 * What owners change of their endpoints: a read for what must be known, the write, and what it made of the endpoint.
 */
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { PolicyChange, VpcEndpoint } from '../../vpcep/endpoint/model.ts';
import type { RecordedEndpoint } from '../../watch/watch.ts';
import { AuditTargets } from '../audit/audit.ts';
import { ProjectId, projectFor, readIn } from '../core/arguments.ts';
import { quietly } from '../core/caller-options.ts';
import type { GatewayContext } from '../core/context.ts';
import { type Connection, connectionOf, pageWindow, sortOf } from '../core/pagination.ts';
import { asWrite } from '../core/writes.ts';
import { Cost, PAGE } from '../cost/cost.ts';
import { AccessError, InputError } from '../errors/gateway-errors.ts';
import {
  CreateVpcEndpointInput,
  CreateVpcEndpointPayload,
  DeleteVpcEndpointInput,
  DeleteVpcEndpointPayload,
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
  VpcEndpointsArguments,
} from './endpoint.input.ts';
import { VpcEndpointConnectionType, VpcEndpointType } from './endpoint.type.ts';
import {
  checkPolicyChange,
  checkRouteTablesChange,
  checkWhitelistChange,
  readCreateInput,
  readFilter,
  readPolicyInput,
  readRouteTablesInput,
  readWhitelistInput,
  type WhitelistInput,
} from './endpoint.validation.ts';
import { checkAgainstService, kindOfEndpoint, kindOfService } from './service-kind.ts';

type EditContext = Pick<GatewayContext, 'calls' | 'edits' | 'descriptions' | 'options'>;

/**
 * Upstream takes what is not sent for empty and false (docs/upstream/NOTES.md, "Rules on input"), so both are always
 * sent: what the caller does not give, as it was read just before. A concurrent change in between is lost.
 * @throws UpstreamError, OutcomeUnknownError, InputError, AccessError
 */
async function updateWhitelist(
  context: EditContext,
  projectId: string,
  input: WhitelistInput,
): Promise<RecordedEndpoint> {
  const isPartial = input.whitelist === undefined || input.enableWhitelist === undefined;
  const read = context.calls.read(projectId, input.id, context.options);
  const before = isPartial ? await read : await quietly(read);
  if (before !== null) checkWhitelistChange(input, kindOfEndpoint(before));
  const change = { whitelist: whitelistOf(input, before), enableWhitelist: enableWhitelistOf(input, before) };
  return await asWrite(context.edits.updateWhitelist(projectId, input.id, change, before, context.options));
}

/** An empty list beside an unknown switch is probably unknown as well, not empty. */
function whitelistOf({ whitelist }: WhitelistInput, before: VpcEndpoint | null): readonly string[] {
  if (whitelist !== undefined) return whitelist;
  const { whitelist: present, enableWhitelist } = existing(before);
  if (present.length === 0 && enableWhitelist === null) throw untold('input.whitelist');
  return present;
}

function enableWhitelistOf({ enableWhitelist }: WhitelistInput, before: VpcEndpoint | null): boolean {
  if (enableWhitelist !== undefined) return enableWhitelist;
  const present = existing(before).enableWhitelist;
  // Taking it for false would open the endpoint to every address.
  if (present === null) throw untold('input.enableWhitelist');
  return present;
}

function existing(endpoint: VpcEndpoint | null): VpcEndpoint {
  if (endpoint === null) throw new AccessError('NOT_FOUND', 'No such endpoint');
  return endpoint;
}

function untold(path: string): InputError {
  const message = `${path} must be given: upstream does not tell what it is now`;
  return new InputError([{ path, rule: 'required', message }]);
}

/** @throws UpstreamError, OutcomeUnknownError, InputError */
async function updateRouteTables(
  context: EditContext,
  projectId: string,
  { id, routeTables }: { readonly id: string; readonly routeTables: readonly string[] },
) {
  const before = await quietly(context.calls.read(projectId, id, context.options));
  if (before !== null) checkRouteTablesChange(kindOfEndpoint(before));
  return await asWrite(context.edits.updateRouteTables(projectId, id, routeTables, before, context.options));
}

/** @throws UpstreamError, OutcomeUnknownError, InputError */
async function updatePolicy(
  context: EditContext,
  projectId: string,
  { id, change }: { readonly id: string; readonly change: PolicyChange },
): Promise<RecordedEndpoint> {
  const before = await quietly(context.calls.read(projectId, id, context.options));
  if (before !== null) {
    const known = kindOfEndpoint(before);
    checkPolicyChange(change, known);
    // An endpoint of a service without policies shows none, as one does of which nothing is known.
    if (known.enablePolicy === null && before.endpointServiceId !== null) {
      const kind = await kindOfService(context, projectId, before.endpointServiceId);
      if (kind !== null) checkPolicyChange(change, kind);
    }
  }
  return await asWrite(context.edits.updatePolicy(projectId, id, change, before, context.options));
}

@Resolver()
export class EndpointEditResolver {
  @Cost({ calls: 3 })
  @AuditTargets(['id'])
  @Mutation(() => UpdateVpcEndpointWhitelistPayload, {
    description:
      'Changes who may use an interface endpoint. What is not given is read first and sent along unchanged, because ' +
      'upstream would reset it: a concurrent change in between is lost. Give both fields to ' +
      'avoid that.',
  })
  async updateVpcEndpointWhitelist(
    @Arg('input', () => UpdateVpcEndpointWhitelistInput, { description: 'What to change.' })
    input: UpdateVpcEndpointWhitelistInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<RecordedEndpoint> {
    const [project, change] = readIn(context, 'write', projectId, () => readWhitelistInput(input));
    return await updateWhitelist(context, project, change);
  }

  @Cost({ calls: 3 })
  @AuditTargets(['id'])
  @Mutation(() => UpdateVpcEndpointRouteTablesPayload, {
    description:
      'Replaces the route tables of a gateway endpoint. Some can fail while the others are changed: see `failures`.',
  })
  async updateVpcEndpointRouteTables(
    @Arg('input', () => UpdateVpcEndpointRouteTablesInput, { description: 'What to change.' })
    input: UpdateVpcEndpointRouteTablesInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ) {
    const [project, change] = readIn(context, 'write', projectId, () => readRouteTablesInput(input));
    return await updateRouteTables(context, project, change);
  }

  @Cost({ calls: 4 })
  @AuditTargets(['id'])
  @Mutation(() => UpdateVpcEndpointPolicyPayload, {
    description: 'Replaces the policy of an endpoint whose service allows one.',
  })
  async updateVpcEndpointPolicy(
    @Arg('input', () => UpdateVpcEndpointPolicyInput, { description: 'What to change.' })
    input: UpdateVpcEndpointPolicyInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<RecordedEndpoint> {
    const [project, change] = readIn(context, 'write', projectId, () => readPolicyInput(input));
    return await updatePolicy(context, project, change);
  }

  @Cost({ calls: 2 })
  @AuditTargets(['id'])
  @Mutation(() => DeleteVpcEndpointPolicyPayload, {
    description: 'Removes the policy of an endpoint, which then allows full access.',
    deprecationReason:
      'Upstream is going to withdraw DeleteEndpointPolicy: give a policy of full access to `updateVpcEndpointPolicy`.',
  })
  async deleteVpcEndpointPolicy(
    @Arg('input', () => DeleteVpcEndpointPolicyInput, { description: 'Of which endpoint.' })
    input: DeleteVpcEndpointPolicyInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<RecordedEndpoint> {
    const project = projectFor(context, 'write', { 'input.id': input.id, projectId });
    return await asWrite(context.edits.deletePolicy(project, input.id, context.options));
  }

  @Cost({ calls: 2 })
  @AuditTargets(['id'])
  @Mutation(() => UpgradeVpcEndpointPayload, {
    description: 'Orders the upgrade of an endpoint to the professional edition.',
  })
  async upgradeVpcEndpoint(
    @Arg('input', () => UpgradeVpcEndpointInput, { description: 'What to upgrade.' }) input: UpgradeVpcEndpointInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<RecordedEndpoint> {
    const project = projectFor(context, 'write', { 'input.id': input.id, projectId });
    return await asWrite(context.edits.upgrade(project, input.id, context.options));
  }
}

/** A page of a project's endpoints. @throws InputError, AccessError, UpstreamError */
export async function listEndpoints(
  context: GatewayContext,
  projectId: string | undefined,
  list: VpcEndpointsArguments,
): Promise<Connection<VpcEndpoint>> {
  const [project, query] = readIn(context, 'read', projectId, () => ({
    ...pageWindow(list),
    ...readFilter(list.filter),
    ...sortOf(list.orderBy),
  }));
  const { endpoints, totalCount } = await context.calls.list(project, query, context.options);
  return connectionOf(endpoints, totalCount, query.offset);
}

@Resolver()
export class EndpointResolver {
  @Cost({ calls: 1 })
  @Query(() => VpcEndpointType, { nullable: true, description: 'One endpoint, or null when it does not exist.' })
  async vpcEndpoint(
    @Arg('id', () => ID, { description: 'The endpoint.' }) id: string,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<VpcEndpoint | null> {
    const project = projectFor(context, 'read', { id, projectId });
    return await context.calls.read(project, id, context.options);
  }

  @Cost(PAGE)
  @Query(() => VpcEndpointConnectionType, { description: 'The endpoints of a project, page by page.' })
  async vpcEndpoints(
    @ProjectId() projectId: string | undefined,
    @Args(() => VpcEndpointsArguments) list: VpcEndpointsArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<VpcEndpoint>> {
    return await listEndpoints(context, projectId, list);
  }

  // The service's description and the creation. The search after a lost answer is not counted.
  @Cost({ calls: 2 })
  @AuditTargets(['endpointServiceId'], 'endpoint')
  @Mutation(() => CreateVpcEndpointPayload, {
    description:
      'Creates an endpoint. The answer comes at once, building it takes 1 to 2 minutes: follow it with ' +
      '`endpointStatus(id:, after: statusCursor)`. With an `idempotencyKey` it can be repeated safely; without one, look ' +
      'at `extensions.candidates` before repeating after UPSTREAM_OUTCOME_UNKNOWN.',
  })
  async createVpcEndpoint(
    @Arg('input', () => CreateVpcEndpointInput, { description: 'What to create.' }) input: CreateVpcEndpointInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<RecordedEndpoint & { readonly replayed: boolean }> {
    const [project, request] = readIn(context, 'write', projectId, () => readCreateInput(input));
    await checkAgainstService(context, project, request);
    return await asWrite(
      context.creations.create(
        project,
        request,
        { subject: context.identity.subject, idempotencyKey: input.idempotencyKey ?? undefined },
        context.options,
      ),
    );
  }

  @Cost({ calls: 2 })
  @AuditTargets(['id'])
  @Mutation(() => DeleteVpcEndpointPayload, {
    description: 'Deletes an endpoint. It is DELETING for a while; the feed reports DELETED once it is gone.',
  })
  async deleteVpcEndpoint(
    @Arg('input', () => DeleteVpcEndpointInput, { description: 'What to delete.' }) input: DeleteVpcEndpointInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<RecordedEndpoint> {
    const project = projectFor(context, 'write', { 'input.id': input.id, projectId });
    return await asWrite(context.calls.delete(project, input.id, context.options));
  }
}
