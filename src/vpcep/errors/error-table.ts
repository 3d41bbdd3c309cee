/** What a code means: the published table (schema/vpcep.openapi.yaml, `x-error-codes`), looked up without case. */

import { ERROR_CODE_ROWS } from '../generated/error-codes.ts';
import type { RetryClass, UpstreamFaultKind } from './upstream-error.ts';

export interface ErrorMeaning {
  readonly kind: UpstreamFaultKind;
  readonly retry: RetryClass;
}

export interface PublishedMeaning extends ErrorMeaning {
  /** In a few words, fit for people's eyes. */
  readonly text: string;
}

const BY_CODE = new Map<string, Map<number, PublishedMeaning>>();
for (const [code, status, kind, retry, text] of ERROR_CODE_ROWS) {
  const key = code.toLowerCase();
  const byStatus = BY_CODE.get(key) ?? new Map<number, PublishedMeaning>();
  byStatus.set(status, { kind, retry, text });
  BY_CODE.set(key, byStatus);
}

/**
 * A code with one row means the same under any status; one with several (`APIGW.0201`) means nothing under a status
 * that is not among them, and the status has to speak. Field reports spell the gateway's prefix `APIG` as well
 * (docs/upstream/NOTES.md, "Errors").
 */
export function meaningOf(code: string, status: number): PublishedMeaning | undefined {
  const key = code.toLowerCase();
  const byStatus = BY_CODE.get(key) ?? BY_CODE.get(key.replace(/^apig\./, 'apigw.'));
  if (byStatus === undefined) {
    return undefined;
  }
  const exact = byStatus.get(status);
  if (exact !== undefined || byStatus.size > 1) {
    return exact;
  }
  return byStatus.values().next().value;
}
