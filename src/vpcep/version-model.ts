/** Versions of the API (schema/vpcep.openapi.yaml, `VersionObject`). */
export const ApiVersionStatus = {
  CURRENT: 'CURRENT',
  SUPPORT: 'SUPPORT',
  DEPRECATED: 'DEPRECATED',
  UNKNOWN: 'UNKNOWN',
} as const;
export type ApiVersionStatus = keyof typeof ApiVersionStatus;

export interface ApiLink {
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
