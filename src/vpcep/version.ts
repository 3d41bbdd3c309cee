/** The version operations (schema/vpcep.openapi.yaml, tag "Versions"). */
import { type AnswerContext, jsonObject, malformed, readRows } from './core/answers.ts';
import type { JsonObject } from './core/model.ts';
import { idIn, isRecord, records, text, time, word } from './core/values.ts';
import type { UpstreamCaller } from './transport/caller.ts';
import type { CallOptions } from './transport/transport.ts';

/** Versions of the API (schema/vpcep.openapi.yaml, `VersionObject`). */
export const ApiVersionStatus = {
  CURRENT: 'CURRENT',
  SUPPORT: 'SUPPORT',
  DEPRECATED: 'DEPRECATED',
  UNKNOWN: 'UNKNOWN',
} as const;
export type ApiVersionStatus = keyof typeof ApiVersionStatus;

interface ApiLink {
  readonly href: string | null;
  /** Media type. */
  readonly type: string | null;
  readonly rel: string | null;
}

export interface ApiVersion {
  /** Such as `v1`. */
  readonly id: string;
  readonly status: ApiVersionStatus | null;
  readonly rawStatus: string | null;
  /** UTC text `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly updatedAt: string | null;
  /** Micro version; null when unused. */
  readonly version: string | null;
  readonly minVersion: string | null;
  readonly links: readonly ApiLink[];
}

const STATUSES = { current: 'CURRENT', support: 'SUPPORT', supported: 'SUPPORT', deprecated: 'DEPRECATED' } as const;

/**
 * The project only says which region to ask: these calls are about no project, may be unsigned, and do not take
 * `X-Project-Id`. They are signed all the same, which the contract allows. Every method throws UpstreamError.
 */
export class VersionClient {
  readonly #caller: UpstreamCaller;

  constructor(caller: UpstreamCaller) {
    this.#caller = caller;
  }

  /** ListVersionDetails. */
  listVersions(projectId: string, options: CallOptions): Promise<readonly ApiVersion[]> {
    const call = {
      operation: 'ListVersionDetails',
      method: 'GET',
      projectId,
      segments: [],
      withoutProject: true,
    } as const;
    return this.#caller.call(call, options, (text, context) => readRows(text, 'versions', versionOf, context));
  }

  /** ListSpecifiedVersionDetails. One that does not exist is an UpstreamError `not_found`. */
  getVersion(projectId: string, id: string, options: CallOptions): Promise<ApiVersion> {
    const call = { operation: 'ListSpecifiedVersionDetails', method: 'GET', projectId, segments: [id] } as const;
    return this.#caller.call({ ...call, withoutProject: true }, options, parseVersion);
  }
}

/** @throws UpstreamError `malformed` when there is no version with an id. */
export function parseVersion(body: string, context: AnswerContext): ApiVersion {
  const answer = jsonObject(body, context);
  const row = answer.version ?? answer;
  const version = isRecord(row) ? versionOf(row) : undefined;
  if (version === undefined) throw malformed(context);
  return version;
}

function versionOf(row: JsonObject): ApiVersion | undefined {
  const id = idIn(row.id);
  if (id === undefined) return undefined;
  return {
    id,
    status: word(row.status, STATUSES),
    rawStatus: text(row.status),
    updatedAt: time(row.updated),
    version: text(row.version),
    minVersion: text(row.min_version),
    links: records(row.links).map(({ href, type, rel }) => ({ href: text(href), type: text(type), rel: text(rel) })),
  };
}
