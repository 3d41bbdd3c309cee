/** Upstream's permissions → model (schema/vpcep.openapi.yaml, `PermissionObject` and `EpsPermission`). */

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
import { isRecord, text, texts, time } from '../core/parse-values.ts';
import type { ServicePermission } from './model.ts';

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
