/** Upstream answers → endpoints. */
import { type AnswerContext, json, jsonObject, malformed, readPage } from '../core/answers.ts';
import type { JsonObject } from '../core/model.ts';
import type { PolicyNotice } from '../core/policy.ts';
import { idIn, isRecord, records, statusWord, text, texts } from '../core/values.ts';
import { type AnswerKind, ENDPOINT_FIELDS, type EndpointField } from './fields.ts';
import type {
  EndpointAnswer,
  EndpointPage,
  RouteTableAction,
  RouteTableAnswer,
  RouteTableFailure,
  VpcEndpointFields,
} from './model.ts';

const FIELDS: readonly (readonly [name: string, field: EndpointField])[] = Object.entries(ENDPOINT_FIELDS);

/** What silence means in each kind of answer. Copied for each endpoint, so that all of a kind have one shape. */
const DEFAULTS: Readonly<Record<AnswerKind, JsonObject>> = {
  create: defaultsOf('create'),
  list: defaultsOf('list'),
  detail: defaultsOf('detail'),
  edit: {},
};

function defaultsOf(kind: AnswerKind): JsonObject {
  const carried = FIELDS.filter(([, { notIn = [] }]) => !notIn.includes(kind));
  return Object.fromEntries(carried.map(([name, { read }]) => [name, read(undefined, ignore)]));
}

function fieldsOf(row: JsonObject, kind: AnswerKind, notice: PolicyNotice): Partial<VpcEndpointFields> {
  const fields: { [name: string]: unknown } = { ...DEFAULTS[kind] };
  for (const [name, { upstream, read }] of FIELDS) {
    const value = row[upstream];
    if (value !== undefined) fields[name] = read(value, notice);
  }
  return fields;
}

/** @returns undefined for what is no object or has no id. */
function endpointOf(row: unknown, kind: AnswerKind, { onDeviation }: AnswerContext): EndpointAnswer | undefined {
  if (!isRecord(row)) {
    return undefined;
  }
  const id = idIn(row.id);
  if (id === undefined) return undefined;
  return { id, rawStatus: statusWord(row.status), fields: fieldsOf(row, kind, onDeviation ?? ignore) };
}

function ignore(): void {}

/**
 * The answer of CreateEndpoint or ListEndpointInfoDetails.
 * @throws UpstreamError `malformed` when it is no JSON object with an id.
 */
export function parseEndpoint(body: string, kind: 'create' | 'detail', context: AnswerContext): EndpointAnswer {
  const endpoint = endpointOf(json(body), kind, context);
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
  const read = (row: unknown) => endpointOf(row, 'list', context);
  const { rows: endpoints, totalCount } = readPage(body, 'endpoints', read, context);
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
  return text(row.status) === null ? null : (endpointOf({ ...row, id }, 'edit', context) ?? null);
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
