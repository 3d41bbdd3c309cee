/** The permission operations (schema/vpcep.openapi.yaml, tag "Permissions"); upstream's words stay in this folder. */

import { type AnswerContext, jsonObject, readPage, readRows } from '../core/answers.ts';
import type { JsonObject } from '../core/model.ts';
import { idIn, text, texts, time } from '../core/values.ts';
import type { components } from '../generated/upstream.ts';
import { type QueryPair, queryOf } from '../http/request.ts';
import { pathOf, type UpstreamCaller } from '../transport/caller.ts';
import type { CallOptions } from '../transport/transport.ts';
import type {
  ListPermissionsQuery,
  NewPermission,
  PermissionKind,
  PermissionPage,
  ServicePermission,
} from './model.ts';

/** @throws UpstreamError `malformed` when there is no list. */
export function parsePermissionPage(body: string, context: AnswerContext): PermissionPage {
  const { rows: permissions, totalCount } = readPage(body, 'permissions', permissionOf, context);
  return { permissions, totalCount };
}

/** @throws UpstreamError `malformed` when the body is no JSON object. */
export function parsePermissions(body: string, context: AnswerContext): readonly ServicePermission[] {
  return readRows(body, 'permissions', permissionOf, context);
}

/**
 * The answer of AddOrRemoveServicePermissions, which shows strings.
 * @throws UpstreamError `malformed` when the body is no JSON object.
 */
export function parsePermissionStrings(body: string, context: AnswerContext): readonly string[] {
  return texts(jsonObject(body, context).permissions);
}

function permissionOf(row: JsonObject): ServicePermission | undefined {
  const id = idIn(row.id);
  if (id === undefined) return undefined;
  return {
    id,
    permission: text(row.permission) ?? '',
    rawPermissionType: text(row.permission_type),
    description: typeof row.description === 'string' ? row.description : null,
    createdAt: time(row.created_at),
  };
}

type Schemas = components['schemas'];

function listPermissionsQuery(query: ListPermissionsQuery): QueryPair[] {
  return queryOf([
    ['permission', query.permission],
    ['limit', query.limit],
    ['offset', query.offset],
    ['sort_key', query.sortKey],
    ['sort_dir', query.sortDir],
  ]);
}

function addPermissionsBody(permissions: readonly NewPermission[], kind: PermissionKind): object {
  const body: Schemas['BatchAddEndpointServicePermissionsRequestBody'] = {
    permissions: permissions.map(({ permission, description }) => ({ permission, description })),
    permission_type: kind,
  };
  return body;
}

function removePermissionIdsBody(ids: readonly string[]): object {
  const body: Schemas['BatchRemoveEndpointServicePermissionsRequestBody'] = {
    permissions: ids.map((id) => ({ id })),
  };
  return body;
}

function permissionActionBody(action: 'add' | 'remove', permissions: readonly string[], kind: PermissionKind): object {
  const body: Schemas['AddOrRemoveServicePermissionsRequestBody'] = {
    permissions: [...permissions],
    permission_type: kind,
    action,
  };
  return body;
}

function permissionTextBody(description: string): object {
  const body: Schemas['UpdateEndpointServicePermissionDescRequestBody'] = { permission: { description } };
  return body;
}

/** Every method throws UpstreamError. */
export class PermissionClient {
  readonly #caller: UpstreamCaller;

  constructor(caller: UpstreamCaller) {
    this.#caller = caller;
  }

  /** ListServicePermissionsDetails: one page. */
  listPermissions(
    projectId: string,
    serviceId: string,
    query: ListPermissionsQuery,
    options: CallOptions,
  ): Promise<PermissionPage> {
    const call = { operation: 'ListServicePermissionsDetails', method: 'GET', ...at(projectId, serviceId) } as const;
    return this.#caller.call({ ...call, query: listPermissionsQuery(query) }, options, parsePermissionPage);
  }

  /** BatchAddEndpointServicePermissions. @returns the answer's rows, which may be more than the added ones. */
  addPermissions(
    projectId: string,
    serviceId: string,
    added: readonly NewPermission[],
    kind: PermissionKind,
    options: CallOptions,
  ): Promise<readonly ServicePermission[]> {
    const call = {
      operation: 'BatchAddEndpointServicePermissions',
      method: 'POST',
      body: addPermissionsBody(added, kind),
    } as const;
    return this.#caller.call({ ...call, ...at(projectId, serviceId, 'batch-create') }, options, parsePermissions);
  }

  /** BatchRemoveEndpointServicePermissions. @returns the answer's rows: the documents do not say of which. */
  removePermissions(
    projectId: string,
    serviceId: string,
    ids: readonly string[],
    options: CallOptions,
  ): Promise<readonly ServicePermission[]> {
    const call = {
      operation: 'BatchRemoveEndpointServicePermissions',
      method: 'POST',
      body: removePermissionIdsBody(ids),
    } as const;
    return this.#caller.call({ ...call, ...at(projectId, serviceId, 'batch-delete') }, options, parsePermissions);
  }

  /** AddOrRemoveServicePermissions: the older call, by string and without descriptions. @returns the strings it shows. */
  changePermissions(
    projectId: string,
    serviceId: string,
    action: 'add' | 'remove',
    strings: readonly string[],
    kind: PermissionKind,
    options: CallOptions,
  ): Promise<readonly string[]> {
    const call = {
      operation: 'AddOrRemoveServicePermissions',
      method: 'POST',
      body: permissionActionBody(action, strings, kind),
    } as const;
    return this.#caller.call({ ...call, ...at(projectId, serviceId, 'action') }, options, parsePermissionStrings);
  }

  /** UpdateEndpointServicePermissionDesc. @returns the answer's rows. */
  describePermission(
    projectId: string,
    serviceId: string,
    permissionId: string,
    description: string,
    options: CallOptions,
  ): Promise<readonly ServicePermission[]> {
    const call = {
      operation: 'UpdateEndpointServicePermissionDesc',
      method: 'PUT',
      body: permissionTextBody(description),
    } as const;
    return this.#caller.call({ ...call, ...at(projectId, serviceId, permissionId) }, options, parsePermissions);
  }
}

function at(projectId: string, serviceId: string, ...rest: readonly string[]) {
  return pathOf('v1', projectId, 'vpc-endpoint-services', serviceId, 'permissions', ...rest);
}
