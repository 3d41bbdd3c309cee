/** Upstream's connections → model (schema/vpcep.openapi.yaml, `ConnectionEndpoints`). */

import type { AnswerContext } from '../core/answers.ts';
import { type PageOfRows, type Rows, readPage, readRows } from '../core/answers.ts';
import type { JsonObject } from '../core/model.ts';
import { digits, faults, statusWord, text, time } from '../core/parse-values.ts';
import { statusOf } from '../endpoint/model.ts';
import type { ServiceConnection } from './model.ts';

/** @throws UpstreamError `malformed` when there is no list. */
export function parseConnectionPage(body: string, context: AnswerContext): PageOfRows<ServiceConnection> {
  return readPage(body, 'connections', connectionOf, context);
}

/** @throws UpstreamError `malformed` when the body is no JSON object. */
export function parseConnections(body: string, context: AnswerContext): Rows<ServiceConnection> {
  return readRows(body, 'connections', connectionOf, context);
}

function connectionOf(row: JsonObject): ServiceConnection | undefined {
  const endpointId = text(row.id)?.trim();
  if (endpointId === undefined || endpointId === '') {
    return undefined;
  }
  const rawStatus = statusWord(row.status);
  return {
    endpointId,
    status: statusOf(rawStatus),
    rawStatus,
    markerId: digits(row.marker_id),
    domainId: text(row.domain_id),
    description: typeof row.description === 'string' ? row.description : null,
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
    faults: faults(row.error),
  };
}
