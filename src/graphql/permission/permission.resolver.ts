/** The writes to permissions, each answered with what it changed. */

import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import {
  FULL_PERMISSION_PAGE,
  type PermissionKind,
  permissionKind,
  type ServicePermission,
} from '../../vpcep/permission/model.ts';
import type { EndpointService } from '../../vpcep/service/model.ts';
import { AuditTargets } from '../audit/audit.ts';
import { ProjectId } from '../core/arguments.ts';
import type { GatewayContext } from '../core/context.ts';
import { type Connection, connectionOf, pageWindow, SortedPageArguments, sortOf } from '../core/pagination.ts';
import { ALONE } from '../core/payload.ts';
import { asWrite } from '../core/writes.ts';
import { Cost, PAGE } from '../cost/cost.ts';
import { type Failure, failureOf } from '../errors/format-error.ts';
import { EndpointServiceObject } from '../service/service.type.ts';
import {
  AddServicePermissionsInput,
  AddServicePermissionsPayload,
  RemoveServicePermissionsInput,
  RemoveServicePermissionsPayload,
  ServicePermissionConnectionType,
  ServicePermissionFilter,
  UpdateServicePermissionDescriptionInput,
  UpdateServicePermissionDescriptionPayload,
} from './permission.type.ts';
import {
  type AddPermissions,
  type PermissionText,
  type RemovePermissions,
  readAddPermissions,
  readPermissionFilter,
  readPermissionText,
  readRemovePermissions,
} from './permission.validation.ts';

/** Pages of 500 permissions that are read at most to show the changed ones: a service may have 1,000. */
const PERMISSION_PAGES = 2;

interface PermissionChange {
  readonly permissions: readonly ServicePermission[];
  readonly failures: readonly { readonly permission: string; readonly error: Failure }[];
}

type Failures = PermissionChange['failures'];

/** @throws UpstreamError, OutcomeUnknownError */
async function addPermissions(
  context: GatewayContext,
  projectId: string,
  { serviceId, permissions }: AddPermissions,
): Promise<PermissionChange> {
  const shown: ServicePermission[] = [];
  const failures = await eachKind(
    permissions,
    ({ permission }) => permission,
    async (group, kind) => {
      shown.push(
        ...(await context.client.permissions.addPermissions(projectId, serviceId, group, kind, context.options)),
      );
    },
  );
  const failed = new Set(failures.map(({ permission }) => permission));
  const added = permissions.map(({ permission }) => permission).filter((permission) => !failed.has(permission));
  const byText = ({ permission }: ServicePermission) => permission;
  return {
    permissions: await inFull(context, projectId, serviceId, { wanted: added, nameOf: byText, shown }),
    failures,
  };
}

/** @throws UpstreamError, OutcomeUnknownError */
async function removePermissions(
  context: GatewayContext,
  projectId: string,
  change: RemovePermissions,
): Promise<PermissionChange> {
  const { permissions: client } = context.client;
  const { serviceId } = change;
  // Read first: afterwards they cannot be read any more. Upstream itself refuses those that do not exist.
  if (change.by === 'id') {
    const named = { wanted: change.ids, nameOf: ({ id }: ServicePermission) => id };
    const before = await inFull(context, projectId, serviceId, { ...named, shown: [] });
    const shown = await asWrite(client.removePermissions(projectId, serviceId, change.ids, context.options));
    return { permissions: pick(change.ids, named.nameOf, [...shown, ...before]), failures: [] };
  }
  const named = { wanted: change.permissions, nameOf: ({ permission }: ServicePermission) => permission };
  const before = await inFull(context, projectId, serviceId, { ...named, shown: [] });
  const failures = await eachKind(
    change.permissions,
    (permission) => permission,
    async (group, kind) => {
      await client.changePermissions(projectId, serviceId, 'remove', group, kind, context.options);
    },
  );
  const failed = new Set(failures.map(({ permission }) => permission));
  return { permissions: before.filter(({ permission }) => !failed.has(permission)), failures };
}

/** @throws UpstreamError, OutcomeUnknownError */
async function describePermission(
  context: GatewayContext,
  projectId: string,
  { serviceId, permissionId, description }: PermissionText,
): Promise<ServicePermission> {
  const { client, options } = context;
  const shown = await asWrite(
    client.permissions.describePermission(projectId, serviceId, permissionId, description, options),
  );
  const named = { wanted: [permissionId], nameOf: ({ id }: ServicePermission) => id, shown };
  const [permission] = await inFull(context, projectId, serviceId, named);
  if (permission === undefined) {
    const message = 'Upstream took the text, but does not show the permission.';
    throw new UpstreamError({ kind: 'malformed', outcome: 'unknown', message, retryable: false });
  }
  return permission;
}

/**
 * One call for each kind, accounts first. That the first fails means that nothing was done, and is thrown; a later
 * failure is reported beside what was done.
 */
