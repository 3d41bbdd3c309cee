/** Input of the permission operations, checked before anything is sent upstream. Pure. */

import { withoutUndefined } from '../../shared/objects.ts';
import type { ListPermissionsQuery, NewPermission } from '../../vpcep/permission/model.ts';
import { InputCheck, idRule, lengthRule, type Rule } from '../core/input-check.ts';

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
export function readPermissionFilter(filter: unknown): Pick<ListPermissionsQuery, 'permission'> {
  const check = new InputCheck();
  const given = check.object('filter', filter) ?? {};
  const permission = check.text('filter.permission', given.permission, lengthRule(1, PERMISSION_PART_MAX));
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
export function readAddPermissions(value: unknown, projectId: unknown): AddPermissions {
  const { check, input, serviceId } = begin(value, projectId);
  const path = 'input.permissions';
  const permissions = check.list(path, input.permissions, (at, item): NewPermission => {
    const entry = check.object(at, item) ?? {};
    return {
      permission: check.requiredText(`${at}.permission`, entry.permission, permissionRule),
      description: check.text(`${at}.description`, entry.description, lengthRule(0, PERMISSION_TEXT_MAX)) ?? '',
    };
  });
  const strings = permissions?.map(({ permission }) => permission);
  checkCount(check, path, strings);
  check.unique(path, strings, '.permission');
  check.done();
  return { serviceId, permissions: permissions ?? [] };
}

/** @throws InputError */
export function readRemovePermissions(value: unknown, projectId: unknown): RemovePermissions {
  const { check, input, serviceId } = begin(value, projectId);
  const ids = readAll(check, 'input.permissionIds', input.permissionIds, idRule);
  const permissions = readAll(check, 'input.permissions', input.permissions, permissionRule);
  if (ids === undefined && permissions === undefined) {
    check.report('input.permissionIds', { rule: 'required', message: 'is required unless input.permissions is given' });
  }
  if (ids !== undefined && permissions !== undefined) {
    const message = 'must not be given together with input.permissionIds: give one of them';
    check.report('input.permissions', { rule: 'exclusive', message });
  }
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
export function readPermissionText(value: unknown, projectId: unknown): PermissionText {
  const { check, input, serviceId } = begin(value, projectId);
  const text = {
    serviceId,
    permissionId: check.requiredText('input.permissionId', input.permissionId, idRule),
    description: check.requiredText('input.description', input.description, lengthRule(0, PERMISSION_TEXT_MAX)),
  };
  check.done();
  return text;
}

function begin(value: unknown, projectId: unknown) {
  const check = new InputCheck();
  check.text('projectId', projectId, idRule);
  const input = check.object('input', value) ?? {};
  const serviceId = check.requiredText('input.endpointServiceId', input.endpointServiceId, idRule);
  return { check, input, serviceId };
}

function readAll(check: InputCheck, path: string, value: unknown, rule: Rule<string>): readonly string[] | undefined {
  const items = check.list(path, value, (at, item) => check.requiredText(at, item, rule));
  checkCount(check, path, items);
  check.unique(path, items);
  return items;
}

function checkCount(check: InputCheck, path: string, items: readonly unknown[] | undefined): void {
  check.notEmpty(path, items);
  if (items !== undefined && items.length > PERMISSIONS_MAX) {
    const message = `may hold at most ${PERMISSIONS_MAX} entries: it holds ${items.length}`;
    check.report(path, { rule: 'count', message });
  }
}
