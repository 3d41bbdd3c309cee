/** Rules on the input of the permission operations that GraphQL cannot check. Pure. */

import { withoutUndefined } from '../../shared/objects.ts';
import type { ListPermissionsQuery, NewPermission } from '../../vpcep/permission/model.ts';
import { InputCheck, idRule, lengthRule, type Rule } from '../core/input-check.ts';
import type {
  AddServicePermissionsInput,
  RemoveServicePermissionsInput,
  ServicePermissionFilter,
  UpdateServicePermissionDescriptionInput,
} from './permission.type.ts';

/** Upstream names no limit for one call; this keeps bodies and answers small. */
export const PERMISSIONS_MAX = 100;
/** Shorter than that of other objects; no characters are ruled out (schema/vpcep.openapi.yaml, `EpsPermission`). */
const PERMISSION_TEXT_MAX = 256;
const PERMISSION_MAX = 1024;
/** schema/vpcep.openapi.yaml, `ListServicePermissionsDetails`. */
const PERMISSION_PART_MAX = 1000;
/** schema/vpcep.openapi.yaml, `EpsAddPermissionRequest`, `x-inferred-pattern`. */
const PERMISSION = /^(?:\*|iam:domain::(?:[A-Za-z0-9]{1,64}|\*)|organizations:orgPath::[A-Za-z0-9/*?_-]{1,1024})$/;

export const permissionRule: Rule<string> = (value) =>
  PERMISSION.test(value) && value.length <= PERMISSION_MAX
    ? null
    : {
        rule: 'permission',
        message: 'must be iam:domain::<account ID or *>, organizations:orgPath::<path> or *: give one of these forms',
      };

/** @throws InputError */
export function readPermissionFilter(
  filter: ServicePermissionFilter | null | undefined,
): Pick<ListPermissionsQuery, 'permission'> {
  const check = new InputCheck();
  const permission = check.text('filter.permission', filter?.permission, lengthRule(1, PERMISSION_PART_MAX));
  check.done();
  return withoutUndefined({ permission });
}

export interface AddPermissions {
  readonly serviceId: string;
  readonly permissions: readonly NewPermission[];
}

export type RemovePermissions =
  | { readonly serviceId: string; readonly by: 'id'; readonly ids: readonly string[] }
  | { readonly serviceId: string; readonly by: 'permission'; readonly permissions: readonly string[] };

/** @throws InputError */
export function readAddPermissions(input: AddServicePermissionsInput, projectId: ProjectId): AddPermissions {
  const { check, serviceId } = begin(input, projectId);
  const path = 'input.permissions';
  const permissions = check.list(
    path,
    input.permissions,
    (at, { permission, description }): NewPermission => ({
      permission: check.text(`${at}.permission`, permission, permissionRule),
      description: check.text(`${at}.description`, description ?? '', lengthRule(0, PERMISSION_TEXT_MAX)),
    }),
  );
  const strings = permissions.map(({ permission }) => permission);
  checkCount(check, path, strings);
  check.unique(path, strings, '.permission');
  check.done();
  return { serviceId, permissions };
}

/** @throws InputError */
export function readRemovePermissions(input: RemoveServicePermissionsInput, projectId: ProjectId): RemovePermissions {
  const { check, serviceId } = begin(input, projectId);
  const ids = readAll(check, 'input.by.permissionIds', input.by.permissionIds, idRule);
  const permissions = readAll(check, 'input.by.permissions', input.by.permissions, permissionRule);
  check.done();
  return ids === undefined
    ? { serviceId, by: 'permission', permissions: permissions ?? [] }
    : { serviceId, by: 'id', ids };
}

export interface PermissionText {
  readonly serviceId: string;
  readonly permissionId: string;
  readonly description: string;
}

/** @throws InputError */
export function readPermissionText(
  input: UpdateServicePermissionDescriptionInput,
  projectId: ProjectId,
): PermissionText {
  const { check, serviceId } = begin(input, projectId);
  const text = {
    serviceId,
    permissionId: check.text('input.permissionId', input.permissionId, idRule),
    description: check.text('input.description', input.description, lengthRule(0, PERMISSION_TEXT_MAX)),
  };
  check.done();
  return text;
}

type ProjectId = string | null | undefined;

function begin({ endpointServiceId }: { readonly endpointServiceId: string }, projectId: ProjectId) {
  const check = new InputCheck();
  check.text('projectId', projectId, idRule);
  return { check, serviceId: check.text('input.endpointServiceId', endpointServiceId, idRule) };
}

function readAll(
  check: InputCheck,
  path: string,
  value: readonly string[] | undefined,
  rule: Rule<string>,
): readonly string[] | undefined {
  const items = check.texts(path, value, rule);
  checkCount(check, path, items);
  check.unique(path, items);
  return items;
}

function checkCount(check: InputCheck, path: string, items: readonly unknown[] | undefined): void {
  check.notEmpty(path, items);
  check.atMost(path, items, PERMISSIONS_MAX, 'entries');
}
