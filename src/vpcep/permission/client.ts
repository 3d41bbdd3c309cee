/** The permission operations (schema/vpcep.openapi.yaml, tag "Permissions"); upstream's words stay in this folder. */

import {
  type AnswerContext,
  json,
  malformed,
  type PageOfRows,
  type Rows,
  readPage,
  readRows,
} from '../core/answers.ts';
import type { JsonObject } from '../core/model.ts';
import { isRecord, text, texts, time } from '../core/values.ts';
import type { components } from '../generated/upstream.ts';
import type { QueryPair } from '../http/request.ts';
import type { UpstreamCaller } from '../transport/caller.ts';
import type { CallOptions } from '../transport/transport.ts';
import type {
  ListPermissionsQuery,
  NewPermission,
  PermissionKind,
  PermissionPage,
  ServicePermission,
} from './model.ts';

/** @throws UpstreamError `malformed` when there is no list. */
export function parsePermissionPage(body: string, context: AnswerContext): PageOfRows<ServicePermission> {
  return readPage(body, 'permissions', permissionOf, context);
}

/** @throws UpstreamError `malformed` when the body is no JSON object. */
export function parsePermissions(body: string, context: AnswerContext): Rows<ServicePermission> {
  return readRows(body, 'permissions', permissionOf, context);
}

/**
 * The answer of AddOrRemoveServicePermissions, which shows strings.
 * @throws UpstreamError `malformed` when the body is no JSON object.
 */
export function parsePermissionStrings(body: string, context: AnswerContext): readonly string[] {
  const answer = json(body);
  if (!isRecord(answer)) {
    throw malformed(context);
  }
  return texts(answer.permissions);
}

function permissionOf(row: JsonObject): ServicePermission | undefined {
  const id = text(row.id)?.trim();
  if (id === undefined || id === '') {
    return undefined;
  }
  return {
    id,
    permission: text(row.permission) ?? '',
    permissionType: text(row.permission_type),
    description: typeof row.description === 'string' ? row.description : null,
    createdAt: time(row.created_at),
  };
}

type Schemas = components['schemas'];

function listPermissionsQuery(query: ListPermissionsQuery): QueryPair[] {
  const pairs: [string, string | number | undefined][] = [
    ['permission', query.permission],
    ['limit', query.limit],
    ['offset', query.offset],
    ['sort_key', query.sortKey],
    ['sort_dir', query.sortDir],
  ];
  return pairs.flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as const]));
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
    const segments = permissions(projectId, serviceId);
    const call = { operation: 'ListServicePermissionsDetails', method: 'GET', projectId, segments } as const;
    return this.#caller.call({ ...call, query: listPermissionsQuery(query) }, options, (text, context) => {
      const { rows, totalCount } = parsePermissionPage(text, context);
      return { permissions: rows, totalCount };
    });
  }

  /** BatchAddEndpointServicePermissions. @returns the answer's rows, which may be more than the added ones. */
  addPermissions(
    projectId: string,
    serviceId: string,
    added: readonly NewPermission[],
    kind: PermissionKind,
    options: CallOptions,
  ): Promise<readonly ServicePermission[]> {
    const segments = [...permissions(projectId, serviceId), 'batch-create'];
    const body = addPermissionsBody(added, kind);
    return this.#caller.call(
      { operation: 'BatchAddEndpointServicePermissions', method: 'POST', projectId, segments, body },
      options,
      rowsOf,
    );
  }

  /** BatchRemoveEndpointServicePermissions. @returns the answer's rows: the documents do not say of which. */
  removePermissions(
    projectId: string,
    serviceId: string,
    ids: readonly string[],
    options: CallOptions,
  ): Promise<readonly ServicePermission[]> {
    const segments = [...permissions(projectId, serviceId), 'batch-delete'];
    const body = removePermissionIdsBody(ids);
    return this.#caller.call(
      { operation: 'BatchRemoveEndpointServicePermissions', method: 'POST', projectId, segments, body },
      options,
      rowsOf,
    );
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
    const segments = [...permissions(projectId, serviceId), 'action'];
    const body = permissionActionBody(action, strings, kind);
    return this.#caller.call(
      { operation: 'AddOrRemoveServicePermissions', method: 'POST', projectId, segments, body },
      options,
      parsePermissionStrings,
    );
  }

  /** UpdateEndpointServicePermissionDesc. @returns the answer's rows. */
  describePermission(
    projectId: string,
    serviceId: string,
    permissionId: string,
    description: string,
    options: CallOptions,
  ): Promise<readonly ServicePermission[]> {
    const segments = [...permissions(projectId, serviceId), permissionId];
    const body = permissionTextBody(description);
    return this.#caller.call(
      { operation: 'UpdateEndpointServicePermissionDesc', method: 'PUT', projectId, segments, body },
      options,
      rowsOf,
    );
  }
}

function rowsOf(text: string, context: AnswerContext): readonly ServicePermission[] {
  return parsePermissions(text, context).rows;
}

function permissions(projectId: string, serviceId: string): readonly string[] {
  return ['v1', projectId, 'vpc-endpoint-services', serviceId, 'permissions'];
}