async function eachKind<Item>(
  items: readonly Item[],
  permissionOf: (item: Item) => string,
  write: (group: readonly Item[], kind: PermissionKind) => Promise<void>,
): Promise<Failures> {
  const failures: Failures[number][] = [];
  let done = false;
  for (const kind of ['domainId', 'orgPath'] as const) {
    const group = items.filter((item) => permissionKind(permissionOf(item)) === kind);
    if (group.length === 0) continue;
    try {
      await asWrite(write(group, kind));
      done = true;
    } catch (error) {
      if (!done) throw error;
      const failure = failureOf(error);
      failures.push(...group.map((item) => ({ permission: permissionOf(item), error: failure })));
    }
  }
  return failures;
}

interface Wanted {
  readonly wanted: readonly string[];
  readonly nameOf: (permission: ServicePermission) => string;
  /** What is known already. */
  readonly shown: readonly ServicePermission[];
}

/** The wanted ones in their order. What an answer did not show is looked for page by page, the newest first. */
async function inFull(
  context: GatewayContext,
  projectId: string,
  serviceId: string,
  { wanted, nameOf, shown }: Wanted,
): Promise<readonly ServicePermission[]> {
  let known = shown;
  let found = pick(wanted, nameOf, known);
  let total = Number.POSITIVE_INFINITY;
  const { options } = context;
  for (let offset = 0; found.length < wanted.length && offset < total; offset += FULL_PERMISSION_PAGE) {
    const query = { limit: FULL_PERMISSION_PAGE, offset };
    const page = await context.client.permissions.listPermissions(projectId, serviceId, query, options);
    known = [...known, ...page.permissions];
    found = pick(wanted, nameOf, known);
    total = page.totalCount;
  }
  return found;
}

function pick(
  wanted: readonly string[],
  nameOf: Wanted['nameOf'],
  known: readonly ServicePermission[],
): readonly ServicePermission[] {
  return wanted.flatMap((name) => known.find((permission) => nameOf(permission) === name) ?? []);
}

@Resolver(() => EndpointServiceObject)
export class ServicePermissionsResolver {
  @Cost(PAGE)
  @FieldResolver(() => ServicePermissionConnectionType, {
    nullable: true,
    description: `Who may connect besides the account of the owner. ${ALONE}`,
  })
  async permissions(
    @Root() service: EndpointService,
    @Arg('filter', () => ServicePermissionFilter, { nullable: true, description: 'Which permissions.' })
    filter: ServicePermissionFilter | undefined,
    @Args(() => SortedPageArguments) list: SortedPageArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<ServicePermission>> {
    const query = { ...pageWindow(list), ...readPermissionFilter(filter), ...sortOf(list.orderBy) };
    const projectId = context.projects.resolve(service.projectId, 'read');
    const page = await context.client.permissions.listPermissions(projectId, service.id, query, context.options);
    return connectionOf(page.permissions, page.totalCount, query.offset);
  }

  @Cost({ calls: 2 + PERMISSION_PAGES })
  @AuditTargets(['endpointServiceId'], 'permissions')
  @Mutation(() => AddServicePermissionsPayload, {
    description: 'Allows accounts or organisation paths to connect to an own service.',
  })
  async addServicePermissions(
    @Arg('input', () => AddServicePermissionsInput, { description: 'What to allow.' })
    input: AddServicePermissionsInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<PermissionChange> {
    const change = readAddPermissions(input, projectId);
    return await addPermissions(context, context.projects.resolve(projectId, 'write'), change);
  }

  @Cost({ calls: 2 + PERMISSION_PAGES })
  @AuditTargets(['endpointServiceId', 'permissionIds'])
  @Mutation(() => RemoveServicePermissionsPayload, {
    description: 'Withdraws permissions to connect. Existing connections stay: reject them.',
  })
  async removeServicePermissions(
    @Arg('input', () => RemoveServicePermissionsInput, { description: 'What to withdraw.' })
    input: RemoveServicePermissionsInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<PermissionChange> {
    const change = readRemovePermissions(input, projectId);
    return await removePermissions(context, context.projects.resolve(projectId, 'write'), change);
  }

  @Cost({ calls: 1 + PERMISSION_PAGES })
  @AuditTargets(['endpointServiceId', 'permissionId'])
  @Mutation(() => UpdateServicePermissionDescriptionPayload, { description: 'Changes the text of a permission.' })
  async updateServicePermissionDescription(
    @Arg('input', () => UpdateServicePermissionDescriptionInput, { description: 'Which permission, and the text.' })
    input: UpdateServicePermissionDescriptionInput,
    @ProjectId() projectId: string | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<{ readonly permission: ServicePermission }> {
    const text = readPermissionText(input, projectId);
    return { permission: await describePermission(context, context.projects.resolve(projectId, 'write'), text) };
  }
}
