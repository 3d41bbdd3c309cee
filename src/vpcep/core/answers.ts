/** Answers that hold a list of rows under one name, read row by row so that a broken row costs only itself. */

import { UpstreamError } from '../errors/upstream-error.ts';
import type { JsonObject } from './model.ts';
import type { PolicyNotice } from './policy.ts';
import { digits, isRecord, parseUpstreamJson } from './values.ts';

/** @returns undefined for a row that cannot be used, such as one without an id. */
export type ReadRow<Row> = (row: JsonObject) => Row | undefined;

export interface PageOfRows<Row> {
  readonly rows: readonly Row[];
  /** All matches, paging ignored; the number of rows when the answer does not say. */
  readonly totalCount: number;
}

/**
 * A page of a list. A missing list is read as empty only if the count says zero.
 * @throws UpstreamError `malformed` when there is no list.
 */
export function readPage<Row>(body: string, key: string, read: ReadRow<Row>, context: AnswerContext): PageOfRows<Row> {
  const page = jsonObject(body, context);
  const count = Number(digits(page.total_count) ?? Number.NaN);
  const list: unknown = page[key] ?? (count === 0 ? [] : undefined);
  if (!Array.isArray(list)) {
    throw malformed(context);
  }
  return { rows: rowsOf(list, read), totalCount: Number.isSafeInteger(count) ? count : list.length };
}

/**
 * The rows that the answer to a write shows. The write has been done whatever they say, so a list that is missing is an
 * empty one.
 * @throws UpstreamError `malformed` when the body is no JSON object.
 */
export function readRows<Row>(body: string, key: string, read: ReadRow<Row>, context: AnswerContext): readonly Row[] {
  const list = jsonObject(body, context)[key];
  return rowsOf(Array.isArray(list) ? list : [], read);
}

function rowsOf<Row>(list: readonly unknown[], read: ReadRow<Row>): readonly Row[] {
  const rows: Row[] = [];
  for (const item of list) {
    const row = isRecord(item) ? read(item) : undefined;
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

/** What is known of the answer beside its body, for the error. */
export interface AnswerContext {
  readonly method: string;
  readonly status: number;
  readonly requestId?: string | undefined;
  /** The project that was asked; empty for calls that are about none. */
  readonly projectId: string;
  /** Called each time the answer has something that the contract does not describe. */
  readonly onDeviation?: PolicyNotice | undefined;
}

export function json(body: string): unknown {
  try {
    return parseUpstreamJson(body);
  } catch {
    // The parser's message quotes the body.
    return undefined;
  }
}

/** @throws UpstreamError `malformed` when the body is no JSON object. */
export function jsonObject(body: string, context: AnswerContext): JsonObject {
  const answer = json(body);
  if (!isRecord(answer)) throw malformed(context);
  return answer;
}

export function malformed({ method, status, requestId }: AnswerContext): UpstreamError {
  return new UpstreamError({
    kind: 'malformed',
    // It was a success status: a write has most likely been carried out.
    outcome: method === 'GET' ? 'refused' : 'unknown',
    message: 'Upstream reported success with a body that could not be read.',
    retryable: method === 'GET',
    status,
    requestId,
  });
}
