import { MAX_MISSING } from '../events/retention.ts';
import type { EndpointAnswer } from '../vpcep/model.ts';
import { DRIFT } from './reservation.ts';

/** What a poller remembers between its polls of one project. Losing it costs a sweep, never an event. */
export interface PollMemory {
  /** Last status that was seen of each endpoint. */
  readonly statuses: Map<string, string>;
  /** When each of them was seen first (ms). */
  readonly firstSeen: Map<string, number>;
  /** Endpoints that may be gone → time of their first 404 (ms), or null when only a list did not show them. */
  readonly suspects: Map<string, number | null>;
  /** Newest `updated_at` in a list (ms); what is older than it (less 2 s) has been read. Null: nothing has. */
  watermark: number | null;
  /** The latest `updated_at` (ms) known of, and when it had been seen: upstream's clock is at least as far on since. */
  newest: { readonly updatedAt: number; readonly seenMs: number } | null;
  /** By upstream's clock (ms): what was changed before this has been read. */
  readUpTo: number;
  /** The last incremental read went past its first page. */
  manyChanges: boolean;
  lastSweepMs: number;
  /** Endpoints that no list shows although a read does, or that we may not read. */
  readonly hidden: Set<string>;
  /**
   * Living endpoints in the log less the list's `total_count`, as the last sweep leaves it once those that it has missed
   * are confirmed as deleted: that much cannot be healed.
   */
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
    firstSeen: new Map(),
    suspects: new Map(),
    watermark: null,
    newest: null,
    readUpTo: Number.NEGATIVE_INFINITY,
    manyChanges: false,
    lastSweepMs: Number.NEGATIVE_INFINITY,
    hidden: new Set(),
    difference: 0,
    mismatch: false,
    wholePages,
  };
}

export function remember(memory: PollMemory, answers: readonly EndpointAnswer[], nowMs: number): void {
  for (const { id, rawStatus } of answers) {
    memory.statuses.set(id, rawStatus);
    if (!memory.firstSeen.has(id)) memory.firstSeen.set(id, nowMs);
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
  for (const id of memory.firstSeen.keys()) if (!ids.has(id)) memory.firstSeen.delete(id);
}

/**
 * Compares the log with the list. Only a sweep can heal a difference, so what it leaves is left in peace.
 * `missing`: what a sweep did not show; undefined when there was none.
 */
export function compareCounts(memory: PollMemory, difference: number, missing?: readonly string[]): void {
  if (missing !== undefined) {
    for (const id of memory.hidden) if (!missing.includes(id)) memory.hidden.delete(id);
    // A list of missing ones that was cut off leaves more to be done: no difference is the right one.
    memory.difference = missing.length >= MAX_MISSING ? Number.NaN : difference - missing.length + memory.hidden.size;
  }
  memory.mismatch = difference !== memory.difference;
}

/** `updated_at` has a resolution of one second: what moved in the watermark's second may not have been shown yet. */
const OVERLAP_MS = 2_000;

/** True for a row that must have been read before, if changes show at once. */
export function isBehindWatermark(watermark: number, updatedAt: string | null | undefined): boolean {
  if (updatedAt == null) return false;
  return Date.parse(updatedAt) < watermark - OVERLAP_MS;
}

/** A change may be shown this much later than the time that it carries. */
const SHOWN_LATE_MS = 5_000;

/**
 * Notes that a list has been read whose first page was asked for at `askedMs`. Upstream's clock is not ours: the times of
 * its rows are all we have of it. A row cannot have been changed later than it was seen, so since then that clock has gone
 * on for at least as long as ours. That moves on when nothing changes, and a thousand endpoints that were changed in one
 * second need not be read again and again because no newer change has come after them.
 */
export function noteRead(memory: PollMemory, answers: readonly EndpointAnswer[], askedMs: number, nowMs: number): void {
  let updatedAt = 0;
  for (const { fields } of answers) updatedAt = Math.max(updatedAt, Date.parse(fields.updatedAt ?? '') || 0);
  if (memory.newest === null || updatedAt > timeThere(memory.newest, nowMs))
    memory.newest = { updatedAt, seenMs: nowMs };
  memory.readUpTo = Math.max(memory.readUpTo, timeThere(memory.newest, askedMs) - SHOWN_LATE_MS);
}

function timeThere({ updatedAt, seenMs }: NonNullable<PollMemory['newest']>, nowMs: number): number {
  return updatedAt + (nowMs - seenMs) * (1 - DRIFT);
}

/** True when an incremental read, newest first, need not go past this row. */
export function isRead(memory: PollMemory, updatedAt: string | null | undefined): boolean {
  if (updatedAt == null) return false;
  return isBehindWatermark(memory.watermark ?? 0, updatedAt) || Date.parse(updatedAt) < memory.readUpTo;
}

const SWEEP_MS = 60_000;
const MISMATCH_SWEEP_MS = 10_000;

export function isSweepDue(memory: PollMemory, nowMs: number): boolean {
  if (memory.watermark === null || memory.wholePages) return true;
  return nowMs - memory.lastSweepMs >= (memory.mismatch ? MISMATCH_SWEEP_MS : SWEEP_MS);
}
