import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { ServicePermission } from '../../vpcep/permission/model.ts';
import type { EndpointService } from '../../vpcep/service/model.ts';
import type { GatewayContext } from '../core/context.ts';
import { ownerProject } from '../core/owner-project.ts';
import { SortInput } from '../core/page.type.ts';
import { AFTER, type Connection, connectionOf, DEFAULT_PAGE, pageWindow } from '../core/pagination.ts';
import { PROJECT } from '../core/project-argument.ts';
import { readOptions } from '../core/read-options.ts';
import { sortOf } from '../core/sort.ts';
import { EndpointServiceObject } from '../service/service.type.ts';
import { ServicePermissionConnectionType } from './permission.type.ts';
import {
  readAddPermissions,
  readPermissionFilter,
  readPermissionText,
  readRemovePermissions,
} from './permission.validation.ts';
import { addPermissions, describePermission, type PermissionChange, removePermissions } from './permission-changes.ts';
import {
  AddServicePermissionsInput,
  AddServicePermissionsPayload,
  RemoveServicePermissionsInput,
  RemoveServicePermissionsPayload,
  ServicePermissionFilter,
  UpdateServicePermissionDescriptionInput,
  UpdateServicePermissionDescriptionPayload,
} from './permission-input.type.ts';

@Resolver(() => EndpointServiceObject)
export class ServicePermissionsResolver {
  @FieldResolver(() => ServicePermissionConnectionType, {
    description: 'Who may connect besides the account of the owner. For the owner of the service only.',
  })
  async permissions(
    @Root() service: EndpointService,
    @Arg('filter', () => ServicePermissionFilter, { nullable: true, description: 'Which permissions.' })
    filter: ServicePermissionFilter | undefined,
    @Arg('orderBy', () => SortInput, { nullable: true, description: 'Newest first by default.' })
    orderBy: SortInput | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE, description: 'Rows per page, 1 to 100.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: AFTER })
    after: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<ServicePermission>> {
    const window = pageWindow({ first, after });
    const conditions = readPermissionFilter(filter);
    const projectId = ownerProject(context, service);
    const query = { ...conditions, ...window, ...sortOf(orderBy) };
    const page = await context.client.permissions.listPermissions(projectId, service.id, query, readOptions(context));
    return connectionOf(page.permissions, page.totalCount, window.offset);
  }

  @Mutation(() => AddServicePermissionsPayload, {
    description: 'Lets accounts or organisation paths connect to a service of yours.',
  })
  async addServicePermissions(
    @Arg('input', () => AddServicePermissionsInput, { description: 'Whom.' }) input: AddServicePermissionsInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<PermissionChange> {
    const change = readAddPermissions(input, projectId);
    return await addPermissions(context, context.projects.resolve(projectId, 'write'), change);
  }

  @Mutation(() => RemoveServicePermissionsPayload, {
    description: 'Lets accounts or organisation paths connect no longer. Existing connections stay: reject them.',
  })
  async removeServicePermissions(
    @Arg('input', () => RemoveServicePermissionsInput, { description: 'Whom.' }) input: RemoveServicePermissionsInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<PermissionChange> {
    const change = readRemovePermissions(input, projectId);
    return await removePermissions(context, context.projects.resolve(projectId, 'write'), change);
  }

  @Mutation(() => UpdateServicePermissionDescriptionPayload, { description: 'Changes the text of a permission.' })
  async updateServicePermissionDescription(
    @Arg('input', () => UpdateServicePermissionDescriptionInput, { description: 'Which permission, and the text.' })
    input: UpdateServicePermissionDescriptionInput,
    @Arg('projectId', () => ID, { nullable: true, description: PROJECT }) projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<{ readonly permission: ServicePermission }> {
    const text = readPermissionText(input, projectId);
    return { permission: await describePermission(context, context.projects.resolve(projectId, 'write'), text) };
  }
}
