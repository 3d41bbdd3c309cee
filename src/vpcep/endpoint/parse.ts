/** Upstream answers → endpoints. */
import { type AnswerContext, json, jsonObject, malformed, readPage } from '../core/answers.ts';
import { idIn, isRecord, records, text, texts } from '../core/values.ts';
import type { AnswerKind } from './fields.ts';
import type { EndpointAnswer, EndpointPage, RouteTableAction, RouteTableAnswer, RouteTableFailure } from './model.ts';
import { endpointRow, type RowSource } from './view.ts';

/** @returns undefined for what is no object or has no id. */
function endpointOf(row: unknown, source: RowSource): EndpointAnswer | undefined {
  const id = isRecord(row) ? idIn(row.id) : undefined;
  return isRecord(row) && id !== undefined ? endpointRow(id, row, source) : undefined;
}

function sourceOf(kind: AnswerKind, { projectId, onDeviation = ignore }: AnswerContext): RowSource {
  return { kind, projectId, notice: onDeviation };
}

function ignore(): void {}

/**
 * The answer of CreateEndpoint or ListEndpointInfoDetails.
 * @throws UpstreamError `malformed` when it is no JSON object with an id.
 */
export function parseEndpoint(body: string, kind: 'create' | 'detail', context: AnswerContext): EndpointAnswer {
  const endpoint = endpointOf(json(body), sourceOf(kind, context));
  if (endpoint === undefined) {
    throw malformed(context);
  }
  return endpoint;
}

/**
 * The answer of ListEndpoints.
 * @throws UpstreamError `malformed` when there is no list.
 */
export function parseEndpointPage(body: string, context: AnswerContext): EndpointPage {
  const source = sourceOf('list', context);
  const { rows: endpoints, totalCount } = readPage(body, 'endpoints', (row) => endpointOf(row, source), context);
  return { endpoints, totalCount };
}

/**
 * The endpoint in the answer of UpdateEndpointWhite, UpdateEndpointPolicy or DeleteEndpointPolicy. Each leaves other
 * fields out than the next (docs/upstream/NOTES.md, "Fields that differ between answers"), so only what is there counts
 * as said. Null when there is no status: then it says nothing that could be compared.
 * @throws UpstreamError `malformed` when it is no JSON object.
 */
export function parseEditedEndpoint(body: string, id: string, context: AnswerContext): EndpointAnswer | null {
  const row = jsonObject(body, context);
  return text(row.status) === null ? null : endpointRow(id, row, sourceOf('edit', context));
}

/**
 * The answer of UpdateEndpointRoutetable (schema `UpdateEndpointRoutetableResponse`): a 200 may carry tables that
 * failed.
 * @throws UpstreamError `malformed` when it is no JSON object.
 */
export function parseRouteTables(body: string, context: AnswerContext): RouteTableAnswer {
  const answer = jsonObject(body, context);
  const failures = records(answer.error).flatMap((entry) => [
    ...failuresOf(entry.bind_failed, 'BIND'),
    ...failuresOf(entry.unbind_failed, 'UNBIND'),
  ]);
  const { routetables } = answer;
  return { routeTables: routetables == null ? null : texts(routetables), failures };
}

function failuresOf(value: unknown, action: RouteTableAction): readonly RouteTableFailure[] {
  return records(value).map((failure) => ({
    routeTableId: text(failure.id),
    action,
    message: text(failure.error_message) ?? text(failure.error_msg) ?? text(failure.message),
  }));
}
