import type { EndpointAnswer } from '../vpcep/model.ts';

/** What a poller remembers between its polls of one project. Losing it costs a sweep, never an event. */
export interface PollMemory {
  /** Last status that was seen of each endpoint. */
  readonly statuses: Map<string, string>;
  /** Endpoints that may be gone → time of their first 404 (ms), or null when only a list did not show them. */
  readonly suspects: Map<string, number | null>;
  /** Newest `updated_at` seen; what is older than it (less 2 s) has been read. */
  watermark: string | null;
  lastSweepMs: number;
  /** The list's `total_count` and the log's number of living endpoints differ. */
  mismatch: boolean;
  /** This upstream moves a status without moving `updated_at`: incremental reads cannot be trusted. */
  wholePages: boolean;
}

export function newPollMemory(): PollMemory {
  return { statuses: new Map(), suspects: new Map(), watermark: null, lastSweepMs: 0, mismatch: false, wholePages: false };
}

export function remember(memory: PollMemory, answers: readonly EndpointAnswer[]): void {
  for (const { id, rawStatus, fields } of answers) {
    memory.statuses.set(id, rawStatus);
    memory.suspects.delete(id);
    const updated = fields.updatedAt;
    if (updated != null && (memory.watermark === null || updated > memory.watermark)) memory.watermark = updated;
  }
}

/** `updated_at` has a resolution of one second: what moved in the watermark's second may not have been shown yet. */
const OVERLAP_MS = 2_000;

/** True when an incremental read, newest first, need not go past this row. */
export function isBehindWatermark(watermark: string, updatedAt: string | null | undefined): boolean {
  if (updatedAt == null) return false;
  return Date.parse(updatedAt) < Date.parse(watermark) - OVERLAP_MS;
}

const SWEEP_MS = 60_000;
const MISMATCH_SWEEP_MS = 10_000;

export function isSweepDue(memory: PollMemory, nowMs: number): boolean {
  if (memory.watermark === null || memory.wholePages) return true;
  return nowMs - memory.lastSweepMs >= (memory.mismatch ? MISMATCH_SWEEP_MS : SWEEP_MS);
}
