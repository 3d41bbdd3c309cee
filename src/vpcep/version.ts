/** The version operations (schema/vpcep.openapi.yaml, tag "Versions"). */
import { type AnswerContext, json, malformed, readRows } from './core/answers.ts';
import type { JsonObject } from './core/model.ts';
import { isRecord, records, text, time, word } from './core/values.ts';
import type { UpstreamCaller, UpstreamCallOptions } from './transport/caller.ts';

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
  readonly updated: string | null;
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
  async listVersions(projectId: string, options: UpstreamCallOptions = {}): Promise<readonly ApiVersion[]> {
    const target = { operation: 'ListVersionDetails', method: 'GET', projectId, segments: [] } as const;
    const request = { ...target, withoutProject: true };
    const answer = await this.#caller.call(request, options);
    const { rows, skipped } = readRows(answer.text, 'versions', versionOf, { ...answer, method: 'GET' });
    this.#caller.note(request, answer, options, skipped);
    return rows;
  }

  /** ListSpecifiedVersionDetails. One that there is not is an UpstreamError `not_found`. */
  async getVersion(projectId: string, id: string, options: UpstreamCallOptions = {}): Promise<ApiVersion> {
    const target = { operation: 'ListSpecifiedVersionDetails', method: 'GET', projectId, segments: [id] } as const;
    const request = { ...target, withoutProject: true };
    const answer = await this.#caller.call(request, options);
    const version = parseVersion(answer.text, { ...answer, method: 'GET' });
    this.#caller.note(request, answer, options);
    return version;
  }
}

/** @throws UpstreamError `malformed` when there is no version with an id. */
export function parseVersion(body: string, context: AnswerContext): ApiVersion {
  const answer = json(body);
  const row = isRecord(answer) ? (answer.version ?? answer) : undefined;
  const version = isRecord(row) ? versionOf(row) : undefined;
  if (version === undefined) {
    throw malformed(context);
  }
  return version;
}

function versionOf(row: JsonObject): ApiVersion | undefined {
  const id = text(row.id)?.trim();
  if (id === undefined || id === '') {
    return undefined;
  }
  return {
    id,
    status: word(row.status, STATUSES),
    rawStatus: text(row.status),
    updated: time(row.updated),
    version: text(row.version),
    minVersion: text(row.min_version),
    links: records(row.links).map(({ href, type, rel }) => ({ href: text(href), type: text(type), rel: text(rel) })),
  };
}
