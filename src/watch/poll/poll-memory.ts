import { DELETED, type Observation } from '../../events/event-log.ts';
import { UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import { DELETING } from '../resource.ts';
import { CONFIRM_MS, CONFIRM_NEW_MS } from './interval.ts';

/** A resource is new for so long before and after its first sight. */
const NEW_MS = 10_000;
/** A suspect whose read was refused is not read again for so long. */
const UNREADABLE_MS = 60_000;

/**
 * What a poller remembers between its polls of one set, and what makes a 404 a deletion. Losing it delays a deletion
 * and costs no event. Times in ms.
 */
export class PollMemory {
  /** Last status of each resource. */
  readonly statuses = new Map<string, string>();
  readonly firstSeen = new Map<string, number>();
  /** Resources that may be gone → time of their first 404, or null when only a list did not show them. */
  readonly suspects = new Map<string, number | null>();
  #lastShown: ReadonlySet<string> = new Set();
  /** Resources whose read was refused → when. */
  readonly unreadable = new Map<string, number>();

  remember(observations: readonly Observation[], nowMs: number): void {
    for (const { id, status } of observations) {
      this.statuses.set(id, status);
      if (!this.firstSeen.has(id)) this.firstSeen.set(id, nowMs);
      this.suspects.delete(id);
    }
  }

  /** Keeps what this list or the one before has shown: what is missing now is looked for after the commit. */
  listed(shown: ReadonlySet<string>): void {
    this.forgetOthers(new Set([...shown, ...this.#lastShown, ...this.suspects.keys()]));
    this.#lastShown = shown;
  }

  /** Keeps the memory of a busy set from growing. */
  forgetOthers(ids: ReadonlySet<string>): void {
    for (const id of this.statuses.keys()) if (!ids.has(id)) this.statuses.delete(id);
    for (const id of this.firstSeen.keys()) if (!ids.has(id)) this.firstSeen.delete(id);
  }

  /** A complete list did not show these resources: the next poll reads each of them. */
  suspect(missing: readonly string[], nowMs: number): void {
    for (const [id, refusedMs] of this.unreadable) {
      if (nowMs - refusedMs >= UNREADABLE_MS) this.unreadable.delete(id);
    }
    for (const id of missing) {
      if (!this.suspects.has(id) && !this.unreadable.has(id)) this.suspects.set(id, null);
    }
  }

  /** A resource that comes into being after it was absent is a transition, baseline or not. */
  wasAbsent(id: string): boolean {
    return this.statuses.get(id) === DELETED || (this.suspects.get(id) ?? null) !== null;
  }

  /** A 404 waits for its confirmation. */
  get isConfirming(): boolean {
    return [...this.suspects.values()].some((since) => since !== null);
  }

  /** A second 404, asked for long enough after the first, is a deletion (docs/upstream/NOTES.md, "A deleted endpoint"). */
  confirmsDeletion(id: string, askedMs: number, nowMs: number): boolean {
    if (this.statuses.get(id) === DELETED) return true;
    const first = this.suspects.get(id) ?? null;
    if (first === null) {
      this.suspects.set(id, nowMs);
      return false;
    }
    if (askedMs - first < this.#confirmAfterMs(id, first)) return false;
    this.suspects.delete(id);
    this.statuses.set(id, DELETED);
    return true;
  }

  /** Upstream may answer from a replica that lags behind, where a new resource can be missing. */
  #confirmAfterMs(id: string, firstMs: number): number {
    if (this.statuses.get(id) === DELETING) return CONFIRM_MS;
    return firstMs - (this.firstSeen.get(id) ?? firstMs) < NEW_MS ? CONFIRM_NEW_MS : CONFIRM_MS;
  }

  /**
   * A suspect that cannot be read lets the others go first. A refused read is neither a deletion nor a reason to slow the
   * others down. True: the failure concerns the whole poll.
   */
  putOff(id: string, error: unknown, nowMs: number): boolean {
    const first = this.suspects.get(id) ?? null;
    this.suspects.delete(id);
    if (error instanceof UpstreamError && (error.kind === 'forbidden' || error.kind === 'unreadable')) {
      this.unreadable.set(id, nowMs);
      return false;
    }
    this.suspects.set(id, first);
    return true;
  }
}
