/** Quotas (schema/vpcep.openapi.yaml, `Quotas`). */
export const QuotaType = { ENDPOINT: 'ENDPOINT', ENDPOINT_SERVICE: 'ENDPOINT_SERVICE', UNKNOWN: 'UNKNOWN' } as const;
export type QuotaType = keyof typeof QuotaType;

export interface Quota {
  readonly type: QuotaType;
  /** Upstream's own word. */
  readonly rawType: string;
  /** May be more than `quota`, when that was lowered later. */
  readonly used: number | null;
  readonly quota: number | null;
}
