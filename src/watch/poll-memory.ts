import type { EndpointAnswer } from '../vpcep/model.ts';

/** What a poller remembers between its polls of one project. Losing it costs a sweep, never an event. */
export interface PollMemory {
  /** Last status that was seen of each endpoint. */
  readonly statuses: Map<string, string>;
  /** Endpoints that may be gone → time of their first 404 (ms), or null when only a list did not show them. */
  readonly suspects: Map<string, number | null>;
  /** Newest `updated_at` in a list (ms); what is older than it (less 2 s) has been read. Null: nothing has. */
  watermark: number | null;
  lastSweepMs: number;
  /** Living endpoints in the log less the list's `total_count`, as the last sweep left it: that much cannot be healed. */
  difference: number;
  /** The difference is another one now. */
  mismatch: boolean;
  /** This upstream moves a status without moving `updated_at`: incremental reads cannot be trusted. */
  wholePages: boolean;
}

/** `wholePages` is what was learnt about the upstream, which outlives what was seen there. */
export function newPollMemory({ wholePages }: Pick<PollMemory, 'wholePages'> = { wholePages: false }): PollMemory {
  return {
    statuses: new Map(),
    suspects: new Map(),
    watermark: null,
    lastSweepMs: Number.NEGATIVE_INFINITY,
    difference: 0,
    mismatch: false,
    wholePages,
  };
}

export function remember(memory: PollMemory, answers: readonly EndpointAnswer[]): void {
  for (const { id, rawStatus } of answers) {
    memory.statuses.set(id, rawStatus);
    memory.suspects.delete(id);
  }
}

/**
 * `tookMs`: what changed since the first page was asked for need not be among the answers. Reads of single endpoints
 * never come here: they say nothing about the others.
 */
export function raiseWatermark(memory: PollMemory, answers: readonly EndpointAnswer[], tookMs: number): void {
  let watermark = memory.watermark ?? 0;
  for (const { fields } of answers) {
    const updated = Date.parse(fields.updatedAt ?? '') - tookMs;
    if (updated > watermark) watermark = updated;
  }
  memory.watermark = watermark;
}

/** Forgets endpoints that are not looked at any more; without it a busy project would fill the memory. */
export function forgetOthers(memory: PollMemory, ids: ReadonlySet<string>): void {
  for (const id of memory.statuses.keys()) if (!ids.has(id)) memory.statuses.delete(id);
}

/** Compares the log with the list. Only a sweep can heal a difference, so what it leaves is left in peace. */
export function compareCounts(memory: PollMemory, difference: number, afterSweep: boolean): void {
  if (afterSweep) memory.difference = difference;
  memory.mismatch = difference !== memory.difference;
}

/** `updated_at` has a resolution of one second: what moved in the watermark's second may not have been shown yet. */
const OVERLAP_MS = 2_000;

/** True when an incremental read, newest first, need not go past this row. */
export function isBehindWatermark(watermark: number, updatedAt: string | null | undefined): boolean {
  if (updatedAt == null) return false;
  return Date.parse(updatedAt) < watermark - OVERLAP_MS;
}

const SWEEP_MS = 60_000;
const MISMATCH_SWEEP_MS = 10_000;

export function isSweepDue(memory: PollMemory, nowMs: number): boolean {
  if (memory.watermark === null || memory.wholePages) return true;
  return nowMs - memory.lastSweepMs >= (memory.mismatch ? MISMATCH_SWEEP_MS : SWEEP_MS);
}
