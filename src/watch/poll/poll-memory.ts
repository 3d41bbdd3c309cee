import type { EndpointAnswer } from '../../vpcep/endpoint/model.ts';

/** What a poller remembers between its polls of one project. Losing it delays a deletion, and costs no event. */
export interface PollMemory {
  /** Last status that was seen of each endpoint. */
  readonly statuses: Map<string, string>;
  /** When each of them was seen first (ms). */
  readonly firstSeen: Map<string, number>;
  /** Endpoints that may be gone → time of their first 404 (ms), or null when only a list did not show them. */
  readonly suspects: Map<string, number | null>;
  /** Endpoints whose read was refused → when (ms). */
  readonly unreadable: Map<string, number>;
}

/** A suspect whose read was refused is not read again for so long. */
const UNREADABLE_MS = 60_000;

export function newPollMemory(): PollMemory {
  return { statuses: new Map(), firstSeen: new Map(), suspects: new Map(), unreadable: new Map() };
}

export function remember(memory: PollMemory, answers: readonly EndpointAnswer[], nowMs: number): void {
  for (const { id, rawStatus } of answers) {
    memory.statuses.set(id, rawStatus);
    if (!memory.firstSeen.has(id)) memory.firstSeen.set(id, nowMs);
    memory.suspects.delete(id);
  }
}

/** Forgets endpoints that are not looked at any more; without it a busy project would fill the memory. */
export function forgetOthers(memory: PollMemory, ids: ReadonlySet<string>): void {
  for (const id of memory.statuses.keys()) if (!ids.has(id)) memory.statuses.delete(id);
  for (const id of memory.firstSeen.keys()) if (!ids.has(id)) memory.firstSeen.delete(id);
}

/** Notes endpoints that a complete list did not show, so that the next poll reads them. */
export function suspect(memory: PollMemory, missing: readonly string[], nowMs: number): void {
  for (const [id, refusedMs] of memory.unreadable) {
    if (nowMs - refusedMs >= UNREADABLE_MS) memory.unreadable.delete(id);
  }
  for (const id of missing) {
    if (!memory.suspects.has(id) && !memory.unreadable.has(id)) memory.suspects.set(id, null);
  }
}
