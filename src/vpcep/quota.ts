/** The quota operation (schema/vpcep.openapi.yaml, tag "Quotas"). */
import { type AnswerContext, jsonObject } from './core/answers.ts';
import type { JsonObject } from './core/model.ts';
import { digits, isRecord, records, text, word } from './core/values.ts';
import { queryOf } from './http/request.ts';
import { pathOf, type UpstreamCaller } from './transport/caller.ts';
import type { CallOptions } from './transport/transport.ts';

/** Quotas (schema/vpcep.openapi.yaml, `Quotas`). */
export const QuotaType = { ENDPOINT: 'ENDPOINT', ENDPOINT_SERVICE: 'ENDPOINT_SERVICE', UNKNOWN: 'UNKNOWN' } as const;
export type QuotaType = keyof typeof QuotaType;

export interface Quota {
  readonly type: QuotaType;
  /** Upstream's own word. */
  readonly rawType: string;
  /** May be more than `limit`, when that was lowered later. */
  readonly used: number | null;
  readonly limit: number | null;
}

const TYPES = { endpoint: 'ENDPOINT', endpoint_service: 'ENDPOINT_SERVICE' } as const;
const WORDS = { ENDPOINT: 'endpoint', ENDPOINT_SERVICE: 'endpoint_service' } as const;

export class QuotaClient {
  readonly #caller: UpstreamCaller;

  constructor(caller: UpstreamCaller) {
    this.#caller = caller;
  }

  /** ListQuotaDetails: of one kind of resource, or of all. @throws UpstreamError */
  listQuotas(
    projectId: string,
    type: Exclude<QuotaType, 'UNKNOWN'> | undefined,
    options: CallOptions,
  ): Promise<readonly Quota[]> {
    const call = { operation: 'ListQuotaDetails', method: 'GET', ...pathOf('v1', projectId, 'quotas') } as const;
    const query = queryOf([['type', type && WORDS[type]]]);
    return this.#caller.call({ ...call, query }, options, parseQuotas);
  }
}

/** @throws UpstreamError `malformed` when the body is no JSON object. */
export function parseQuotas(body: string, context: AnswerContext): readonly Quota[] {
  const { quotas } = jsonObject(body, context);
  return records(isRecord(quotas) ? quotas.resources : undefined).flatMap((row) => quotaOf(row) ?? []);
}

function quotaOf(row: JsonObject): Quota | undefined {
  const rawType = text(row.type);
  if (rawType === null) {
    return undefined;
  }
  return { type: word(rawType, TYPES) ?? 'UNKNOWN', rawType, used: count(row.used), limit: count(row.quota) };
}

function count(value: unknown): number | null {
  const number = Number(digits(value) ?? Number.NaN);
  return Number.isSafeInteger(number) ? number : null;
}
