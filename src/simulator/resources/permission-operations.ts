import { ownedService } from '../core/access.ts';
import { notFound, refuse } from '../core/api-error.ts';
import { type Answer, type Call, ok } from '../core/call.ts';
import { type Body, bodyOf, isObject, listAnswer, readList, readPaging, readText, readTexts } from '../core/input.ts';
import type { JsonObject } from '../world/json.ts';
import { utcSeconds } from '../world/life.ts';
import { isPermission, type SimulatedPermission, typeOf } from '../world/permissions.ts';

/** This list alone has a smaller page (NOTES.md, "Lists"). */
const MAX_LIMIT = 500;

export function listPermissions(call: Call): Answer {
  const { world, query } = call;
  const service = ownedService(call);
  const paging = readPaging(query, MAX_LIMIT);
  const wanted = query.permission ?? '';
  if (query.permission === '' || wanted.length > 1000) refuse('EndPoint.3002', 'permission has 1 to 1000 characters.');
  const found = world.permissions.of(service.id).filter(({ permission }) => permission.includes(wanted));
  const times = ({ createdAt, number }: SimulatedPermission) => ({ createdAt, updatedAt: createdAt, number });
  return listAnswer('permissions', found, paging, times, listItem);
}

/** By strings; the answer has the affected ones. */
export function changePermissions(call: Call): Answer {
  const { world } = call;
  const service = ownedService(call);
  const body = bodyOf(call.body);
  const { action } = body;
  if (action !== 'add' && action !== 'remove') return refuse('EndPoint.3035', 'action must be add or remove.');
  const strings = readTexts(body, 'permissions', 'EndPoint.3002', isPermission);
  if (strings.length === 0) refuse('EndPoint.3036', 'permissions must not be empty.');
  const type = checkedType(body, strings);
  if (action === 'add') {
    for (const permission of strings) world.permissions.add(service.id, permission, '', world.clock.now());
  } else {
    const known = new Map(world.permissions.of(service.id).map(({ permission, id }) => [permission, id]));
    // No code for this one is published; that of a rejected entry fits.
    const ids = strings.map((one) => known.get(one) ?? refuse('EndPoint.3002', 'The permission does not exist.'));
    for (const id of ids) world.permissions.remove(service.id, id);
  }
  return ok({ permissions: strings, permission_type: type });
}

/** The answer has the service's permissions after the call, not only the added ones. */
export function addPermissions(call: Call): Answer {
  const service = ownedService(call);
  const body = bodyOf(call.body);
  const added = readEntries(body).map((entry) => ({
    permission: readPermission(entry),
    description: readDescription(entry),
  }));
  checkedType(
    body,
    added.map(({ permission }) => permission),
  );
  const { permissions, clock } = call.world;
  for (const { permission, description } of added) permissions.add(service.id, permission, description, clock.now());
  return ok({ permissions: permissions.of(service.id).map(fullItem) });
}

/** As above: what is left after the call. */
export function removePermissions(call: Call): Answer {
  const service = ownedService(call);
  const { permissions } = call.world;
  const known = new Set(permissions.of(service.id).map(({ id }) => id));
  const ids = readEntries(bodyOf(call.body)).map((entry) => readText(entry, 'id', 'EndPoint.3002') ?? '');
  if (ids.some((id) => !known.has(id))) throw notFound('permission');
  for (const id of ids) permissions.remove(service.id, id);
  return ok({ permissions: permissions.of(service.id).map(fullItem) });
}

export function describePermission(call: Call): Answer {
  const service = ownedService(call);
  const { permission } = bodyOf(call.body);
  if (!isObject(permission)) return refuse('EndPoint.3002', 'permission must be an object.');
  const description = readDescription(permission);
  const described = call.world.permissions.describe(service.id, call.params.permission_id ?? '', description);
  if (described === undefined) throw notFound('permission');
  return ok({ permissions: [fullItem(described)] });
}

/** PermissionObject, without the description that only another site's documents have there. */
function listItem({ id, permission, type, createdAt }: SimulatedPermission): JsonObject {
  return { id, permission, permission_type: type, created_at: utcSeconds(createdAt) };
}

function fullItem(permission: SimulatedPermission): JsonObject {
  return { ...listItem(permission), description: permission.description };
}

function readEntries(body: Body): readonly Body[] {
  const entries = readList(body, 'permissions', 'EndPoint.3036');
  if (entries.length === 0) refuse('EndPoint.3036', 'permissions must not be empty.');
  return entries.map((entry) => (isObject(entry) ? entry : refuse('EndPoint.3002', 'An entry must be an object.')));
}

function readPermission(entry: Body): string {
  const text = readText(entry, 'permission', 'EndPoint.3002') ?? '';
  return isPermission(text) ? text : refuse('EndPoint.3002', 'permission is not valid.');
}

/** Must be there, but may be empty (vpcep.openapi.yaml, `EpsAddPermissionRequest`). */
function readDescription(entry: Body): string {
  const text = readText(entry, 'description', 'EndPoint.0002');
  if (text === null) return refuse('EndPoint.0002', 'description is required.');
  if ([...text].length > 256) refuse('EndPoint.0002', 'description has at most 256 characters.');
  return text;
}

/** The kind stands beside the list, so a list is of one kind; accounts when it is not given. */
function checkedType(body: Body, permissions: readonly string[]): string {
  const type = readText(body, 'permission_type', 'EndPoint.3002') ?? 'domainId';
  if (type !== 'domainId' && type !== 'orgPath') refuse('EndPoint.3002', 'permission_type is not valid.');
  if (permissions.some((permission) => typeOf(permission) !== type))
    refuse('EndPoint.3002', 'permissions do not fit permission_type.');
  return type;
}
