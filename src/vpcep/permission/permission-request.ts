/** The model's words → upstream's, for permissions: only what was given. */

import type { components } from '../generated/upstream.ts';
import type { QueryPair } from '../http/request.ts';
import type { ListPermissionsQuery, NewPermission, PermissionKind } from './model.ts';

type Schemas = components['schemas'];

export function listPermissionsQuery(query: ListPermissionsQuery): QueryPair[] {
  const pairs: [string, string | number | undefined][] = [
    ['permission', query.permission],
    ['limit', query.limit],
    ['offset', query.offset],
    ['sort_key', query.sortKey],
    ['sort_dir', query.sortDir],
  ];
  return pairs.flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as const]));
}

export function addPermissionsBody(permissions: readonly NewPermission[], kind: PermissionKind): object {
  const body: Schemas['BatchAddEndpointServicePermissionsRequestBody'] = {
    permissions: permissions.map(({ permission, description }) => ({ permission, description })),
    permission_type: kind,
  };
  return body;
}

export function removePermissionIdsBody(ids: readonly string[]): object {
  const body: Schemas['BatchRemoveEndpointServicePermissionsRequestBody'] = {
    permissions: ids.map((id) => ({ id })),
  };
  return body;
}

export function permissionActionBody(
  action: 'add' | 'remove',
  permissions: readonly string[],
  kind: PermissionKind,
): object {
  const body: Schemas['AddOrRemoveServicePermissionsRequestBody'] = {
    permissions: [...permissions],
    permission_type: kind,
    action,
  };
  return body;
}

export function permissionTextBody(description: string): object {
  const body: Schemas['UpdateEndpointServicePermissionDescRequestBody'] = { permission: { description } };
  return body;
}
